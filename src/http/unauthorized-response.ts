import type { IncomingHttpHeaders } from 'node:http'

import type { Dispatcher } from 'undici'

import type { Clock, Timer } from '../base/clock.js'
import { beginningOfText } from '../base/content-encoding.js'
import { MAX_BYTES, MAX_WAIT } from './response-beginning.js'

type End = { trailers: IncomingHttpHeaders } | { error: Error }

/** Who gets the answer after all. */
export interface Receiver {
  /** Aborts when it wants nothing more at all. */
  readonly signal: AbortSignal
  /** Whether it wants no more data for now. */
  readonly paused: boolean
  onResponseStart(status: number, headers: IncomingHttpHeaders, message: string | undefined): void
  onResponseData(chunk: Buffer): void
  onResponseEnd(trailers: IncomingHttpHeaders): void
  onResponseError(error: Error): void
}

/**
 * A 401 that is held back while a new token is fetched. Its body is drained meanwhile, so that the socket can be used
 * again: pausing it instead would hold a connection that the token request may be waiting for. If there is no new token
 * the caller gets it whole.
 */
export class UnauthorizedResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly message: string | undefined
  readonly #controller: Dispatcher.DispatchController
  readonly #timer: Timer
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #paused = false
  #end: End | undefined
  #receiver: Receiver | undefined
  #settleDrained!: () => void
  /** Resolves when the body has ended, or as much of it as is waited for has come. */
  readonly drained = new Promise<void>((resolve) => (this.#settleDrained = resolve))

  constructor(
    controller: Dispatcher.DispatchController,
    head: { status: number; headers: IncomingHttpHeaders; message: string | undefined },
    clock: Clock,
  ) {
    this.status = head.status
    this.headers = head.headers
    this.message = head.message
    this.#controller = controller
    this.#timer = clock.setTimeout(this.#settleDrained, MAX_WAIT)
    this.#timer.ref()
    void this.drained.then(() => this.#timer.clear())
  }

  /** Whether its body has come to its end. */
  get ended(): boolean {
    return this.#end !== undefined
  }

  /** Returns as much of the body as was kept, decoded. */
  text(): Promise<string> {
    return beginningOfText(this.#chunks, this.headers['content-encoding'], MAX_BYTES)
  }

  onData(chunk: Buffer): void {
    if (this.#receiver) {
      this.#receiver.onResponseData(chunk)
      return
    }
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#bytes < MAX_BYTES) return
    this.#paused = true
    this.#controller.pause()
    this.#settleDrained()
  }

  onEnd(end: End): void {
    this.#end = end
    this.#settleDrained()
    if (this.#receiver) deliverEnd(this.#receiver, end)
  }

  /** Hands it to the caller: what was kept first, then what still comes. */
  release(receiver: Receiver): void {
    this.#settleDrained()
    // This runs outside undici's callbacks, where a handler may throw to fail its request (RetryHandler does).
    try {
      receiver.onResponseStart(this.status, this.headers, this.message)
      // More may come while these are handed over, and belongs behind them.
      for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) {
        receiver.signal.throwIfAborted()
        receiver.onResponseData(chunk)
      }
      receiver.signal.throwIfAborted()
      this.#receiver = receiver
      if (this.#end) deliverEnd(receiver, this.#end)
      else if (this.#paused && !receiver.paused) this.#controller.resume()
    } catch (error) {
      this.#receiver = receiver
      if (this.#end) receiver.onResponseError(error as Error)
      else this.#controller.abort(error as Error)
    }
  }
}

function deliverEnd(receiver: Receiver, end: End): void {
  if ('error' in end) receiver.onResponseError(end.error)
  else receiver.onResponseEnd(end.trailers)
}
