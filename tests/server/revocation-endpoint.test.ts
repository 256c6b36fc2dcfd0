import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Secret } from '../../src/base/secret.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { AccessToken } from '../../src/token/access-token.js'
import type { TokenSet } from '../../src/token/grant.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

let server: AuthorizationServer
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.arrived.splice(0)
  server.response = (response) => response.writeHead(200).end()
})

const SET: TokenSet = { accessToken: new AccessToken('access'), parameters: {} }
const SESSION: TokenSet = { ...SET, refreshToken: new Secret('refresh') }

type Method = 'client_secret_basic' | 'client_secret_post'

function revoke(set: TokenSet, clientAuthentication: Method = 'client_secret_basic'): Promise<void> {
  const grant = clientCredentials({
    tokenEndpoint: `${server.origin}/token`,
    revocationEndpoint: `${server.origin}/revoke`,
    clientId: 'id',
    clientSecret: 'secret',
    clientAuthentication,
  })
  return grant.revokeToken!(set, { signal: new AbortController().signal })
}

/** Refuses the tokens that are hinted at so. */
function refuse(hint: string, status: number, error: object, headers: Record<string, string> = {}): void {
  server.response = (response, { form }) => {
    if (form.get('token_type_hint') === hint) json(response, status, error, headers)
    else response.writeHead(200).end()
  }
}

describe('a revocation [R36]', () => {
  it('takes the refresh token first, then the access token, and says what each is', async () => {
    await revoke(SESSION)
    expect(server.arrived.map(({ url, form }) => [url, form.get('token'), form.get('token_type_hint')])).toEqual([
      ['/revoke', 'refresh', 'refresh_token'],
      ['/revoke', 'access', 'access_token'],
    ])
  })

  it.each(['client_secret_basic', 'client_secret_post'] as const)('proves the client by %s', async (method) => {
    await revoke(SET, method)
    const [{ headers, form }] = server.arrived as [(typeof server.arrived)[0]]
    expect([headers.authorization !== undefined, form.has('client_secret')]).toEqual(
      method === 'client_secret_basic' ? [true, false] : [false, true],
    )
  })

  it('of an access token alone may be more than the server can do, when its refresh token was revoked', async () => {
    refuse('access_token', 400, { error: 'unsupported_token_type' })
    await expect(revoke(SESSION)).resolves.toBeUndefined()
    await expect(revoke(SET)).rejects.toMatchObject({ code: 'revocation_failed', error: 'unsupported_token_type' })
  })

  it('that the server has no time for may be tried again', async () => {
    refuse('refresh_token', 503, {}, { 'retry-after': '3' })
    await expect(revoke(SESSION)).rejects.toMatchObject({
      code: 'revocation_failed',
      status: 503,
      retryable: true,
      retryAfter: 3_000,
      message: 'The revocation endpoint answered 503. The token is still good: try again later.',
    })
    expect(server.arrived).toHaveLength(1)
  })

  it('that is refused says why', async () => {
    refuse('access_token', 401, { error: 'invalid_client', error_description: 'unknown client secret' })
    await expect(revoke(SET)).rejects.toMatchObject({
      retryable: false,
      message:
        'The revocation endpoint answered 401 with invalid_client (unknown client [redacted]). Check the revocation ' +
        'endpoint’s address, and how the client authenticates there.',
    })
  })

  it('that is refused shows no token that the server quotes', async () => {
    for (const [hint, set] of [
      ['access_token', SET],
      ['refresh_token', SESSION],
    ] as const) {
      const sent = hint === 'access_token' ? set.accessToken : set.refreshToken
      refuse(hint, 401, { error: 'x', error_description: `${sent!.reveal()} is unknown` })
      await expect(revoke(set)).rejects.toMatchObject({ errorDescription: '[redacted] is unknown' })
    }
  })

  it('is not sent on by a redirect', async () => {
    server.response = (response) => response.writeHead(302, { location: `${server.origin}/elsewhere` }).end()
    await expect(revoke(SET)).rejects.toMatchObject({ code: 'revocation_failed', status: 302 })
    expect(server.arrived).toHaveLength(1)
  })

  it('ends by the time-out of the manager', async () => {
    const tokenEndpoint = `${server.origin}/token`
    server.response = (response, { url }) => {
      if (url === '/token') json(response, 200, { access_token: 't', token_type: 'Bearer' })
    }
    const tokens = new TokenManager(
      clientCredentials({ tokenEndpoint, revocationEndpoint: tokenEndpoint + '/r', clientId: 'i', clientSecret: 's' }),
      { timeout: 300 },
    )
    await tokens.getToken()
    await expect(tokens.close({ revoke: true })).rejects.toMatchObject({ code: 'token_endpoint_timeout' })
  })
})
