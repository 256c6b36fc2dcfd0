import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { freshness, refreshSchedule } from '../../src/token/refresh-schedule.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('refreshSchedule', () => {
  it.each([
    // lifetime, remaining when it should be renewed, remaining when it must be
    [10 * SECOND, 2 * SECOND, 0.5 * SECOND],
    [100 * SECOND, 20 * SECOND, 5 * SECOND],
    [200 * SECOND, 40 * SECOND, 10 * SECOND],
    [25 * MINUTE, 5 * MINUTE, 10 * SECOND],
    [HOUR, 5 * MINUTE, 10 * SECOND],
    [24 * HOUR, 5 * MINUTE, 10 * SECOND],
  ])('of %d ms without jitter: should at %d left, must at %d left', (lifetime, should, must) => {
    expect(refreshSchedule(lifetime, 0)).toEqual({
      shouldRefreshAt: lifetime - should,
      mustRefreshAt: lifetime - must,
      expiresAt: lifetime,
    })
  })

  it('moves the first mark later by jitter, up to half of its margin, and no other', () => {
    expect(refreshSchedule(HOUR, 0.5).shouldRefreshAt).toBe(HOUR - 3.75 * MINUTE)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 53 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (lifetime, jitter) => {
          const plain = refreshSchedule(lifetime, 0)
          const moved = refreshSchedule(lifetime, jitter)
          const margin = lifetime - plain.shouldRefreshAt
          expect(moved.shouldRefreshAt).toBeGreaterThanOrEqual(plain.shouldRefreshAt)
          expect(moved.shouldRefreshAt).toBeLessThanOrEqual(plain.shouldRefreshAt + margin / 2 + 1)
          expect(moved).toMatchObject({ mustRefreshAt: plain.mustRefreshAt, expiresAt: lifetime })
        },
      ),
    )
  })

  it('passes from fresh to should to must to expired, in this order, for every lifetime', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 52 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (lifetime, jitter) => {
          const { shouldRefreshAt, mustRefreshAt, expiresAt } = refreshSchedule(lifetime, jitter)
          expect(shouldRefreshAt).toBeGreaterThan(0)
          expect(mustRefreshAt).toBeGreaterThan(shouldRefreshAt)
          expect(expiresAt).toBeGreaterThan(mustRefreshAt)
        },
      ),
    )
  })

  it('renews no token without a lifetime', () => {
    expect(freshness(refreshSchedule(undefined, 0.9), 100 * 365 * 24 * HOUR)).toBe('fresh')
  })
})

describe('freshness', () => {
  const schedule = { shouldRefreshAt: 80, mustRefreshAt: 95, expiresAt: 100 }

  it.each([
    [-5, 'fresh'],
    [0, 'fresh'],
    [79.9, 'fresh'],
    [80, 'should-refresh'],
    [94.9, 'should-refresh'],
    [95, 'must-refresh'],
    [1_000, 'must-refresh'],
  ])('of a token of age %d is %s', (age, expected) => {
    expect(freshness(schedule, age)).toBe(expected)
  })
})
