import { generateKeyPairSync } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { TokenManager, jwtBearer, refreshToken, tokenExchange } from '../../src/index.js'
import type { Grant, RefreshTokenOptions } from '../../src/index.js'
import { TRUSTED } from './assertion-grants.js'
import { RunningProvider } from './provider.js'
import { CLIENTS } from './registrations.js'

const { app, steady } = CLIENTS
const { signal } = new AbortController()
const { privateKey, issuer } = TRUSTED

let provider: RunningProvider
let server: { tokenEndpoint: string }
beforeAll(async () => {
  provider = await RunningProvider.start()
  server = { tokenEndpoint: provider.tokenEndpoint }
})
afterAll(() => provider.close())
beforeEach(() => void provider.tokenRequests.splice(0))

const session = (token: string, options: Partial<RefreshTokenOptions> = {}) =>
  refreshToken({ ...server, ...app, refreshToken: token, ...options } as RefreshTokenOptions)
const presented = () => provider.tokenRequests.map(({ form, status }) => [form['refresh_token'], status])
const failure = (asked: Promise<unknown>) => asked.then(() => undefined).catch((error: unknown) => error)

describe('a session whose refresh tokens rotate', () => {
  it('goes on with each new one, however many callers there are', async () => {
    const first = await provider.startSession(app, 'openid things:read')
    const tokens = new TokenManager(session(first))
    for (let round = 0; round < 5; round++) {
      const [token] = await Promise.all(Array.from({ length: 20 }, () => tokens.getToken()))
      expect(await provider.introspect(token!.reveal())).toMatchObject({ active: true, sub: 'user 42' })
      tokens.invalidate()
    }
    const sent = presented()
    expect(sent.map(([, status]) => status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(sent.map(([token]) => token)).size).toBe(5)
    await tokens.close()
  })

  it('ends when an old one is used again: a refusal, and all of its family are dead', async () => {
    const first = await provider.startSession(app, 'things:read')
    const grant = session(first)
    const set = await grant.requestToken({ signal })
    const reuse = await failure(session(first).requestToken({ signal }))
    expect(reuse).toMatchObject({
      code: 'token_denied',
      error: 'invalid_grant',
      retryable: false,
      errorDescription: 'grant request is invalid',
    })
    expect(await failure(grant.requestToken({ previous: set, signal }))).toMatchObject({ error: 'invalid_grant' })
    expect(await provider.introspect(set.accessToken.reveal())).toEqual({ active: false })
  })

  it('is taken up by a new sign-in after that', async () => {
    let signedIn = await provider.startSession(app, 'things:read')
    const tokens = new TokenManager(session('', { refreshToken: () => signedIn }))
    await tokens.getToken()
    await session(signedIn)
      .requestToken({ signal })
      .catch(() => undefined)
    tokens.invalidate()
    signedIn = await provider.startSession(app, 'things:read')
    provider.tokenRequests.splice(0)
    expect(await provider.introspect((await tokens.getToken()).reveal())).toMatchObject({ active: true })
    expect(presented()).toEqual([
      [expect.any(String), 400],
      [signedIn, 200],
    ])
    await tokens.close()
  })
})

describe('a session whose refresh token stays', () => {
  it('goes on with the same one', async () => {
    const first = await provider.startSession(steady, 'things:read')
    const tokens = new TokenManager(refreshToken({ ...server, ...steady, refreshToken: first }))
    for (let round = 0; round < 3; round++) {
      await tokens.getToken()
      tokens.invalidate()
    }
    expect(presented()).toEqual([
      [first, 200],
      [first, 200],
      [first, 200],
    ])
    await tokens.close()
  })
})

describe('a refresh', () => {
  it('may ask for less, and never for more', async () => {
    const first = await provider.startSession(app, 'things:read things:write')
    const grant = session(first, { scope: 'things:read' })
    const set = await grant.requestToken({ signal })
    expect(set.accessToken.scope).toEqual(['things:read'])
    const again = await grant.requestToken({ previous: set, signal })
    expect(again.accessToken.scope).toEqual(['things:read'])
    const wider = session('', { refreshToken: again.refreshToken!, scope: 'things:read things:paint' })
    expect(await failure(wider.requestToken({ signal }))).toMatchObject({ error: 'invalid_scope' })
  })

  it.each([
    ['another client', { ...steady }, 'invalid_grant'],
    ['a client with a wrong secret', { clientSecret: 'wrong' }, 'invalid_client'],
  ])('is refused to %s', async (_, client, error) => {
    const first = await provider.startSession(app, 'things:read')
    expect(await failure(session(first, client).requestToken({ signal }))).toMatchObject({
      code: 'token_denied',
      error,
    })
  })
})

describe('an assertion', () => {
  const accessOf = async (grant: Grant) => (await grant.requestToken({ signal })).accessToken
  const spokenFor = (assertion: object = {}) =>
    jwtBearer({ ...server, ...app, subject: 'user 7', assertion: { privateKey, issuer, ...assertion } })

  it('brings a token, again and again', async () => {
    const grant = spokenFor()
    for (let round = 0; round < 2; round++) {
      const token = await accessOf(grant)
      expect(await provider.introspect(token.reveal())).toMatchObject({ active: true, sub: 'user 7', client_id: 'app' })
    }
  })

  it('is taken only once', async () => {
    await accessOf(spokenFor())
    const assertion = String(provider.tokenRequests[0]?.form['assertion'])
    const again = jwtBearer({ ...server, ...app, assertion })
    expect(await failure(accessOf(again))).toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
  })

  it.each([
    ['of another key', { privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['of another issuer', { issuer: 'https://elsewhere.example.com' }],
    ['for another audience', { audience: 'https://elsewhere.example.com' }],
  ])('%s is refused', async (_, assertion) => {
    expect(await failure(accessOf(spokenFor(assertion)))).toMatchObject({
      code: 'token_denied',
      error: 'invalid_grant',
    })
  })
})

describe('a token exchange', () => {
  const exchange = (subjectToken: string) =>
    tokenExchange({
      ...server,
      ...app,
      subjectToken,
      subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'things:read',
    })

  it("brings a token of the same user's", async () => {
    const first = await provider.startSession(app, 'things:read', 'user 9')
    const { accessToken } = await session(first).requestToken({ signal })
    const { accessToken: exchanged } = await exchange(accessToken.reveal()).requestToken({ signal })
    expect(exchanged.equals(accessToken)).toBe(false)
    expect(await provider.introspect(exchanged.reveal())).toMatchObject({ active: true, sub: 'user 9' })
  })

  it('of a token that nobody knows is refused', async () => {
    const error = await failure(exchange('forged').requestToken({ signal }))
    expect(error).toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
  })
})
