import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { request } from 'undici'

import { TokenManager, clientCredentials } from '../../src/index.js'
import type { ClientCredentialsOptions } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { closeAgents } from '../http/agents.js'
import { certified } from './mutual-tls.js'
import { EC, RSA, SECRET } from './proven-clients.js'
import { RunningProvider } from './provider.js'

let provider: RunningProvider
let secure: { tokenEndpoint: string }
let clock: FakeClock
beforeAll(async () => {
  provider = await RunningProvider.start()
  secure = await provider.startTls()
})
afterAll(async () => {
  await closeAgents()
  await provider.close()
})
beforeEach(() => {
  provider.tokenRequests.splice(0)
  clock = new FakeClock({ now: Date.now() })
})

const elsewhere = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

const CLIENTS = {
  'private_key_jwt, RSA': { clientId: 'signs by RSA', privateKey: RSA.privateKey },
  'private_key_jwt, PS512': { clientId: 'signs by RSA', privateKey: RSA.privateKey, signingAlgorithm: 'PS512' },
  'private_key_jwt, EC, one of several keys': { clientId: 'signs by EC', privateKey: EC.privateKey, keyId: 'today' },
  client_secret_jwt: {
    clientId: 'signs by its secret',
    clientSecret: SECRET,
    clientAuthentication: 'client_secret_jwt',
  },
  'client_secret_jwt, HS512': {
    clientId: 'signs by its secret',
    clientSecret: () => SECRET,
    clientAuthentication: 'client_secret_jwt',
    signingAlgorithm: 'HS512',
  },
  none: { clientId: 'is named only', clientAuthentication: 'none' },
  tls_client_auth: { clientId: 'has a certificate', clientAuthentication: 'tls_client_auth' },
  self_signed_tls_client_auth: {
    clientId: 'has a certificate of its own making',
    clientAuthentication: 'self_signed_tls_client_auth',
  },
} as const satisfies Record<string, Partial<ClientCredentialsOptions>>

function managed(how: keyof typeof CLIENTS, options: Partial<ClientCredentialsOptions> = {}): TokenManager {
  const { tokenEndpoint, issuer } = provider
  const tls = how.includes('tls') && { ...secure, dispatcher: certified('its own') }
  return new TokenManager(
    clientCredentials({ tokenEndpoint, issuer, ...CLIENTS[how], ...tls, ...options } as ClientCredentialsOptions),
    { clock },
  )
}

const METHODS = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[]
const ASSERTIONS = METHODS.filter((how) => how.includes('jwt'))

const assertions = () => provider.tokenRequests.map(({ form }) => String(form['client_assertion']))
const refused = { code: 'token_denied', status: 401, error: 'invalid_client', retryable: false }

describe('a client is known by [R21]', () => {
  it.each(METHODS)('%s', async (how) => {
    const { clientId } = CLIENTS[how]
    const token = await managed(how).getToken()
    expect(await provider.introspect(token.reveal())).toMatchObject({ active: true, client_id: clientId })
    expect(provider.tokenRequests).toMatchObject([{ scheme: '', status: 200, form: { client_id: clientId } }])
    expect(provider.tokenRequests[0]?.form['client_secret']).toBeUndefined()
  })

  it('an assertion whose audience is the token endpoint, for a server that wants it', async () => {
    await managed('private_key_jwt, RSA', { assertionAudience: provider.tokenEndpoint }).getToken()
    expect(assertions().map((jwt) => decodeJwt(jwt).aud)).toEqual([provider.tokenEndpoint])
  })
})

describe('a client with a certificate', () => {
  it('asks where the server takes certificates, if that is another place', async () => {
    const elsewhere = { tokenEndpoint: 'https://login.example.com/token', mtlsEndpointAliases: secure }
    const token = await managed('tls_client_auth', elsewhere).getToken()
    expect(await provider.introspect(token.reveal())).toMatchObject({ active: true })
  })

  it('is nobody special to a server that did not ask for a certificate', async () => {
    const { tokenEndpoint } = provider
    await expect(managed('tls_client_auth', { tokenEndpoint }).getToken()).rejects.toMatchObject(refused)
  })
})

describe.each(ASSERTIONS)('%s [R21]', (how) => {
  it('has an assertion of its own for every token request, as each is taken once', async () => {
    const tokens = managed(how)
    await tokens.getToken()
    tokens.invalidate()
    await tokens.getToken()
    expect(new Set(assertions().map((jwt) => decodeJwt(jwt).jti)).size).toBe(2)

    const { tokenEndpoint } = provider
    const form = new URLSearchParams(provider.tokenRequests[0]!.form as Record<string, string>)
    const again = await request(tokenEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
    expect([again.statusCode, await again.body.json()]).toMatchObject([401, { error: 'invalid_client' }])
  })

  it.each<[what: string, options: Partial<ClientCredentialsOptions>]>([
    ['for another server', { issuer: 'https://elsewhere.example.com' }],
    ['for an address that is not quite the issuer', { assertionAudience: 'http://127.0.0.1/' }],
    ['of another client', { clientId: 'signs by nobody' }],
  ])('is refused when its assertion is %s', async (_, options) => {
    await expect(managed(how, options).getToken()).rejects.toMatchObject(refused)
  })

  it('is refused when its assertion has expired', async () => {
    clock = new FakeClock({ now: Date.now() - 2 * 60_000 })
    await expect(managed(how).getToken()).rejects.toMatchObject(refused)
  })
})

describe('a client is refused [R21]', () => {
  it.each<[what: string, how: keyof typeof CLIENTS, options: Partial<ClientCredentialsOptions>]>([
    ["with another's key", 'private_key_jwt, EC, one of several keys', { privateKey: elsewhere }],
    ['with a key that it does not name', 'private_key_jwt, EC, one of several keys', { keyId: 'yesterday' }],
    ['with a wrong secret', 'client_secret_jwt', { clientSecret: SECRET.toUpperCase() }],
    ["with another's certificate", 'tls_client_auth', { dispatcher: certified("another's") }],
    ["with another's certificate", 'self_signed_tls_client_auth', { dispatcher: certified("another's") }],
    ['without a certificate', 'tls_client_auth', { dispatcher: certified('no certificate') }],
    ['without a certificate', 'self_signed_tls_client_auth', { dispatcher: certified('no certificate') }],
    ['that proves nothing, but should', 'none', { clientId: 'signs by RSA' }],
  ])('%s: %s', async (_, how, options) => {
    await expect(managed(how, options).getToken()).rejects.toMatchObject(refused)
  })
})
