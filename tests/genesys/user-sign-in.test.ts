import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { GenesysCloud } from '../../src/genesys/index.js'
import { authorizationCode, authorizationRequest, MemoryTokenStore, refreshToken } from '../../src/index.js'
import { saml2Bearer, TokenManager } from '../../src/index.js'
import type { AuthorizationCodeOptions } from '../../src/index.js'
import { FakeClock, startGenesysSimulator } from '../../src/testing/index.js'
import type { RunningGenesysSimulator, StartGenesysSimulatorOptions } from '../../src/testing/index.js'

const REDIRECT = 'https://app.example.com/callback?tenant=1'
const APP = { clientId: 'app', clientSecret: 'the secret of the app' }
const HOUR = 3_600_000

let clock: FakeClock
let closing: { close(): Promise<void> }[]
beforeEach(() => {
  clock = new FakeClock({ random: () => 0 })
  closing = []
})
afterEach(async () => {
  for (const one of closing.reverse()) await one.close()
})

async function simulated(options: StartGenesysSimulatorOptions = {}): Promise<RunningGenesysSimulator> {
  const running = await startGenesysSimulator({
    users: 30,
    tokenLifetime: 3_600,
    clock,
    clients: [
      { ...APP, grant: 'code', redirectUris: [REDIRECT] },
      { clientId: 'other', clientSecret: 'secret', grant: 'code', redirectUris: [REDIRECT] },
      { clientId: 'idp', clientSecret: 'secret', grant: 'saml2-bearer' },
    ],
    ...options,
  })
  closing.push(running)
  return running
}

const begin = ({ loginUrl }: RunningGenesysSimulator, parameters: Record<string, string> = {}) =>
  authorizationRequest({
    authorizationEndpoint: `${loginUrl}/oauth/authorize`,
    clientId: APP.clientId,
    redirectUri: REDIRECT,
    parameters,
  })

/** What the browser does, up to where it comes back. */
async function browse(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' })
  if (response.status !== 302) throw new Error(`status ${response.status}: ${await response.text()}`)
  return String(response.headers.get('location'))
}

async function signIn(running: RunningGenesysSimulator, options: Partial<AuthorizationCodeOptions> = {}) {
  const { url, state, codeVerifier } = begin(running)
  return {
    tokenEndpoint: `${running.loginUrl}/oauth/token`,
    ...APP,
    redirectUri: REDIRECT,
    callbackUrl: await browse(url),
    state,
    codeVerifier,
    subject: 'ann',
    ...options,
  } as AuthorizationCodeOptions
}

function managed(grant: ConstructorParameters<typeof TokenManager>[0], store?: MemoryTokenStore): TokenManager {
  const tokens = new TokenManager(grant, { clock, refresh: 'on-demand', ...(store && { store }) })
  closing.push(tokens)
  return tokens
}

function cloud(tokens: TokenManager, { apiUrl }: RunningGenesysSimulator): GenesysCloud {
  const genesys = new GenesysCloud({ tokens, apiUrl }, { clock })
  closing.push(genesys)
  return genesys
}

async function names(genesys: GenesysCloud): Promise<string[]> {
  const all: string[] = []
  for await (const { id } of genesys.users.list()) all.push(id)
  return all
}

describe('a user of Genesys Cloud who signs in', () => {
  it.each([true, false])('is served on after the token has expired (refresh tokens rotate: %s)', async (rotates) => {
    const running = await simulated({ rotateRefreshTokens: rotates })
    const tokens = managed(authorizationCode(await signIn(running)))
    const genesys = cloud(tokens, running)
    for (let hour = 0; hour < 3; hour++) {
      expect(await names(genesys)).toEqual(running.truth.userIds())
      await clock.advance(HOUR)
    }
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 3, tokensMinted: 3, unauthorized: 0 })
  })

  it('is who the simulator was told, also when the token is exchanged after a 401', async () => {
    const running = await simulated()
    const user = running.truth.userIds()[7]
    running.simulator.setUser(user)
    const genesys = cloud(managed(authorizationCode(await signIn(running))), running)
    expect((await genesys.users.me()).id).toBe(user)
    running.simulator.revokeTokens()
    expect((await genesys.users.me()).id).toBe(user)
    expect(running.simulator.counts).toMatchObject({ tokensMinted: 2, unauthorized: 1 })
    expect((await genesys.tokens.me()).OAuthClient).toMatchObject({ id: 'app', authorizedGrantType: 'CODE' })
  })

  it('needs no new sign-in when the process starts again with the same store', async () => {
    const running = await simulated()
    const store = new MemoryTokenStore({ clock })
    await managed(authorizationCode(await signIn(running)), store).getToken()
    await clock.advance(HOUR)
    const tokenEndpoint = `${running.loginUrl}/oauth/token`
    const next = cloud(managed(refreshToken({ tokenEndpoint, ...APP, subject: 'ann' }), store), running)
    expect((await next.users.me()).id).toBe(running.truth.userIds()[0])
  })

  it('may use a client without a secret, by PKCE alone: until its token expires, or longer where the server lets it', async () => {
    for (const publicRefreshTokens of [false, true]) {
      const running = await simulated({ publicRefreshTokens })
      const { clientSecret, ...options } = (await signIn(running)) as AuthorizationCodeOptions & typeof APP
      void clientSecret
      const set = await authorizationCode({ ...options, clientAuthentication: 'none' }).requestToken({
        signal: new AbortController().signal,
      })
      expect(set.refreshToken !== undefined).toBe(publicRefreshTokens)
      expect(set.accessToken.lifetime).toBe(HOUR)
    }
  })

  it('who logs out must sign in again, as must all after a change of passwords', async () => {
    const running = await simulated()
    const loggedOut = managed(authorizationCode(await signIn(running)))
    await cloud(loggedOut, running).tokens.revoke()
    await expect(loggedOut.getToken()).rejects.toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
    const other = managed(authorizationCode(await signIn(running)))
    await other.getToken()
    running.simulator.endSessions()
    await clock.advance(HOUR)
    await expect(other.getToken()).rejects.toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
  })

  it('is told by a callback which org and provider may have asked for', async () => {
    const running = await simulated()
    const callback = new URL(await browse(begin(running, { org: 'acme', provider: 'okta', prompt: 'login' }).url))
    expect([...callback.searchParams.keys()]).toEqual(['tenant', 'code', 'state'])
  })
})

describe('a sign-in is refused', () => {
  it('when nobody signs in', async () => {
    const running = await simulated()
    running.simulator.setUser(undefined)
    const options = await signIn(running)
    expect(() => authorizationCode(options)).toThrow(
      expect.objectContaining({ code: 'authorization_denied', error: 'access_denied' }),
    )
  })

  it('when the client is off, or asks for what is not simulated', async () => {
    const running = await simulated()
    expect(await browse(begin(running, { scope_of: 'x' }).url)).toContain('error=invalid_request')
    running.simulator.setClientState('app', 'inactive')
    expect(await browse(begin(running).url)).toContain('error=unauthorized_client')
  })

  it('by a page, and not by a redirect, when the client or its redirect URI is not known', async () => {
    const { url } = begin(await simulated())
    for (const [name, value] of [
      ['client_id', 'nobody'],
      ['redirect_uri', 'https://evil.example.com/'],
    ] as const) {
      const wrong = new URL(url)
      wrong.searchParams.set(name, value)
      await expect(browse(wrong.href)).rejects.toThrow('status 400')
    }
  })

  it.each<[string, string, Partial<AuthorizationCodeOptions>]>([
    ['another verifier', 'code_verifier mismatch', { codeVerifier: 'another' }],
    ['another redirect URI', 'redirect_uri mismatch', { redirectUri: 'https://app.example.com/callback' }],
    ['another client', 'code not found', { clientId: 'other', clientSecret: 'secret' }],
    ['a client that is not for it', 'this client is for the', { clientId: 'idp', clientSecret: 'secret' }],
    ['a wrong secret', 'authentication failed', { clientSecret: 'wrong' }],
  ])('with %s', async (_, errorDescription, options) => {
    const grant = authorizationCode(await signIn(await simulated(), options))
    await expect(managed(grant).getToken()).rejects.toMatchObject({
      code: 'token_denied',
      errorDescription: expect.stringContaining(errorDescription),
    })
  })

  it('with a code that has expired', async () => {
    const options = await signIn(await simulated())
    await clock.advance(60_000)
    const tokens = managed(authorizationCode(options))
    await expect(tokens.getToken()).rejects.toMatchObject({ error: 'invalid_grant', errorDescription: 'code expired' })
  })

  it('with a code that was used, and the session that came of it ends', async () => {
    const running = await simulated()
    const options = await signIn(running)
    const first = managed(authorizationCode(options))
    const genesys = cloud(first, running)
    await genesys.users.me()
    await expect(managed(authorizationCode(options)).getToken()).rejects.toMatchObject({
      error: 'invalid_grant',
      errorDescription: 'code already used',
    })
    await expect(genesys.users.me()).rejects.toMatchObject({ code: 'api_unauthorized' })
  })

  it('with a refresh token that was spent, and the session ends', async () => {
    const running = await simulated()
    const set = await authorizationCode(await signIn(running)).requestToken({ signal: new AbortController().signal })
    const options = { tokenEndpoint: `${running.loginUrl}/oauth/token`, ...APP, refreshToken: set.refreshToken! }
    const tokens = managed(refreshToken(options))
    await tokens.getToken()
    await expect(managed(refreshToken(options)).getToken()).rejects.toMatchObject({
      errorDescription: 'refresh token already used',
    })
    await clock.advance(HOUR)
    await expect(tokens.getToken()).rejects.toMatchObject({ errorDescription: 'refresh token not found' })
  })
})

describe('an assertion of an identity provider', () => {
  const asked = (running: RunningGenesysSimulator, name: string, orgName = 'simulated-org') =>
    saml2Bearer({
      tokenEndpoint: `${running.loginUrl}/oauth/token`,
      clientId: 'idp',
      clientSecret: 'secret',
      assertion: () => `<saml:Assertion><saml:NameID Format="email">${name}</saml:NameID></saml:Assertion>`,
      parameters: { orgName },
      subject: name,
    })

  it('brings the token of the user whom it names', async () => {
    const running = await simulated()
    const me = await cloud(managed(asked(running, 'user3@example.com')), running).users.me()
    expect(me).toMatchObject({ email: 'user3@example.com' })
  })

  it.each([
    ['another organization', 'user3@example.com', 'acme', 'org not found'],
    ['nobody there', 'nobody@example.com', 'simulated-org', 'the assertion names no active user'],
    ['a user who has left', 'user31@example.com', 'simulated-org', 'the assertion names no active user'],
  ])('of %s is refused', async (_, name, orgName, errorDescription) => {
    const tokens = managed(asked(await simulated(), name, orgName))
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'token_denied', errorDescription })
  })
})
