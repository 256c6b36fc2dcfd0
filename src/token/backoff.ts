import { elapsedSince, instant } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'

/** How pauses grow from failure to failure: the first one, and the longest. In milliseconds. */
export interface BackoffCurve {
  readonly first: number
  readonly max: number
}

/** Doubles pauses with each failure in a row, and starts over after a success. Knows how much of a pause is left. */
export class Backoff {
  readonly #clock: Clock
  #failures = 0
  #pause: { since: Instant; length: number } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether there was a failure since the last success. */
  get isFailing(): boolean {
    return this.#failures > 0
  }

  /** Counts a failure and returns the milliseconds that the curve gives for it. The caller decides on the pause. */
  grow({ first, max }: BackoffCurve): number {
    return Math.min(max, first * 2 ** this.#failures++)
  }

  /** Starts a pause of so many milliseconds in place of the one before. */
  pause(length: number): void {
    this.#pause = { since: instant(this.#clock), length }
  }

  /** Returns the milliseconds that are left of the pause, or 0. */
  remaining(): number {
    if (this.#pause === undefined) return 0
    return Math.max(0, this.#pause.length - elapsedSince(this.#pause.since, this.#clock))
  }

  /** The next pause is as long as the first. The present one continues. */
  startOver(): void {
    this.#failures = 0
  }

  reset(): void {
    this.#failures = 0
    this.#pause = undefined
  }
}
