import { elapsedSince, instant } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'

const FIRST = 1_000
const MAX = 60_000
/**
 * A token that serves longer than this before its first 401, or than half of its life, was good: its rejection is news,
 * not an echo of the last. Servers that count in whole seconds end a life early, and a slow answer tells of it late.
 */
const YOUNG = 60_000
const YOUNG_SHARE = 0.5

/**
 * Stops an API that rejects every token from becoming a storm of token requests. When a token that was itself minted
 * for a rejection is rejected while young, rejections cause no exchange for 1 s, then 2 s, doubling to 60 s.
 */
export class RejectionPause {
  readonly #clock: Clock
  #length = 0
  #since: Instant | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Tells of a token's first rejection: for what it had been minted, its age and its lifetime in milliseconds. */
  onFirstRejection(mintedForRejection: boolean, age: number, lifetime: number): void {
    if (mintedForRejection && age < Math.min(YOUNG, YOUNG_SHARE * lifetime)) {
      this.#length = Math.min(MAX, Math.max(FIRST, 2 * this.#length))
      this.#since = instant(this.#clock)
    } else {
      this.reset()
    }
  }

  /** Milliseconds until a rejection is followed by an exchange again, 0 when it is now. */
  remaining(): number {
    if (this.#since === undefined) return 0
    return Math.max(0, this.#length - elapsedSince(this.#since, this.#clock))
  }

  reset(): void {
    this.#length = 0
    this.#since = undefined
  }
}
