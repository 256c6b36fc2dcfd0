import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { RejectionPause } from '../../src/token/rejection-pause.js'

describe('RejectionPause', () => {
  it('doubles from 1 s to 60 s while replacements of rejected tokens are rejected young', () => {
    const pause = new RejectionPause(new FakeClock())
    const lengths = Array.from({ length: 9 }, () => {
      pause.onReplacementRejected(59_999, Infinity)
      return pause.remaining() / 1_000
    })
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it.each([
    ['at 60 s of age', 60_000, Infinity],
    ['at half of its life', 1_000, 2_000],
  ])('starts afresh for one %s', (_, age, lifetime) => {
    const pause = new RejectionPause(new FakeClock())
    pause.onReplacementRejected(0, Infinity)
    pause.onReplacementRejected(0, Infinity)
    pause.onReplacementRejected(age, lifetime)
    expect(pause.remaining()).toBe(0)
    pause.onReplacementRejected(0, Infinity)
    expect(pause.remaining()).toBe(1_000)
  })

  it('begins for a token of two seconds that did not serve for one', () => {
    const pause = new RejectionPause(new FakeClock())
    pause.onReplacementRejected(999, 2_000)
    expect(pause.remaining()).toBe(1_000)
  })

  it('runs out with time and keeps its length for the next one', async () => {
    const clock = new FakeClock()
    const pause = new RejectionPause(clock)
    expect(pause.remaining()).toBe(0)
    pause.onReplacementRejected(0, Infinity)
    await clock.advance(400)
    expect(pause.remaining()).toBe(600)
    await clock.advance(10_000)
    expect(pause.remaining()).toBe(0)
    pause.onReplacementRejected(0, Infinity)
    expect(pause.remaining()).toBe(2_000)
  })
})
