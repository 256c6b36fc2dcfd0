import { describe, expect, it, jest } from '@jest/globals'
import { delay } from '../../../src/base/clock.js'
import { EverbearerError, TokenError } from '../../../src/base/errors.js'
import { noteRefreshToken } from '../../../src/base/received-refresh-token.js'
import { Secret } from '../../../src/base/secret.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import type { TokenManagerOptions } from '../../../src/token/manager-options.js'
import { identityKey } from '../../../src/token/identity-key.js'
import { TokenManager } from '../../../src/token/token-manager.js'
import type { Lease } from '../../../src/token/token-store.js'
import { heardOn } from '../listening.js'
import { MeddledStore } from '../meddled-store.js'
import { HOUR, permanentError, ScriptedGrant, state, tokens, transientError, untilAborted } from '../scripted-grant.js'
import type { Asked } from '../scripted-grant.js'
import { deferred } from '../../waiting.js'

/** What a store failed with that is told, and not in its own words. */
const STORE_FAILED: unknown = expect.stringMatching(/^The token store (?!.*canary)/)

/** Managers of several processes over one store and one server. */
function fleet({ repeatable = true }: { repeatable?: boolean } = {}) {
  const clock = new FakeClock({ random: () => 0 })
  const store = new MeddledStore(clock)
  const grant = new ScriptedGrant(undefined, repeatable)
  const made: TokenManager[] = []
  const start = (options: TokenManagerOptions = {}, of: ScriptedGrant = grant) => {
    const manager = new TokenManager(of, { clock, store, ...options })
    made.push(manager)
    return manager
  }
  return { clock, store, grant, start, key: identityKey(grant.identity) }
}

/** A server whose refresh tokens rotate: each works once. */
function rotating({ number, previous }: Asked) {
  if (previous && previous.refreshToken?.reveal() !== `refresh-${number - 1}`) throw permanentError()
  return tokens(`token-${number}`, { refreshToken: `refresh-${number}` })
}

/** The error for a response that brought this refresh token, and is rejected for another member. */
function rejectedWith(refreshToken: string): TokenError {
  const error = new TokenError('token_response_invalid', 'Odd.', { status: 200 })
  noteRefreshToken(error, refreshToken)
  return error
}

describe('managers with one store', () => {
  it('ask the server once for all, first and at each renewal', async () => {
    const { clock, grant, start } = fleet()
    const managers = [start(), start(), start()]
    const values = async () => (await Promise.all(managers.map((one) => one.getToken()))).map((one) => one.reveal())
    expect(await values()).toEqual(['token-1', 'token-1', 'token-1'])
    await clock.advance(HOUR - 5 * 60_000)
    expect(await values()).toEqual(['token-2', 'token-2', 'token-2'])
    expect(grant.count).toBe(2)
  })

  it('exchange a token that the API refused once, however many saw it [R31]', async () => {
    const { grant, start } = fleet()
    const managers = Array.from({ length: 100 }, () => start())
    const [rejected] = await Promise.all(managers.map((one) => one.getToken()))
    const next = await Promise.all(managers.map((one) => one.getToken({ rejected })))
    expect(new Set(next.map((one) => one.reveal()))).toEqual(new Set(['token-2']))
    expect(grant.count).toBe(2)
  })

  it('tell who asked and who took what was there', async () => {
    const { clock, start } = fleet()
    const [one, other] = [start(), start()]
    const minted = await heardOn('everbearer:token-minted', () => one.getToken())
    await clock.advance(60_000)
    const adopted = await heardOn('everbearer:token-adopted', () => other.getToken())
    expect(minted).toMatchObject([{ lifetime: HOUR, reason: 'first' }])
    expect(adopted).toEqual([{ lifetime: HOUR, age: 60_000, reason: 'first' }])
  })

  it('count a life from the request on, by no clock but their own', async () => {
    const { clock, store, grant, start } = fleet()
    await start().getToken()
    await clock.advance(1_000)
    // A machine whose clocks show other times reads the same store.
    const elsewhere = new FakeClock({ now: 0, random: () => 0 })
    const get = store.get.bind(store)
    store.get = async (key) => get(key)
    const other = new TokenManager(grant, { clock: elsewhere, store })
    await other.getToken()
    await elsewhere.advance(HOUR - 1_000 - 5 * 60_000 - 1)
    expect(grant.count).toBe(1)
    other.current()
    await elsewhere.advance(1)
    expect(grant.count).toBe(2)
  })

  it('ask nothing when somebody was faster between their look and their lease [R12] [R42]', async () => {
    const { store, grant, start, key } = fleet()
    const value = await wroteBy(fleet())
    let released = false
    store.onLease = (lease) => ({ ...lease, release: async () => ((released = true), lease.release()) })
    store.before = async (operation) => {
      store.before = () => undefined
      if (operation === 'get') store.before = () => ((store.before = () => undefined), overwrite(store, key, value))
    }
    expect((await start().getToken()).reveal()).toBe('token-1')
    expect([grant.count, released]).toEqual([0, true])
  })

  it('take nothing that must be renewed', async () => {
    const { clock, grant, start } = fleet()
    await start().getToken()
    await clock.advance(HOUR - 10_000)
    expect((await start().getToken()).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('do not take back a token that was invalidated, also one that came meanwhile', async () => {
    const { grant, start } = fleet()
    const manager = start()
    await manager.getToken()
    manager.invalidate()
    expect((await manager.getToken()).reveal()).toBe('token-2')
    const response = deferred<ReturnType<typeof tokens>>()
    grant.response = ({ number }) => (number === 3 ? response.promise : tokens(`token-${number}`))
    manager.invalidate()
    const waiting = manager.getToken()
    await state(waiting)
    manager.invalidate()
    response.resolve(tokens('token-3'))
    expect((await waiting).reveal()).toBe('token-4')
  })

  it('keep what is stored as long as the access token lives, or as sessionTtl says when there is more', async () => {
    const { clock, store, grant, start } = fleet()
    const response = deferred<ReturnType<typeof tokens>>()
    grant.response = () => response.promise
    const waiting = start().getToken()
    await clock.advance(1_000)
    response.resolve(tokens('t'))
    await waiting
    expect(store.writes).toMatchObject([{ ttl: HOUR - 1_000 }])

    const forever = fleet()
    forever.grant.response = () => tokens('t', { lifetime: Infinity })
    await forever.start().getToken()
    expect(forever.store.writes).toMatchObject([{ ttl: 30 * 24 * HOUR }])

    const session = fleet({ repeatable: false })
    session.grant.response = rotating
    await session.start({ sessionTtl: 5 }).getToken()
    expect(session.store.writes).toMatchObject([{ ttl: 5 }])
  })

  it('hold a lease for half the time in which the token is to be renewed, from 200 ms to 10 s', async () => {
    const { store, grant, start } = fleet()
    const lifetimes = [1_000, 20_000, HOUR, HOUR]
    grant.response = ({ number }) => tokens(`token-${number}`, { lifetime: lifetimes[number - 1] })
    const manager = start()
    for (const _ of lifetimes) {
      await manager.getToken()
      manager.invalidate()
    }
    expect(store.leaseTtls).toEqual([10_000, 200, 2_000, 10_000])
  })

  it('hold it for 10 s when they spend what they ask with: a process that is busy for a moment keeps its lease', async () => {
    const { store, grant, start } = fleet({ repeatable: false })
    grant.response = ({ number }) => tokens(`token-${number}`, { lifetime: 2_000, refreshToken: `refresh-${number}` })
    const manager = start()
    for (let times = 0; times < 2; times++) {
      await manager.getToken()
      manager.invalidate()
    }
    expect(store.leaseTtls).toEqual([10_000, 10_000])
  })

  it('hand nothing out that was got with other credentials: only the server may say whose it is [R02]', async () => {
    const { store, start, clock } = fleet()
    const presenting = (secret: string, response: ScriptedGrant['response']) => {
      const credentials = { client: new Secret(secret), all: new Secret(secret) }
      return Object.assign(new ScriptedGrant(response), { credentials })
    }
    const owner = presenting('right', ({ number }) => tokens(`owner-${number}`))
    await start({}, owner).getToken()
    const written = store.writes.length
    const stranger = presenting('wrong', () => Promise.reject(permanentError()))
    await expect(start({}, stranger).getToken()).rejects.toMatchObject({ error: 'invalid_client' })
    expect(store.writes).toHaveLength(written)
    expect((await start({}, owner).getToken()).reveal()).toBe('owner-1')

    const renewed = presenting('after the secret was replaced', () => tokens('renewed'))
    expect((await start({}, renewed).getToken()).reveal()).toBe('renewed')
    await clock.advance(0)
  })

  it('go on with the session of a client whose secret was replaced', async () => {
    const { start } = fleet()
    const session = (secret: string) => {
      const credentials = { client: new Secret(secret), all: new Secret(secret) }
      return Object.assign(
        new ScriptedGrant(({ previous }) => rotating({ number: previous ? 2 : 1, previous } as Asked), false),
        { credentials },
      )
    }
    await start({}, session('old')).getToken()
    expect((await start({}, session('new')).getToken()).reveal()).toBe('token-2')
  })

  it('must know whose the tokens of users are', () => {
    const { store } = fleet()
    const grant = Object.assign(new ScriptedGrant(), { userBound: true })
    expect(() => new TokenManager(grant, { store })).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    expect(() => new TokenManager(grant)).not.toThrow()
  })
})

describe('a refresh token that rotates', () => {
  it('is stored before the access token is handed out [R12]', async () => {
    const { store, grant, start } = fleet({ repeatable: false })
    grant.response = rotating
    const written = deferred<undefined>()
    store.before = (operation) => (operation === 'compareAndSet' ? written.promise : undefined)
    const waiting = start().getToken()
    expect(await state(waiting)).toBe('pending')
    expect(grant.count).toBe(1)
    written.resolve(undefined)
    expect((await waiting).reveal()).toBe('token-1')
    expect(store.writes).toHaveLength(1)
  })

  it('is there for who comes after the process', async () => {
    const { clock, grant, start } = fleet({ repeatable: false })
    grant.response = rotating
    await start({ refresh: 'on-demand' }).getToken()
    await clock.advance(2 * HOUR)
    expect((await start().getToken()).reveal()).toBe('token-2')
    expect(grant.asked[1]?.previous?.refreshToken?.reveal()).toBe('refresh-1')
  })

  it('stays when an answer brings no other', async () => {
    const { clock, grant, start } = fleet({ repeatable: false })
    grant.response = ({ number }) => tokens(`token-${number}`, number === 1 ? { refreshToken: 'the only one' } : {})
    for (const _ of [1, 2, 3]) {
      await start({ refresh: 'on-demand' }).getToken()
      await clock.advance(2 * HOUR)
    }
    expect(grant.asked.map(({ previous }) => previous?.refreshToken?.reveal())).toEqual([
      undefined,
      'the only one',
      'the only one',
    ])
  })

  it('in a response that is rejected is stored before anything else, and serves the next process [R12]', async () => {
    const { clock, grant, store, start } = fleet({ repeatable: false })
    grant.response = ({ number, previous }) => {
      if (number === 1) throw rejectedWith('refresh-1')
      return rotating({ number, previous } as Asked)
    }
    await expect(start().getToken()).rejects.toMatchObject({ code: 'token_response_invalid' })
    expect(store.writes).toHaveLength(1)
    await clock.advance(5_000)
    expect((await start().getToken()).reveal()).toBe('token-2')
    expect(grant.asked[1]?.previous?.refreshToken?.reveal()).toBe('refresh-1')
  })

  it('in a rejected response that comes after the time-out is the next to be sent', async () => {
    const { clock, grant, start } = fleet({ repeatable: false })
    const late = deferred<never>()
    grant.response = () => late.promise
    const manager = start()
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_timeout' })
    late.reject(rejectedWith('refresh-1'))
    await clock.advance(1_000)
    grant.response = rotating
    expect((await manager.getToken()).reveal()).toBe('token-2')
    expect(grant.asked[1]?.previous?.refreshToken?.reveal()).toBe('refresh-1')
  })

  it('is written by the next flight when the store would not take it, without asking the server again', async () => {
    const { clock, store, grant, start } = fleet({ repeatable: false })
    grant.response = rotating
    store.before = (operation) => {
      if (operation === 'compareAndSet') throw new TypeError('canary')
    }
    const manager = start({ refresh: 'on-demand' })
    const error = await manager.getToken().catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'token_store_failed', retryable: true })
    expect((error as Error).message).not.toContain('canary')
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable' })
    store.before = () => undefined
    await clock.advance(1_000)
    expect((await manager.getToken()).reveal()).toBe('token-1')
    expect(grant.count).toBe(1)
    await clock.advance(2 * HOUR)
    expect((await start().getToken()).reveal()).toBe('token-2')
  })

  it('is asked with by nobody while the store cannot be read', async () => {
    const { clock, store, grant, start } = fleet({ repeatable: false })
    grant.response = rotating
    const manager = start()
    await manager.getToken()
    store.before = () => Promise.reject(new EverbearerError('token_store_failed', 'Full.', { retryable: true }))
    await clock.advance(HOUR - 10_000)
    await expect(manager.getToken()).resolves.toMatchObject({ lifetime: HOUR })
    await clock.advance(10_000)
    const error = await manager.getToken().catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'TokenError', retryable: true })
    expect((error as Error).message).toContain('Full.')
    expect(grant.count).toBe(1)
    store.before = () => undefined
    manager.reset()
    expect((await manager.getToken()).reveal()).toBe('token-2')
  })

  it('that came after its flight had ended is stored by the next one', async () => {
    const { clock, grant, start } = fleet({ repeatable: false })
    const late = deferred<ReturnType<typeof tokens>>()
    grant.response = ({ number }) => (number === 1 ? late.promise : rotating({ number } as Asked))
    const manager = start()
    const waiting = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await waiting).toMatchObject({ code: 'token_endpoint_timeout' })
    late.resolve(tokens('token-1', { refreshToken: 'refresh-1' }))
    await clock.advance(1_000)
    expect((await manager.getToken()).reveal()).toBe('token-1')
    expect(grant.count).toBe(1)
  })

  it('is asked with by nobody when the store fails between the lease and the request', async () => {
    const { store, grant, start } = fleet({ repeatable: false })
    let released = false
    store.onLease = (lease) => {
      store.before = () => Promise.reject(new Error('down'))
      return { ...lease, release: async () => ((released = true), lease.release()) }
    }
    await expect(start().getToken()).rejects.toMatchObject({ code: 'token_store_failed' })
    expect([grant.count, released]).toEqual([0, true])
  })

  it('that came late waits for who has the lease, and is stored after that', async () => {
    const { clock, store, grant, start, key } = fleet({ repeatable: false })
    const late = deferred<ReturnType<typeof tokens>>()
    grant.response = () => late.promise
    const manager = start()
    const timedOut = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    await timedOut
    late.resolve(tokens('token-1', { refreshToken: 'refresh-1' }))
    const another = await store.lease(key, 1_000)
    await clock.advance(1_000)
    const waiting = manager.getToken()
    expect(await state(waiting)).toBe('pending')
    await another!.release()
    expect((await waiting).reveal()).toBe('token-1')
    expect([grant.count, store.writes.length]).toEqual([1, 1])
  })

  it('takes nothing over from what is stored when it is a new sign-in that brings it', async () => {
    const { grant, start } = fleet({ repeatable: false })
    grant.response = rotating
    await start().getToken()
    const signIn = Object.assign(
      new ScriptedGrant(({ previous }) => tokens(`new-after-${previous ? 'old' : 'nothing'}`), false),
      {
        fresh: () => true,
      },
    )
    expect((await start({}, signIn).getToken()).reveal()).toBe('new-after-nothing')
  })

  it('of another process is taken when ours was spent meanwhile', async () => {
    const { store, grant, start, key } = fleet({ repeatable: false })
    const other = fleet()
    other.grant.response = () => tokens('of-another', { refreshToken: 'theirs' })
    grant.response = async () => {
      // Our lease went to somebody else while the request was under way.
      const value = await wroteBy(other)
      await overwrite(store, key, value)
      throw Object.assign(permanentError(), { error: 'invalid_grant' })
    }
    expect((await start().getToken()).reveal()).toBe('of-another')
  })

  it('is refused as it is when nobody else has spent it', async () => {
    const { grant, start } = fleet({ repeatable: false })
    grant.response = () => Promise.reject(Object.assign(permanentError(), { error: 'invalid_grant' }))
    await expect(start().getToken()).rejects.toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
  })
})

/** The text that a fleet's store gets to hold. */
async function wroteBy({ start, store }: ReturnType<typeof fleet>): Promise<string> {
  await start().getToken()
  return store.writes[0]!.value!
}

async function overwrite(store: MeddledStore, key: string, value: string | undefined): Promise<void> {
  const version = (await store.get(key))?.version
  await store.compareAndSet(key, value, { expectedVersion: version, fence: 1_000, ttl: HOUR })
}

describe('a lease that is lost', () => {
  it('before anything was sent: nothing is, and the store is looked at again', async () => {
    const { store, grant, start } = fleet({ repeatable: false })
    grant.response = rotating
    const lost = new AbortController()
    store.onLease = (lease) => {
      store.onLease = (next) => next
      lost.abort()
      return { ...lease, signal: lost.signal }
    }
    expect((await start().getToken()).reveal()).toBe('token-1')
    expect(grant.count).toBe(1)
    expect(store.leaseTtls).toHaveLength(2)
  })

  it('is what a write goes by: each has the fence of its own', async () => {
    const { clock, store, start } = fleet()
    const fences: number[] = []
    const write = store.compareAndSet.bind(store)
    store.compareAndSet = (key, value, options) => (fences.push(options.fence), write(key, value, options))
    store.onLease = (lease) => (fences.push(lease.fence), lease)
    const manager = start({ refresh: 'on-demand' })
    await manager.getToken()
    await clock.advance(2 * HOUR)
    await manager.getToken()
    expect(fences).toEqual([1, 1, 2, 2])
  })

  it('while the server was asked: what it gave is written under another one', async () => {
    const { store, grant, start } = fleet({ repeatable: false })
    grant.response = rotating
    store.onLease = (lease) => {
      store.onLease = (next) => next
      return { ...lease, fence: 0 }
    }
    expect((await start().getToken()).reveal()).toBe('token-1')
    expect(grant.count).toBe(1)
    expect(store.writes).toHaveLength(1)
  })

  it('and somebody else wrote: theirs is taken', async () => {
    const { store, grant, start, key } = fleet()
    const value = await wroteBy(fleet())
    grant.response = async () => {
      await overwrite(store, key, value)
      return tokens('too-late')
    }
    expect((await start().getToken()).reveal()).toBe('token-1')
  })
})

describe('a store that fails [R33]', () => {
  it('by granting leases that are lost already does so for no longer than the time-out', async () => {
    const { clock, store, grant, start } = fleet({ repeatable: false })
    let granted = 0
    store.lease = async () => ({ fence: ++granted, signal: AbortSignal.abort(), release: async () => undefined })
    const waiting = start()
      .getToken()
      .catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await waiting).toMatchObject({ retryable: true })
    expect(grant.count).toBe(0)
    expect(granted).toBeLessThan(25)
  })

  it('by saying each time that somebody else has written costs the server few requests', async () => {
    const { clock, store, grant, start } = fleet()
    store.compareAndSet = async () => false
    const waiting = start()
      .getToken()
      .catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await waiting).toMatchObject({ lifetime: HOUR })
    expect(grant.count).toBeLessThan(25)
  })

  it('by never granting its lease does so for no longer than the time-out', async () => {
    const { clock, store, grant, start } = fleet({ repeatable: false })
    let asked = 0
    store.lease = async () => void (asked += 1)
    const waiting = start()
      .getToken()
      .catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await waiting).toMatchObject({ code: 'token_lease_held' })
    expect(grant.count).toBe(0)
    expect(asked).toBeLessThan(25)
  })

  const failures = {
    rejects: () => Promise.reject(new Error('canary')),
    throws: () => {
      throw new Error('canary')
    },
    'never answers': () => new Promise<never>(() => {}),
    'throws what is no error': () => {
      throw 'canary'
    },
  }
  const cases = Object.keys(failures).flatMap((how) =>
    (['get', 'lease', 'compareAndSet'] as const).map((operation) => [operation, how] as const),
  )

  it.each(cases)('costs no call of a grant that spends nothing (%s %s)', async (operation, how) => {
    const { clock, store, grant, start } = fleet()
    store.before = (one) => (one === operation ? failures[how as keyof typeof failures]() : undefined)
    const manager = start()
    const events = await heardOn('everbearer:store-failed', async () => {
      const waiting = manager.getToken()
      await clock.advance(9_000)
      expect(await state(waiting)).toBe('token-1')
    })
    expect(events).toEqual([{ code: 'token_store_failed', retryable: true, message: STORE_FAILED }])
    expect(grant.count).toBe(1)
    store.before = () => undefined
    await clock.advance(HOUR)
    expect((await manager.getToken()).reveal()).toBe('token-2')
    expect((await start().getToken()).reveal()).toBe('token-2')
  })

  it('is left alone for a while, and then used again', async () => {
    const { clock, store, grant, start } = fleet()
    const lifetime = 2_000
    grant.response = ({ number }) => tokens(`token-${number}`, { lifetime })
    store.before = () => new Promise(() => {})
    const manager = start({ refresh: 'on-demand' })
    const used: number[] = []
    const next = async () => {
      manager.invalidate()
      const before = store.operations.length
      const waiting = manager.getToken()
      await clock.advance(1_100)
      expect(await state(waiting)).toMatch(/^token-/)
      used.push(store.operations.length - before)
    }
    // Half of 1 s, half of 2 s: the least that a pause lasts.
    for (let times = 0; times < 6; times++) await next()
    expect(used).toEqual([1, 0, 1, 0, 1, 0])
    store.before = () => undefined
    await clock.advance(5_000)
    await next()
    expect(used.at(-1)).toBe(4)
    await clock.advance(HOUR)
    store.before = () => new Promise(() => {})
    // A new failure begins with a short pause.
    for (let times = 0; times < 3; times++) await next()
    expect(used.slice(-3)).toEqual([1, 0, 1])
  })

  it('only because this process was busy has not failed: an answer that is due with its time-out counts', async () => {
    const { clock, store, start } = fleet()
    store.before = (operation) => (operation === 'get' ? delay(clock, 1_000) : undefined)
    const events = await heardOn('everbearer:store-failed', async () => {
      const waiting = start().getToken()
      await clock.advance(3_000)
      expect(await state(waiting)).toBe('token-1')
    })
    expect(events).toEqual([])
  })

  it('sends who goes on alone to the server at some moment of a share of the time-out, or of a short life', async () => {
    for (const [lifetime, most] of [
      [undefined, 500],
      [2_000, 200],
    ] as const) {
      const clock = new FakeClock({ random: () => 0.999 })
      const store = new MeddledStore(clock)
      const grant = new ScriptedGrant(({ number }) => tokens(`token-${number}`, { lifetime: lifetime ?? HOUR }))
      const manager = new TokenManager(grant, { clock, store, refresh: 'on-demand' })
      await manager.getToken()
      store.before = () => Promise.reject(new Error('canary'))
      manager.invalidate()
      const waiting = manager.getToken()
      await clock.advance(most - 10)
      expect(grant.count).toBe(1)
      await clock.advance(10)
      expect(grant.count).toBe(2)
      expect((await waiting).reveal()).toBe('token-2')
    }
  })

  it('by not granting its lease sends who can go on alone to the server after a share of the time-out', async () => {
    for (const [chance, least, most] of [
      [0, 4_900, 5_100],
      [0.999, 2_400, 2_600],
    ] as const) {
      const clock = new FakeClock({ random: () => chance })
      const store = new MeddledStore(clock)
      store.lease = async () => undefined
      const grant = new ScriptedGrant()
      const waiting = new TokenManager(grant, { clock, store }).getToken()
      await clock.advance(least)
      expect(grant.count).toBe(0)
      await clock.advance(most - least + 2_000)
      expect(grant.count).toBe(1)
      expect((await waiting).reveal()).toBe('token-1')
    }
  })

  it('warns once, also if nobody listens to events', async () => {
    const { clock, store, start } = fleet()
    store.before = () => Promise.reject(new EverbearerError('token_store_failed', 'The token store is full.'))
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    for (let flight = 0; flight < 3; flight++) {
      const manager = start({ refresh: 'on-demand' })
      void manager.getToken()
      await clock.advance(HOUR)
    }
    const [warning, ...others] = warn.mock.calls
    warn.mockRestore()
    expect(warning).toEqual([
      expect.stringContaining('The token store is full. Tokens are requested without it meanwhile'),
      { type: 'EverbearerWarning', code: 'EVERBEARER_STORE_FAILED' },
    ])
    expect(others).toEqual([])
  })

  it('by a package that is not installed fails every grant', async () => {
    const { store, grant, start } = fleet()
    store.before = () => Promise.reject(new TokenError('dependency_missing', 'Install it.', { requestSent: false }))
    await expect(start().getToken()).rejects.toMatchObject({ code: 'dependency_missing', requestSent: false })
    expect(grant.count).toBe(0)
  })

  it.each(['get', 'lease'] as const)('fails a call of a grant that spends something (%s)', async (operation) => {
    const { clock, store, grant, start } = fleet({ repeatable: false })
    store.before = (one) => (one === operation ? new Promise(() => {}) : undefined)
    const waiting = start()
      .getToken()
      .catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await waiting).toMatchObject({ retryable: true })
    expect(grant.count).toBe(0)
  })

  it('fails with what keeps the lease when another holds it all the time', async () => {
    const { clock, store, grant, start, key } = fleet({ repeatable: false })
    await store.lease(key, HOUR)
    const waiting = start()
      .getToken()
      .catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await waiting).toMatchObject({ code: 'token_lease_held', retryable: true, requestSent: false })
    expect(grant.count).toBe(0)
  })

  it('does not let what is spent by use be sent when hardly any time is left for the answer', async () => {
    const { clock, store, grant, start, key } = fleet({ repeatable: false })
    grant.response = rotating
    const manager = start({ refresh: 'on-demand' })
    await manager.getToken()
    await clock.advance(2 * HOUR)
    const held = await store.lease(key, HOUR)
    const waiting = manager.getToken().catch((error: unknown) => error)
    await clock.advance(9_900)
    await held!.release()
    await clock.advance(0)
    expect(await waiting).toMatchObject({ code: 'token_lease_held', retryable: true, requestSent: false })
    expect(grant.count).toBe(1)
    await clock.advance(1_000)
    expect((await manager.getToken()).reveal()).toBe('token-2')
  })

  it('lets a lease go that was granted too late', async () => {
    const { clock, store, start } = fleet()
    const late = deferred<Lease>()
    store.lease = () => late.promise
    const manager = start()
    void manager.getToken()
    await clock.advance(5_000)
    let isReleased = false
    const release = async () => void (isReleased = true)
    late.resolve({ fence: 1, signal: new AbortController().signal, release })
    await clock.advance(0)
    expect(isReleased).toBe(true)
  })

  it('by not releasing is told, and costs nothing', async () => {
    const { store, start } = fleet()
    store.onLease = (lease) => ({ ...lease, release: () => Promise.reject(new Error('canary')) })
    const events = await heardOn('everbearer:store-failed', () => start().getToken())
    expect(events).toEqual([{ code: 'token_store_failed', retryable: true, message: STORE_FAILED }])
  })

  it.each([
    'nonsense',
    '{}',
    'null',
    '{"schema":1}',
    '{"schema":2}',
    '{"schema":1,"age":0,"accessToken":"two words","parameters":{}}',
  ])('by holding %s fails who has something to lose, and stays as it is', async (value) => {
    const { store, grant, start, key } = fleet({ repeatable: false })
    await overwrite(store, key, value)
    const error = await start()
      .getToken()
      .catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'token_store_corrupt', retryable: false })
    expect(grant.count).toBe(0)
    expect((await store.get(key))?.value).toBe(value)

    const free = new ScriptedGrant()
    expect((await start({}, free).getToken()).reveal()).toBe('token-1')
    expect((await store.get(key))?.value).toBe(value)
  })
})

describe('a manager with a store, when it is closed [R36]', () => {
  it('does not wait for a lease', async () => {
    const { store, start } = fleet({ repeatable: false })
    store.before = (operation) => (operation === 'lease' ? new Promise(() => {}) : undefined)
    const manager = start()
    const waiting = manager.getToken().catch((error: unknown) => error)
    await state(waiting as never)
    await manager.close()
    expect(await waiting).toMatchObject({ code: 'closed' })
  })

  it('waits for what spends a refresh token, and stores it', async () => {
    const { store, grant, start } = fleet({ repeatable: false })
    const response = deferred<ReturnType<typeof tokens>>()
    grant.response = () => response.promise
    const manager = start()
    const waiting = manager.getToken().catch((error: unknown) => error)
    await state(waiting as never)
    const closing = manager.close()
    response.resolve(tokens('t', { refreshToken: 'r' }))
    await closing
    expect(store.writes).toHaveLength(1)
    expect(await waiting).toMatchObject({ code: 'closed' })
  })

  it('revokes what the store has, whoever put it there, and removes it', async () => {
    const { store, grant, start, key } = fleet({ repeatable: false })
    grant.response = rotating
    await start().getToken()
    const revoked: (string | undefined)[] = []
    grant.revokeToken = async ({ refreshToken }) => void revoked.push(refreshToken?.reveal())
    await start().close({ revoke: true })
    expect(revoked).toEqual(['refresh-1'])
    expect(await store.get(key)).toBeUndefined()
  })

  it('revokes what could not be stored, which there is nothing to remove of', async () => {
    const { store, grant, start } = fleet()
    store.before = (operation) => (operation === 'compareAndSet' ? Promise.reject(new Error('full')) : undefined)
    const revoked: string[] = []
    grant.revokeToken = async ({ accessToken }) => void revoked.push(accessToken.reveal())
    const manager = start()
    await manager.getToken()
    await manager.close({ revoke: true })
    expect(revoked).toEqual(['token-1'])
  })

  it('leaves alone what another renews while it revokes', async () => {
    const { clock, store, grant, start, key } = fleet()
    grant.revokeToken = async () => undefined
    const manager = start()
    await manager.getToken()
    const another = await store.lease(key, 1_000)
    const closing = manager.close({ revoke: true })
    await clock.advance(10)
    await another!.release()
    await closing
    expect(await store.get(key)).toBeDefined()
  })

  it('ends a revocation with a store that does not answer', async () => {
    const { clock, store, grant, start } = fleet()
    grant.revokeToken = (_, { signal }) => untilAborted(signal)
    const manager = start()
    await manager.getToken()
    store.before = () => new Promise(() => {})
    const closing = manager.close({ revoke: true }).catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await closing).toMatchObject({ code: 'token_store_failed' })
  })
})

describe('a manager without a store', () => {
  it('tells that the refresh token which it was given is nowhere else, if asking without it is not to be repeated', async () => {
    for (const repeatable of [true, false]) {
      const manager = new TokenManager(new ScriptedGrant(rotating, repeatable), { clock: new FakeClock() })
      expect(manager.unstored).toBe(false)
      await manager.getToken()
      expect(manager.unstored).toBe(!repeatable)
    }
  })
})

describe('a failure of the server', () => {
  it('lets the next one have the lease', async () => {
    const { grant, start } = fleet()
    grant.response = ({ number }) => (number <= 3 ? Promise.reject(transientError({ retryAfter: 5_000 })) : tokens('t'))
    await expect(start().getToken()).rejects.toMatchObject({ status: 503 })
    await expect(start().getToken()).rejects.toMatchObject({ status: 503 })
    expect(grant.count).toBe(2)
  })
})

describe('what the store would not take', () => {
  /** One manager has spent the refresh token and cannot store what it got for it; another waits. */
  async function stuck(onLease = (lease: Lease) => lease) {
    const all = fleet({ repeatable: false })
    all.grant.response = rotating
    const [one, other] = [all.start({ refresh: 'on-demand' }), all.start({ refresh: 'on-demand' })]
    await one.getToken()
    await other.getToken()
    await all.clock.advance(2 * HOUR)
    all.store.onLease = (lease) => ((all.store.onLease = (next) => next), onLease(lease))
    all.store.before = (operation) => {
      if (operation === 'compareAndSet') throw new Error('full')
    }
    await expect(one.getToken()).rejects.toMatchObject({ code: 'token_store_failed' })
    return { ...all, one, other }
  }

  it('keeps the lease from those who would ask with what is spent, and is stored as soon as it can be', async () => {
    const { clock, store, grant, other } = await stuck()
    const waiting = other.getToken()
    await clock.advance(3_000)
    expect(await state(waiting)).toBe('pending')
    store.before = () => undefined
    await clock.advance(1_000)
    expect((await waiting).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('is stored by the next call too, while somebody else waits', async () => {
    const { clock, store, grant, one, other } = await stuck()
    const waiting = other.getToken()
    store.before = () => undefined
    one.reset()
    expect((await one.getToken()).reveal()).toBe('token-2')
    await clock.advance(100)
    expect((await waiting).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('is not forgotten for an older answer that came late, and its lease is let go at last', async () => {
    const { clock, store, grant, start } = fleet({ repeatable: false })
    const late = deferred<ReturnType<typeof tokens>>()
    grant.response = (asked) => (asked.number === 1 ? late.promise : rotating(asked))
    const manager = start({ refresh: 'on-demand' })
    const first = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    await first
    store.before = (operation) => {
      if (operation === 'compareAndSet') throw new Error('full')
    }
    await clock.advance(1_000)
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_store_failed' })
    late.resolve(tokens('token-1', { refreshToken: 'refresh-1' }))
    await clock.advance(0)
    store.before = () => undefined
    await clock.advance(10_000)
    const other = start({ refresh: 'on-demand' }).getToken()
    await clock.advance(1_000)
    expect(await state(other)).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('is stored though its lease was lost, and the next one with it could not even look', async () => {
    let lose = () => {}
    const { clock, store, grant, other } = await stuck((lease) => {
      const lost = new AbortController()
      lose = () => (lost.abort(), void lease.release())
      return { ...lease, signal: lost.signal }
    })
    store.before = (operation) => {
      if (operation === 'get') throw new Error('down')
    }
    lose()
    await clock.advance(1_000)
    store.before = () => undefined
    const waiting = other.getToken()
    await clock.advance(5_000)
    expect(await state(waiting)).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('counts though it came between the look at the store and the lease', async () => {
    const { clock, store, grant, start } = fleet({ repeatable: false })
    const late = deferred<ReturnType<typeof tokens>>()
    grant.response = () => late.promise
    const manager = start()
    const timedOut = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    await timedOut
    await clock.advance(1_000)
    store.before = (operation) => {
      if (operation === 'lease') late.resolve(tokens('token-1', { refreshToken: 'refresh-1' }))
    }
    expect((await manager.getToken()).reveal()).toBe('token-1')
    expect(grant.count).toBe(1)
  })

  it('does not keep who can go on alone from it', async () => {
    const { clock, store, grant, start } = fleet()
    const late = deferred<ReturnType<typeof tokens>>()
    grant.response = ({ number }) => (number === 1 ? late.promise : tokens(`token-${number}`))
    const manager = start()
    const timedOut = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    await timedOut
    late.resolve(tokens('token-1'))
    store.before = (operation) => {
      if (operation === 'compareAndSet') throw new Error('full')
    }
    await clock.advance(1_000)
    expect((await manager.getToken()).reveal()).toBe('token-2')
  })

  it('waits no longer for the lease of another than who can go on alone', async () => {
    const { clock, store, grant, start, key } = fleet()
    const late = deferred<ReturnType<typeof tokens>>()
    grant.response = ({ number }) => (number === 1 ? late.promise : tokens(`token-${number}`))
    const manager = start()
    const timedOut = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    await timedOut
    late.resolve(tokens('token-1'))
    await store.lease(key, HOUR)
    await clock.advance(1_000)
    const waiting = manager.getToken()
    await clock.advance(6_000)
    expect(await state(waiting)).toBe('token-2')
  })

  it('is told of as unstored', async () => {
    const { one, other } = await stuck()
    expect([one.unstored, other.unstored]).toEqual([true, false])
  })

  it('is stored when the manager is closed', async () => {
    const { store, grant, one, other } = await stuck()
    store.before = () => undefined
    await one.close()
    expect((await other.getToken()).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('is given up with the manager when it cannot be stored then either, and nothing is left running', async () => {
    const { clock, grant, one, other } = await stuck()
    const events = await heardOn('everbearer:store-failed', () => one.close())
    expect(events).toEqual([{ code: 'token_store_failed', retryable: true, message: STORE_FAILED }])
    expect(clock.pendingTimers).toBe(0)
    // The window that is left: what was spent is all that the store has.
    await expect(other.getToken()).rejects.toMatchObject({ error: 'invalid_client' })
    expect(grant.count).toBe(3)
  })

  it('is revoked rather than what the store has', async () => {
    const { grant, one } = await stuck()
    const revoked: (string | undefined)[] = []
    grant.revokeToken = async ({ refreshToken }) => void revoked.push(refreshToken?.reveal())
    await one.close({ revoke: true }).catch(() => undefined)
    expect(revoked).toEqual(['refresh-2'])
  })
})
