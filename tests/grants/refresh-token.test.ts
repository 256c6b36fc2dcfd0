import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import type { TokenError } from '../../src/base/errors.js'
import { EverbearerError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { refreshToken } from '../../src/grants/refresh-token.js'
import type { RefreshTokenOptions } from '../../src/grants/refresh-token.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import type { TokenSet } from '../../src/token/grant.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { AuthorizationServer } from './authorization-server.js'

const { signal } = new AbortController()

let server: AuthorizationServer
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.arrived.splice(0)
  taking(() => ({}))
})

/** From now on the server takes a refresh token for which this gives an answer, and refuses every other. */
function taking(answer: (refreshToken: string) => object | undefined): void {
  server.response = (response, { form }) => {
    const members = answer(String(form.get('refresh_token')))
    if (members === undefined) return json(response, 400, { error: 'invalid_grant' })
    json(response, 200, {
      access_token: `t${server.arrived.length}`,
      token_type: 'Bearer',
      expires_in: 3600,
      ...members,
    })
  }
}

const grantOf = (options: Partial<RefreshTokenOptions> = {}) =>
  refreshToken({
    tokenEndpoint: server.origin,
    clientId: 'id',
    clientSecret: 'secret',
    ...options,
  } as RefreshTokenOptions)
const ask = (options: Partial<RefreshTokenOptions> = {}, previous?: TokenSet) =>
  grantOf(options).requestToken({ previous, signal })
const presented = () => server.arrived.map(({ form }) => form.get('refresh_token'))
const failure = (asked: Promise<unknown>) => asked.then(() => undefined).catch((error: unknown) => error as TokenError)

describe('a refresh token', () => {
  it.each([
    ['a string', 'r1'],
    ['a Secret', new Secret('r1')],
    ['a function', () => Promise.resolve(new Secret('r1'))],
  ])('may be %s', async (_, given) => {
    await ask({ refreshToken: given })
    expect(Object.fromEntries(server.arrived[0]!.form)).toEqual({ grant_type: 'refresh_token', refresh_token: 'r1' })
    expect(server.arrived[0]!.headers.authorization).toMatch(/^Basic /)
  })

  it('that came with an answer is the next to be sent', async () => {
    taking((token) => ({ refresh_token: `${token}+` }))
    let previous: TokenSet | undefined
    for (let count = 0; count < 3; count++) previous = await ask({ refreshToken: 'r' }, previous)
    expect(presented()).toEqual(['r', 'r+', 'r++'])
    expect(previous?.refreshToken?.reveal()).toBe('r+++')
  })

  it('stays when none came, and is part of what was handed out', async () => {
    const set = await ask({ refreshToken: 'r' })
    expect(set.refreshToken?.reveal()).toBe('r')
    await ask({}, set)
    expect(presented()).toEqual(['r', 'r'])
  })

  it('that was never there is told before anything is sent', async () => {
    const error = await failure(ask())
    expect(error).toMatchObject({ code: 'refresh_token_missing', retryable: false, requestSent: false })
    expect(error?.message).toContain('Sign the user in.')
    expect(server.arrived).toEqual([])
  })

  it('that the server quotes is not in the error', async () => {
    server.response = (response, { body }) => json(response, 400, { error: 'invalid_grant', error_description: body })
    const error = await failure(ask({ refreshToken: 'canary' }))
    expect(error).toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
    expect(reachableText(error)).not.toContain('canary')
    expect(reachableText(grantOf({ refreshToken: 'canary' }))).not.toContain('canary')
  })
})

describe('when the server refuses what it gave last', () => {
  const old = async () => {
    taking(() => ({ refresh_token: 'dead' }))
    const set = await ask({ refreshToken: 'first' })
    server.arrived.splice(0)
    return set
  }

  it('what a new sign-in brought is tried, once', async () => {
    const previous = await old()
    taking((token) => (token === 'new' ? { refresh_token: 'newer' } : undefined))
    const set = await ask({ refreshToken: 'new' }, previous)
    expect(presented()).toEqual(['dead', 'new'])
    expect(set.refreshToken?.reveal()).toBe('newer')
  })

  it('what works takes its place also when no other came back', async () => {
    const previous = await old()
    taking((token) => (token === 'new' ? {} : undefined))
    expect((await ask({ refreshToken: 'new' }, previous)).refreshToken?.reveal()).toBe('new')
  })

  it('the scope of the session that ended does not narrow the new one', async () => {
    taking(() => ({ refresh_token: 'dead', scope: 'a' }))
    const previous = await ask({ refreshToken: 'first' })
    server.arrived.splice(0)
    taking((token) => (token === 'new' ? {} : undefined))
    await ask({ refreshToken: 'new', scope: 'a b' }, previous)
    expect(server.arrived.map(({ form }) => form.get('scope'))).toEqual(['a', 'a b'])
  })

  it.each([
    ['there is no other', {}, ['dead']],
    ['the other is the same', { refreshToken: new Secret('dead') }, ['dead']],
    ['the other is refused too', { refreshToken: 'stale' }, ['dead', 'stale']],
  ])('it is a refusal where %s', async (_, options, expected) => {
    const previous = await old()
    taking(() => undefined)
    expect(await failure(ask(options, previous))).toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
    expect(presented()).toEqual(expected)
  })

  it('one that was taken already is not presented a second time', async () => {
    const grant = grantOf({ refreshToken: 'first' })
    taking((token) => (token === 'first' ? { refresh_token: 'second' } : undefined))
    const previous = await grant.requestToken({ signal })
    expect(await failure(grant.requestToken({ previous, signal }))).toMatchObject({ error: 'invalid_grant' })
    expect(presented()).toEqual(['first', 'second'])
  })

  it('one that was refused already is not tried again, the one after it is', async () => {
    const previous = await old()
    let signedIn = 'stale'
    const grant = grantOf({ refreshToken: () => signedIn })
    const again = () => grant.requestToken({ previous, signal })
    taking((token) => (token === 'new' ? {} : undefined))
    await failure(again())
    await failure(again())
    signedIn = 'new'
    await again()
    expect(presented()).toEqual(['dead', 'stale', 'dead', 'dead', 'new'])
  })

  it.each([
    [400, { error: 'invalid_grant' }],
    [200, { error: 'bad_refresh_token' }],
    [200, { ok: false, error: 'invalid_refresh_token' }],
    [400, { error: 'invalid_request', error_description: 'The refresh token is invalid.' }],
    [401, { error: 'invalid_token' }],
    [403, { error: 'unauthorized_client', error_description: 'refresh_token is invalid' }],
    [400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown refresh token' }],
    [400, { errors: [{ errorType: 'invalid_grant' }] }],
    [400, { error: { code: 'invalid_grant' } }],
  ])('a rejection by any name leads to what a new sign-in brought: %d %j', async (status, body) => {
    const previous = await old()
    server.response = (response, { form }) =>
      form.get('refresh_token') === 'new'
        ? json(response, 200, { access_token: 't', token_type: 'Bearer', refresh_token: 'newer' })
        : json(response, status, body)
    expect((await ask({ refreshToken: 'new' }, previous)).refreshToken?.reveal()).toBe('newer')
    expect(presented()).toEqual(['dead', 'new'])
  })

  it.each([
    ['the client', 401, 'invalid_client'],
    ['nothing for ever', 503, 'temporarily_unavailable'],
  ])('a failure that says %s leads to no other token', async (_, status, error) => {
    const previous = await old()
    server.response = (response) => json(response, status, { error })
    expect(await failure(ask({ refreshToken: 'new' }, previous))).toMatchObject({ status, error })
    expect(presented()).toEqual(['dead'])
  })

  it('one that failed otherwise is tried again', async () => {
    const previous = await old()
    const grant = grantOf({ refreshToken: 'new' })
    server.response = (response, { form }) =>
      form.get('refresh_token') === 'dead' ? json(response, 400, { error: 'invalid_grant' }) : json(response, 503, {})
    expect(await failure(grant.requestToken({ previous, signal }))).toMatchObject({ status: 503, retryable: true })
    taking((token) => (token === 'new' ? {} : undefined))
    await grant.requestToken({ previous, signal })
    expect(presented()).toEqual(['dead', 'new', 'dead', 'new'])
  })
})

describe('a refresh token in a response that is rejected for another member', () => {
  it.each([
    ['a token type', { token_type: 'mac' }],
    ['a lifetime', { expires_in: -1 }],
    ['no access token', { access_token: undefined }],
    ['an error', { error: 'server_error' }],
  ])('is the next to be sent: %s', async (_, members) => {
    taking((token) => {
      if (token === 'r0') return { refresh_token: 'r1', ...members }
      return token === 'r1' ? { refresh_token: 'r2' } : undefined
    })
    const manager = new TokenManager(grantOf({ refreshToken: 'r0' }))
    expect(await failure(manager.getToken())).toMatchObject({ code: expect.stringMatching(/^token_/) })
    manager.reset()
    expect((await manager.getToken()).reveal()).toBe('t2')
    expect(presented()).toEqual(['r0', 'r1'])
    await manager.close()
  })
})

describe('the scope', () => {
  const scopeAfter = async (granted: string | undefined, scope?: string) => {
    taking(() => (granted === undefined ? {} : { scope: granted }))
    const options = { refreshToken: 'r', ...(scope !== undefined && { scope }) }
    const grant = grantOf(options)
    const previous = await grant.requestToken({ signal })
    await grant.requestToken({ previous, signal })
    return server.arrived.map(({ form }) => form.get('scope'))
  }

  it('is not sent when none was asked for', async () => {
    expect(await scopeAfter('a b')).toEqual([null, null])
  })

  it('is sent as it was asked for while nothing else is known to be granted', async () => {
    expect(await scopeAfter(undefined, 'b a')).toEqual(['a b', 'a b'])
  })

  it('is never wider than what was granted', async () => {
    expect(await scopeAfter('c a', 'a b')).toEqual(['a b', 'a'])
  })

  it('is not sent when nothing of it was granted: it stays as it is', async () => {
    expect(await scopeAfter('User.Read', 'https://graph.example.com/User.Read offline_access')).toEqual([
      'https://graph.example.com/User.Read offline_access',
      null,
    ])
  })

  it('keeps offline_access, which servers do not name among what they granted', async () => {
    expect(await scopeAfter('a', 'a b offline_access')).toEqual(['a b offline_access', 'a offline_access'])
  })
})

describe('under a manager', () => {
  it('a hundred callers spend one refresh token, and the next request spends the next', async () => {
    const clock = new FakeClock()
    taking((token) => ({ refresh_token: `${token}+` }))
    const manager = new TokenManager(grantOf({ refreshToken: 'r' }), { clock })
    const tokens = await Promise.all(Array.from({ length: 100 }, () => manager.getToken()))
    expect(new Set(tokens.map((token) => token.reveal()))).toEqual(new Set(['t1']))
    manager.invalidate()
    await manager.getToken()
    expect(presented()).toEqual(['r', 'r+'])
    await manager.close()
  })

  it('one that may have arrived is not sent again', async () => {
    server.response = (response) => response.destroy()
    const manager = new TokenManager(grantOf({ refreshToken: 'r' }), { clock: new FakeClock({ random: () => 0 }) })
    expect(await failure(manager.getToken())).toMatchObject({ code: 'token_endpoint_unreachable' })
    expect(presented()).toEqual(['r'])
    await manager.close()
  })
})

describe('the identity', () => {
  it('names everything that shapes the tokens, whose they are, and no secret', () => {
    const options = { scope: 'b a', audience: 'x', resource: 'https://a/', parameters: { p: 'q' }, subject: 'user' }
    const { identity, repeatable, userBound } = grantOf({ ...options, refreshToken: 'canary' })
    expect({ ...identity }).toEqual({
      tokenEndpoint: `${server.origin}/`,
      clientId: 'id',
      grantType: 'refresh_token',
      scope: ['a', 'b'],
      audience: 'x',
      resource: ['https://a/'],
      parameters: { p: 'q' },
      subject: 'user',
    })
    expect({ repeatable, userBound }).toEqual({ repeatable: false, userBound: true })
    expect(grantOf().identity).toHaveProperty('subject', undefined)
  })
})

describe('what is refused', () => {
  it.each([
    { refreshToken: '' },
    { refreshToken: 5 },
    { refreshToken: null },
    { subject: '' },
    { subject: 5 },
    { parameters: { refresh_token: 'canary' } },
  ])('%j', (options) => {
    expect(() => grantOf(options as never)).toThrow(EverbearerError)
    expect(() => grantOf(options as never)).toThrow(/Option `(refreshToken|subject|parameters)`/)
  })
})
