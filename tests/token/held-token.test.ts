import { describe, expect, it } from '@jest/globals'
import { instant } from '../../src/base/clock.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { AccessToken } from '../../src/token/access-token.js'
import { HeldToken } from '../../src/token/held-token.js'
import { isExpired } from '../../src/token/refresh-schedule.js'

function hold(lifetime: number | undefined, clock: FakeClock): HeldToken {
  const set = { accessToken: new AccessToken('t', { lifetime }), parameters: {} }
  return new HeldToken(set, { ...origin, requestedAt: instant(clock) }, clock)
}

const origin = { isForRejection: false, isAdopted: false, isRepeated: false, refreshAhead: undefined }

describe('HeldToken', () => {
  it('ages by whichever clock says more', async () => {
    const clock = new FakeClock()
    const held = hold(60_000, clock)
    await clock.advance(1_000)
    expect(held.age).toBe(1_000)
    clock.jump(-3_600_000)
    expect(held.age).toBe(1_000)
    clock.jump(3_600_000)
    clock.sleep(10_000)
    expect(held.age).toBe(11_000)
  })

  it('expires with its lifetime, to the millisecond', async () => {
    const clock = new FakeClock()
    const held = hold(60_000, clock)
    await clock.advance(59_999)
    expect(isExpired(held.schedule, held.age)).toBe(false)
    await clock.advance(1)
    expect(isExpired(held.schedule, held.age)).toBe(true)
  })

  it.each([0, -1, NaN])('has expired on arrival with a lifetime of %d', (lifetime) => {
    const held = hold(lifetime, new FakeClock())
    expect(isExpired(held.schedule, held.age)).toBe(true)
  })

  it('remembers that it replaces a rejected token, until that is forgiven', () => {
    const clock = new FakeClock()
    const set = { accessToken: new AccessToken('t', { lifetime: 60_000 }), parameters: {} }
    const held = new HeldToken(
      set,
      { ...origin, requestedAt: instant(clock), isForRejection: true, isAdopted: true },
      clock,
    )
    expect([held.isForRejection, held.isAdopted]).toEqual([true, true])
    held.forgive()
    expect(held.isForRejection).toBe(false)
  })

  it('has one promise for all who ask for it', async () => {
    const held = hold(60_000, new FakeClock())
    expect(await held.promise).toBe(held.token)
  })

  it.each([undefined, Infinity])('never expires with a lifetime of %s [R11]', (lifetime) => {
    const clock = new FakeClock()
    const held = hold(lifetime, clock)
    clock.sleep(1e15)
    expect(isExpired(held.schedule, held.age)).toBe(false)
  })

  it('draws its jitter once', () => {
    let draws = 0
    const held = hold(
      3_600_000,
      new FakeClock({
        random: () => {
          draws += 1
          return 0.9
        },
      }),
    )
    expect(held.schedule.shouldRefreshAt).toBeCloseTo(3_600_000 - 300_000 * 0.55)
    expect(held.schedule.shouldRefreshAt).toBe(held.schedule.shouldRefreshAt)
    expect(draws).toBe(1)
  })
})
