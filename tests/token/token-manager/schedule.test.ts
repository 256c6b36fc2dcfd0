import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { TokenManager } from '../../../src/token/token-manager.js'
import { HOUR, ScriptedGrant, state, tokens, transientError } from '../scripted-grant.js'
import { made } from './made.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * HOUR

/** A grant whose tokens all live this long. */
function lasting(lifetime: number): ScriptedGrant {
  return new ScriptedGrant(({ number }) => tokens(`token-${number}`, { lifetime }))
}

describe('a TokenManager on its schedule', () => {
  it('does nothing before the first use', async () => {
    const { grant, clock, manager } = made()
    expect(clock.pendingTimers).toBe(0)
    expect(manager.current()).toBeUndefined()
    await clock.advance(DAY)
    expect(grant.count).toBe(0)
  })

  it('serves a fresh token without asking again, at once and to everybody', async () => {
    const { grant, clock, manager } = made()
    const token = await manager.getToken()
    await clock.advance(54 * MINUTE)
    expect(manager.current()).toBe(token)
    expect(await manager.getToken()).toBe(token)
    expect(grant.count).toBe(1)
  })

  it('serves the old token while the new one is fetched behind it [R22]', async () => {
    const { clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    await clock.advance(55 * MINUTE)
    expect(manager.current()?.reveal()).toBe('token-1')
    expect(await state(manager.getToken())).toBe('token-1')
    await clock.advance(0)
    expect(manager.current()?.reveal()).toBe('token-2')
  })

  it('lets callers wait for the new token in the last seconds of the old one [R22]', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    await clock.advance(HOUR - 10 * SECOND)
    expect(manager.current()).toBeUndefined()
    expect((await manager.getToken()).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('spreads the refreshes of a fleet by jitter', async () => {
    const { grant, clock, manager } = made({ clock: new FakeClock({ random: () => 0.999 }) })
    await manager.getToken()
    await clock.advance(57 * MINUTE)
    expect(grant.count).toBe(1)
    await clock.advance(MINUTE)
    expect(grant.count).toBe(2)
  })

  it('keeps a token that is used fresh by a timer', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    for (let hour = 0; hour < 10; hour++) {
      await clock.advance(55 * MINUTE)
      expect(manager.current()?.reveal()).toBe(`token-${hour + 2}`)
    }
    expect(grant.count).toBe(11)
  })

  it('lets a token go that nobody used since it was minted', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    await clock.advance(55 * MINUTE)
    expect(grant.count).toBe(2)
    await clock.advance(10 * DAY)
    expect(grant.count).toBe(2)
    expect(clock.pendingTimers).toBe(0)
    expect((await manager.getToken()).reveal()).toBe('token-3')
  })

  it('does not count a waiter that left as a use', async () => {
    const { grant, clock, manager } = made()
    const controller = new AbortController()
    const waiter = manager.getToken({ signal: controller.signal })
    controller.abort()
    await expect(waiter).rejects.toBe(controller.signal.reason)
    await clock.advance(10 * DAY)
    expect(grant.count).toBe(1)
  })

  it('runs no timer on demand', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    expect(clock.pendingTimers).toBe(0)
    await clock.advance(DAY)
    expect(grant.count).toBe(1)
  })

  it('serves a token without expires_in until it is rejected, without a timer [R16]', async () => {
    const { grant, clock, manager } = made({ grant: lasting(Infinity) })
    const token = await manager.getToken()
    expect(clock.pendingTimers).toBe(0)
    await clock.advance(1_000 * DAY)
    expect(manager.current()).toBe(token)
    expect((await manager.getToken({ rejected: token })).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it.each([
    ['2^31 ms', 2 ** 31],
    ['30 days', 30 * DAY],
    ['10 years', 3_650 * DAY],
  ])('a lifetime of %s causes no storm, and the token is renewed in time [R11]', async (_, lifetime) => {
    const { grant, clock, manager } = made({ grant: lasting(lifetime) })
    await manager.getToken()
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(lifetime - 5 * MINUTE - SECOND)
    expect(clock.pendingTimers).toBe(1)
    expect(grant.count).toBe(1)
    await clock.advance(SECOND)
    expect(grant.count).toBe(2)
  })

  it('a timer that fires early because it cannot hold 30 days does not give an unused token up', async () => {
    const { grant, clock, manager } = made({ grant: lasting(30 * DAY) })
    const controller = new AbortController()
    manager.getToken({ signal: controller.signal }).catch(() => undefined)
    controller.abort()
    await clock.advance(26 * DAY)
    expect(manager.current()?.reveal()).toBe('token-1')
    await clock.advance(4 * DAY)
    expect(grant.count).toBe(2)
  })

  it.each([
    [0, 6],
    [-5, 1],
    [NaN, 1],
  ])('a lifetime of %d causes no storm [R11]', async (lifetime, requests) => {
    const { grant, clock, manager } = made({ grant: lasting(lifetime) })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance((requests - 1) * SECOND)
    expect(await outcome).toMatchObject({
      code: 'token_response_invalid',
      retryable: true,
      message: 'The token had expired when it arrived.',
    })
    for (let call = 0; call < 100; call++) {
      await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable' })
    }
    expect(grant.count).toBe(requests)
  })

  it('renews by refreshAhead, and half of the lifetime before the end at most', async () => {
    const { grant, clock, manager } = made({ refreshAhead: 20 * MINUTE })
    await manager.getToken()
    await clock.advance(HOUR - 20 * MINUTE - 1)
    expect(grant.count).toBe(1)
    await clock.advance(1)
    expect(grant.count).toBe(2)
    const { grant: other, clock: otherClock, manager: early } = made({ refreshAhead: 2 * HOUR })
    await early.getToken()
    await otherClock.advance(HOUR / 2 - 1)
    expect(other.count).toBe(1)
    await otherClock.advance(1)
    expect(other.count).toBe(2)
  })

  it('counts the lifetime from the moment the request was sent', async () => {
    const { clock, manager, grant } = made({ refresh: 'on-demand' })
    grant.response = async ({ number }) => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 9_000))
      return tokens(`token-${number}`, { lifetime: 60_000 })
    }
    const first = manager.getToken()
    await clock.advance(9_000)
    expect((await first).reveal()).toBe('token-1')
    // 48 s after the request it should be renewed, 57 s after it must be: not 9 s later.
    await clock.advance(57_000 - 9_000 - 1)
    expect(manager.current()?.reveal()).toBe('token-1')
    await clock.advance(1)
    expect(manager.current()).toBeUndefined()
  })

  it('hands out what lives when it arrives, even if it is to be renewed at once', async () => {
    const { clock, manager, grant } = made()
    grant.response = async () => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 970))
      return tokens('short', { lifetime: 1_000 })
    }
    const outcome = manager.getToken()
    await clock.advance(970)
    expect((await outcome).reveal()).toBe('short')
    expect(grant.count).toBe(1)
  })

  it('does not wake while a renewal is under way', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    grant.response = () => new Promise<never>(() => {})
    await clock.advance(55 * MINUTE + SECOND)
    expect(grant.count).toBe(2)
    // That of the flight's time-out.
    expect(clock.pendingTimers).toBe(1)
  })

  it('does not hand out a token that was dead when it arrived', async () => {
    const { clock, manager, grant } = made()
    grant.response = async () => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 5_000))
      return tokens('dead', { lifetime: 5_000 })
    }
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(5_000)
    expect(await outcome).toMatchObject({ code: 'token_response_invalid' })
    expect(manager.current()).toBeUndefined()
  })

  it('notices a wall clock that jumps forward [R23]', async () => {
    const { clock, manager } = made()
    await manager.getToken()
    clock.jump(HOUR)
    expect(manager.current()).toBeUndefined()
    expect((await manager.getToken()).reveal()).toBe('token-2')
  })

  it('is not fooled by a wall clock that is set back [R23]', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    clock.jump(-DAY)
    await clock.advance(54 * MINUTE)
    expect(grant.count).toBe(1)
    await clock.advance(MINUTE)
    expect(grant.count).toBe(2)
    expect(manager.current()?.reveal()).toBe('token-2')
  })

  it('looks again when a clock that was set forward is set back', async () => {
    const { grant, clock, manager } = made()
    clock.jump(5 * MINUTE)
    await manager.getToken()
    clock.jump(HOUR - 6 * MINUTE)
    manager.current()
    clock.jump(-HOUR)
    await clock.advance(55 * MINUTE)
    expect(grant.count).toBe(2)
  })

  it('notices that the machine slept [R23]', async () => {
    const { clock, manager, grant } = made()
    await manager.getToken()
    clock.sleep(54 * MINUTE)
    expect(manager.current()?.reveal()).toBe('token-1')
    clock.sleep(8 * MINUTE)
    expect(manager.current()).toBeUndefined()
    expect((await manager.getToken()).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('renews after a sleep by its timer too, once that fires', async () => {
    const { clock, manager, grant } = made()
    await manager.getToken()
    clock.sleep(DAY)
    await clock.advance(55 * MINUTE)
    expect(grant.count).toBe(2)
  })

  it('never hands out an expired token, and never more than one request is under way, whatever happens [R22]', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('advance' as const), by: fc.integer({ min: 0, max: 120_000 }) }),
      fc.record({ kind: fc.constant('jump' as const), by: fc.integer({ min: -120_000, max: 120_000 }) }),
      fc.record({ kind: fc.constant('sleep' as const), by: fc.integer({ min: 0, max: 120_000 }) }),
      fc.record({ kind: fc.constant('use' as const), by: fc.constant(0) }),
      fc.record({ kind: fc.constant('invalidate' as const), by: fc.constant(0) }),
      fc.record({ kind: fc.constant('reject' as const), by: fc.constant(0) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
        async (steps, seconds, fates) => {
          const { grant, clock, manager } = made({ clock: new FakeClock({ random: () => 0.5 }) })
          const mintedAt = new Map<string, number>()
          let underWay = 0
          grant.response = async ({ number }) => {
            underWay += 1
            expect(underWay).toBe(1)
            const sent = clock.monotonic()
            const fate = fates[number % fates.length]
            if (fate) await new Promise<void>((resolve) => void clock.setTimeout(resolve, fate * 400))
            underWay -= 1
            if (fate === 3) throw transientError()
            mintedAt.set(`token-${number}`, sent)
            return tokens(`token-${number}`, { lifetime: seconds * SECOND })
          }
          const check = (token: { reveal(): string } | undefined) => {
            if (token) expect(clock.monotonic() - mintedAt.get(token.reveal())!).toBeLessThan(seconds * SECOND)
          }
          for (const { kind, by } of steps) {
            if (kind === 'advance') await clock.advance(by)
            else if (kind === 'jump') clock.jump(by)
            else if (kind === 'sleep') clock.sleep(by)
            else if (kind === 'invalidate') manager.invalidate()
            else {
              const rejected = kind === 'reject' ? manager.current() : undefined
              manager.getToken({ rejected }).then(check, () => undefined)
            }
            check(manager.current())
          }
          await manager.close()
          await clock.advance(2_000)
          expect(clock.pendingTimers).toBe(0)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('the options of a TokenManager', () => {
  it.each([
    [{ timeout: 0 }, 'Option `timeout` must be a number of milliseconds above 0.'],
    [{ timeout: -1 }, 'Option `timeout` must be a number of milliseconds above 0.'],
    [{ timeout: NaN }, 'Option `timeout` must be a number of milliseconds above 0.'],
    [{ timeout: '10000' as never }, 'Option `timeout` must be a number of milliseconds above 0.'],
    [{ refresh: 'never' as never }, "Option `refresh` must be 'background' or 'on-demand'."],
  ])('%j are refused', (options, message) => {
    expect(() => made(options)).toThrow(expect.objectContaining({ code: 'invalid_option', message }))
  })

  it.each([
    undefined,
    {},
    { tokenEndpoint: 'https://login.example.com/token', clientId: 'id', clientSecret: 'secret' },
  ])('%j in the place of a grant is refused at once', (grant) => {
    const message = 'A TokenManager takes a grant, such as clientCredentials({ … }).'
    expect(() => new TokenManager(grant as never)).toThrow(expect.objectContaining({ code: 'invalid_option', message }))
  })

  it('that are no object, of its constructor or of close, are refused by their place', async () => {
    const grant = new ScriptedGrant()
    expect(() => new TokenManager(grant, 5 as never)).toThrow('The options of TokenManager must be an object.')
    const manager = new TokenManager(grant)
    await expect(manager.close(5 as never)).rejects.toThrow('The options of close must be an object.')
    await expect(manager.close({ revoke: 'no' as never })).rejects.toThrow('Option `revoke` must be true or false.')
    expect((await manager.getToken()).reveal()).toBe('token-1')
    await manager.close()
  })
})
