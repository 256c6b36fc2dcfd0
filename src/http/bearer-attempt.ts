import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Dispatcher } from 'undici'

import type { AccessToken } from '../token/access-token.js'
import { redactedError } from './redacted-error.js'
import type { RequestCaller } from './request-caller.js'
import type { UnauthorizedResponse } from './unauthorized-response.js'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController

/** Decides about the responses to a request's attempts. */
export interface ResponseJudge {
  /** Returns the response that is held back while its request may be sent again, or undefined if the caller gets it. */
  holdBack(
    attempt: BearerAttempt,
    controller: Controller,
    status: number,
    headers: IncomingHttpHeaders,
    message: string | undefined,
  ): UnauthorizedResponse | undefined
}

/** Handles one dispatch of a request: the caller gets everything but a response that is held back. */
export class BearerAttempt implements Handler {
  readonly #caller: RequestCaller
  readonly #judge: ResponseJudge
  readonly token: AccessToken
  /** Its `no-store` is ours: a cache that keeps each token's responses apart may take it away. */
  readonly isNoStoreAdded: boolean
  /** An interceptor inside followed a redirect: the server that responds did not get the token. */
  isRedirected!: boolean
  #controller: Controller | undefined
  #held: UnauthorizedResponse | undefined

  constructor(caller: RequestCaller, judge: ResponseJudge, token: AccessToken, isNoStoreAdded: boolean) {
    this.#caller = caller
    this.#judge = judge
    this.token = token
    this.isNoStoreAdded = isNoStoreAdded
  }

  /** Ends an attempt whose response is held back: the caller gets another one. */
  abandon(): void {
    if (!this.#held?.ended) this.#controller?.abort(new Error('Replaced by a request with a new token'))
  }

  onRequestStart(controller: Controller, context: object): void {
    this.#controller = controller
    this.isRedirected = Boolean((context as { history?: unknown[] } | undefined)?.history?.length)
    this.#caller.start(context, controller)
  }

  onRequestUpgrade(_controller: Controller, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.#caller.onUpgrade(status, headers, socket)
  }

  onBodySent(...args: unknown[]): void {
    this.#caller.onBodyEvent('onBodySent', args)
  }

  onRequestSent(...args: unknown[]): void {
    this.#caller.onBodyEvent('onRequestSent', args)
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders, message?: string): void {
    this.#held = this.#judge.holdBack(this, controller, status, headers, message)
    if (this.#held) return
    const { handler, controller: own } = this.#caller
    handler.onResponseStart?.(own, status, headers, message)
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#held) this.#held.onData(chunk)
    else this.#caller.handler.onResponseData?.(this.#caller.controller, chunk)
  }

  onResponseEnd(_controller: Controller, trailers: IncomingHttpHeaders): void {
    if (this.#held) this.#held.onEnd({ trailers })
    else this.#caller.onResponseEnd(trailers)
  }

  onResponseError(_controller: Controller, failure: Error): void {
    const error = redactedError(failure, this.token)
    if (this.#held) this.#held.onEnd({ error })
    else this.#caller.onResponseError(error)
  }
}
