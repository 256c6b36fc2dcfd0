import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { Backoff } from '../../src/token/backoff.js'

const CURVE = { first: 1_000, max: 10_000 }

describe('Backoff [R33] [R34]', () => {
  it('doubles from the first pause to the longest', () => {
    const backoff = new Backoff(new FakeClock())
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.grow(CURVE))).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  })

  it('counts failures for every curve', () => {
    const backoff = new Backoff(new FakeClock())
    backoff.grow(CURVE)
    expect(backoff.grow({ first: 5_000, max: 60_000 })).toBe(10_000)
  })

  it('grows without a pause', () => {
    const backoff = new Backoff(new FakeClock())
    expect(backoff.isFailing).toBe(false)
    backoff.grow(CURVE)
    expect([backoff.isFailing, backoff.remaining()]).toEqual([true, 0])
  })

  it('knows what is left of a pause, by whichever clock says more', async () => {
    const clock = new FakeClock()
    const backoff = new Backoff(clock)
    backoff.pause(10_000)
    await clock.advance(4_000)
    clock.jump(-60_000)
    expect(backoff.remaining()).toBe(6_000)
    clock.jump(60_000)
    clock.sleep(5_000)
    expect(backoff.remaining()).toBe(1_000)
    clock.sleep(5_000)
    expect(backoff.remaining()).toBe(0)
  })

  it('starts a pause in place of the one before', async () => {
    const clock = new FakeClock()
    const backoff = new Backoff(clock)
    backoff.pause(10_000)
    await clock.advance(1_000)
    backoff.pause(2_000)
    expect(backoff.remaining()).toBe(2_000)
  })

  it('starts over after a success', () => {
    const backoff = new Backoff(new FakeClock())
    backoff.pause(backoff.grow(CURVE) + backoff.grow(CURVE))
    backoff.reset()
    expect([backoff.remaining(), backoff.isFailing, backoff.grow(CURVE)]).toEqual([0, false, 1_000])
  })
})
