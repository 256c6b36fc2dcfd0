/** Ages, in milliseconds, at which a token changes: from fresh to one that should, then must be refreshed, to expired. */
export interface RefreshSchedule {
  readonly shouldRefreshAt: number
  readonly mustRefreshAt: number
  readonly expiresAt: number
}

// The margins scale with the lifetime: a fixed one of minutes would refresh a short-lived token for every use (measured in
// two popular libraries at 299 s), and a fixed one of seconds leaves a day's token no time for an outage.
const SHOULD_SHARE = 0.2
const MAX_SHOULD = 5 * 60_000
const MUST_SHARE = 0.05
const MAX_MUST = 10_000

/**
 * Returns when a token of this lifetime is refreshed: it should be once min(20 % of its lifetime, 5 min) remain, or
 * `ahead` milliseconds but no more than half of its lifetime, and must be once min(5 %, 10 s) remain. `jitter` in [0, 1)
 * moves the first mark later by up to half its margin, so that processes that started together do not refresh together.
 * Without a lifetime a token serves until it is rejected.
 */
export function refreshSchedule(lifetime: number | undefined, jitter: number, ahead?: number): RefreshSchedule {
  if (lifetime === undefined) return { shouldRefreshAt: Infinity, mustRefreshAt: Infinity, expiresAt: Infinity }
  const margin = ahead === undefined ? Math.min(SHOULD_SHARE * lifetime, MAX_SHOULD) : Math.min(ahead, lifetime / 2)
  const shouldMargin = margin * (1 - jitter / 2)
  const mustMargin = Math.min(MUST_SHARE * lifetime, MAX_MUST, shouldMargin)
  return { shouldRefreshAt: lifetime - shouldMargin, mustRefreshAt: lifetime - mustMargin, expiresAt: lifetime }
}

/** Whether a token of this age serves without further ado. A lifetime that is not a number makes no token fresh. */
export function isFresh({ shouldRefreshAt }: RefreshSchedule, age: number): boolean {
  return age < shouldRefreshAt
}

/** Whether a token of this age is refreshed in the background while it serves. */
export function shouldRefresh(schedule: RefreshSchedule, age: number): boolean {
  return !isFresh(schedule, age)
}

/** Whether callers wait for the refresh of a token of this age. */
export function mustRefresh({ mustRefreshAt }: RefreshSchedule, age: number): boolean {
  return !(age < mustRefreshAt)
}

/**
 * Returns the longest pause after a failed refresh, in milliseconds. The pause ends when callers must wait for a refresh.
 * After that time, it ends when the token expires. Infinity for an expired token.
 */
export function longestPause({ mustRefreshAt, expiresAt }: RefreshSchedule, age: number): number {
  if (age < mustRefreshAt) return mustRefreshAt - age
  return age < expiresAt ? expiresAt - age : Infinity
}

/** Whether a token of this age serves no more, whatever happens. */
export function isExpired({ expiresAt }: RefreshSchedule, age: number): boolean {
  return !(age < expiresAt)
}
