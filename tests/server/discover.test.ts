import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { allowInsecure } from '../../src/base/allow-insecure.js'
import { TokenError } from '../../src/base/errors.js'
import { discover } from '../../src/server/discover.js'
import type { DiscoverOptions } from '../../src/server/discover.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

const RFC8414 = '/.well-known/oauth-authorization-server'
const OPENID = '/.well-known/openid-configuration'

let server: AuthorizationServer
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => void server.arrived.splice(0))

/** Answers each path with a document, and every other with 404. */
function documents(byPath: Readonly<Record<string, object>>): void {
  server.response = (response, { url }) => json(response, url in byPath ? 200 : 404, byPath[url] ?? {})
}

const complete = (issuer: string, members: object = {}) => ({
  issuer,
  token_endpoint: `${server.origin}/token`,
  ...members,
})

const paths = () => server.arrived.map(({ url }) => url)

async function failure(issuer = server.origin, options?: DiscoverOptions): Promise<TokenError> {
  const error: unknown = await discover(issuer, options).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(TokenError)
  return error as TokenError
}

describe('discover [R40]', () => {
  it('reads the document of RFC 8414, whose place is between host and path', async () => {
    const issuer = `${server.origin}/tenant/one`
    documents({
      [`${RFC8414}/tenant/one`]: complete(issuer, {
        authorization_endpoint: `${server.origin}/authorize`,
        revocation_endpoint: `${server.origin}/revoke`,
        mtls_endpoint_aliases: {
          token_endpoint: `${server.origin}/mtls`,
          revocation_endpoint: 'https://elsewhere.example.com/revoke',
        },
        token_endpoint_auth_methods_supported: ['private_key_jwt', 4],
        code_challenge_methods_supported: ['S256'],
        dpop_signing_alg_values_supported: ['ES256'],
        authorization_response_iss_parameter_supported: true,
        extra: { deep: 1 },
      }),
    })
    const found = await discover(issuer)
    expect(found).toMatchObject({
      issuer,
      tokenEndpoint: `${server.origin}/token`,
      authorizationEndpoint: `${server.origin}/authorize`,
      revocationEndpoint: `${server.origin}/revoke`,
      tokenEndpointAuthMethodsSupported: ['private_key_jwt'],
      codeChallengeMethodsSupported: ['S256'],
      dpopSigningAlgValuesSupported: ['ES256'],
      authorizationResponseIssParameterSupported: true,
    })
    expect(found.mtlsEndpointAliases).toEqual({ tokenEndpoint: `${server.origin}/mtls` })
    expect(found.metadata['extra']).toEqual({ deep: 1 })
    expect(Object.isFrozen(found)).toBe(true)
    expect(paths()).toEqual([`${RFC8414}/tenant/one`])
  })

  it.each(['', '/', '/tenant', '/tenant/'])(
    'goes on to OpenID Connect’s where the other is not there: %s',
    async (path) => {
      const issuer = server.origin + path
      documents({ [`${path.replace(/\/$/, '')}${OPENID}`]: complete(issuer) })
      expect(Object.keys(await discover(issuer))).toEqual([
        'issuer',
        'tokenEndpoint',
        'mtlsEndpointAliases',
        'metadata',
      ])
      expect(paths()).toHaveLength(2)
    },
  )

  it.each([
    ['a page of HTML', 200, {}, '<html>'],
    ['a redirect to the sign-in', 302, { location: 'https://evil.example.com/' }, ''],
    ['a refusal', 403, {}, ''],
  ])('goes on also after %s', async (_, status, headers, text) => {
    server.response = (response, { url }) =>
      url === OPENID
        ? json(response, 200, complete(server.origin))
        : response.writeHead(status, headers as Record<string, string>).end(text)
    await expect(discover(server.origin)).resolves.toMatchObject({ issuer: server.origin })
  })

  it('does not go on while the server has trouble', async () => {
    server.response = (response) => response.writeHead(503, { 'retry-after': '7' }).end()
    expect(await failure()).toMatchObject({ code: 'discovery_failed', status: 503, retryable: true, retryAfter: 7_000 })
    expect(paths()).toEqual([RFC8414])
  })

  it('says what is wrong when neither is there', async () => {
    documents({})
    const error = await failure()
    expect(error).toMatchObject({ code: 'discovery_failed', retryable: false, status: 404 })
    expect(error.message).toMatch(/OpenID configuration .* was 404\. Check the issuer\./)
  })

  it.each([
    ['a slash more', (origin: string) => `${origin}/`],
    ['another case', (origin: string) => origin.toUpperCase()],
    ['another tenant', (origin: string) => `${origin}/other`],
    ['nobody', () => undefined],
    ['null', () => null],
    ['a list', (origin: string) => [origin]],
  ])('refuses a document that names %s, and asks nobody else', async (_, issuer) => {
    documents({ [RFC8414]: complete(issuer(server.origin) as string) })
    const error = await failure()
    expect(error.code).toBe('discovery_failed')
    expect(error.message).toMatch(/names another issuer/)
    expect(paths()).toEqual([RFC8414])
  })

  it.each([
    [
      'an issuer, so that it can be copied',
      () => `${server.origin}/a/`,
      () => `names another issuer, ${server.origin}/a/, than`,
    ],
    ['no text that may hold a secret', () => 'https://me:canary@a.example/', () => 'names another issuer than'],
    ['no query', () => 'https://a.example/?canary', () => 'names another issuer than'],
    ['no text without end', () => `https://a.example/${'a'.repeat(200)}`, () => 'names another issuer than'],
  ])('shows of a document for another %s', async (_, issuer, shown) => {
    documents({ [RFC8414]: complete(issuer()) })
    expect((await failure()).message).toContain(shown())
  })

  it.each([OPENID, RFC8414, `${RFC8414}/tenant`])('takes no address of a document for the issuer: %s', async (path) => {
    await expect(discover(server.origin + path)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('leave out /.well-known/'),
    })
    expect(paths()).toEqual([])
  })

  it.each(['token_endpoint', 'revocation_endpoint', 'authorization_endpoint'])(
    'takes a %s on another origin only where that is listed',
    async (name) => {
      documents({ [RFC8414]: complete(server.origin, { [name]: 'https://tokens.example.com/x' }) })
      const error = await failure()
      expect(error.message).toMatch(`${name} on another origin, https://tokens.example.com: list it as endpointOrigins`)
      const found = await discover(server.origin, { endpointOrigins: ['https://TOKENS.example.com:443'] })
      expect(JSON.stringify(found)).toContain('https://tokens.example.com/x')
    },
  )

  it('takes an alias for certificates on an origin that is listed', async () => {
    const url = 'https://mtls.example.com/token'
    documents({ [RFC8414]: complete(server.origin, { mtls_endpoint_aliases: { token_endpoint: url } }) })
    const found = await discover(server.origin, { endpointOrigins: ['https://mtls.example.com'] })
    expect(found.mtlsEndpointAliases).toEqual({ tokenEndpoint: url })
  })

  it.each([
    ['no token endpoint', { token_endpoint: undefined }, /names no token_endpoint/],
    ['null for it', { token_endpoint: null }, /names no token_endpoint/],
    ['a number', { token_endpoint: 4 }, /leads nowhere/],
    ['clear text', { token_endpoint: 'http://login.example.com/token' }, /leads nowhere.*unencrypted/],
    ['a fragment', { token_endpoint: 'https://login.example.com/token#x' }, /leads nowhere/],
    ['credentials', { token_endpoint: 'https://me:canary@login.example.com/' }, /leads nowhere/],
    ['a script', { revocation_endpoint: 'javascript:alert(1)' }, /leads nowhere/],
  ])('refuses %s', async (_, members, message) => {
    documents({ [RFC8414]: complete(server.origin, members) })
    const error = await failure()
    expect(error.code).toBe('discovery_failed')
    expect(error.message).toMatch(message)
    expect(error.message).not.toMatch(/canary/)
  })

  it('reads no more than 64 KiB', async () => {
    documents({ [RFC8414]: complete(server.origin, { junk: 'x'.repeat(70_000) }) })
    expect((await failure()).code).toBe('discovery_failed')
  })

  it('ends in time', async () => {
    const clock = new FakeClock()
    server.response = () => undefined
    const waiting = failure(server.origin, { clock, timeout: 3_000 })
    while (server.arrived.length === 0) await new Promise(setImmediate)
    await clock.advance(3_000)
    expect(await waiting).toMatchObject({ code: 'discovery_failed', retryable: true })
    expect((await waiting).message).toMatch(/within 3000 ms/)
  })

  it('ends with its signal, and asks nothing with one that is aborted', async () => {
    server.response = () => undefined
    const gone = new Error('gone')
    const controller = new AbortController()
    const waiting = discover(server.origin, { signal: controller.signal })
    setImmediate(() => controller.abort(gone))
    await expect(waiting).rejects.toBe(gone)
    server.arrived.splice(0)
    await expect(discover(server.origin, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone)
    expect(paths()).toEqual([])
  })

  it('heeds no member that was put on Object.prototype, and keeps none for others', async () => {
    server.response = (response) => {
      const text = JSON.stringify(complete(server.origin)).replace(
        '{',
        '{"__proto__":{"revocation_endpoint":"https://evil.example.com/"},',
      )
      response.writeHead(200, { 'content-type': 'application/json' }).end(text)
    }
    const found = await discover(server.origin)
    expect(found.revocationEndpoint).toBeUndefined()
    expect(({} as Record<string, unknown>)['revocation_endpoint']).toBeUndefined()
  })

  it('takes clear text where that is allowed', async () => {
    const options = { [allowInsecure]: ['http://login.example.com'], signal: AbortSignal.abort(new Error('asked')) }
    await expect(discover('http://login.example.com', options)).rejects.toThrow('asked')
    await expect(discover('http://login.example.com')).rejects.toMatchObject({ code: 'insecure_url' })
  })
})
