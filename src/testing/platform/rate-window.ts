import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'

/** Counts requests in fixed windows, by default of a minute, each beginning with its first request. */
export class RateWindow {
  readonly #limit: number
  readonly #clock: Clock
  readonly #length: number
  #began: Instant | undefined
  #count = 0

  /** `length`: milliseconds. */
  constructor(limit: number, clock: Clock, length = 60_000) {
    this.#limit = limit
    this.#clock = clock
    this.#length = length
  }

  /** Counts one request. Answers the whole seconds to wait when it was one too many, else undefined. */
  take(): number | undefined {
    if (this.#began === undefined || elapsedSince(this.#began, this.#clock) >= this.#length) {
      this.#began = instant(this.#clock)
      this.#count = 0
    }
    this.#count += 1
    if (this.#count <= this.#limit) return undefined
    return Math.max(1, Math.ceil((this.#length - elapsedSince(this.#began, this.#clock)) / 1_000))
  }
}
