import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { retry } from '../../src/client/retry.js'
import type { RetryAdvice, RetryOptions } from '../../src/client/retry.js'
import { HurriedClock } from '../http/hurried-clock.js'

function setUp(advise: (attempt: number) => RetryAdvice | undefined, options: Partial<RetryOptions> = {}) {
  const clock = new HurriedClock()
  const told: [number, number][] = []
  let attempts = 0
  const settings = {
    patience: 60_000,
    clock,
    signal: undefined,
    advise: () => advise(attempts),
    onRetry: (_error: unknown, attempt: number, wait: number) => void told.push([attempt, wait]),
    ...options,
  }
  const run = (attempt: (count: number, spend: (milliseconds: number) => void) => unknown) =>
    retry(async (spend) => attempt(++attempts, spend), settings)
  return { clock, told, run, count: () => attempts }
}

const soon: RetryAdvice = { atLeast: 0, spendsPatience: true }
const fail = (count: number) => {
  throw new Error(`attempt ${count}`)
}

describe('retry', () => {
  it('tries until it succeeds, and tells of each further try', async () => {
    const { run, told, clock } = setUp(() => soon)
    expect(await run((count) => (count < 4 ? fail(count) : count))).toBe(4)
    expect(told).toEqual([
      [1, 250],
      [2, 500],
      [3, 1_000],
    ])
    expect(clock.waits).toEqual([250, 500, 1_000])
  })

  it('rejects with the last error when the advice is to give up', async () => {
    const { run, count } = setUp((attempt) => (attempt < 3 ? soon : undefined))
    await expect(run(fail)).rejects.toThrow('attempt 3')
    expect(count()).toBe(3)
  })

  it('gives up before a wait that the patience does not cover, and not after it', async () => {
    const long = { atLeast: 30_000, spendsPatience: true }
    const { run, clock, count } = setUp(() => long, { patience: 60_000 })
    await expect(run(fail)).rejects.toThrow('attempt 2')
    expect([clock.waits, count()]).toEqual([[30_000], 2])
  })

  it('counts what an attempt spends', async () => {
    const { run, count } = setUp(() => soon, { patience: 1_000 })
    const response = run((count, spend) => {
      spend(400)
      return fail(count)
    })
    await expect(response).rejects.toThrow('attempt 2')
    expect(count()).toBe(2)
  })

  it('has the jitter alone spend patience where the wait does not', async () => {
    const { run, clock } = setUp((attempt) => (attempt < 5 ? { atLeast: 100_000, spendsPatience: false } : undefined), {
      patience: 4_000,
    })
    await expect(run(fail)).rejects.toThrow('attempt 5')
    expect(clock.waits).toEqual([100_250, 100_500, 101_000, 102_000])
  })

  it('waits within [0, cap), the cap doubling from 0.5 s to 10 s, and no less than it is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(20_000), async (chance, atLeast) => {
        const clock = Object.assign(new HurriedClock(), { random: () => chance })
        const { run } = setUp((attempt) => (attempt < 9 ? { atLeast, spendsPatience: true } : undefined), {
          clock,
          patience: Infinity,
        })
        await expect(run(fail)).rejects.toThrow('attempt 9')
        clock.waits.forEach((wait, i) => {
          expect(wait).toBe(Math.max(atLeast, chance * Math.min(10_000, 500 * 2 ** i)))
        })
        expect(clock.waits).toHaveLength(8)
      }),
      { numRuns: 50 },
    )
  })

  it.each([new Error('enough'), 'enough', undefined, new TypeError('fetch failed')])(
    'an abort with %p ends it with just that',
    async (reason) => {
      const controller = new AbortController()
      const { run, count } = setUp(() => soon, { signal: controller.signal })
      const response = run((count) => {
        if (count === 2) controller.abort(reason)
        return fail(count)
      })
      const thrown: unknown = await response.catch((error: unknown) => error)
      expect([thrown === controller.signal.reason, count()]).toEqual([true, 2])
      const aborted = setUp(() => soon, { signal: controller.signal })
      await expect(aborted.run(() => 'never')).rejects.toBe(controller.signal.reason)
      expect(aborted.count()).toBe(0)
    },
  )
})
