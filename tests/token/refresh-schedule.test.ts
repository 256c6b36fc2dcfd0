import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  isExpired,
  isFresh,
  longestPause,
  mustRefresh,
  refreshSchedule,
  shouldRefresh,
} from '../../src/token/refresh-schedule.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('refreshSchedule [R22]', () => {
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

  it.each([
    [HOUR, 10 * MINUTE, 10 * MINUTE, 10 * SECOND],
    [HOUR, Infinity, 30 * MINUTE, 10 * SECOND],
    [10 * SECOND, HOUR, 5 * SECOND, 0.5 * SECOND],
    [HOUR, 4 * SECOND, 4 * SECOND, 4 * SECOND],
    [HOUR, 0, 0, 0],
  ])('of %d ms with refreshAhead %d: should at %d left, must at %d left', (lifetime, ahead, should, must) => {
    expect(refreshSchedule(lifetime, 0, ahead)).toEqual({
      shouldRefreshAt: lifetime - should,
      mustRefreshAt: lifetime - must,
      expiresAt: lifetime,
    })
  })

  it('lets a failed refresh pause until callers wait for one, then until the end, then as long as it likes', () => {
    const schedule = refreshSchedule(HOUR, 0)
    const ages = [0, HOUR - 10 * SECOND - 1, HOUR - 10 * SECOND, HOUR - 1, HOUR]
    expect(ages.map((age) => longestPause(schedule, age))).toEqual([HOUR - 10 * SECOND, 1, 10 * SECOND, 1, Infinity])
    expect(longestPause(refreshSchedule(undefined, 0), HOUR)).toBe(Infinity)
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
    expect(isFresh(refreshSchedule(undefined, 0.9), 100 * 365 * 24 * HOUR)).toBe(true)
  })
})

describe('the rules of a refresh', () => {
  const schedule = { shouldRefreshAt: 80, mustRefreshAt: 95, expiresAt: 100 }
  const rulesAt = (age: number) =>
    Object.entries({ isFresh, shouldRefresh, mustRefresh, isExpired }).flatMap(([name, rule]) =>
      rule(schedule, age) ? [name] : [],
    )

  it.each([
    [-5, ['isFresh']],
    [0, ['isFresh']],
    [79.9, ['isFresh']],
    [80, ['shouldRefresh']],
    [94.9, ['shouldRefresh']],
    [95, ['shouldRefresh', 'mustRefresh']],
    [99.9, ['shouldRefresh', 'mustRefresh']],
    [100, ['shouldRefresh', 'mustRefresh', 'isExpired']],
    [1_000, ['shouldRefresh', 'mustRefresh', 'isExpired']],
  ])('of a token of age %d are %j', (age, rules) => {
    expect(rulesAt(age)).toEqual(rules)
  })

  it('make a token with a lifetime that is not a number an expired one', () => {
    const none = refreshSchedule(NaN, 0)
    expect([isFresh(none, 0), mustRefresh(none, 0), isExpired(none, 0)]).toEqual([false, true, true])
  })
})
