import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'

const WINDOW = 60_000

/** Counts requests in fixed windows of a minute, each beginning with its first request. */
export class RateWindow {
  readonly #limit: number
  readonly #clock: Clock
  #began: Instant | undefined
  #count = 0

  constructor(limit: number, clock: Clock) {
    this.#limit = limit
    this.#clock = clock
  }

  /** Counts one request. Answers the whole seconds to wait when it was one too many, else undefined. */
  take(): number | undefined {
    if (this.#began === undefined || elapsedSince(this.#began, this.#clock) >= WINDOW) {
      this.#began = instant(this.#clock)
      this.#count = 0
    }
    this.#count += 1
    if (this.#count <= this.#limit) return undefined
    return Math.max(1, Math.ceil((WINDOW - elapsedSince(this.#began, this.#clock)) / 1_000))
  }
}
