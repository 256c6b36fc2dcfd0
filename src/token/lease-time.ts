/** Half the time between "should be renewed" and the end of a token: a holder that was paused costs nobody a call. */
const LEASE_SHARE = 0.1
const MIN = 200
const MAX = 10_000

/**
 * For how long a lease is taken, by the lifetime of the tokens that it is for: the longest where there is none to go by. All
 * in milliseconds.
 */
export function leaseTime(lifetime: number | undefined): number {
  return Math.min(Math.max(LEASE_SHARE * (lifetime ?? Infinity), MIN), MAX)
}
