import type { Dispatcher } from 'undici'

import { abortable } from '../base/abortable.js'
import { delay, systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { ApiError, EverbearerError, TokenError } from '../base/errors.js'
import { linkedSignal } from '../base/linked-signal.js'
import { invalidOption } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'
import { telemetry } from '../base/telemetry.js'
import { parseJson, writeJson } from '../protocol/json.js'
import { printable } from '../protocol/printable.js'
import type { AccessToken } from '../token/access-token.js'
import type { TokenSource } from '../token/token-source.js'
import type { ApiResponse } from './api-response.js'
import { ApiTransport } from './api-transport.js'
import type { ApiRequest, ReceivedResponse } from './api-transport.js'
import type { BearerOptions } from '../http/bearer-options.js'
import { RateLimiter } from './rate-limiter.js'
import type { Pace } from './rate-limiter.js'
import { resolvePath } from './request-path.js'
import type { Query } from './request-path.js'
import { retry } from './retry.js'
import type { RetryAdvice } from './retry.js'
import { adviceAfterReplacement, adviceOn, MAX_RATE_LIMIT } from './retry-advice.js'
import type { StandardSchema } from './standard-schema.js'
import { validate } from './validate.js'

const requestRetried = telemetry('everbearer:request-retried')
const rateLimited = telemetry('everbearer:rate-limited')

/** RFC 6761 section 6.4. */
const NOWHERE = 'https://api.invalid'
/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** What an endpoint client is made of. */
export interface JsonClientOptions extends Pace {
  /** The API's origin, or how to find it out before the first request. The token goes there and nowhere else. */
  readonly apiUrl: string | URL | (() => Promise<string>)
  readonly tokens: TokenSource
  readonly dispatcher?: Dispatcher | undefined
  /** Milliseconds of waits and failed attempts that one request may take. */
  readonly patience: number
  /** Ends every request. */
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
  readonly isTokenRejected?: BearerOptions['isTokenRejected'] | undefined
  /** The platform's own error for an answer of 400 and above, at this wall-clock time. */
  readonly errorFrom: (response: ApiResponse, what: string, now: number) => ApiError
}

/** How long a request may take. */
export interface RequestLimits {
  /** Milliseconds, where it should take less than the client's. */
  readonly patience?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** One request. */
export interface JsonRequest<Output> extends RequestLimits {
  readonly query?: Query | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  /** Milliseconds between two tries, at the least. Default 0. */
  readonly pause?: number | undefined
  /** Whether it may be sent twice. Default: what RFC 9110 section 9.2.2 says of the method. */
  readonly idempotent?: boolean | undefined
  readonly schema?: StandardSchema<Output> | undefined
  /** What a 204, which has no content to check, stands for. */
  readonly noContent?: Output | undefined
  /** Whether words of a good answer will be shown too: the token is hidden in them, as it is in those of an error. */
  readonly isShown?: boolean | undefined
}

/**
 * Requests with JSON in and out, at a pace, with a token from a source, tried again while that is safe and the patience
 * lasts. Throws {@link ApiError}, {@link TokenError} or {@link SchemaError}, or {@link EverbearerError} `invalid_option`
 * for a body that is no JSON; an abort rejects with the signal's reason.
 */
export class JsonClient {
  /** What its requests and waits go by. */
  readonly clock: Clock
  /** Requests that may be under way at the same time. */
  readonly concurrency: number
  readonly #options: JsonClientOptions
  /** Undefined as long as nobody knows where the API is. */
  #transport: ApiTransport | undefined
  readonly #rateLimiter: RateLimiter
  readonly #closing = new AbortController()

  constructor(options: JsonClientOptions) {
    const { apiUrl, concurrency, requestsPerMinute, patience, clock = systemClock } = options
    if (!(Number.isInteger(concurrency) && concurrency > 0))
      throw invalidOption('concurrency', 'must be a whole number above 0')
    if (typeof requestsPerMinute !== 'number' || !(requestsPerMinute > 0))
      throw invalidOption('requestsPerMinute', 'must be a number above 0')
    if (typeof patience !== 'number' || !(patience >= 0))
      throw invalidOption('patience', 'must be a number of milliseconds from 0 up')
    this.#options = options
    this.clock = clock
    this.concurrency = concurrency
    if (typeof apiUrl !== 'function') this.#transport = new ApiTransport({ ...options, apiUrl, clock })
    this.#rateLimiter = new RateLimiter({ concurrency, requestsPerMinute }, clock)
  }

  /**
   * The URL of a path or link of this API, or {@link EverbearerError} `unsafe_link`. As long as nobody knows where the API
   * is, it is on a host that cannot be, and a link that names a host is of another.
   */
  resolve(path: string, query?: Query): URL {
    return resolvePath(path, query, this.#transport?.origin ?? NOWHERE)
  }

  /** The answer's JSON, checked against the schema if there is one; without one, undefined when the answer is empty. */
  async request<Output = unknown>(method: string, path: string, given: JsonRequest<Output> = {}): Promise<Output> {
    const request = ownMembers(given)
    const transport = this.#transport ?? (await this.#located(request))
    const url = resolvePath(path, request.query, transport.origin)
    const what = `${method} ${url.pathname}`
    const response = await this.#whileOpen(request.signal, (signal) =>
      this.#tryUntilResponse(transport, { ...request, method, url, signal }, what),
    )
    if (response.status >= 300) throw redirectError(response, what)
    if (response.status === 204 && request.noContent !== undefined) return request.noContent
    if (response.text === '' && request.schema === undefined) return undefined as Output
    const json = parseJson(response.text)
    if (json === undefined) throw notJsonError(response, what)
    return request.schema ? validate(json.value, request.schema, what, response.hide) : (json.value as Output)
  }

  /** A token as a request would get it, with the same patience; the API is asked for nothing. */
  async token(limits: RequestLimits): Promise<AccessToken> {
    return this.#tryUntilHad((signal) => this.#options.tokens.getToken({ signal }), limits)
  }

  /** The API's origin, found out if nobody knows it yet; the API is asked for nothing. */
  async locate(limits: RequestLimits): Promise<string> {
    return (this.#transport ?? (await this.#located(limits))).origin
  }

  /** Waits so many milliseconds between two requests; what ends a request ends this wait. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#whileOpen(signal, (linked) => delay(this.clock, milliseconds, { signal: linked }))
  }

  /** Ends what is under way, and whoever waits or comes later, with `closed`. */
  close(): void {
    this.#closing.abort()
  }

  /** The work, given a signal of all that may end it. */
  async #whileOpen<Result>(
    own: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { signal, unlink } = linkedSignal([this.#closing.signal, this.#options.signal, own])
    try {
      return await work(signal)
    } catch (error) {
      // Each gets an error of its own, to write a checkpoint on.
      throw error === this.#closing.signal.reason ? closedError() : error
    } finally {
      unlink()
    }
  }

  /** Of a client that did not know where the API is. */
  async #located(limits: RequestLimits): Promise<ApiTransport> {
    const locate = this.#options.apiUrl as () => Promise<string>
    const apiUrl = await this.#tryUntilHad(locate, limits)
    return (this.#transport ??= new ApiTransport({ ...this.#options, apiUrl, clock: this.clock }))
  }

  /** Gets what a request needs before it is sent: any request may wait for that. */
  #tryUntilHad<Result>(get: (signal: AbortSignal) => Promise<Result>, limits: RequestLimits): Promise<Result> {
    const { patience = Infinity, signal: own } = limits
    return this.#whileOpen(own, (signal) =>
      retry(
        async (spend) => {
          const startedAt = this.clock.monotonic()
          try {
            return await abortable(get(signal), signal)
          } catch (error) {
            spend(this.clock.monotonic() - startedAt)
            throw error
          }
        },
        {
          patience: Math.min(patience, this.#options.patience),
          clock: this.clock,
          signal,
          advise: (error) => adviceOn(error, true),
          onRetry: () => undefined,
        },
      ),
    )
  }

  async #tryUntilResponse(
    transport: ApiTransport,
    { method, url, signal, ...request }: JsonRequest<unknown> & { method: string; url: URL; signal: AbortSignal },
    what: string,
  ): Promise<ReceivedResponse> {
    const body = jsonBody(request.body)
    const sent = { method, url, body, isShown: request.isShown, signal }
    const idempotent = request.idempotent ?? IDEMPOTENT.has(method)
    try {
      return await retry((spend) => this.#rateLimiter.run(() => this.#attempt(transport, sent, what, spend), signal), {
        patience: Math.min(request.patience ?? Infinity, this.#options.patience),
        clock: this.clock,
        signal,
        advise: async (failure) => {
          const advice = await adviceAfter(failure, idempotent, signal)
          return advice && { ...advice, atLeast: Math.max(advice.atLeast, request.pause ?? 0) }
        },
        onRetry(failure, attemptNumber, wait) {
          if (!requestRetried.hasSubscribers) return
          const { code, status } = (failure as FailedAttempt).cause as ApiError
          requestRetried.publish({ method, path: url.pathname, attempt: attemptNumber, delay: wait, code, status })
        },
      })
    } catch (failure) {
      throw failure instanceof FailedAttempt ? failure.cause : failure
    }
  }

  async #attempt(
    transport: ApiTransport,
    sent: ApiRequest,
    what: string,
    spend: (milliseconds: number) => void,
  ): Promise<ReceivedResponse> {
    const startedAt = this.clock.monotonic()
    let response: ReceivedResponse | undefined
    try {
      response = await transport.send(sent)
      if (response.status >= 400) throw this.#options.errorFrom(response, what, this.clock.now())
      return response
    } catch (error) {
      spend(this.clock.monotonic() - startedAt)
      this.#heedRateLimit(error)
      throw new FailedAttempt(error, response?.replacement)
    }
  }

  /** Before the queue hears that the request is done, and begins the next one. */
  #heedRateLimit(error: unknown): void {
    if (!(error instanceof ApiError) || error.code !== 'api_rate_limited') return
    const { retryAfter = 0 } = error
    if (retryAfter > MAX_RATE_LIMIT) return
    this.#rateLimiter.pauseFor(retryAfter)
    if (rateLimited.hasSubscribers) rateLimited.publish({ delay: retryAfter })
  }
}

function jsonBody(body: unknown): string | undefined {
  if (body === undefined) return undefined
  const text = writeJson(body)
  if (text === undefined) throw invalidOption('body', 'must be what JSON can hold: no function, BigInt or circle')
  return text
}

/** A failed attempt: its error, and the token that replaces the one that the API rejected. */
class FailedAttempt extends Error {
  readonly replacement: Promise<AccessToken> | undefined

  constructor(cause: unknown, replacement: Promise<AccessToken> | undefined) {
    super('The attempt failed.', { cause })
    this.replacement = replacement
  }
}

async function adviceAfter(
  failure: unknown,
  idempotent: boolean,
  signal: AbortSignal,
): Promise<RetryAdvice | undefined> {
  if (!(failure instanceof FailedAttempt)) return undefined
  const { cause, replacement } = failure
  return replacement ? adviceAfterReplacement(replacement, signal) : adviceOn(cause, idempotent)
}

function closedError(): TokenError {
  return new TokenError('closed', 'The client was closed.')
}

function redirectError({ status }: ApiResponse, what: string): ApiError {
  const message = `The answer to ${what} is a redirect (${status}), and none is followed: check the API's URL, and what stands between.`
  return new ApiError('api_response_invalid', message, { status })
}

function notJsonError({ status, headers }: ApiResponse, what: string): ApiError {
  const type = printable(headers['content-type'] ?? '', 100) ?? 'no content type'
  const message = `The answer to ${what} is not JSON (${type}): check the API's URL, and what stands between.`
  return new ApiError('api_response_invalid', message, { status })
}
