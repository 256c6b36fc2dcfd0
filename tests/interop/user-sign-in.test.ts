import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { TokenManager, authorizationCode, authorizationRequest } from '../../src/index.js'
import type { AuthorizationCodeOptions } from '../../src/index.js'
import { RunningProvider, SIGNED_IN } from './provider.js'
import { CLIENTS, REDIRECT_URI } from './registrations.js'

const { app, steady } = CLIENTS

let provider: RunningProvider
beforeAll(async () => {
  provider = await RunningProvider.start()
})
afterAll(() => provider.close())
beforeEach(() => {
  provider.login = SIGNED_IN
  provider.tokenRequests.splice(0)
})

async function signIn({ clientId, clientSecret }: typeof app | typeof steady = app) {
  const { url, state, codeVerifier } = authorizationRequest({
    authorizationEndpoint: `${provider.issuer}/auth`,
    clientId,
    redirectUri: REDIRECT_URI,
    scope: 'openid things:read',
  })
  return {
    tokenEndpoint: provider.tokenEndpoint,
    issuer: provider.issuer,
    clientId,
    clientSecret,
    redirectUri: REDIRECT_URI,
    callbackUrl: await provider.browse(url),
    state,
    codeVerifier,
  }
}

const failure = (options: AuthorizationCodeOptions) =>
  new TokenManager(authorizationCode(options)).getToken().catch((error: unknown) => error)

describe('a user who signs in at oidc-provider', () => {
  it.each([
    ['rotate', app],
    ['stay', steady],
  ])('has a session, whose refresh tokens %s', async (_, client) => {
    const options = await signIn(client)
    expect(new URL(options.callbackUrl).searchParams.get('iss')).toBe(provider.issuer)
    const tokens = new TokenManager(authorizationCode(options))
    for (let round = 0; round < 3; round++) {
      const token = await tokens.getToken()
      expect(await provider.introspect(token.reveal())).toMatchObject({ active: true, sub: 'user 42' })
      tokens.invalidate()
    }
    expect(provider.tokenRequests.map(({ form, status }) => [form['grant_type'], status])).toEqual([
      ['authorization_code', 200],
      ['refresh_token', 200],
      ['refresh_token', 200],
    ])
    await tokens.close()
  })

  it('and does not want to after all is told with the first call', async () => {
    provider.login = { error: 'access_denied', error_description: 'End-User aborted interaction' }
    const options = await signIn()
    expect(() => authorizationCode(options)).toThrow(
      expect.objectContaining({
        code: 'authorization_denied',
        error: 'access_denied',
        errorDescription: 'End-User aborted interaction',
      }),
    )
  })

  it('in two tabs has two sign-ins, neither of which takes the callback of the other', async () => {
    const [one, other] = [await signIn(), await signIn()]
    expect(() => authorizationCode({ ...one, callbackUrl: other.callbackUrl })).toThrow(
      expect.objectContaining({ code: 'authorization_invalid' }),
    )
    expect(provider.tokenRequests).toEqual([])
  })

  it('at another issuer is not believed', async () => {
    const options = await signIn()
    expect(() => authorizationCode({ ...options, issuer: 'https://login.example.com' })).toThrow(
      expect.objectContaining({ code: 'authorization_invalid' }),
    )
  })
})

describe('a code is refused', () => {
  it.each<[string, Partial<AuthorizationCodeOptions>]>([
    ['with another verifier', { codeVerifier: 'another'.repeat(8) }],
    ['with another redirect URI', { redirectUri: 'https://app.example.com/other' }],
    ['of another client', { clientId: steady.clientId, clientSecret: steady.clientSecret }],
  ])('%s', async (_, options) => {
    expect(await failure({ ...(await signIn()), ...options } as AuthorizationCodeOptions)).toMatchObject({
      code: 'token_denied',
      error: 'invalid_grant',
    })
  })

  it('the second time, and the session that came of it ends', async () => {
    const options = await signIn()
    const tokens = new TokenManager(authorizationCode(options))
    const token = await tokens.getToken()
    expect(await failure(options)).toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
    expect(await provider.introspect(token.reveal())).toEqual({ active: false })
    tokens.invalidate()
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
    await tokens.close()
  })
})
