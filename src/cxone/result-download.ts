import { Client } from 'undici'
import type { Dispatcher } from 'undici'

import { abortable } from '../base/abortable.js'
import { dispatcherFor, isGlobalDispatcherSet, TOKEN_REQUEST } from '../base/dispatcher.js'
import { ApiError, EverbearerError } from '../base/errors.js'
import { describeFailure } from '../base/network-failure.js'
import { apiError } from '../client/api-response.js'
import { checkResultHost, parseResultUrl, resolvedKinds, resultLookup, statedKinds } from './result-host.js'

/** Milliseconds without a byte after which a download counts as lost. */
const SILENCE = 60_000

/** One download. */
export interface ResultRequest {
  /** Signed, and so as good as a password: no error shows more of it than its host. */
  readonly url: string
  /** The origin of the API that named it. */
  readonly apiUrl: string
  /** The caller's own. */
  readonly dispatcher: Dispatcher | undefined
  readonly signal: AbortSignal
}

/**
 * The bytes of a result, from wherever NICE has put it: another host, which gets neither the token nor any other header of
 * ours than `accept`, and is not followed to a third. Past the client's queue, for its address is good for seconds.
 *
 * Without a dispatcher of the caller or the process, the host's addresses are checked when they are connected to; behind
 * one, only an address that the URL itself holds.
 *
 * Throws {@link EverbearerError} `unsafe_link` for an address that is neither https nor on loopback like the API, or that is
 * not public although the API's is; {@link ApiError} by the status (403, mostly, when the address has expired),
 * `api_unreachable`, also in the middle of the bytes, or `api_response_invalid` for what is compressed, or has no end that can
 * be told.
 */
export async function downloadResult(request: ResultRequest): Promise<AsyncIterable<Uint8Array>> {
  const { apiUrl, signal } = request
  const url = parseResultUrl(request.url, apiUrl)
  const { origin, pathname, search } = url
  // A connection of our own bypasses no network settings of the process then.
  const isOwn = request.dispatcher === undefined && !isGlobalDispatcherSet()
  const apiKinds = isOwn ? resolvedKinds(apiUrl) : statedKinds(apiUrl)
  let response: Dispatcher.ResponseData<unknown>
  try {
    await abortable(checkResultHost(url, apiKinds), signal)
    // For this download alone: a connection that is right beside one API is not beside another.
    const own = isOwn
      ? new Client(origin, { allowH2: false, connect: { lookup: resultLookup(origin, apiKinds) } })
      : undefined
    const answered = (own ?? dispatcherFor(request.dispatcher)).request({
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
    // Ends the connection once the download is over.
    void own?.close()
    response = await answered
  } catch (error) {
    if (error instanceof EverbearerError) throw error
    throw unreachableError(error, origin, signal)
  }
  const refusal = refusalOf(response, origin)
  if (refusal === undefined) return bytesOf(response.body, origin, signal)
  response.body.on('error', () => undefined).destroy()
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

function refusalOf(
  { statusCode: status, headers }: Dispatcher.ResponseData<unknown>,
  origin: string,
): ApiError | undefined {
  if (status >= 400) return apiError(status, `The host of the result, ${origin}, answered ${status}.`, {})
  if (status !== 200) {
    const message = `The host of the result, ${origin}, answered ${status} instead of a file; redirects are not followed.`
    return new ApiError('api_response_invalid', message, { status })
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') return unusableError(origin, 'is compressed, which was not asked for')
  // Of a file that ends with its connection, a part would pass for the whole (RFC 9112 section 6.3).
  const isDelimited = 'content-length' in headers || 'transfer-encoding' in headers
  return isDelimited ? undefined : unusableError(origin, 'says neither how long it is nor where it ends')
}

function unusableError(origin: string, what: string): ApiError {
  return new ApiError('api_response_invalid', `The file of the result at ${origin} ${what}.`)
}

function unreachableError(error: unknown, origin: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  const failure = describeFailure(error)
  const message = `The result at ${origin} could not be read: ${failure.text}. Check DNS, firewall and proxy for that host.`
  return new ApiError('api_unreachable', message, { retryable: failure.transient })
}
