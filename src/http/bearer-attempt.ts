import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Dispatcher } from 'undici'

import type { Clock } from '../base/clock.js'
import type { AccessToken } from '../token/access-token.js'
import type { Prover } from '../token/prover.js'
import { redactedError } from './redacted-error.js'
import { UnauthorizedResponse } from './unauthorized-response.js'
import type { Receiver } from './unauthorized-response.js'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController

/** The request that an attempt is made for. It hears of what was not held back as its caller does. */
export interface AttemptedRequest extends Receiver {
  readonly clock: Clock
  /** The attempt was put on a socket. */
  onAttemptStart(controller: Controller, context: object): void
  onUpgrade(status: number, headers: IncomingHttpHeaders, socket: Duplex): void
  onBodyEvent(event: 'onBodySent' | 'onRequestSent', args: unknown[]): void
  /** Hears of every answer to a token that is bound to a key. */
  onProofAnswered(prover: Prover, token: AccessToken, headers: IncomingHttpHeaders): void
  /** What a 401 with these headers calls for, if anything. */
  judge(headers: IncomingHttpHeaders, token: AccessToken): 'report' | Remedy | undefined
  /** Tells the source that the token was refused. Nobody has to wait for what comes of it. */
  report(rejected: AccessToken): Promise<AccessToken>
  /** Its answer was held back. */
  onUnauthorized(attempt: BearerAttempt, response: UnauthorizedResponse, remedy: Remedy): void
}

/** For what a 401 is held back: it is mended by another token, or by another proof for the same one. */
export type Remedy = 'new token' | 'new proof'

/** What one dispatch calls back: passes everything on, but a 401 that may be mended. */
export class BearerAttempt implements Handler {
  readonly #request: AttemptedRequest
  readonly token: AccessToken
  /** Its `no-store` is ours: a cache that keeps each token's responses apart may take it away. */
  readonly isNoStoreAdded: boolean
  #controller: Controller | undefined
  #response: UnauthorizedResponse | undefined
  /** By an interceptor inside: what answers is not what was given the token. */
  #redirected!: boolean

  constructor(request: AttemptedRequest, token: AccessToken, isNoStoreAdded: boolean) {
    this.#request = request
    this.token = token
    this.isNoStoreAdded = isNoStoreAdded
  }

  /** Nothing that still comes of it counts: its answer was held back, and stays so. */
  abandon(response: UnauthorizedResponse): void {
    if (!response.ended) this.#controller?.abort(new Error('Replaced by a request with a new token'))
  }

  onRequestStart(controller: Controller, context: object): void {
    this.#controller = controller
    this.#redirected = Boolean((context as { history?: unknown[] } | undefined)?.history?.length)
    this.#request.onAttemptStart(controller, context)
  }

  onRequestUpgrade(_controller: Controller, ...args: Parameters<AttemptedRequest['onUpgrade']>): void {
    this.#request.onUpgrade(...args)
  }

  onBodySent(...args: unknown[]): void {
    this.#request.onBodyEvent('onBodySent', args)
  }

  onRequestSent(...args: unknown[]): void {
    this.#request.onBodyEvent('onRequestSent', args)
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders, message?: string): void {
    const { prover } = this.token
    if (prover !== undefined && !this.#redirected) this.#request.onProofAnswered(prover, this.token, headers)
    const call = status === 401 && !this.#redirected ? this.#request.judge(headers, this.token) : undefined
    if (call === undefined || call === 'report') {
      if (call === 'report') void this.#request.report(this.token)
      this.#request.onResponseStart(status, headers, message)
    } else {
      this.#response = new UnauthorizedResponse(controller, { status, headers, message }, this.#request.clock)
      this.#request.onUnauthorized(this, this.#response, call)
    }
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#response) this.#response.onData(chunk)
    else this.#request.onResponseData(chunk)
  }

  onResponseEnd(_controller: Controller, trailers: IncomingHttpHeaders): void {
    if (this.#response) this.#response.onEnd({ trailers })
    else this.#request.onResponseEnd(trailers)
  }

  onResponseError(_controller: Controller, failure: Error): void {
    const error = redactedError(failure, this.token)
    if (this.#response) this.#response.onEnd({ error })
    else this.#request.onResponseError(error)
  }
}
