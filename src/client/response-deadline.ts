import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Dispatcher } from 'undici'

import type { Clock, Timer } from '../base/clock.js'
import { ApiError } from '../base/errors.js'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController

/** Milliseconds until the answer's beginning, and again from there to its end beside what its size grants. */
const GRACE = 60_000
/** 16 KiB a second, in bytes a millisecond. */
const SLOWEST = 16.384

/**
 * An undici interceptor that gives up an answer which comes too slowly, with {@link ApiError} `api_unreachable`. undici's
 * own time-outs begin anew with every byte, and with every informational answer, so one that trickles on has no end.
 */
export function responseDeadline(clock: Clock): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => dispatch(options, new DeadlineHandler(options, handler, clock))
}

class DeadlineHandler implements Handler {
  readonly #options: Dispatcher.DispatchOptions
  readonly #handler: Handler
  readonly #clock: Clock
  #timer: Timer | undefined
  #since = 0
  #bytes = 0

  constructor(options: Dispatcher.DispatchOptions, handler: Handler, clock: Clock) {
    this.#options = options
    this.#handler = handler
    this.#clock = clock
  }

  onRequestStart(controller: Controller, context: object): void {
    this.#begin(controller)
    this.#handler.onRequestStart?.(controller, context)
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders, message?: string): void {
    if (status >= 200) this.#begin(controller)
    this.#handler.onResponseStart?.(controller, status, headers, message)
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#bytes += chunk.byteLength
    this.#handler.onResponseData?.(controller, chunk)
  }

  onResponseEnd(controller: Controller, trailers: IncomingHttpHeaders): void {
    this.#timer?.clear()
    this.#handler.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#timer?.clear()
    this.#handler.onResponseError?.(controller, error)
  }

  onRequestUpgrade(controller: Controller, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.#timer?.clear()
    this.#handler.onRequestUpgrade?.(controller, status, headers, socket)
  }

  #begin(controller: Controller): void {
    this.#timer?.clear()
    this.#since = this.#clock.monotonic()
    this.#look(controller)
  }

  /** Looks again when the time is up that what has come by now is worth. */
  #look(controller: Controller): void {
    const elapsed = this.#clock.monotonic() - this.#since
    const left = GRACE + this.#bytes / SLOWEST - elapsed
    if (left > 0) this.#timer = this.#clock.setTimeout(() => this.#look(controller), left)
    else controller.abort(this.#tooSlow(elapsed))
  }

  #tooSlow(elapsed: number): ApiError {
    const { origin, path, method } = this.#options
    const message =
      `${method} ${path.replace(/\?.*/, '')} got no whole answer from ${String(origin)}: it came too slowly ` +
      `(${this.#bytes} bytes in ${Math.round(elapsed / 1_000)} s).`
    return new ApiError('api_unreachable', message, { retryable: true })
  }
}
