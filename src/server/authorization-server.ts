import type { Dispatcher } from 'undici'

import { readText } from '../base/body-text.js'
import { ContentEncodingError, decoded } from '../base/content-encoding.js'
import type { Clock } from '../base/clock.js'
import { dispatcherFor, TOKEN_REQUEST } from '../base/dispatcher.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import type { TokenErrorCode } from '../base/errors.js'
import { describeFailure } from '../base/network-failure.js'
import { parseNonce } from '../protocol/dpop-nonce.js'
import { parseRetryAfter } from '../protocol/retry-after.js'

/** No answer of an authorization server comes near it; without a limit a wrong address could fill the memory. */
const MAX_BYTES = 64 * 1024

/** What is at an address, in the words and codes of the errors that it can come to. */
export interface ServerEndpoint {
  /** In the middle of a sentence: "the token endpoint". */
  readonly name: string
  readonly unreachable: TokenErrorCode
  /** For a redirect, and for an answer without an end. */
  readonly unusable: TokenErrorCode
}

/** How all requests of one grant are sent. */
export interface ServerTransport {
  readonly dispatcher: Dispatcher | undefined
  readonly signal: AbortSignal
  readonly clock: Clock
  /** False: over HTTP/1.1 alone, for a server that fails over HTTP/2, which undici 8 offers. */
  readonly allowH2?: false | undefined
}

/** One request to an authorization server: a POST when it has a body. */
export interface ServerRequest extends ServerTransport {
  readonly endpoint: ServerEndpoint
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: { readonly type: string; readonly text: string } | undefined
}

/** What came back: of 2xx, or of 400 and above. */
export interface ServerResponse {
  readonly status: number
  /** Empty for an error's page that is longer than 64 KiB. */
  readonly text: string
  /** Its `Content-Type`. */
  readonly type: string | undefined
  /** Its `DPoP-Nonce`. */
  readonly nonce: string | undefined
  /** Milliseconds. */
  readonly retryAfter: number | undefined
}

/**
 * Asks an authorization server once. A redirect is refused, since it would take the credentials along, or bring the
 * configuration of another; an answer of more than 64 KiB is cut off. Throws {@link TokenError} with the endpoint's codes.
 */
export async function requestServer(request: ServerRequest): Promise<ServerResponse> {
  const { endpoint, url, headers, body, dispatcher, signal, allowH2, clock } = request
  const options = {
    origin: url.origin,
    path: url.pathname + url.search,
    method: body === undefined ? ('GET' as const) : ('POST' as const),
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...(body && { 'content-type': body.type }),
      ...headers,
    },
    body: body?.text ?? null,
    signal,
    // For a redirect interceptor in the user's dispatcher.
    maxRedirections: 0,
    [TOKEN_REQUEST]: true,
    ...(allowH2 === false && { allowH2 }),
  }
  try {
    // A method of the dispatcher, not undici's request(): that one cannot drive a dispatcher of another major version.
    const response = await dispatcherFor(dispatcher).request(options)
    const { statusCode: status, headers: received } = response
    const encoding = received['content-encoding']
    const text = await readText(encoding ? decoded(response.body, encoding) : response.body, MAX_BYTES)
    if (status >= 300 && status < 400) {
      const message = `${placeOf(endpoint, url)} answered ${status}, a redirect, and none is followed: check its URL.`
      throw new TokenError(endpoint.unusable, message, { status })
    }
    // An error is known by its status, however long its page is.
    if (text === undefined && status < 400) {
      const message = `${placeOf(endpoint, url)} answered with more than ${MAX_BYTES} bytes: check its URL.`
      throw new TokenError(endpoint.unusable, message, { status })
    }
    const type = [received['content-type']].flat()[0]
    const nonce = parseNonce(received['dpop-nonce'])
    const retryAfter = parseRetryAfter(received['retry-after'], clock.now())
    return { status, text: text ?? '', type, nonce, retryAfter }
  } catch (error) {
    if (error instanceof TokenError) throw error
    if (error instanceof EverbearerError) throw unsent(error)
    if (signal.aborted) throw signal.reason
    if (error instanceof ContentEncodingError) {
      throw new TokenError(endpoint.unusable, `${placeOf(endpoint, url)} sent a response that is ${error.message}.`)
    }
    const failure = describeFailure(error)
    throw new TokenError(
      endpoint.unreachable,
      `${placeOf(endpoint, url)} could not be reached: ${failure.text}. Check its host, then DNS, firewall and proxy.`,
      { retryable: failure.transient, requestSent: failure.sent },
    )
  }
}

/** At the beginning of a sentence. */
function placeOf({ name }: ServerEndpoint, { origin }: URL): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} at ${origin}`
}

/** Of the dispatcher: no API has a part in it. */
function unsent({ code, message }: EverbearerError): TokenError {
  return new TokenError(code as TokenErrorCode, message, { requestSent: false })
}
