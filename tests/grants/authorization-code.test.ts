import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { TokenError } from '../../src/base/errors.js'
import { authorizationCode } from '../../src/grants/authorization-code.js'
import type { AuthorizationCodeOptions } from '../../src/grants/authorization-code.js'
import { discover } from '../../src/server/discover.js'
import { refreshToken } from '../../src/grants/refresh-token.js'
import { MemoryTokenStore } from '../../src/stores/memory-token-store.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import type { TokenRequestOptions } from '../../src/token/grant.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { AuthorizationServer } from './authorization-server.js'

const { signal } = new AbortController()
const REDIRECT = 'https://app.example.com/callback'

let server: AuthorizationServer
let clock: FakeClock
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.arrived.splice(0)
  clock = new FakeClock({ random: () => 0 })
  responding(() => ({ refresh_token: `r${server.arrived.length}` }))
})

/** From now on each token request is answered with a token and these members. */
function responding(members: () => object): void {
  server.response = (response) =>
    json(response, 200, {
      access_token: `t${server.arrived.length}`,
      token_type: 'Bearer',
      expires_in: 3600,
      ...members(),
    })
}

const codeOptions = () => ({
  tokenEndpoint: server.origin,
  clientId: 'id',
  clientSecret: 'secret',
  redirectUri: REDIRECT,
  callbackUrl: `${REDIRECT}?code=c0de&state=st4te`,
  state: 'st4te',
  codeVerifier: 'verifier',
  subject: 'ann',
})
const grantOf = (options: Partial<AuthorizationCodeOptions> = {}) =>
  authorizationCode({ ...codeOptions(), ...options } as AuthorizationCodeOptions)
const forms = () => server.arrived.map(({ form }) => Object.fromEntries(form))
const asked = () => forms().map(({ grant_type, refresh_token, code }) => [grant_type, code ?? refresh_token])

function refusalOf(options: Partial<AuthorizationCodeOptions>): unknown {
  try {
    return grantOf(options)
  } catch (error) {
    return error
  }
}

describe('a code', () => {
  it('is exchanged with what the sign-in began with', async () => {
    await grantOf({ scope: 'a b', audience: 'api' }).requestToken({ signal })
    expect(forms()).toEqual([
      {
        grant_type: 'authorization_code',
        code: 'c0de',
        redirect_uri: REDIRECT,
        code_verifier: 'verifier',
        audience: 'api',
      },
    ])
    expect(server.arrived[0]!.headers.authorization).toMatch(/^Basic /)
  })

  it('is exchanged once: then the session goes on by its refresh token', async () => {
    const tokens = new TokenManager(grantOf(), { clock })
    await tokens.getToken()
    for (let hour = 0; hour < 2; hour++) {
      await clock.advance(3_600_000)
      await tokens.getToken()
    }
    expect(asked()).toEqual([
      ['authorization_code', 'c0de'],
      ['refresh_token', 'r1'],
      ['refresh_token', 'r2'],
    ])
    await tokens.close()
  })

  it('without a refresh token is good for one token: then the user must sign in again', async () => {
    responding(() => ({}))
    const tokens = new TokenManager(grantOf(), { clock, refresh: 'on-demand' })
    await tokens.getToken()
    await clock.advance(3_600_000)
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'refresh_token_missing' })
    expect(asked()).toHaveLength(1)
    await tokens.close()
  })

  it('that was refused is spent', async () => {
    server.response = (response) => json(response, 400, { error: 'invalid_grant' })
    const grant = grantOf()
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ code: 'refresh_token_missing' })
    expect(asked()).toHaveLength(1)
  })

  it('is spent too when no answer came: it may have arrived', async () => {
    server.response = (response) => response.destroy()
    const grant = grantOf()
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ code: 'token_endpoint_unreachable' })
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ code: 'refresh_token_missing' })
    expect(asked()).toHaveLength(1)
  })

  it('is whole when the server has no time for it, or it never left', async () => {
    let secret = 0
    const grant = grantOf({
      clientSecret: () => {
        if (secret++ === 0) throw new Error('the vault is closed')
        return 'secret'
      },
    })
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ code: 'grant_failed' })
    server.response = (response) => json(response, 503, {})
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ status: 503 })
    responding(() => ({}))
    expect((await grant.requestToken({ signal })).accessToken.reveal()).toBe('t2')
    expect(asked()).toEqual([
      ['authorization_code', 'c0de'],
      ['authorization_code', 'c0de'],
    ])
  })

  it('is whole when the issuer could not say where it goes', async () => {
    const { tokenEndpoint: _, ...byIssuer } = { ...codeOptions(), issuer: server.origin }
    const grant = authorizationCode(byIssuer)
    server.response = (response) => response.destroy()
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ code: 'discovery_failed', requestSent: false })
    server.response = (response, { url }) =>
      url.startsWith('/.well-known')
        ? json(response, 200, { issuer: server.origin, token_endpoint: `${server.origin}/token` })
        : json(response, 200, { access_token: 't', token_type: 'Bearer' })
    expect((await grant.requestToken({ signal })).accessToken.reveal()).toBe('t')
    expect(asked().filter(([grantType]) => grantType !== undefined)).toEqual([['authorization_code', 'c0de']])
  })

  it('is nowhere to be read, nor is the verifier', async () => {
    const grant = grantOf({ codeVerifier: 'canary-verifier', callbackUrl: '/?code=canary-code&state=st4te' })
    expect(reachableText(grant)).not.toContain('canary')
    server.response = (response, { body }) => json(response, 400, { error: 'invalid_grant', error_description: body })
    const error = await grant.requestToken({ signal }).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'token_denied' })
    expect(reachableText(error)).not.toContain('canary')
  })
})

describe('a server whose metadata says that each callback names the issuer [R45]', () => {
  let metadata: Record<string, unknown>
  beforeEach(() => {
    metadata = {
      issuer: server.origin,
      token_endpoint: `${server.origin}/token`,
      authorization_response_iss_parameter_supported: true,
    }
    server.response = (response, { url }) =>
      json(response, 200, url.startsWith('/.well-known') ? metadata : { access_token: 't', token_type: 'Bearer' })
  })

  const byIssuer = (callbackUrl: string) => {
    const { tokenEndpoint: _, ...options } = { ...codeOptions(), issuer: server.origin, callbackUrl }
    return authorizationCode(options)
  }
  const codes = () => server.arrived.filter(({ body }) => body.includes('c0de'))
  const named = () => `/callback?code=c0de&state=st4te&iss=${encodeURIComponent(server.origin)}`
  const unnamed = '/callback?code=c0de&state=st4te'

  it('gets no code of a callback without iss if the grant has what discover() found', async () => {
    const found = await discover(server.origin)
    expect(refusalOf({ ...found, callbackUrl: unnamed })).toMatchObject({ code: 'authorization_invalid' })
    await grantOf({ ...found, callbackUrl: named() }).requestToken({ signal })
    expect(codes()).toHaveLength(1)
  })

  it('gets no code and no secret of a callback without iss if the grant has the issuer alone', async () => {
    const grant = byIssuer(unnamed)
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({
      code: 'authorization_invalid',
      retryable: false,
      requestSent: false,
    })
    // The code of such a callback stays rejected, also if the metadata changes.
    metadata['authorization_response_iss_parameter_supported'] = false
    await expect(grant.requestToken({ signal })).rejects.toMatchObject({ code: 'refresh_token_missing' })
    expect(server.arrived.map(({ method }) => method)).toEqual(['GET'])
  })

  it('gets the code of a callback that names it, also if the grant has the issuer alone', async () => {
    await byIssuer(named()).requestToken({ signal })
    expect(codes()).toHaveLength(1)
  })

  it.each([false, undefined, null, 'yes'])('is only one that says true: %j is another', async (said) => {
    metadata['authorization_response_iss_parameter_supported'] = said
    await byIssuer(unnamed).requestToken({ signal })
    const found = await discover(server.origin)
    await grantOf({ ...found, callbackUrl: unnamed }).requestToken({ signal })
    expect(codes()).toHaveLength(2)
  })
})

describe('with a store', () => {
  const client = () => ({ tokenEndpoint: server.origin, clientId: 'id', clientSecret: 'secret', subject: 'ann' })

  it('the session outlives the process: refreshToken finds it', async () => {
    const store = new MemoryTokenStore({ clock })
    await new TokenManager(grantOf({ scope: 'a' }), { clock, store }).getToken()
    await clock.advance(3_600_000)
    const next = new TokenManager(refreshToken({ ...client(), scope: 'a' }), { clock, store })
    expect((await next.getToken()).reveal()).toBe('t2')
    expect(asked()).toEqual([
      ['authorization_code', 'c0de'],
      ['refresh_token', 'r1'],
    ])
  })

  it('a new sign-in goes before a session that is there, though its token still serves', async () => {
    const store = new MemoryTokenStore({ clock })
    await new TokenManager(grantOf(), { clock, store }).getToken()
    const again = new TokenManager(grantOf({ callbackUrl: '/?code=c2&state=st4te' }), { clock, store })
    expect((await again.getToken()).reveal()).toBe('t2')
    const another = new TokenManager(refreshToken(client()), { clock, store })
    expect((await another.getToken()).reveal()).toBe('t2')
    expect(asked()).toEqual([
      ['authorization_code', 'c0de'],
      ['authorization_code', 'c2'],
    ])
  })

  it('a sign-in without a refresh token takes over none of the session before it', async () => {
    const store = new MemoryTokenStore({ clock })
    await new TokenManager(grantOf(), { clock, store }).getToken()
    responding(() => ({}))
    const c2 = grantOf({ callbackUrl: '/?code=c2&state=st4te' })
    const again = new TokenManager(c2, { clock, store, refresh: 'on-demand' })
    await again.getToken()
    await clock.advance(3_600_000)
    await expect(again.getToken()).rejects.toMatchObject({ code: 'refresh_token_missing' })
    expect(asked()).toHaveLength(2)
  })

  it('a sign-in that fails leaves the session that is there', async () => {
    const store = new MemoryTokenStore({ clock })
    await new TokenManager(grantOf(), { clock, store }).getToken()
    server.response = (response) => json(response, 400, { error: 'invalid_grant' })
    const again = new TokenManager(grantOf({ callbackUrl: '/?code=c2&state=st4te' }), { clock, store })
    await expect(again.getToken()).rejects.toMatchObject({ code: 'token_denied' })
    again.reset()
    expect((await again.getToken()).reveal()).toBe('t1')
  })

  it('the identity is the same as of refreshToken', () => {
    const options = { scope: 'b a', audience: 'api', resource: 'https://a/', parameters: { org: 'acme' } }
    expect(grantOf(options).identity).toEqual(refreshToken({ ...client(), ...options }).identity)
    expect(grantOf()).toMatchObject({ repeatable: false, userBound: true })
  })
})

describe('a callback', () => {
  it.each([
    ['whole', `${REDIRECT}?code=c0de&state=st4te`],
    ['as a URL', new URL(`${REDIRECT}?code=c0de&state=st4te`)],
    ['from the path on', '/callback?code=c0de&state=st4te'],
    [
      'with what else a server adds',
      '/callback?session_state=x&code=c0de&state=st4te&iss=https%3A%2F%2Flogin.example.com',
    ],
  ])('may come %s', async (_, callbackUrl) => {
    await grantOf({ callbackUrl, issuer: 'https://login.example.com' }).requestToken({ signal })
    expect(forms()).toMatchObject([{ code: 'c0de', redirect_uri: REDIRECT }])
  })

  it.each([
    ['another state', '/callback?code=c0de&state=st4te2'],
    ['another state of the same length', '/callback?code=c0de&state=st4tE'],
    ['no state', '/callback?code=c0de'],
    ['an error and another state', '/callback?error=access_denied&state=other'],
    ['two states', '/callback?code=c0de&state=st4te&state=st4te'],
    ['two codes', '/callback?code=c0de&code=c0de&state=st4te'],
    ['neither code nor error', '/callback?state=st4te'],
    ['an empty code', '/callback?code=&state=st4te'],
    ['another issuer', '/callback?code=c0de&state=st4te&iss=https://login.example.com/'],
    ['another issuer, with an error', '/callback?error=access_denied&state=st4te&iss=https://evil.example.com'],
    ['the code in the fragment', '/callback?state=st4te#code=c0de'],
  ])('with %s is not the answer to this sign-in', (_, callbackUrl) => {
    const error = refusalOf({ callbackUrl, issuer: 'https://login.example.com' })
    expect(error).toBeInstanceOf(TokenError)
    expect(error).toMatchObject({ code: 'authorization_invalid', retryable: false, requestSent: false })
    expect(reachableText(error)).not.toMatch(/c0de|st4te/)
    expect(server.arrived).toEqual([])
  })

  it.each([
    ['without a slash', 'https://login.example.com/tenant', 'https://login.example.com/tenant/'],
    ['in another case', 'https://login.example.com/Tenant', 'https://login.example.com/tenant'],
    ['in another case of the host', 'https://LOGIN.example.com', 'https://login.example.com'],
    ['with the default port', 'https://login.example.com:443', 'https://login.example.com'],
    ['that is empty', '', 'https://login.example.com'],
  ])('whose issuer is written %s is rejected: issuers are compared to the character', (_, iss, issuer) => {
    const said = new URLSearchParams({ code: 'c0de', state: 'st4te', iss })
    expect(refusalOf({ callbackUrl: `/callback?${said.toString()}`, issuer })).toMatchObject({
      code: 'authorization_invalid',
      message: expect.stringContaining('another issuer'),
    })
  })

  it('with iss is accepted if no issuer was given to compare it with', async () => {
    const callbackUrl = '/callback?code=c0de&state=st4te&iss=https%3A%2F%2Flogin.example.com'
    await grantOf({ callbackUrl }).requestToken({ signal })
    expect(forms()).toMatchObject([{ code: 'c0de' }])
  })

  it.each(['code=c0de', 'error=access_denied'])(
    'with %s and no iss is rejected if the server names itself in each callback',
    (answer) => {
      const options = {
        callbackUrl: `/callback?${answer}&state=st4te`,
        issuer: 'https://login.example.com',
        authorizationResponseIssParameterSupported: true,
      }
      expect(refusalOf(options)).toMatchObject({
        code: 'authorization_invalid',
        message: expect.stringContaining('no `iss`'),
        requestSent: false,
      })
    },
  )

  it('of another sign-in is rejected for its state, whatever its iss is', () => {
    const expected = expect.objectContaining({ message: expect.stringContaining('its state is another one') })
    for (const iss of ['', '&iss=https%3A%2F%2Fevil.example.com']) {
      const callbackUrl = `/callback?code=c0de&state=other${iss}`
      expect(refusalOf({ callbackUrl, authorizationResponseIssParameterSupported: true })).toEqual(expected)
    }
  })

  it('in which all parameters are in a JWT (JARM) is rejected', () => {
    const error = refusalOf({ callbackUrl: '/callback?response=eyJhbGciOiJub25lIn0.e30.' })
    expect(error).toMatchObject({ code: 'authorization_invalid' })
  })

  it('that says no is told in the words of the server, made safe to print', () => {
    const said = new URLSearchParams({
      error: 'access_denied',
      error_description: 'Not\u001b[31m you,\nst4te',
      state: 'st4te',
    })
    expect(refusalOf({ callbackUrl: `/callback?${said.toString()}` })).toMatchObject({
      code: 'authorization_denied',
      error: 'access_denied',
      errorDescription: 'Not you, [redacted]',
      message: expect.stringContaining('access_denied (Not you, [redacted])'),
      retryable: false,
      requestSent: false,
    })
  })

  it('that says no is told without the state, the verifier and the code, wherever the server quotes them', () => {
    const said = { error: 'canary-code', error_description: 'canary-state canary-verifier canary-code' }
    const callback = new URLSearchParams({ ...said, state: 'canary-state', code: 'canary-code' })
    const error = refusalOf({
      callbackUrl: `/callback?${callback.toString()}`,
      state: 'canary-state',
      codeVerifier: 'canary-verifier',
    })
    expect(error).toMatchObject({ code: 'authorization_denied', error: '[redacted]' })
    expect(reachableText(error)).not.toContain('canary')
  })

  it('whose error is unprintable is a denial all the same', () => {
    const error = refusalOf({ callbackUrl: '/callback?error=%0A&state=st4te&code=c0de' })
    expect(error).toMatchObject({ code: 'authorization_denied', message: expect.stringContaining('without a name') })
    expect(error).not.toHaveProperty('error')
  })

  it.each(['https://canary', 'http://[canary'])('that is no URL is not quoted: %s', (start) => {
    const error = refusalOf({ callbackUrl: `${start} canary?code=canary` })
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(reachableText(error)).not.toContain('canary')
  })

  it.each<[string, object]>([
    ['state', { state: '' }],
    ['state', { state: undefined }],
    ['codeVerifier', { codeVerifier: '' }],
    ['codeVerifier', { codeVerifier: 42 }],
    ['callbackUrl', { callbackUrl: undefined }],
    ['callbackUrl', { callbackUrl: 'https://' }],
    ['redirectUri', { redirectUri: 'callback' }],
    ['issuer', { issuer: 42 }],
    ['authorizationResponseIssParameterSupported', { authorizationResponseIssParameterSupported: 'false' }],
    ['parameters', { parameters: { code: 'c' } }],
    ['parameters', { parameters: { refresh_token: 'r' } }],
  ])('needs a %s: %j', (option, options) => {
    expect(refusalOf(options)).toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(`\`${option}\``),
    })
  })
})

it.each([
  ['without a store', () => ({})],
  ['with a store', () => ({ store: new MemoryTokenStore({ clock }) })],
])('a grant that is wrapped by spreading it keeps its session %s', async (_name, options) => {
  const grant = grantOf()
  const wrapped = { ...grant, requestToken: (request: TokenRequestOptions) => grant.requestToken(request) }
  const tokens = new TokenManager(wrapped, { clock, ...options() })
  expect((await tokens.getToken()).reveal()).toBe('t1')
  tokens.invalidate()
  expect((await tokens.getToken()).reveal()).toBe('t2')
  expect(asked()).toEqual([
    ['authorization_code', 'c0de'],
    ['refresh_token', 'r1'],
  ])
  await tokens.close()
})
