import { elapsedSince, instant } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'

const FIRST = 1_000
const MAX = 10_000

/**
 * How long a store that failed is left alone: up to 1 s doubling to 10 s, and at least half of that. A store that hangs
 * costs one look per pause, and not one per token; a fleet does not come back to it in one moment.
 */
export class StorePause {
  readonly #clock: Clock
  #failures = 0
  #current: { since: Instant; length: number } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isOver(): boolean {
    return this.#current === undefined || elapsedSince(this.#current.since, this.#clock) >= this.#current.length
  }

  start(): void {
    const most = Math.min(MAX, FIRST * 2 ** this.#failures++)
    this.#current = { since: instant(this.#clock), length: (most * (1 + this.#clock.random())) / 2 }
  }

  /** The store works again. */
  end(): void {
    this.#failures = 0
    this.#current = undefined
  }
}
