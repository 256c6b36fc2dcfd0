import type { Instant } from '../../../src/base/clock.js'
import { between, ROUNDING } from './invariant.js'

const HOUR = 3_600_000

/** The shortest time for which a server that failed must be left alone, by what has been seen for certain. */
export class LeftAlone {
  #failures = 0
  #since: Instant | undefined
  #length = 0
  #isCovered = false

  /** Whether the next flight is a probe. */
  get isFailing(): boolean {
    return this.#failures > 0
  }

  /**
   * 1 s doubling to 60 s, or 5 s to 5 min for what somebody has to mend; not less than Retry-After, up to an hour. While a
   * token serves, or may serve, no more than `longest`; the failures of that time count no more when none serves.
   */
  fail(
    now: Instant,
    { retryable, retryAfter }: { retryable: boolean; retryAfter: number },
    { longest, isSure }: { longest: number; isSure: boolean },
  ): void {
    const [first, most] = retryable ? [1_000, 60_000] : [5_000, 300_000]
    if (this.#isCovered && (longest === Infinity || !isSure)) this.#failures = 0
    this.#isCovered = longest < Infinity
    const growing = Math.min(most, first * 2 ** this.#failures, longest)
    this.#begin(now, Math.max(growing, Math.min(retryAfter, HOUR)))
  }

  /** Milliseconds for which the server should have been left alone still. */
  missing(now: Instant): number {
    if (this.#since === undefined) return 0
    return Math.max(0, this.#length - between(this.#since, now) - ROUNDING)
  }

  forget(): void {
    this.#failures = 0
    this.#since = undefined
  }

  #begin(now: Instant, length: number): void {
    this.#failures += 1
    this.#since = now
    this.#length = length
  }
}

/**
 * A token that served for a minute, or for half of its life, before its first 401 was good; somewhat less, for what
 * cannot be seen from outside.
 */
const YOUNG = 55_000

/** The shortest pause in which an API that refuses new tokens causes no token request: 1 s doubling to 60 s. */
export class Pause {
  #since: Instant | undefined
  #length = 0

  /** A token was refused for the first time. */
  begin(now: Instant, isNewAndForRejection: boolean, age: number, lifetime: number): void {
    if (!isNewAndForRejection || age >= Math.min(YOUNG, lifetime / 2 - ROUNDING)) return this.forget()
    this.#length = Math.min(60_000, Math.max(1_000, 2 * this.#length))
    this.#since = now
  }

  missing(now: Instant): number {
    if (this.#since === undefined) return 0
    return Math.max(0, this.#length - between(this.#since, now) - ROUNDING)
  }

  forget(): void {
    this.#length = 0
    this.#since = undefined
  }
}
