import type { Dispatcher } from 'undici'

import type { Clock } from '../base/clock.js'
import { readText } from '../base/body-text.js'
import { ContentEncodingError, decoded } from '../base/content-encoding.js'
import { dispatcherFor } from '../base/dispatcher.js'
import { ApiError, EverbearerError, TokenError } from '../base/errors.js'
import { describeFailure } from '../base/network-failure.js'
import type { HideSecrets } from '../protocol/error-response.js'
import { hideSecrets } from '../protocol/quoted-secrets.js'
import { parseOrigin } from '../protocol/url.js'
import type { AccessToken } from '../token/access-token.js'
import { likeError } from '../token/token-errors.js'
import type { TokenSource } from '../token/token-source.js'
import { responseDeadline } from './response-deadline.js'
import type { ApiResponse } from './api-response.js'
import { bearer } from '../http/bearer.js'
import type { BearerOptions } from '../http/bearer-options.js'
import { TokenUse } from '../http/token-use.js'

/** Milliseconds without a byte after which a request counts as lost. */
const SILENCE = 60_000
/** Far above what an endpoint sends for a page: a runaway answer must not fill the memory. */
const MAX_BYTES = 256 * 1024 * 1024

/** An error or a redirect is known by its status. A longer page says no more, and its rest is not read. */
const MAX_ERROR = 256 * 1024

/** One request, once. */
export interface ApiRequest {
  readonly method: string
  readonly url: URL
  readonly body: string | undefined
  /** Whether the answer's words are shown also when it is no error. */
  readonly isShown?: boolean | undefined
  readonly signal: AbortSignal | undefined
}

/** A response, and what became of the request's token. */
export interface ReceivedResponse extends ApiResponse {
  /** Hides the token in words that the response quotes. */
  readonly hide: HideSecrets
  /** The token that replaces the one that the API rejected. */
  readonly replacement: Promise<AccessToken> | undefined
}

/** Sends requests to one origin with the source's token, and reads the answers whole. */
export class ApiTransport {
  readonly origin: string
  readonly #given: Dispatcher | undefined
  /** The innermost first: a replay is a request of its own to the deadline. */
  readonly #interceptors: Dispatcher.DispatcherComposeInterceptor[]
  #composed: { base: Dispatcher; dispatcher: Dispatcher } | undefined

  constructor(options: {
    apiUrl: string | URL
    tokens: TokenSource
    dispatcher?: Dispatcher | undefined
    clock: Clock
    isTokenRejected?: BearerOptions['isTokenRejected'] | undefined
  }) {
    const { apiUrl, tokens, dispatcher, clock, isTokenRejected } = options
    this.origin = parseOrigin(apiUrl, 'apiUrl')
    this.#given = dispatcher
    this.#interceptors = [
      responseDeadline(clock),
      bearer(tokens, { origins: [this.origin], unlisted: 'throw', clock, ...(isTokenRejected && { isTokenRejected }) }),
    ]
  }

  async send({ method, url, body: sent, isShown = false, signal }: ApiRequest): Promise<ReceivedResponse> {
    const what = `${method} ${url.pathname}`
    try {
      const response = await this.#dispatcher().request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: method,
        headers: { accept: 'application/json', ...(sent !== undefined && { 'content-type': 'application/json' }) },
        body: sent ?? null,
        signal: signal ?? null,
        headersTimeout: SILENCE,
        bodyTimeout: SILENCE,
        // For a redirect interceptor in the user's dispatcher: rows of another origin are not this API's.
        maxRedirections: 0,
        opaque: new TokenUse(),
      } as Parameters<Dispatcher['request']>[0])
      const hasResponse = response.statusCode < 300
      const body = decoded(response.body, response.headers['content-encoding'])
      const text = await readText(body, hasResponse ? MAX_BYTES : MAX_ERROR)
      if (text === undefined && hasResponse) {
        throw new ApiError('api_response_invalid', `The answer to ${what} is longer than ${MAX_BYTES} bytes.`)
      }
      // bearer has recorded a token before anything is sent.
      const { token, replacement } = response.opaque as TokenUse & { token: AccessToken }
      const hide = (quoted: string) => hideSecrets(quoted, [token.reveal()])
      const whole = { status: response.statusCode, headers: response.headers, text: text ?? '', hide, replacement }
      return !isShown && isPlain(whole) ? whole : withoutToken(whole, isShown)
    } catch (error) {
      // One failed token request rejects all who waited for it: each gets an error of its own, to write a checkpoint on.
      if (error instanceof TokenError) throw likeError(error)
      if (error instanceof EverbearerError) throw error
      if (signal?.aborted) throw signal.reason
      if (error instanceof ContentEncodingError) {
        throw new ApiError('api_response_invalid', `The response to ${what} is ${error.message}.`)
      }
      const failure = describeFailure(error)
      throw new ApiError('api_unreachable', `${what} got no whole answer from ${url.origin}: ${failure.text}.`, {
        retryable: failure.transient,
      })
    }
  }

  /** Undici's global dispatcher may be replaced at any time, so it is looked up for each request. */
  #dispatcher(): Dispatcher {
    const base = dispatcherFor(this.#given)
    if (this.#composed?.base !== base) this.#composed = { base, dispatcher: base.compose(this.#interceptors) }
    return this.#composed.dispatcher
  }
}

/** Nothing of it but JSON will be read, or shown. */
function isPlain({ status, headers }: ApiResponse): boolean {
  return status < 400 && /^application\/json(; ?charset=utf-8)?$/i.test(String(headers['content-type']))
}

/** An API may quote the request in its error, and its words are put into ours. */
function withoutToken(received: ReceivedResponse, isShown: boolean): ReceivedResponse {
  const { status, headers, text, hide } = received
  const hideIn = (value: unknown) => hide(String(value))
  const hidden = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(hideIn) : hideIn(value),
  ])
  return {
    ...received,
    headers: Object.fromEntries(hidden) as ApiResponse['headers'],
    text: status < 400 && !isShown ? text : text.length > MAX_ERROR ? '' : hide(text),
  }
}
