import { AsyncResource } from 'node:async_hooks'

import { abortable } from '../base/abortable.js'
import type { Clock, Timer } from '../base/clock.js'

/**
 * A flight serves everybody, so it runs in nobody's async context: a tracer would give it to whoever came first, or to
 * the request in which a manager happened to be made.
 */
const NOBODY = new AsyncResource('everbearer.Flight')

/** How long a flight may take. */
export interface FlightOptions {
  readonly clock: Clock
  /** Milliseconds. */
  readonly timeout: number
  /** Makes the error that the work is then aborted with. */
  readonly onTimeout: () => Error
}

/**
 * One piece of work that any number of callers wait for. It belongs to nobody: a caller that gives up leaves alone, and
 * the work ends by itself, by its time-out, or by {@link Flight.abort}. It starts a moment after the flight is made, so
 * that whoever made it can show it to those whom the work calls. It never becomes an unhandled rejection, and it keeps
 * the process alive only as long as somebody waits for it.
 */
export class Flight<Result> {
  readonly #controller = new AbortController()
  readonly #timer: Timer
  readonly #landed: Promise<Result>
  #waiters = 0

  constructor(work: (signal: AbortSignal) => Promise<Result>, { clock, timeout, onTimeout }: FlightOptions) {
    this.#timer = clock.setTimeout(() => this.abort(onTimeout()), timeout)
    this.#landed = NOBODY.runInAsyncScope(() => Promise.resolve(this.#controller.signal).then(work)).finally(() =>
      this.#timer.clear(),
    )
    this.#landed.catch(() => undefined)
  }

  /** Waits for the result. The signal ends this wait alone and rejects it with its reason. */
  async join(signal?: AbortSignal): Promise<Result> {
    this.#waiters += 1
    this.#timer.ref()
    try {
      return await (signal === undefined ? this.#landed : abortable(this.#landed, signal))
    } finally {
      this.#waiters -= 1
      if (this.#waiters === 0) this.#timer.unref()
    }
  }

  /** Ends the work by its signal, with this reason. */
  abort(reason: Error): void {
    this.#controller.abort(reason)
  }
}
