import { describe, expect, jest, test } from '@jest/globals'
import { delay } from '../../src/base/clock.js'
import { RateLimiter } from '../../src/client/rate-limiter.js'
import { FakeClock } from '../../src/testing/fake-clock.js'

/** A rate limiter, and how many tasks it has begun; tasks end at once, or when they are told to. */
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
    const { begin, clock, state } = setUp({ requestsPerMinute, concurrency: 3_000 })
    begin(2 * requestsPerMinute)
    await clock.advance(0)
    expect(state.begun).toBe(first)
    await clock.advance(1_000)
    expect(state.begun).toBe(second)
    await clock.advance(1_000)
    expect(state.begun).toBe(third)
    for (let second = 0; second < 57; second++) await clock.advance(1_000)
    await clock.advance(999)
    expect(state.begun).toBe(minute)
  })

  test('is never exceeded in any second, also by callers who come back as soon as they are served', async () => {
    const { clock, rateLimiter } = setUp({ requestsPerMinute: 600, concurrency: 8 })
    const begun: number[] = []
    const task = () => {
      begun.push(clock.monotonic())
      return delay(clock, 20)
    }
    for (let caller = 0; caller < 8; caller++) {
      void (async () => {
        while (begun.length < 100) await rateLimiter.run(task, undefined)
      })()
    }
    for (let step = 0; step < 1_200; step++) await clock.advance(10)
    const tooEarly = begun.filter((moment, i) => moment - (begun[i - 10] ?? -Infinity) < 1_000)
    expect(tooEarly).toEqual([])
    expect(begun[99]! - begun[0]!).toBeLessThan(9_100)
  })

  test('below one a second waits between any two', async () => {
    const { begin, clock, state } = setUp({ requestsPerMinute: 10 })
    begin(3)
    await clock.advance(5_999)
    expect(state.begun).toBe(1)
    await clock.advance(1)
    expect(state.begun).toBe(2)
  })

  test('without a limit of requests is that of the concurrency', async () => {
    const { begin, clock, state } = setUp({ concurrency: 3 }, true)
    begin(10)
    await clock.advance(60_000)
    expect(state.begun).toBe(3)
    state.end.shift()?.()
    await clock.advance(0)
    expect(state.begun).toBe(4)
  })

  test.each([-30_000, 30_000])('stays the same if the wall clock is set by %d ms', async (milliseconds) => {
    const { begin, clock, state } = setUp({ requestsPerMinute: 60 })
    begin(3)
    await clock.advance(0)
    clock.jump(milliseconds)
    await clock.advance(999)
    expect(state.begun).toBe(1)
    await clock.advance(1)
    expect(state.begun).toBe(2)
  })

  test('begins the requests in the order in which they came', async () => {
    const { clock, rateLimiter } = setUp({ requestsPerMinute: 60 })
    const begun: number[] = []
    for (let i = 0; i < 5; i++) void rateLimiter.run(async () => begun.push(i), undefined)
    for (let second = 0; second < 5; second++) await clock.advance(1_000)
    expect(begun).toEqual([0, 1, 2, 3, 4])
  })

  test('lets a request that is given up take no turn', async () => {
    const { begin, clock, rateLimiter, state } = setUp({ requestsPerMinute: 60 })
    begin(1)
    const aborter = new AbortController()
    const waiting = rateLimiter.run(() => Promise.resolve(), aborter.signal)
    begin(1)
    await clock.advance(500)
    aborter.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await clock.advance(500)
    expect([state.begun, clock.pendingTimers]).toEqual([2, 0])
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

  test('sets no timer while nobody waits', async () => {
    const { clock, rateLimiter, begin, state } = setUp({})
    rateLimiter.pauseFor(60_000)
    expect(clock.pendingTimers).toBe(0)
    begin(1)
    await clock.advance(59_999)
    expect([clock.pendingTimers, state.begun]).toEqual([1, 0])
  })

  test('keeps the process alive while somebody waits for its end, and no longer', async () => {
    const { clock, rateLimiter } = setUp({})
    const timer = { ref: jest.fn(), unref: jest.fn(), clear: jest.fn() }
    jest.spyOn(clock, 'setTimeout').mockReturnValue(timer)
    rateLimiter.pauseFor(60_000)
    const aborter = new AbortController()
    const waiting = rateLimiter.run(() => Promise.resolve(), aborter.signal)
    await Promise.resolve()
    expect([timer.ref.mock.calls.length, timer.clear.mock.calls.length]).toEqual([1, 0])
    aborter.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(timer.clear.mock.calls.length).toBe(1)
  })

  test('holds back a request that waits for its turn already', async () => {
    const { begin, clock, rateLimiter, state } = setUp({ requestsPerMinute: 60 })
    begin(2)
    await clock.advance(500)
    rateLimiter.pauseFor(3_000)
    await clock.advance(2_999)
    expect(state.begun).toBe(1)
    await clock.advance(1)
    expect(state.begun).toBe(2)
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

test('a request that waits behind others can be given up', async () => {
  const { begin, clock, rateLimiter, state } = setUp({ concurrency: 1 }, true)
  begin(1)
  const aborter = new AbortController()
  const waiting = rateLimiter.run(() => Promise.resolve(), aborter.signal)
  await clock.advance(0)
  aborter.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(state.begun).toBe(1)
})

test('a shorter pause does not end a longer one for a request that comes later', async () => {
  const { begin, clock, rateLimiter, state } = setUp({})
  rateLimiter.pauseFor(5_000)
  rateLimiter.pauseFor(1_000)
  begin(1)
  await clock.advance(4_999)
  expect(state.begun).toBe(0)
  await clock.advance(1)
  expect(state.begun).toBe(1)
})
