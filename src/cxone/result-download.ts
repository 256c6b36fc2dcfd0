import type { Dispatcher } from 'undici'

import { defaultDispatcher, TOKEN_REQUEST } from '../base/dispatcher.js'
import { ApiError, EverbearerError } from '../base/errors.js'
import { describeFailure } from '../base/network-failure.js'
import { parseUrl } from '../base/parse-url.js'
import { apiError } from '../http/api-answer.js'
import { isLoopback } from '../protocol/url.js'

/** Milliseconds without a byte after which a download counts as lost. */
const SILENCE = 60_000

/** One download. */
export interface ResultRequest {
  /** Signed, and so as good as a password: no error shows more of it than its host. */
  readonly url: string
  readonly dispatcher: Dispatcher | undefined
  readonly signal: AbortSignal
}

/**
 * The bytes of a result, from wherever NICE has put it: another host, which gets neither the token nor any other header of
 * ours than `accept`, and is not followed to a third. Past the client's queue, for its address is good for seconds.
 *
 * Throws {@link EverbearerError} `unsafe_link` for an address that is neither https nor on loopback; {@link ApiError} by
 * the status (403, mostly, when the address has expired), `api_unreachable`, also in the middle of the bytes, or
 * `api_answer_invalid` for what is compressed, or has no end that can be told.
 */
export async function downloadResult({ url, dispatcher, signal }: ResultRequest): Promise<AsyncIterable<Uint8Array>> {
  const { origin, pathname, search } = safeUrl(url)
  let answer: Dispatcher.ResponseData<unknown>
  try {
    answer = await (dispatcher ?? defaultDispatcher()).request({
      origin,
      path: pathname + search,
      method: 'GET',
      headers: { accept: 'text/csv, */*' },
      signal,
      headersTimeout: SILENCE,
      bodyTimeout: SILENCE,
      // For a redirect interceptor in the user's dispatcher.
      maxRedirections: 0,
      // Where the length, or chunks, tell a whole file from a part of one.
      allowH2: false,
      // For a bearer interceptor in it: an address that is signed is refused when a token comes with it.
      [TOKEN_REQUEST]: true,
    } as Parameters<Dispatcher['request']>[0])
  } catch (error) {
    throw unreachableError(error, origin, signal)
  }
  const refusal = refusalOf(answer, origin)
  if (refusal === undefined) return bytesOf(answer.body, origin, signal)
  answer.body.on('error', () => undefined).destroy()
  throw refusal
}

async function* bytesOf(
  body: AsyncIterable<Uint8Array>,
  origin: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    // Leaving it destroys it, and the connection with it.
    for await (const chunk of body) yield chunk
  } catch (error) {
    throw unreachableError(error, origin, signal)
  }
}

function safeUrl(text: string): URL {
  const url = parseUrl(text)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url && isSafe && url.username === '' && url.password === '') return url
  throw new EverbearerError('unsafe_link', 'The address of the result is not an https URL: it is not fetched.')
}

function refusalOf(
  { statusCode: status, headers }: Dispatcher.ResponseData<unknown>,
  origin: string,
): ApiError | undefined {
  if (status >= 400) return apiError(status, `The host of the result, ${origin}, answered ${status}.`, {})
  if (status !== 200) {
    const message = `The host of the result, ${origin}, answered ${status} instead of a file; redirects are not followed.`
    return new ApiError('api_answer_invalid', message, { status })
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') return unusableError(origin, 'is compressed, which was not asked for')
  // Of a file that ends with its connection, a part would pass for the whole (RFC 9112 section 6.3).
  const isDelimited = 'content-length' in headers || 'transfer-encoding' in headers
  return isDelimited ? undefined : unusableError(origin, 'says neither how long it is nor where it ends')
}

function unusableError(origin: string, what: string): ApiError {
  return new ApiError('api_answer_invalid', `The file of the result at ${origin} ${what}.`)
}

function unreachableError(error: unknown, origin: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  const failure = describeFailure(error)
  const message = `The result at ${origin} could not be read: ${failure.text}. Check DNS, firewall and proxy for that host.`
  return new ApiError('api_unreachable', message, { retryable: failure.transient })
}
