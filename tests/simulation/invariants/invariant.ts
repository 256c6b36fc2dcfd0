import type { Instant } from '../../../src/base/clock.js'
import type { Recording } from '../record.js'

/** A promise that a history broke. */
export interface Violation {
  /** In a user's words. */
  readonly promise: string
  /** What was seen instead. */
  readonly why: string
  /** Which event shows it. */
  readonly event: number
}

/** Judges what was seen of one history, and nothing else. */
export type Invariant = (recording: Recording) => Violation | undefined

/** Milliseconds between two moments, by whichever clock says more. */
export function between(from: Instant, to: Instant): number {
  return Math.max(to.monotonic - from.monotonic, to.wall - from.wall)
}

/** The wall clock's readings are large: their fractions are rounded. */
export const ROUNDING = 0.01
