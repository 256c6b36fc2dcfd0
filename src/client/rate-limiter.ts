import PQueue from 'p-queue'

import { delay, elapsedSince, instant } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'

/** How many requests a client sends. */
export interface Pace {
  /** Requests under way at the same time. */
  readonly concurrency: number
  /** Requests begun in a minute; `Infinity` for no limit. */
  readonly requestsPerMinute: number
}

/**
 * Keeps requests to a pace and holds all of them back when the API asks for it. A queue keeps their number and order. The
 * monotonic clock keeps the rate, so that setting the wall clock neither stalls requests nor lets more through.
 */
export class RateLimiter {
  readonly #clock: Clock
  readonly #queue: PQueue
  /** Milliseconds in which at most {@link #perWindow} requests begin: about a second keeps a minute's from one burst. */
  readonly #window: number
  readonly #perWindow: number
  /** When the last requests began, on the monotonic clock. */
  readonly #begun: number[] = []
  #pause: { since: Instant; length: number } | undefined

  constructor({ concurrency, requestsPerMinute }: Pace, clock: Clock) {
    this.#clock = clock
    this.#queue = new PQueue({ concurrency })
    this.#perWindow = Math.max(1, Math.round(requestsPerMinute / 60))
    this.#window = requestsPerMinute === Infinity ? 0 : (this.#perWindow / requestsPerMinute) * 60_000
  }

  /** Runs the task when its turn has come. A signal takes it out of the queue and rejects with its reason. */
  run<Result>(task: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    const paced = async () => {
      await this.#turn(signal)
      return task()
    }
    return this.#queue.add(paced, signal && { signal })
  }

  /** Begins no request for so many milliseconds; requests under way continue. A longer pause wins over a shorter one. */
  pauseFor(length: number): void {
    if (length > this.#pauseLeft()) this.#pause = { since: instant(this.#clock), length }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    for (let wait = this.#wait(); wait > 0; wait = this.#wait()) await delay(this.#clock, wait, { signal })
    // Without a limit, the list would grow forever.
    if (this.#perWindow === Infinity) return
    if (this.#begun.length === this.#perWindow) this.#begun.shift()
    this.#begun.push(this.#clock.monotonic())
  }

  /** Milliseconds until the next request may begin. */
  #wait(): number {
    const [oldest = -Infinity] = this.#begun.length === this.#perWindow ? this.#begun : []
    return Math.max(this.#pauseLeft(), oldest + this.#window - this.#clock.monotonic())
  }

  #pauseLeft(): number {
    return this.#pause ? this.#pause.length - elapsedSince(this.#pause.since, this.#clock) : 0
  }
}
