import { describe, expect, it } from '@jest/globals'
import { TokenError } from '../../../src/base/errors.js'
import type { AccessToken } from '../../../src/token/access-token.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import type { FakeClock as Clock } from '../../../src/testing/fake-clock.js'
import type { TokenManager } from '../../../src/token/token-manager.js'
import { HOUR, permanentError, ScriptedGrant, tokens, transientError } from '../scripted-grant.js'
import { made } from './made.js'

const MINUTE = 60_000

function failing(error: () => Error): ScriptedGrant {
  return new ScriptedGrant(() => {
    throw error()
  })
}

/** What a call comes to, with as much time as a flight's tries need. */
async function outcome(manager: TokenManager, clock: Clock): Promise<unknown> {
  const call = manager.getToken().then(
    (token) => token.reveal(),
    (error: unknown) => error,
  )
  await clock.advance(3)
  return call
}

describe('a flight that fails', () => {
  it('has tried three times, and gives each waiter its own error', async () => {
    const { grant, clock, manager } = made({ grant: failing(transientError) })
    const outcomes = Promise.allSettled([manager.getToken(), manager.getToken()])
    await clock.advance(3)
    const [first, second] = await outcomes
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'token_endpoint_failed', status: 503 } })
    expect(second).toEqual(first)
    expect(grant.count).toBe(3)
  })

  it('is followed by a time in which calls fail at once, and tell why and for how long', async () => {
    const { grant, clock, manager } = made({ grant: failing(transientError) })
    const cause = await outcome(manager, clock)
    await clock.advance(250)
    const error = await manager.getToken().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TokenError)
    expect(error).toMatchObject({ code: 'token_unavailable', retryable: true, requestSent: false, cause })
    const { retryAfter, message } = error as TokenError
    expect(retryAfter).toBeGreaterThan(700)
    expect(retryAfter).toBeLessThanOrEqual(750)
    expect(message).toBe('The authorization server is left alone for another 1 s after a failure: The server is down.')
    for (let call = 0; call < 1_000; call++) await manager.getToken().catch(() => undefined)
    expect(manager.current()).toBeUndefined()
    expect(grant.count).toBe(3)
  })

  it.each([
    ['transient', transientError, [1, 2, 4, 8, 16, 32, 60, 60], true],
    ['permanent', permanentError, [5, 10, 20, 40, 80, 160, 300, 300], false],
  ])(
    'with %s errors is left alone for longer and longer, with a probe of one try in between [R25]',
    async (_, error, seconds, retryable) => {
      const { grant, clock, manager } = made({ grant: failing(error) })
      await outcome(manager, clock)
      let made_ = grant.count
      expect(made_).toBe(retryable ? 3 : 1)
      for (const length of seconds) {
        const unavailable = await manager.getToken().catch((reason: unknown) => reason)
        expect(unavailable).toMatchObject({ code: 'token_unavailable', retryable })
        const { retryAfter } = unavailable as TokenError
        expect(Math.ceil(retryAfter! / 1_000)).toBe(length)
        await clock.advance(retryAfter! - 1)
        await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable' })
        expect(grant.count).toBe(made_)
        await clock.advance(1)
        expect(await outcome(manager, clock)).toMatchObject({ code: error().code })
        expect(grant.count).toBe((made_ += 1))
      }
    },
  )

  it('makes one probe for any number of callers [R26]', async () => {
    const { grant, clock, manager } = made({ grant: failing(transientError) })
    await outcome(manager, clock)
    await clock.advance(1_000)
    await Promise.allSettled(Array.from({ length: 1_000 }, () => manager.getToken()))
    expect(grant.count).toBe(4)
  })

  it('has all callers wait for what the probe finds [R26]', async () => {
    const { grant, clock, manager } = made({ grant: failing(transientError) })
    await outcome(manager, clock)
    await clock.advance(1_000)
    grant.response = () => tokens('t')
    const found = await Promise.all(Array.from({ length: 1_000 }, () => manager.getToken()))
    expect(new Set(found.map((token) => token.reveal()))).toEqual(new Set(['t']))
    expect(grant.count).toBe(4)
  })

  it('is forgotten once the server answers', async () => {
    const { grant, clock, manager } = made({ grant: failing(transientError) })
    await outcome(manager, clock)
    await clock.advance(1_000)
    grant.response = () => tokens('t')
    expect(await outcome(manager, clock)).toBe('t')
    manager.invalidate()
    grant.response = () => Promise.reject(transientError())
    expect(await outcome(manager, clock)).toMatchObject({ status: 503 })
    expect(grant.count).toBe(4 + 3)
    await expect(manager.getToken()).rejects.toMatchObject({ retryAfter: expect.closeTo(1_000, -1) })
  })

  it('honours Retry-After beyond its own time [R24]', async () => {
    const { grant, clock, manager } = made({ grant: failing(() => transientError({ retryAfter: 90_000 })) })
    expect(await outcome(manager, clock)).toMatchObject({ retryAfter: 90_000 })
    expect(grant.count).toBe(1)
    await clock.advance(89_990)
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable' })
    grant.response = () => tokens('t')
    await clock.advance(10)
    expect(await outcome(manager, clock)).toBe('t')
  })

  it('is forgotten by reset(): the next call asks the server at once, three times [R25]', async () => {
    const { grant, clock, manager } = made({ grant: failing(permanentError) })
    await outcome(manager, clock)
    manager.reset()
    grant.response = () => Promise.reject(transientError())
    await outcome(manager, clock)
    expect(grant.count).toBe(4)
  })

  it('because of a foreign error shows nothing of that', async () => {
    const { clock, manager } = made({ grant: failing(() => new RangeError('canary')) })
    const error = await outcome(manager, clock)
    expect(error).toMatchObject({ code: 'grant_failed', retryable: true })
    expect((error as Error).message).not.toContain('canary')
  })
})

describe('a living token', () => {
  it('is served on while the server is down, and is renewed when that is over [R10]', async () => {
    const { grant, clock, manager } = made()
    let timers = 0
    const setTimeout = clock.setTimeout.bind(clock)
    clock.setTimeout = (...timer) => {
      timers += 1
      return setTimeout(...timer)
    }
    await manager.getToken()
    grant.response = () => Promise.reject(transientError())
    await clock.advance(55 * MINUTE)
    for (let second = 0; second < 240; second++) {
      expect(manager.current()?.reveal()).toBe('token-1')
      expect((await manager.getToken()).reveal()).toBe('token-1')
      await clock.advance(1_000)
    }
    // 3 tries, then probes after 1, 2, 4, 8, 16, 32, 60 and 60 s.
    expect(grant.count).toBe(1 + 3 + 8)
    expect(timers).toBeLessThan(40)
    grant.response = () => tokens('new')
    await clock.advance(MINUTE - 1_000)
    expect(manager.current()?.reveal()).toBe('new')
  })

  it('is served on in its last seconds too, to the callers that waited for the failed flight as well', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    grant.response = () => Promise.reject(permanentError())
    await clock.advance(HOUR - 8_000)
    expect(manager.current()).toBeUndefined()
    const waiters = await Promise.all([manager.getToken(), manager.getToken()])
    expect(waiters.map((token) => token.reveal())).toEqual(['token-1', 'token-1'])
    expect(grant.count).toBe(2)
    expect(manager.current()?.reveal()).toBe('token-1')
    await clock.advance(5_000)
    // The cool-down is over: one probe, and the callers wait for it.
    expect(manager.current()).toBeUndefined()
    expect((await manager.getToken()).reveal()).toBe('token-1')
    expect(grant.count).toBe(3)
    await clock.advance(3_000)
    expect(manager.current()).toBeUndefined()
    // The cool-down ended with the token: one more probe, and then a cool-down that is as long as the first.
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_denied', retryAfter: 5_000 })
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable', retryable: false })
  })

  it('does not hold a waiter that left', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    grant.response = () => new Promise<never>(() => {})
    await clock.advance(HOUR - 8_000)
    const controller = new AbortController()
    const waiter = manager.getToken({ signal: controller.signal })
    await clock.advance(0)
    manager.invalidate()
    controller.abort()
    await expect(waiter).rejects.toBe(controller.signal.reason)
  })

  it('is not asked for again by a timer once it has expired', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    grant.response = () => Promise.reject(transientError())
    await clock.advance(24 * HOUR)
    expect(grant.count).toBeLessThan(20)
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('a flight whose time is up between two tries', () => {
  it('fails with the last failure, and not with a time-out of a server that was not being asked', async () => {
    const clock = new FakeClock({ random: () => 0.9 })
    const grant = new ScriptedGrant(() => Promise.reject(transientError({ requestSent: false })))
    const { manager } = made({ grant, clock, timeout: 500 })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(500)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_failed', requestSent: false, retryAfter: 1_000 })
  })

  it('fails with a time-out while the server is being asked', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const grant = new ScriptedGrant(({ number }) =>
      number === 1 ? Promise.reject(transientError()) : new Promise<never>(() => {}),
    )
    const { manager } = made({ grant, clock, timeout: 500 })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(500)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_timeout', requestSent: true })
  })
})

describe('a server that refuses a refresh while the token is young', () => {
  // Exact Online: a token of 10 minutes, no refresh before 9:30.
  const LIFE = 10 * MINUTE
  const OPENS = 9.5 * MINUTE

  it.each([
    ['in the background, with a permanent error', 'background', permanentError],
    ['in the background, with a transient error', 'background', transientError],
    ['on demand', 'on-demand', permanentError],
  ] as const)('costs no call, %s', async (_, refresh, error) => {
    const clock = new FakeClock({ random: () => 0.5 })
    let issuedAt = -Infinity
    const grant = new ScriptedGrant(({ number }) => {
      if (clock.now() - issuedAt < OPENS) throw error()
      issuedAt = clock.now()
      return tokens(`token-${number}`, { lifetime: LIFE })
    }, false)
    const { manager } = made({ grant, clock, refresh })
    for (let second = 0; second < 3_600; second++) {
      await expect(manager.getToken()).resolves.toBeDefined()
      expect(clock.now() - issuedAt).toBeLessThan(LIFE)
      await clock.advance(1_000)
    }
    expect(grant.count).toBeLessThan(60)
  })

  it('with a Retry-After is left alone past the end of the token', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    await clock.advance(56 * MINUTE)
    grant.response = () => Promise.reject(transientError({ retryAfter: 10 * MINUTE }))
    manager.current()
    await clock.advance(5 * MINUTE)
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable', retryAfter: 5 * MINUTE })
    grant.response = () => tokens('new')
    await clock.advance(5 * MINUTE)
    expect((await manager.getToken()).reveal()).toBe('new')
  })
})

describe('a server that repeats the same token', () => {
  const SHORT = 1_000

  it('is asked again after a growing time only, while it calls that token nearly dead', async () => {
    const { grant, clock, manager } = made({
      grant: new ScriptedGrant(() => tokens('same', { lifetime: 10_000 })),
      refresh: 'on-demand',
    })
    await manager.getToken()
    for (let tenth = 0; tenth < 600; tenth++) {
      await clock.advance(100)
      await manager.getToken().catch(() => undefined)
    }
    // Without a cool-down the last half second of each would ask on every call.
    expect(grant.count).toBeLessThanOrEqual(9)
  })

  it('is asked every second at most, however short its token lives and however often it is used', async () => {
    const { grant, clock, manager } = made({ grant: new ScriptedGrant(() => tokens('same', { lifetime: SHORT })) })
    const calls: Promise<AccessToken>[] = []
    for (let step = 0; step < 1_000; step++) {
      calls.push(manager.getToken())
      await clock.advance(10)
    }
    await clock.advance(6_000)
    expect(new Set(await Promise.all(calls.map(async (call) => (await call).reveal())))).toEqual(new Set(['same']))
    expect(grant.count).toBeLessThanOrEqual(17)
  })

  it('is asked for the next one as soon as the old one has expired', async () => {
    // As servers do that keep a token until it expires: the lifetime they name is what is left of it.
    const clock = new FakeClock({ random: () => 0 })
    const birth = clock.now()
    const grant = new ScriptedGrant(() => {
      const age = clock.now() - birth
      const generation = Math.floor(age / HOUR)
      return tokens(`token-${generation}`, { lifetime: Math.ceil((HOUR - (age % HOUR)) / 1_000) * 1_000 })
    })
    const { manager } = made({ grant, clock })
    await manager.getToken()
    for (let second = 0; second < 2 * 3_600 + 5; second++) {
      await clock.advance(1_000)
      await expect(manager.getToken()).resolves.toBeDefined()
    }
    expect(manager.current()?.reveal()).toBe('token-2')
    expect(grant.count).toBeLessThan(40)
  })

  it('is asked with full tries, and fails no later call', async () => {
    const { grant, clock, manager } = made({ grant: new ScriptedGrant(() => tokens('same')) })
    await manager.getToken()
    await clock.advance(56 * MINUTE)
    expect(grant.count).toBe(2)
    manager.current()
    grant.response = () => Promise.reject(transientError())
    await clock.advance(54 * MINUTE + 500)
    expect(grant.count).toBe(2 + 3)
    grant.response = () => tokens('same')
    await clock.advance(1_000)
    const token = manager.current()!
    await expect(manager.getToken({ rejected: token })).rejects.toMatchObject({ code: 'token_rejected' })
    manager.invalidate()
    expect((await manager.getToken()).reveal()).toBe('same')
  })

  it('is asked once for calls that need a token of longer life', async () => {
    const { grant, manager } = made({ grant: new ScriptedGrant(() => tokens('same', { lifetime: 30_000 })) })
    await manager.getToken()
    for (let call = 0; call < 10; call++) await manager.getToken({ minValidity: 60_000 })
    expect(grant.count).toBe(2)
  })
})
