import type { Instant } from '../../../src/base/clock.js'
import { between, ROUNDING } from './invariant.js'

/** What the manager must be holding, as far as it can be told from outside. */
export interface KnownToken {
  readonly name: string
  readonly since: Instant
  readonly lifetime: number
  /** It was minted because the one before was refused, and for nothing else. */
  forRejection: boolean
  /** The API has refused it, for certain or perhaps. */
  refused: boolean
  maybeRefused: boolean
  /** The manager may have let go of it. */
  maybe: boolean
}

/** Whether callers have to wait for a new one: min(5 % of its life, 10 s) are left, or less. */
export function mustBeRenewed({ since, lifetime }: KnownToken, now: Instant): boolean {
  if (lifetime === Infinity) return false
  return between(since, now) >= lifetime - Math.min(0.05 * lifetime, 10_000) - ROUNDING
}

/** How long a failure may keep the manager from the next request while it serves: until it must be renewed, and then until it ends. */
export function longestPause({ since, lifetime }: KnownToken, now: Instant): number {
  const age = between(since, now) + ROUNDING
  const must = lifetime - Math.min(0.05 * lifetime, 10_000)
  if (age < must) return must - age
  return age - 2 * ROUNDING < lifetime ? Math.max(0, lifetime - age) : Infinity
}

/** Whether it may be renewed already: min(20 %, 5 min) are left, or less; jitter only makes it later. */
export function mayBeRenewed({ since, lifetime }: KnownToken, now: Instant): boolean {
  if (lifetime === Infinity) return false
  return between(since, now) >= lifetime - Math.min(0.2 * lifetime, 300_000) - ROUNDING
}
