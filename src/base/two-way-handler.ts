import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import { util } from 'undici'
import type { Dispatcher } from 'undici'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
/** Buffers, or strings from some mocks. */
type RawHeaders = Buffer[] | string[]

/**
 * A handler that a dispatcher of any undici can call: undici 8 calls `onRequestStart` and its like, undici 6 calls
 * `onConnect` and its like, and undici 7 takes either. Both lead to the same methods of the handler inside.
 *
 * What the handler throws is passed on: undici's retry interceptor asks for another try that way.
 */
export class TwoWayHandler {
  readonly #handler: Handler
  #controller = new OldController(() => undefined)
  #failed = false

  constructor(handler: Handler) {
    this.#handler = handler
  }

  onRequestStart(controller: Controller, context: object): void {
    this.#handler.onRequestStart?.(controller, context)
  }

  onRequestUpgrade(controller: Controller, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.#handler.onRequestUpgrade?.(controller, status, headers, socket)
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders, message?: string): void {
    this.#handler.onResponseStart?.(controller, status, headers, message)
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk)
  }

  onResponseEnd(controller: Controller, trailers: IncomingHttpHeaders): void {
    this.#handler.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#handler.onResponseError?.(controller, error)
  }

  onResponseStarted(): void {
    ;(this.#handler as ProgressEvents).onResponseStarted?.()
  }

  onBodySent(...args: unknown[]): void {
    ;(this.#handler as ProgressEvents).onBodySent?.(...args)
  }

  onRequestSent(...args: unknown[]): void {
    ;(this.#handler as ProgressEvents).onRequestSent?.(...args)
  }

  /** Again for each redirect, and when a request is sent again on another connection. */
  onConnect(abort: (reason?: Error) => void, context?: object | null): void {
    this.#controller = new OldController(abort)
    this.#failed = false
    this.onRequestStart(this.#controller, context ?? {})
  }

  onUpgrade(status: number, rawHeaders: RawHeaders | null, socket: Duplex): void {
    this.#controller.rawHeaders = rawHeaders
    this.onRequestUpgrade(this.#controller, status, parsed(rawHeaders), socket)
  }

  /** Again for each informational response. Returns false to pause. */
  onHeaders(status: number, rawHeaders: RawHeaders, resume: () => void, message?: string): boolean {
    // A mock of undici 6 answers a request that was aborted in onConnect.
    if (this.#failed) return true
    const controller = this.#controller
    controller.onResume = resume
    controller.rawHeaders = rawHeaders
    this.onResponseStart(controller, status, parsed(rawHeaders), message)
    return !controller.paused
  }

  onData(chunk: Buffer): boolean {
    if (this.#failed) return true
    this.onResponseData(this.#controller, chunk)
    return !this.#controller.paused
  }

  onComplete(rawTrailers: RawHeaders | null): void {
    if (this.#failed) return
    this.#controller.rawTrailers = rawTrailers
    this.onResponseEnd(this.#controller, parsed(rawTrailers))
  }

  onError(error: Error): void {
    this.#failed = true
    this.onResponseError(this.#controller, error)
  }
}

/** undici calls these in 7 and 8, but its types do not say so in the same way. */
interface ProgressEvents {
  onResponseStarted?: (() => void) | undefined
  onBodySent?: ((...args: unknown[]) => void) | undefined
  onRequestSent?: ((...args: unknown[]) => void) | undefined
}

function parsed(rawHeaders: RawHeaders | null): IncomingHttpHeaders {
  return util.parseHeaders(rawHeaders ?? [])
}

/** What a handler of the new kind holds while the dispatcher calls it in the old way. */
class OldController implements Controller {
  readonly #abort: (reason?: Error) => void
  #reason: Error | null = null
  #aborted = false
  #paused = false
  onResume: (() => void) | undefined
  rawHeaders: RawHeaders | null = null
  rawTrailers: RawHeaders | null = null

  constructor(abort: (reason?: Error) => void) {
    this.#abort = abort
  }

  abort(reason: Error): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    this.#abort(reason)
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.onResume?.()
  }

  get aborted(): boolean {
    return this.#aborted
  }

  get reason(): Error | null {
    return this.#reason
  }

  get paused(): boolean {
    return this.#paused
  }
}
