import { AsyncResource } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'

import type { Dispatcher } from 'undici'

import { abortable } from '../base/abortable.js'
import { telemetry } from '../base/telemetry.js'
import { parseNonce } from '../protocol/dpop-nonce.js'
import type { AccessToken } from '../token/access-token.js'
import type { ProvenRequest, Prover } from '../token/prover.js'
import type { TokenSource } from '../token/token-source.js'
import { originOf } from './allowed-origins.js'
import { BearerAttempt } from './bearer-attempt.js'
import type { ResponseJudge } from './bearer-attempt.js'
import type { BearerSettings } from './bearer-options.js'
import { publishPassed } from './passed-challenges.js'
import { latestToken, replacementToken } from './replacement-token.js'
import { requestBody } from './request-body.js'
import type { RequestBody } from './request-body.js'
import { RequestCaller } from './request-caller.js'
import { authorizationOf, ownHeaders, stampOptions } from './stamp.js'
import { TokenUse } from './token-use.js'
import { UnauthorizedResponse } from './unauthorized-response.js'
import { UNAUTHORIZED, verdictOn, verdictOnRejection } from './unauthorized-verdict.js'
import type { RequestState, Verdict } from './unauthorized-verdict.js'

type Options = Dispatcher.DispatchOptions & { opaque?: unknown; maxRedirections?: number }

const requestReplayed = telemetry('everbearer:request-replayed')

/**
 * One request on its way: stamped at once or when there is a token, and sent again if the verdict on a 401 says so. A 401
 * arrives in the socket's async context. What follows from it belongs to the caller's, which an AsyncResource keeps.
 */
export class BearerRequest extends AsyncResource implements ResponseJudge {
  readonly #source: TokenSource
  readonly #settings: BearerSettings
  readonly #dispatch: Dispatcher.Dispatch
  readonly #body: RequestBody
  readonly #caller: RequestCaller
  #options: Options
  #attempts = 0
  /** Of the token that the last attempt was sent with. */
  #prover: Prover | undefined
  #isNoStoreAdded = false
  #replays = 0
  #hasProvedAgain = false

  constructor(
    source: TokenSource,
    settings: BearerSettings,
    dispatch: Dispatcher.Dispatch,
    options: Options,
    handler: Dispatcher.DispatchHandler,
  ) {
    super('everbearer.BearerRequest')
    this.#source = source
    this.#settings = settings
    this.#dispatch = dispatch
    this.#options = options
    this.#body = requestBody(options.body, settings.maxReplayBytes)
    this.#caller = new RequestCaller(handler, this.#body)
  }

  /** Returns what a dispatcher's `dispatch` returns: whether more may be dispatched at once. */
  start(): boolean {
    try {
      const token = this.#source.current()
      if (token !== undefined && !token?.prover) return this.#send(token)
      void this.#sendLater(token)
    } catch (error) {
      this.#caller.onResponseError(error as Error)
    }
    return true
  }

  /** When the token is still to come, or the proof that goes with it. */
  async #sendLater(known: AccessToken | undefined): Promise<void> {
    const { signal } = this.#caller.controller
    try {
      // The caller may use its objects for its next request meanwhile.
      const headers = ownHeaders(this.#options.headers)
      if (headers !== undefined) this.#options.headers = headers
      // undici learns here how to abort, so the caller can give up while the token is awaited.
      this.#caller.start({})
      signal.throwIfAborted()
      const token = known ?? (await abortable(this.#source.getToken({ signal }), signal))
      this.#send(token, token?.prover && (await this.#prove(token.prover, token)))
    } catch (error) {
      this.#caller.onResponseError(error as Error)
    }
  }

  #prove(prover: Prover, token: AccessToken): Promise<string> {
    return abortable(prover.prove(this.#provenRequest(token)), this.#caller.controller.signal)
  }

  #provenRequest(accessToken: AccessToken): ProvenRequest {
    const { origin, path, method } = this.#options
    // An absolute URL is for a proxy (RFC 9112 section 3.2.2).
    const url = path.startsWith('/') ? originOf(String(origin)) + path : path
    return { method, url, accessToken, clock: this.#settings.clock }
  }

  #send(token: AccessToken, proof?: string): boolean {
    // A replay has a copy of its own: the interceptors inside may have kept what the first attempt was given.
    if (this.#attempts++ > 0) this.#options = { ...this.#options }
    const options = this.#options
    this.#prover = proof === undefined ? undefined : token.prover
    // A replay has it already.
    this.#isNoStoreAdded = stampOptions(options, authorizationOf(token), proof) || this.#isNoStoreAdded
    // A redirect interceptor inside would send the proof on to wherever the response leads, another origin included.
    if (proof !== undefined) options.maxRedirections = 0
    if (options.opaque instanceof TokenUse) options.opaque.onAttempt(token)
    if (options.body != null) options.body = this.#body.next() as NonNullable<Options['body']>
    return this.#dispatch(options, new BearerAttempt(this.#caller, this, token, this.#isNoStoreAdded))
  }

  holdBack(
    attempt: BearerAttempt,
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    message: string | undefined,
  ): UnauthorizedResponse | undefined {
    const { token, isRedirected } = attempt
    if (isRedirected) return undefined
    if (this.#prover) this.#rememberNonce(this.#prover, token, headers)
    if (status !== UNAUTHORIZED) return undefined
    const facts = { challenge: headers['www-authenticate'], nonce: headers['dpop-nonce'] }
    const verdict = verdictOn(facts, token, this.#state, this.#settings.isTokenRejected !== undefined)
    if (verdict === 'return') publishPassed(facts, originOf(String(this.#options.origin)))
    if (verdict === 'report') void this.#replacement(token)
    if (verdict === 'return' || verdict === 'report') return undefined
    const response = new UnauthorizedResponse(controller, { status, headers, message }, this.#settings.clock)
    void this.runInAsyncScope(() => this.#sendAgain(attempt, response, verdict))
    return response
  }

  #rememberNonce(prover: Prover, token: AccessToken, headers: IncomingHttpHeaders): void {
    const nonce = parseNonce(headers['dpop-nonce'])
    if (nonce !== undefined) prover.remember(this.#provenRequest(token), nonce)
  }

  get #state(): RequestState {
    return { replays: this.#replays, hasProvedAgain: this.#hasProvedAgain, isRepeatable: this.#body.replayable }
  }

  /** Nobody has to wait for what comes of it. */
  #replacement(rejected: AccessToken): Promise<AccessToken> {
    const replacement = replacementToken(this.#source, rejected, this.#caller.controller.signal)
    replacement.catch(() => undefined)
    const { opaque } = this.#options
    if (opaque instanceof TokenUse) opaque.replacement = replacement
    return replacement
  }

  async #sendAgain(attempt: BearerAttempt, response: UnauthorizedResponse, verdict: Verdict): Promise<void> {
    const { signal } = this.#caller.controller
    try {
      if (verdict === 'prove') await response.drained
      const token = verdict === 'prove' ? attempt.token : await this.#tokenAfter(attempt.token, response)
      const proof = token?.prover && (await this.#prove(token.prover, token))
      signal.throwIfAborted()
      // A stream may have been read beyond what can be sent again meanwhile.
      if (token === undefined || !this.#body.replayable) return response.release(this.#caller)
      attempt.abandon()
      if (verdict === 'prove') this.#hasProvedAgain = true
      else this.#onReplay()
      this.#send(token, proof)
    } catch (error) {
      attempt.abandon()
      this.#caller.onResponseError(error as Error)
    }
  }

  /** The token to send it again with, if there is one and it can be. */
  async #tokenAfter(rejected: AccessToken, response: UnauthorizedResponse): Promise<AccessToken | undefined> {
    const { isTokenRejected } = this.#settings
    const { signal } = this.#caller.controller
    if (isTokenRejected) {
      await response.drained
      // A hook that never answers must not keep a caller who has given up.
      const text = await response.text()
      if (!(await abortable(isTokenRejected(response.headers, text), signal))) return undefined
      if (verdictOnRejection(this.#state) === 'report') {
        void this.#replacement(rejected)
        return undefined
      }
    }
    const token = await unlessAborted(this.#replacement(rejected), signal)
    if (token === undefined || response.ended) return token
    await response.drained
    return unlessAborted(latestToken(this.#source, rejected, signal), signal)
  }

  #onReplay(): void {
    this.#replays += 1
    if (requestReplayed.hasSubscribers) {
      requestReplayed.publish({ origin: new URL(String(this.#options.origin)).origin, method: this.#options.method })
    }
  }
}

function unlessAborted(token: Promise<AccessToken>, signal: AbortSignal): Promise<AccessToken | undefined> {
  return abortable(token, signal).catch(() => undefined)
}
