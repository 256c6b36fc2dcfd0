import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Secret } from '../../src/base/secret.js'
import { MemoryTokenStore } from '../../src/stores/memory-token-store.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import type { GrantIdentity } from '../../src/token/grant.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { TokenManagerPool } from '../../src/token/token-manager-pool.js'
import type { TokenManagerPoolOptions } from '../../src/token/token-manager-pool.js'
import { HOUR, permanentError, ScriptedGrant, tokens } from './scripted-grant.js'
import { deferred, turn } from '../waiting.js'

const IDLE = 10 * 60_000

function made(options: TokenManagerPoolOptions = {}) {
  const clock = new FakeClock({ random: () => 0 })
  return { clock, managers: new TokenManagerPool({ clock, refresh: 'on-demand', ...options }) }
}

/** A tenant's grant, whose tokens tell whose they are. */
function tenant(name: string, members: Partial<GrantIdentity> = {}, repeatable = true): ScriptedGrant {
  const grant = new ScriptedGrant(
    ({ number }) => tokens(`${name}.${number}`, repeatable ? {} : { refreshToken: `r-${name}.${number}` }),
    repeatable,
  )
  Object.assign(grant, { identity: { ...grant.identity, clientId: name, ...members } })
  return grant
}

describe('TokenManagerPool', () => {
  it('does nothing before a source is asked, and then shares one manager among equal identities', async () => {
    const { managers } = made()
    const [one, same] = [tenant('a', { scope: ['x', 'y'] }), tenant('a', { scope: ['y', 'x'] })]
    const sources = [managers.get(one), managers.get(same)]
    expect(sources.map((source) => source.current())).toEqual([undefined, undefined])
    expect(managers.counts).toEqual({ managers: 0, idle: 0, pinned: 0 })
    const [token, again] = await Promise.all(sources.map((source) => source.getToken()))
    expect(again).toBe(token)
    expect(sources[1]!.current()).toBe(token)
    expect([one.count, same.count]).toEqual([1, 0])
    expect(managers.counts).toEqual({ managers: 1, idle: 0, pinned: 0 })
  })

  it('hands a token to nobody but its own identity, whoever asks at the same time [R02]', async () => {
    const members = fc.record(
      {
        clientId: fc.constantFrom('a', 'b'),
        scope: fc.constantFrom([], ['x'], ['x', 'y'], ['x y']),
        audience: fc.constantFrom('a', 'x'),
        subject: fc.constantFrom('u', 'x'),
      },
      { requiredKeys: ['clientId', 'scope'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(members, { minLength: 2, maxLength: 20 }), async (asked) => {
        const { managers } = made()
        const responses = await Promise.all(
          asked.map(async (one) => {
            const name = Buffer.from(JSON.stringify([one.clientId, one.scope, one.audience, one.subject])).toString(
              'hex',
            )
            const grant = tenant(name, one)
            const token = await managers.get(grant).getToken()
            return [name, token.reveal()] as const
          }),
        )
        for (const [name, token] of responses) expect(token).toBe(`${name}.1`)
      }),
      { numRuns: 100 },
    )
  })

  it('hands a token to nobody who knows the client’s id but presents something else [R02]', async () => {
    const { managers } = made()
    const presenting = (client: string, all = client) =>
      Object.assign(tenant('app'), { credentials: { client: new Secret(client), all: new Secret(all) } })
    const [owner, same, stranger] = [presenting('right'), presenting('right'), presenting('wrong')]
    await managers.get(owner).getToken()
    await managers.get(same).getToken()
    const strangers = managers.get(stranger)
    expect(strangers.current()).toBeUndefined()
    stranger.response = () => Promise.reject(permanentError())
    await expect(strangers.getToken()).rejects.toMatchObject({ error: 'invalid_client' })
    expect([owner.count, same.count, stranger.count]).toEqual([1, 0, 1])
  })

  it('goes on with what a user brought anew when the old was refused', async () => {
    const { managers } = made()
    const bringing = (all: string) =>
      Object.assign(tenant('app'), { credentials: { client: new Secret('s'), all: new Secret(all) } })
    const old = bringing('old refresh token')
    old.response = () => Promise.reject(permanentError())
    await expect(managers.get(old).getToken()).rejects.toMatchObject({ code: 'token_denied' })
    expect((await managers.get(bringing('new refresh token')).getToken()).reveal()).toBe('app.1')
  })

  it('must know whose the tokens of users are', () => {
    const { managers } = made()
    const userBound = Object.assign(tenant('a'), { userBound: true })
    expect(() => managers.get(userBound)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    const named = Object.assign(tenant('a', { subject: 'user 42' }), { userBound: true })
    expect(() => managers.get(named)).not.toThrow()
  })

  it('rejects a grant whose client nobody can tell from others, and names the option that would', () => {
    const { managers } = made()
    const unnamed = Object.assign(tenant('a'), { unnamed: 'certificate' })
    expect(() => managers.get(unnamed)).toThrow('Option `certificate` is missing')
    expect(() => new TokenManager(unnamed, { store: new MemoryTokenStore() })).toThrow(
      'Option `certificate` is missing',
    )
    expect(() => new TokenManager(unnamed)).not.toThrow()
  })

  it('lets an idle one go when there are too many, and makes it again at its next use [R35]', async () => {
    const { clock, managers } = made({ max: 2 })
    const source = (name: string) => managers.get(tenant(name))
    const [a, b, c] = [source('a'), source('b'), source('c')]
    await a.getToken()
    await clock.advance(IDLE - 1)
    await b.getToken()
    await clock.advance(1)
    expect(managers.counts).toEqual({ managers: 2, idle: 1, pinned: 0 })
    await c.getToken()
    expect(managers.counts).toEqual({ managers: 2, idle: 0, pinned: 0 })
    expect(a.current()).toBeUndefined()
    await clock.advance(IDLE)
    expect((await a.getToken()).reveal()).toBe('a.2')
  })

  it('says when there is room again, where all are in use', async () => {
    const { clock, managers } = made({ max: 2 })
    const source = (name: string) => managers.get(tenant(name))
    const [a, b, c] = [source('a'), source('b'), source('c')]
    await a.getToken()
    await b.getToken()
    await clock.advance(IDLE - 5_000)
    a.current()
    const full = {
      code: 'too_many_identities',
      message: `All 2 managers were in use within the last ${IDLE} ms: raise max, or lower idle.`,
      retryable: true,
      retryAfter: 5_000,
      requestSent: false,
    }
    await expect(c.getToken()).rejects.toMatchObject(full)
    await clock.advance(5_000)
    await expect(c.getToken()).resolves.toBeDefined()
  })

  it('never lets one go that somebody waits for', async () => {
    const { clock, managers } = made({ max: 1, timeout: HOUR })
    const grant = tenant('a')
    const response = deferred<ReturnType<typeof tokens>>()
    grant.response = () => response.promise
    const waiting = managers.get(grant).getToken()
    await turn()
    await clock.advance(2 * IDLE)
    expect(managers.counts.idle).toBe(0)
    await expect(managers.get(tenant('b')).getToken()).rejects.toMatchObject({ code: 'too_many_identities' })
    response.resolve(tokens('at-last'))
    expect((await waiting).reveal()).toBe('at-last')
  })

  it('never lets one go whose refresh token nothing else holds', async () => {
    const { clock, managers } = made({ max: 1 })
    await managers.get(tenant('a', {}, false)).getToken()
    await clock.advance(10 * IDLE)
    expect(managers.counts).toEqual({ managers: 1, idle: 0, pinned: 1 })
    const error = await managers
      .get(tenant('b'))
      .getToken()
      .catch((error: unknown) => error)
    expect(error).toMatchObject({
      code: 'too_many_identities',
      message: 'All 1 managers hold a refresh token that is stored nowhere else: give a store, or raise max.',
    })
    expect(error).not.toHaveProperty('retryAfter')
  })

  it('lets one go whose refresh token the server takes no more', async () => {
    const { clock, managers } = made({ max: 1 })
    const ended = tenant('a', {}, false)
    await managers.get(ended).getToken()
    await clock.advance(HOUR)
    ended.response = () => Promise.reject(Object.assign(permanentError(), { error: 'invalid_grant' }))
    await expect(managers.get(ended).getToken()).rejects.toMatchObject({ error: 'invalid_grant' })
    await clock.advance(IDLE)
    expect((await managers.get(tenant('b')).getToken()).reveal()).toBe('b.1')
  })

  it('lets it go where a store holds it, and the session goes on', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const { managers } = made({ max: 1, clock, store: new MemoryTokenStore({ clock }) })
    const [a, b] = [tenant('a', {}, false), tenant('b', {}, false)]
    await managers.get(a).getToken()
    await clock.advance(2 * HOUR)
    expect(managers.counts).toEqual({ managers: 1, idle: 1, pinned: 0 })
    await managers.get(b).getToken()
    await clock.advance(2 * HOUR)
    expect((await managers.get(a).getToken()).reveal()).toBe('a.2')
    expect(a.asked[1]?.previous?.refreshToken?.reveal()).toBe('r-a.1')
  })

  it('pins one that is renewing with the store’s refresh token', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const { managers } = made({ clock, store: new MemoryTokenStore({ clock }) })
    const grant = tenant('a', {}, false)
    const response = deferred<ReturnType<typeof tokens>>()
    grant.response = () => response.promise
    const waiting = managers.get(grant).getToken()
    await clock.advance(0)
    expect(managers.counts.pinned).toBe(1)
    response.resolve(tokens('t', { refreshToken: 'r' }))
    await waiting
    expect(managers.counts.pinned).toBe(0)
  })

  it('goes on with a new sign-in of the same user, also for those who wait for the old one', async () => {
    const { managers } = made()
    const old = tenant('old', { clientId: 'app' })
    const before = managers.get(old)
    await before.getToken()
    old.response = () => new Promise(() => {})
    const rejected = before.current()
    const waiting = before.getToken({ rejected })
    await turn()

    const signIn = Object.assign(tenant('new', { clientId: 'app' }, false), { fresh: (): boolean => true })
    signIn.response = ({ number }) => {
      signIn.fresh = () => false
      return tokens(`new.${number}`, { refreshToken: 'r' })
    }
    const after = managers.get(signIn)
    expect(after.current()).toBeUndefined()
    expect((await after.getToken()).reveal()).toBe('new.1')
    expect(before.current()?.reveal()).toBe('new.1')
    expect(after.current()?.reveal()).toBe('new.1')
    expect((await waiting).reveal()).toBe('new.1')
    expect(managers.counts.managers).toBe(1)
  })

  it('passes a caller’s options on: its signal, and the token that was rejected', async () => {
    const { managers } = made()
    const source = managers.get(tenant('a'))
    const rejected = await source.getToken()
    expect((await source.getToken({ rejected })).reveal()).toBe('a.2')
    const gone = new Error('gone')
    await expect(source.getToken({ signal: AbortSignal.abort(gone) })).rejects.toBe(gone)
  })
})

describe('the options of TokenManagerPool', () => {
  it('may all be left out', async () => {
    const managers = new TokenManagerPool()
    expect((await managers.get(tenant('a')).getToken()).reveal()).toBe('a.1')
    await managers.close()
  })

  it.each([{ max: 0 }, { max: 1.5 }, { max: '5' }, { idle: 0 }, { timeout: -1 }])(
    'are told when they are wrong: %j',
    (options) => {
      expect(() => new TokenManagerPool(options as never)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    },
  )
})

describe('closing TokenManagerPool', () => {
  it('closes all of them, and makes no other', async () => {
    const { managers } = made()
    const [a, b] = [managers.get(tenant('a')), managers.get(tenant('b'))]
    await a.getToken()
    await managers[Symbol.asyncDispose]()
    expect(a.current()).toBeUndefined()
    await expect(a.getToken()).rejects.toMatchObject({ code: 'closed' })
    await expect(b.getToken()).rejects.toMatchObject({ code: 'closed' })
  })

  it('revokes what can be revoked, closes all the same, and tells the first error', async () => {
    const { managers } = made()
    const revoked: string[] = []
    const [unable, able] = [tenant('a'), tenant('b')]
    able.revokeToken = async ({ accessToken }) => void revoked.push(accessToken.reveal())
    const sources = [unable, able].map((grant) => managers.get(grant))
    await Promise.all(sources.map((source) => source.getToken()))
    await expect(managers.close({ revoke: true })).rejects.toMatchObject({ code: 'revocation_unsupported' })
    expect(revoked).toEqual(['b.1'])
    for (const source of sources) await expect(source.getToken()).rejects.toMatchObject({ code: 'closed' })
  })

  it('deletes the manager of an identity, and makes a new one for sources that are used again', async () => {
    const { managers } = made()
    const [one, other] = [tenant('a'), tenant('b')]
    const source = managers.get(one)
    await source.getToken()
    await managers.get(other).getToken()
    expect(await managers.delete(one.identity)).toBe(true)
    expect([managers.counts.managers, source.current()]).toEqual([1, undefined])
    expect((await source.getToken()).reveal()).toBe('a.2')
    expect(await managers.delete(tenant('c').identity)).toBe(false)
  })

  it('revokes the tokens of an identity that it deletes, and keeps its manager if that fails', async () => {
    const { managers } = made()
    const revoked: string[] = []
    const signedIn = Object.assign(tenant('a'), {
      revokeToken: async ({ accessToken }: { accessToken: { reveal(): string } }) => {
        if (revoked.push(accessToken.reveal()) === 1) throw permanentError()
      },
    })
    await managers.get(signedIn).getToken()
    const error: unknown = await managers.delete(signedIn.identity, { revoke: true }).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'TokenError' })
    expect(managers.counts.managers).toBe(1)
    expect(await managers.delete(signedIn.identity, { revoke: true })).toBe(true)
    expect([revoked, managers.counts.managers]).toEqual([['a.1', 'a.1'], 0])
    const misspelt = managers.delete(signedIn.identity, { revok: true } as never)
    await expect(misspelt).rejects.toMatchObject({ code: 'invalid_option' })
  })

  it.each([
    [{ max: 0 }, 'Option `max` must be a whole number above 0.'],
    [{ max: 1.5 }, 'Option `max` must be a whole number above 0.'],
    [{ idle: 0 }, 'Option `idle` must be a number of milliseconds above 0.'],
    [{ maximum: 5 }, 'Unknown option `maximum` in TokenManagerPool. Did you mean `max`?'],
  ])('rejects %j', (options, message) => {
    expect(() => new TokenManagerPool(options as never)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    expect(() => new TokenManagerPool(options as never)).toThrow(message)
  })

  it('shares no manager among grants with the same identity and other credentials', async () => {
    const { managers } = made()
    const credentials = (text: string) => ({ client: new Secret(text), all: new Secret(text) })
    const known = Object.assign(tenant('a'), { credentials: credentials('right') })
    const guessed = Object.assign(tenant('a'), { credentials: credentials('wrong') })
    const none = tenant('a')
    await Promise.all([known, guessed, none].map((grant) => managers.get(grant).getToken()))
    expect([known.count, guessed.count, none.count, managers.counts.managers]).toEqual([1, 1, 1, 3])
    expect(await managers.delete(known.identity)).toBe(true)
    expect(managers.counts.managers).toBe(0)
  })

  it('passes the error of a closed pool on, and does not try again', async () => {
    const { managers } = made()
    const grant = new ScriptedGrant(() => new Promise(() => undefined))
    const source = managers.get(grant)
    const waiting = source.getToken().catch((error: unknown) => error)
    await turn()
    await managers.close()
    expect(await waiting).toMatchObject({ code: 'closed' })
    await expect(source.getToken()).rejects.toMatchObject({ code: 'closed' })
    expect(grant.count).toBe(1)
  })

  it('passes the error of a grant on, and does not try again', async () => {
    const { managers } = made()
    const grant = new ScriptedGrant(() => Promise.reject(permanentError()))
    await expect(managers.get(grant).getToken()).rejects.toMatchObject({ code: 'token_denied' })
    expect(grant.count).toBe(1)
  })

  it('closes a manager whose grant cannot revoke, and says so', async () => {
    const { managers } = made()
    const source = managers.get(tenant('a'))
    await source.getToken()
    await expect(managers.close({ revoke: true })).rejects.toMatchObject({ code: 'revocation_unsupported' })
    expect(source.current()).toBeUndefined()
  })

  it('keeps what is in use although there is room for more', async () => {
    const { managers, clock } = made({ max: 3, idle: 1_000 })
    await managers.get(tenant('a')).getToken()
    await clock.advance(5_000)
    await managers.get(tenant('b')).getToken()
    expect(managers.counts.managers).toBe(2)
  })

  it('makes one manager for a new sign-in, however often it is asked', async () => {
    const { managers } = made()
    const signIn = Object.assign(tenant('a'), { fresh: () => true })
    const source = managers.get(signIn)
    await source.getToken()
    await source.getToken()
    expect([signIn.count, source.current()?.reveal()]).toEqual([1, 'a.1'])
  })

  it('keeps a new sign-in that comes while the old session is revoked', async () => {
    const { managers } = made()
    const gate = deferred()
    const old = Object.assign(tenant('old', { clientId: 'app' }), { revokeToken: () => gate.promise })
    await managers.get(old).getToken()
    const deleted = managers.delete(old.identity, { revoke: true })
    await turn()
    const signIn = Object.assign(tenant('new', { clientId: 'app' }), { fresh: () => true })
    expect((await managers.get(signIn).getToken()).reveal()).toBe('new.1')
    gate.resolve()
    expect(await deleted).toBe(true)
    expect(managers.get(signIn).current()?.reveal()).toBe('new.1')
    expect(managers.counts.managers).toBe(1)
  })
})
