import { AsyncResource } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Dispatcher } from 'undici'

import { abortable } from '../base/abortable.js'
import { telemetry } from '../base/telemetry.js'
import { parseChallenges } from '../protocol/challenge.js'
import { rejectsToken } from '../protocol/token-rejection.js'
import type { AccessToken } from '../token/access-token.js'
import type { TokenSource } from '../token/token-source.js'
import { BearerAttempt } from './bearer-attempt.js'
import type { AttemptedRequest } from './bearer-attempt.js'
import type { BearerSettings } from './bearer-options.js'
import { exchangeToken, otherToken } from './exchange-token.js'
import { REQUEST_OBSERVER } from './request-observer.js'
import type { RequestObserverOption } from './request-observer.js'
import { requestBody } from './request-body.js'
import type { RequestBody } from './request-body.js'
import { settledOptions } from './settled-options.js'
import { StableController } from './stable-controller.js'
import { authorizationOf, stampHeaders } from './stamp.js'
import type { UnauthorizedAnswer } from './unauthorized-answer.js'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
type Options = Dispatcher.DispatchOptions & RequestObserverOption

const requestReplayed = telemetry('everbearer:request-replayed')

/**
 * One request on its way: stamped at once or when there is a token, sent a second time after a 401 that a new token can
 * mend. The caller's handler sees one request: one start, one answer or one error.
 */
export class BearerRequest implements AttemptedRequest {
  readonly #source: TokenSource
  readonly #settings: BearerSettings
  readonly #dispatch: Dispatcher.Dispatch
  #options: Options
  readonly #handler: Handler
  readonly #body: RequestBody
  readonly #controller = new StableController()
  /** A 401 arrives in the socket's async context; what follows from it belongs to the caller's. */
  readonly #scope = new AsyncResource('everbearer.BearerRequest')
  /** The caller's handler has been started, with this context if undici had one. */
  #started = false
  #context: object | undefined
  #replayed = false

  constructor(
    source: TokenSource,
    settings: BearerSettings,
    dispatch: Dispatcher.Dispatch,
    options: Options,
    handler: Handler,
  ) {
    this.#source = source
    this.#settings = settings
    this.#dispatch = dispatch
    this.#options = settledOptions(options)
    this.#handler = handler
    this.#body = requestBody(options.body, settings.maxReplayBytes)
  }

  /** Returns what a dispatcher's `dispatch` returns: whether more may be dispatched at once. */
  start(): boolean {
    try {
      const token = this.#source.current()
      if (token !== undefined) return this.#send(token)
      void this.#sendWithNewToken()
    } catch (error) {
      this.#fail(error as Error)
    }
    return true
  }

  async #sendWithNewToken(): Promise<void> {
    const { signal } = this
    try {
      // The caller may use its objects for its next request meanwhile.
      this.#options = { ...this.#options, headers: stampHeaders(this.#options.headers, '') }
      // undici learns here how to abort, so the caller can give up while the token is awaited.
      this.#onStart({})
      signal.throwIfAborted()
      const token = await abortable(this.#source.getToken({ signal }), signal)
      this.#send(token)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #send(token: AccessToken): boolean {
    const headers = stampHeaders(this.#options.headers, authorizationOf(token))
    this.#options[REQUEST_OBSERVER]?.onStamped(token)
    const body = this.#body.next() as NonNullable<Dispatcher.DispatchOptions['body']>
    // Kept for a replay: the headers may have come from an iterator, which is spent now.
    this.#options = { ...this.#options, headers, body }
    return this.#dispatch(this.#options, new BearerAttempt(this, token))
  }

  onAttemptStart(controller: Controller, context: object): void {
    this.#controller.attach(controller)
    this.#onStart(context)
  }

  #onStart(context: object): void {
    if (this.#started) {
      Object.assign(this.#context ?? {}, context)
      return
    }
    this.#started = true
    this.#context = context
    this.#handler.onRequestStart?.(this.#controller, context)
  }

  onUpgrade(status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.#body.finish()
    this.#handler.onRequestUpgrade?.(this.#controller, status, headers, socket)
  }

  onResponseStart(status: number, headers: IncomingHttpHeaders, message: string | undefined): void {
    this.#handler.onResponseStart?.(this.#controller, status, headers, message)
  }

  onResponseData(chunk: Buffer): void {
    this.#handler.onResponseData?.(this.#controller, chunk)
  }

  onResponseEnd(trailers: IncomingHttpHeaders): void {
    this.#body.finish()
    this.#handler.onResponseEnd?.(this.#controller, trailers)
  }

  onResponseError(error: Error): void {
    this.#body.dispose(error)
    this.#handler.onResponseError?.(this.#controller, error)
  }

  onBodyEvent(event: 'onBodySent' | 'onRequestSent', args: unknown[]): void {
    ;(this.#handler as BodyEvents)[event]?.(...args)
  }

  get clock() {
    return this.#settings.clock
  }

  /** Aborts when the caller gives up. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether the caller wants no more data for now. */
  get paused(): boolean {
    return this.#controller.paused
  }

  judge(headers: IncomingHttpHeaders): 'report' | 'hold back' | undefined {
    // Only its body tells.
    if (this.#settings.isTokenRejected) return 'hold back'
    if (!rejectsToken(parseChallenges(headers['www-authenticate']))) return undefined
    return this.#canReplay ? 'hold back' : 'report'
  }

  report(rejected: AccessToken): Promise<AccessToken> {
    const exchange = exchangeToken(this.#source, rejected, this.signal)
    this.#options[REQUEST_OBSERVER]?.onRejected(exchange)
    return exchange
  }

  onUnauthorized(attempt: BearerAttempt, answer: UnauthorizedAnswer): void {
    void this.#scope.runInAsyncScope(() => this.#mend(attempt, answer))
  }

  get #canReplay(): boolean {
    return !this.#replayed && this.#body.replayable
  }

  async #mend(attempt: BearerAttempt, answer: UnauthorizedAnswer): Promise<void> {
    const { isTokenRejected } = this.#settings
    try {
      if (isTokenRejected) {
        await answer.drained
        // A hook that never answers must not keep a caller who has given up.
        const rejected = await abortable(isTokenRejected(answer.headers, answer.text()), this.signal)
        if (!rejected) return answer.release(this)
        if (!this.#canReplay) {
          void this.report(attempt.token)
          return answer.release(this)
        }
      }
      let token = await this.#unlessAborted(this.report(attempt.token))
      if (token !== undefined && !answer.ended) {
        await answer.drained
        token = await this.#unlessAborted(otherToken(this.#source, attempt.token, this.signal))
      }
      this.signal.throwIfAborted()
      // A stream may have been read beyond what can be sent again meanwhile.
      if (token === undefined || !this.#canReplay) return answer.release(this)
      attempt.abandon(answer)
      this.#replay(token)
    } catch (error) {
      attempt.abandon(answer)
      this.#fail(error as Error)
    }
  }

  #unlessAborted(token: Promise<AccessToken>): Promise<AccessToken | undefined> {
    return abortable(token, this.signal).catch(() => undefined)
  }

  #replay(token: AccessToken): void {
    this.#replayed = true
    if (requestReplayed.hasSubscribers) {
      requestReplayed.publish({ origin: new URL(String(this.#options.origin)).origin, method: this.#options.method })
    }
    this.#send(token)
  }

  #fail(error: Error): void {
    this.#body.dispose(error)
    this.#handler.onResponseError?.(this.#controller, error)
  }
}

/** undici 8 forwards these. */
type BodyEvents = Partial<Record<'onBodySent' | 'onRequestSent', (...args: unknown[]) => void>>
