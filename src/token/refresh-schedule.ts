/** What a token's age asks for: nothing, a refresh behind the callers' backs, or a refresh that callers wait for. */
export type Freshness = 'fresh' | 'should-refresh' | 'must-refresh'

/** Ages, in milliseconds, at which a token changes from one {@link Freshness} to the next. */
export interface RefreshSchedule {
  readonly shouldRefreshAt: number
  readonly mustRefreshAt: number
  readonly expiresAt: number
}

// The margins scale with the lifetime: a fixed one of minutes would ask anew for every use of a short-lived token
// (measured in two popular libraries at 299 s), and a fixed one of seconds leaves a day's token no time for an outage.
const SHOULD_SHARE = 0.2
const MAX_SHOULD = 5 * 60_000
const MUST_SHARE = 0.05
const MAX_MUST = 10_000

/**
 * When a token of this lifetime is to be renewed: it should be once min(20 % of its lifetime, 5 min) remain, and must
 * be once min(5 %, 10 s) remain. `jitter` in [0, 1) moves the first mark later by up to half its margin, so that
 * processes that started together do not refresh together. Without a lifetime a token serves until it is rejected.
 */
export function refreshSchedule(lifetime: number | undefined, jitter: number): RefreshSchedule {
  if (lifetime === undefined) return { shouldRefreshAt: Infinity, mustRefreshAt: Infinity, expiresAt: Infinity }
  const shouldMargin = Math.min(SHOULD_SHARE * lifetime, MAX_SHOULD) * (1 - jitter / 2)
  const mustMargin = Math.min(MUST_SHARE * lifetime, MAX_MUST)
  return { shouldRefreshAt: lifetime - shouldMargin, mustRefreshAt: lifetime - mustMargin, expiresAt: lifetime }
}

export function freshness(schedule: RefreshSchedule, age: number): Freshness {
  if (age < schedule.shouldRefreshAt) return 'fresh'
  return age < schedule.mustRefreshAt ? 'should-refresh' : 'must-refresh'
}
