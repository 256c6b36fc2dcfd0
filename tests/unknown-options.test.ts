import { describe, expect, it } from '@jest/globals'

import { METADATA, readMetadata } from '../src/server/authorization-server-metadata.js'
import { authorizationRequest } from '../src/index.js'
import { NESTED, SURFACE, surface } from './public-surface.js'
import type { Call } from './public-surface.js'
import { refusals } from './wrong-options/cases.js'

const CALLS = [...Object.values(SURFACE).filter((row) => typeof row === 'object'), ...NESTED]
const CASES = CALLS.map((call): [whose: string, call: Call] => [call.whose, call])

/** The message with which a call rejects these options. */
async function rejection({ call, needed }: Call, options: object): Promise<string> {
  const given = Object.defineProperties({ ...needed }, Object.getOwnPropertyDescriptors(options))
  const [error] = await refusals([given], call)
  expect(error!.code).toBe('invalid_option')
  return error!.message
}

it('every exported function, class and method is known here, with its options or without', () => {
  expect(Object.keys(SURFACE).sort()).toEqual(surface().sort())
})

describe('an unknown option is rejected [R48]', () => {
  it.each(CASES)('by %s, with the nearest known one', async (whose, call) => {
    const [misspelt, meant] = call.near
    const message = `Unknown option \`${misspelt}\` in ${whose}. Did you mean \`${meant}\`?`
    expect(await rejection(call, { [misspelt]: 1 })).toBe(message)
    // As it comes of a variable that is not set.
    expect(await rejection(call, { [misspelt]: undefined })).toBe(message)
  })

  it.each(CASES)('by %s, with all known ones if none is near', async (whose, call) => {
    const message = await rejection(call, { zzqqxx: 1 })
    expect(message.startsWith(`Unknown option \`zzqqxx\` in ${whose}. Its options are `)).toBe(true)
    expect(message).toContain(call.near[1])
  })

  it.each(CASES)('by %s, whatever it is called and however it is there', async (whose, call) => {
    const value = { value: 1, enumerable: true }
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty', '']) {
      const own = Object.defineProperty({}, name, value)
      expect(await rejection(call, own)).toContain(`Unknown option \`${name}\` in ${whose}. `)
    }
    const hidden = Object.defineProperty({}, 'zzqqxx', { value: 1 })
    expect(await rejection(call, hidden)).toContain('Unknown option `zzqqxx`')
    const accessor = Object.defineProperty({}, 'zzqqxx', { get: () => 1, enumerable: true })
    expect(await rejection(call, accessor)).toContain('Unknown option `zzqqxx`')
  })
})

describe('what another function returns is accepted when it is spread', () => {
  const server = readMetadata(
    {
      issuer: 'https://login.example.com',
      token_endpoint: 'https://login.example.com/token',
      authorization_endpoint: 'https://login.example.com/authorize',
      revocation_endpoint: 'https://login.example.com/revoke',
      mtls_endpoint_aliases: { token_endpoint: 'https://login.example.com/mtls' },
      token_endpoint_auth_methods_supported: ['none'],
      code_challenge_methods_supported: ['S256'],
      dpop_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
    },
    { issuer: 'https://login.example.com', endpointOrigins: new Set(), isInsecureAllowed: () => false },
  )
  const grants = [
    'authorizationCode',
    'authorizationRequest',
    'clientCredentials',
    'customGrant',
    'refreshToken',
    'jwtBearer',
    'saml2Bearer',
    'tokenExchange',
  ]

  it.each(grants)('from discover, by %s', (name) => {
    const { call, needed } = SURFACE[name] as Call
    expect(Object.keys(server).sort()).toEqual(Object.keys(METADATA).sort())
    expect(() => call({ ...server, ...needed } as never)).not.toThrow()
  })

  it('from authorizationRequest, by authorizationCode', () => {
    const { call, needed } = SURFACE['authorizationCode'] as Call
    const client = { clientId: 'id', redirectUri: 'https://app.example.com/callback' }
    const begun = authorizationRequest({ ...server, authorizationEndpoint: 'https://login.example.com/a', ...client })
    const callbackUrl = `/callback?code=c&state=${begun.state}&iss=https://login.example.com`
    expect(() => call({ ...needed, ...server, ...begun, ...client, callbackUrl } as never)).not.toThrow()
  })
})
