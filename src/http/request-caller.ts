import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Dispatcher } from 'undici'

import type { RequestBody } from './request-body.js'
import { StableController } from './stable-controller.js'
import type { Receiver } from './unauthorized-response.js'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController

/** undici 8 calls these as well. */
type BodyEvents = Partial<Record<'onBodySent' | 'onRequestSent', (...args: unknown[]) => void>>

/**
 * The caller of a request. However often bearer sends the request, its caller sees one: one start, one response or one
 * error, and one controller.
 */
export class RequestCaller implements Receiver {
  readonly controller = new StableController()
  readonly handler: Handler
  readonly #body: RequestBody
  #isStarted = false
  /** The context that the caller was started with, if undici had one. */
  #context: object | undefined

  constructor(handler: Handler, body: RequestBody) {
    this.handler = handler
    this.#body = body
  }

  /** Aborts when the caller gives up. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Whether the caller wants no more data for now. */
  get paused(): boolean {
    return this.controller.paused
  }

  /** An attempt starts. Before the first one, the caller learns how to abort while it waits for a token. */
  start(context: object, attempt?: Controller): void {
    if (attempt) this.controller.attach(attempt)
    if (this.#isStarted) {
      Object.assign(this.#context ?? {}, context)
      return
    }
    this.#isStarted = true
    this.#context = context
    this.handler.onRequestStart?.(this.controller, context)
  }

  onUpgrade(status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.#body.finish()
    this.handler.onRequestUpgrade?.(this.controller, status, headers, socket)
  }

  onResponseStart(status: number, headers: IncomingHttpHeaders, message: string | undefined): void {
    this.handler.onResponseStart?.(this.controller, status, headers, message)
  }

  onResponseData(chunk: Buffer): void {
    this.handler.onResponseData?.(this.controller, chunk)
  }

  onResponseEnd(trailers: IncomingHttpHeaders): void {
    this.#body.finish()
    this.handler.onResponseEnd?.(this.controller, trailers)
  }

  onResponseError(error: Error): void {
    this.#body.dispose(error)
    this.handler.onResponseError?.(this.controller, error)
  }

  onBodyEvent(event: keyof BodyEvents, args: unknown[]): void {
    ;(this.handler as BodyEvents)[event]?.(...args)
  }
}
