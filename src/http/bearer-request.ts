import { AsyncResource } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Dispatcher } from 'undici'

import { abortable } from '../base/abortable.js'
import { telemetry } from '../base/telemetry.js'
import { parseChallenges } from '../protocol/challenge.js'
import { demandsNonce, parseNonce } from '../protocol/dpop-nonce.js'
import { rejectsToken } from '../protocol/token-rejection.js'
import type { AccessToken } from '../token/access-token.js'
import type { ProvenRequest, Prover } from '../token/prover.js'
import type { TokenSource } from '../token/token-source.js'
import { originOf } from './allowed-origins.js'
import { BearerAttempt } from './bearer-attempt.js'
import type { AttemptedRequest, Remedy } from './bearer-attempt.js'
import type { BearerSettings } from './bearer-options.js'
import { exchangeToken, MAX_REPLAYS, otherToken } from './exchange-token.js'
import { REQUEST_OBSERVER } from './request-observer.js'
import type { RequestObserverOption } from './request-observer.js'
import { requestBody } from './request-body.js'
import type { RequestBody } from './request-body.js'
import { StableController } from './stable-controller.js'
import { authorizationOf, ownHeaders, stampOptions } from './stamp.js'
import type { UnauthorizedResponse } from './unauthorized-response.js'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
type Options = Dispatcher.DispatchOptions & RequestObserverOption

const requestReplayed = telemetry('everbearer:request-replayed')

/**
 * One request on its way: stamped at once or when there is a token, sent again after a 401 that another token can mend.
 * The caller's handler sees one request: one start, one answer or one error. A 401 arrives in the socket's async context;
 * what follows from it belongs to the caller's, which an AsyncResource keeps.
 */
export class BearerRequest extends AsyncResource implements AttemptedRequest {
  readonly #source: TokenSource
  readonly #settings: BearerSettings
  readonly #dispatch: Dispatcher.Dispatch
  #options: Options
  readonly #handler: Handler
  readonly #body: RequestBody
  readonly #controller = new StableController()
  /** The caller's handler has been started, with this context if undici had one. */
  #started = false
  #context: object | undefined
  #isSent = false
  #isNoStoreAdded = false
  #replays = 0
  /** It was sent again because its proof lacked a nonce (RFC 9449 section 9), which is no replay of a dead token. */
  #provedAgain = false

  constructor(
    source: TokenSource,
    settings: BearerSettings,
    dispatch: Dispatcher.Dispatch,
    options: Options,
    handler: Handler,
  ) {
    super('everbearer.BearerRequest')
    this.#source = source
    this.#settings = settings
    this.#dispatch = dispatch
    this.#options = options
    this.#handler = handler
    this.#body = requestBody(options.body, settings.maxReplayBytes)
  }

  /** Returns what a dispatcher's `dispatch` returns: whether more may be dispatched at once. */
  start(): boolean {
    try {
      const token = this.#source.current()
      if (token !== undefined && !token?.prover) return this.#send(token)
      void this.#sendLater(token)
    } catch (error) {
      this.#fail(error as Error)
    }
    return true
  }

  /** When the token is still to come, or the proof that goes with it. */
  async #sendLater(known: AccessToken | undefined): Promise<void> {
    const { signal } = this
    try {
      // The caller may use its objects for its next request meanwhile.
      const headers = ownHeaders(this.#options.headers)
      if (headers !== undefined) this.#options.headers = headers
      // undici learns here how to abort, so the caller can give up while the token is awaited.
      this.#onStart({})
      signal.throwIfAborted()
      const token = known ?? (await abortable(this.#source.getToken({ signal }), signal))
      this.#send(token, token?.prover && (await this.#prove(token.prover, token)))
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #prove(prover: Prover, token: AccessToken): Promise<string> {
    return abortable(prover.prove(this.#provenRequest(token)), this.signal)
  }

  #provenRequest(accessToken: AccessToken): ProvenRequest {
    const { origin, path, method } = this.#options
    // An absolute URL is for a proxy (RFC 9112 section 3.2.2).
    const url = path.startsWith('/') ? originOf(String(origin)) + path : path
    return { method, url, accessToken, clock: this.clock }
  }

  #send(token: AccessToken, proof?: string): boolean {
    // A replay has a copy of its own: the interceptors inside may have kept what the first attempt was given.
    if (this.#isSent) this.#options = { ...this.#options }
    this.#isSent = true
    const options = this.#options
    // A replay has it already.
    this.#isNoStoreAdded = stampOptions(options, authorizationOf(token), proof) || this.#isNoStoreAdded
    // A redirect interceptor inside would send the proof on to wherever the response leads, another origin included.
    if (proof !== undefined) (options as { maxRedirections?: number }).maxRedirections = 0
    options[REQUEST_OBSERVER]?.onStamped(token)
    if (options.body != null) options.body = this.#body.next() as typeof options.body
    return this.#dispatch(options, new BearerAttempt(this, token, this.#isNoStoreAdded))
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

  onProofAnswered(prover: Prover, token: AccessToken, headers: IncomingHttpHeaders): void {
    const nonce = parseNonce(headers['dpop-nonce'])
    if (nonce !== undefined) prover.remember(this.#provenRequest(token), nonce)
  }

  judge(headers: IncomingHttpHeaders, { prover, tokenType }: AccessToken): 'report' | Remedy | undefined {
    const challenges = parseChallenges(headers['www-authenticate'])
    if (prover !== undefined && demandsNonce(challenges)) {
      const hasNonce = parseNonce(headers['dpop-nonce']) !== undefined
      return hasNonce && !this.#provedAgain && this.#body.replayable ? 'new proof' : undefined
    }
    // Only its body tells.
    if (this.#settings.isTokenRejected) return 'new token'
    if (!rejectsToken(challenges, tokenType)) return undefined
    return this.#canReplay ? 'new token' : 'report'
  }

  report(rejected: AccessToken): Promise<AccessToken> {
    const exchange = exchangeToken(this.#source, rejected, this.signal)
    this.#options[REQUEST_OBSERVER]?.onRejected(exchange)
    return exchange
  }

  onUnauthorized(attempt: BearerAttempt, response: UnauthorizedResponse, remedy: Remedy): void {
    void this.runInAsyncScope(() => this.#mend(attempt, response, remedy))
  }

  get #canReplay(): boolean {
    return this.#replays < MAX_REPLAYS && this.#body.replayable
  }

  async #mend(attempt: BearerAttempt, response: UnauthorizedResponse, remedy: Remedy): Promise<void> {
    try {
      if (remedy === 'new proof') await response.drained
      const token = remedy === 'new proof' ? attempt.token : await this.#exchange(attempt.token, response)
      const proof = token?.prover && (await this.#prove(token.prover, token))
      this.signal.throwIfAborted()
      // A stream may have been read beyond what can be sent again meanwhile.
      if (token === undefined || !this.#body.replayable) return response.release(this)
      attempt.abandon(response)
      if (remedy === 'new proof') this.#provedAgain = true
      else this.#onReplay()
      this.#send(token, proof)
    } catch (error) {
      attempt.abandon(response)
      this.#fail(error as Error)
    }
  }

  /** The token to send it again with, if there is one and it can be. */
  async #exchange(rejected: AccessToken, response: UnauthorizedResponse): Promise<AccessToken | undefined> {
    const { isTokenRejected } = this.#settings
    if (isTokenRejected) {
      await response.drained
      // A hook that never answers must not keep a caller who has given up.
      if (!(await abortable(isTokenRejected(response.headers, response.text()), this.signal))) return undefined
      if (!this.#canReplay) {
        void this.report(rejected)
        return undefined
      }
    }
    const token = await this.#unlessAborted(this.report(rejected))
    if (token === undefined || response.ended) return token
    await response.drained
    return this.#unlessAborted(otherToken(this.#source, rejected, this.signal))
  }

  #unlessAborted(token: Promise<AccessToken>): Promise<AccessToken | undefined> {
    return abortable(token, this.signal).catch(() => undefined)
  }

  #onReplay(): void {
    this.#replays += 1
    if (requestReplayed.hasSubscribers) {
      requestReplayed.publish({ origin: new URL(String(this.#options.origin)).origin, method: this.#options.method })
    }
  }

  #fail(error: Error): void {
    this.#body.dispose(error)
    this.#handler.onResponseError?.(this.#controller, error)
  }
}

/** undici 8 forwards these. */
type BodyEvents = Partial<Record<'onBodySent' | 'onRequestSent', (...args: unknown[]) => void>>
