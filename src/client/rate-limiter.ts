import PQueue from 'p-queue'

import type { Clock, Instant, Timer } from '../base/clock.js'
import { elapsedSince, instant } from '../base/clock.js'

/** How many requests a client sends. */
export interface Pace {
  /** Requests under way at the same time. */
  readonly concurrency: number
  /** Requests begun in a minute; `Infinity` for no limit. */
  readonly requestsPerMinute: number
}

/** Lets requests through at a pace, spread over the minute, and holds all of them back when the API asks for it. */
export class RateLimiter {
  readonly #clock: Clock
  readonly #queue: PQueue
  #waiters = 0
  #pause: { since: Instant; length: number; timer: Timer } | undefined

  constructor({ concurrency, requestsPerMinute }: Pace, clock: Clock) {
    this.#clock = clock
    this.#queue = new PQueue({ concurrency, ...spread(requestsPerMinute) })
  }

  /** Runs the task when its turn has come. A signal takes it out of the queue and rejects with its reason. */
  async run<Result>(task: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    this.#waiters += 1
    this.#pause?.timer.ref()
    try {
      return await this.#queue.add(task, signal && { signal })
    } finally {
      this.#waiters -= 1
      if (this.#waiters === 0) this.#pause?.timer.unref()
    }
  }

  /** Begins no request for so many milliseconds; what is under way goes on. A longer pause wins over a shorter one. */
  pauseFor(length: number): void {
    if (this.#pause) {
      const left = this.#pause.length - elapsedSince(this.#pause.since, this.#clock)
      if (left >= length) return
      this.#pause.timer.clear()
    }
    this.#queue.pause()
    const timer = this.#clock.setTimeout(() => {
      this.#pause = undefined
      this.#queue.start()
    }, length)
    if (this.#waiters > 0) timer.ref()
    this.#pause = { since: instant(this.#clock), length, timer }
  }
}

/**
 * A window of about a second keeps a minute's requests from going out in one burst. It slides (`strict`): fixed ones, which
 * p-queue 9.3 begins anew when its queue is empty for a moment, let a third more through.
 */
function spread(requestsPerMinute: number): { intervalCap?: number; interval?: number; strict?: boolean } {
  if (requestsPerMinute === Infinity) return {}
  const intervalCap = Math.max(1, Math.round(requestsPerMinute / 60))
  return { intervalCap, interval: (intervalCap / requestsPerMinute) * 60_000, strict: true }
}
