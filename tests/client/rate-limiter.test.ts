import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Timer } from '../../src/base/clock.js'
import { RateLimiter } from '../../src/client/rate-limiter.js'
import { FakeClock } from '../../src/testing/fake-clock.js'

// p-queue has timers of its own.
beforeEach(() => void jest.useFakeTimers({ now: 1_000_000, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }))
afterEach(() => void jest.useRealTimers())

/** A pacer, and how many tasks it has begun; tasks end at once, or when they are told to. */
function setUp(pace: { concurrency?: number; requestsPerMinute?: number }, endless = false) {
  const clock = new FakeClock()
  const rateLimiter = new RateLimiter({ concurrency: 1_000, requestsPerMinute: Infinity, ...pace }, clock)
  const state = { begun: 0, end: [] as (() => void)[] }
  const task = () => {
    state.begun += 1
    return endless ? new Promise<void>((resolve) => state.end.push(resolve)) : Promise.resolve()
  }
  const begin = (count: number) => {
    for (let i = 0; i < count; i++) void rateLimiter.run(task, undefined)
  }
  return { clock, rateLimiter, state, begin }
}

describe('the pace', () => {
  test('may be any number there is', () => {
    expect(setUp({ requestsPerMinute: Number.MAX_VALUE }).rateLimiter).toBeDefined()
  })

  test.each([
    [300, [5, 10, 15, 300]],
    [60, [1, 2, 3, 60]],
    [1_200, [20, 40, 60, 1_200]],
  ])('of %d requests a minute is spread over it', async (requestsPerMinute, [first, second, third, minute]) => {
    const { begin, state } = setUp({ requestsPerMinute })
    begin(2 * requestsPerMinute)
    await jest.advanceTimersByTimeAsync(0)
    expect(state.begun).toBe(first)
    await jest.advanceTimersByTimeAsync(1_000)
    expect(state.begun).toBe(second)
    await jest.advanceTimersByTimeAsync(1_000)
    expect(state.begun).toBe(third)
    await jest.advanceTimersByTimeAsync(57_999)
    expect(state.begun).toBe(minute)
  })

  test('is never exceeded in any second, also by callers who come back as soon as they are served', async () => {
    const { rateLimiter } = setUp({ requestsPerMinute: 600, concurrency: 8 })
    const begun: number[] = []
    const task = () => {
      begun.push(Date.now())
      return new Promise<void>((resolve) => setTimeout(resolve, 20))
    }
    for (let caller = 0; caller < 8; caller++) {
      void (async () => {
        while (begun.length < 100) await rateLimiter.run(task, undefined)
      })()
    }
    await jest.advanceTimersByTimeAsync(12_000)
    const tooEarly = begun.filter((moment, i) => moment - (begun[i - 10] ?? -Infinity) < 1_000)
    expect(tooEarly).toEqual([])
    expect(begun[99]! - begun[0]!).toBeLessThan(9_100)
  })

  test('below one a second waits between any two', async () => {
    const { begin, state } = setUp({ requestsPerMinute: 10 })
    begin(3)
    await jest.advanceTimersByTimeAsync(5_999)
    expect(state.begun).toBe(1)
    await jest.advanceTimersByTimeAsync(1)
    expect(state.begun).toBe(2)
  })

  test('without a limit of requests is that of the concurrency alone', async () => {
    const { begin, state } = setUp({ concurrency: 3 }, true)
    begin(10)
    await jest.advanceTimersByTimeAsync(60_000)
    expect(state.begun).toBe(3)
    state.end.shift()?.()
    await jest.advanceTimersByTimeAsync(0)
    expect(state.begun).toBe(4)
  })
})

describe('a pause', () => {
  test('begins nothing until it is over', async () => {
    const { begin, clock, rateLimiter, state } = setUp({})
    rateLimiter.pauseFor(2_000)
    begin(3)
    await clock.advance(1_999)
    expect(state.begun).toBe(0)
    await clock.advance(1)
    expect(state.begun).toBe(3)
  })

  test('is lengthened by a longer one, and not shortened by a shorter one', async () => {
    const { begin, clock, rateLimiter, state } = setUp({})
    rateLimiter.pauseFor(2_000)
    rateLimiter.pauseFor(5_000)
    begin(1)
    await clock.advance(2_500)
    rateLimiter.pauseFor(1_000)
    await clock.advance(2_499)
    expect(state.begun).toBe(0)
    await clock.advance(1)
    expect(state.begun).toBe(1)
    expect(clock.pendingTimers).toBe(0)
  })

  test('is lengthened by one that is shorter but begins later', async () => {
    const { begin, clock, rateLimiter, state } = setUp({})
    rateLimiter.pauseFor(2_000)
    begin(1)
    await clock.advance(1_500)
    rateLimiter.pauseFor(1_000)
    await clock.advance(999)
    expect(state.begun).toBe(0)
    await clock.advance(1)
    expect(state.begun).toBe(1)
  })

  test('that is asked for twice is one, and keeps no process alive while nobody waits', () => {
    const { clock, rateLimiter } = setUp({})
    const timer = { ref: jest.fn(), unref: jest.fn(), clear: jest.fn() }
    const set = jest.spyOn(clock, 'setTimeout').mockReturnValue(timer)
    rateLimiter.pauseFor(2_000)
    rateLimiter.pauseFor(2_000)
    expect([set.mock.calls.length, timer.ref.mock.calls.length]).toEqual([1, 0])
  })

  test('keeps the process alive only while somebody waits for its end', async () => {
    const { clock, rateLimiter } = setUp({})
    const setTimeout = jest.spyOn(clock, 'setTimeout')
    rateLimiter.pauseFor(60_000)
    const timer = setTimeout.mock.results[0]?.value as Timer
    const [ref, unref] = [jest.spyOn(timer, 'ref'), jest.spyOn(timer, 'unref')]
    const aborter = new AbortController()
    const waiting = rateLimiter.run(() => Promise.resolve(), aborter.signal)
    expect([ref.mock.calls.length, unref.mock.calls.length]).toEqual([1, 0])
    aborter.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect([ref.mock.calls.length, unref.mock.calls.length]).toEqual([1, 1])
  })

  test('that begins while somebody waits keeps the process alive from the start', async () => {
    const { begin, clock, rateLimiter, state } = setUp({}, true)
    begin(1)
    const timer = { ref: jest.fn(), unref: jest.fn(), clear: jest.fn() }
    jest.spyOn(clock, 'setTimeout').mockReturnValue(timer)
    rateLimiter.pauseFor(60_000)
    expect([timer.ref.mock.calls.length, timer.unref.mock.calls.length]).toEqual([1, 0])
    state.end.shift()?.()
    await jest.advanceTimersByTimeAsync(0)
    expect([timer.ref.mock.calls.length, timer.unref.mock.calls.length]).toEqual([1, 1])
  })

  test('can be followed by another', async () => {
    const { begin, clock, rateLimiter, state } = setUp({})
    rateLimiter.pauseFor(1_000)
    await clock.advance(1_000)
    rateLimiter.pauseFor(1_000)
    begin(1)
    await clock.advance(999)
    expect(state.begun).toBe(0)
    await clock.advance(1)
    expect(state.begun).toBe(1)
  })
})
