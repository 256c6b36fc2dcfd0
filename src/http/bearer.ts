import type { Dispatcher } from 'undici'

import { TOKEN_REQUEST } from '../base/dispatcher.js'
import { EverbearerError } from '../base/errors.js'
import type { TokenSource } from '../token/token-source.js'
import { originOf } from './allowed-origins.js'
import { BEARER_OPTIONS, bearerSettings, checkedSource } from './bearer-options.js'
import type { BearerOptions } from './bearer-options.js'
import { BearerRequest } from './bearer-request.js'
import { frozenOptions } from './frozen-options.js'
import { isSharing } from './sharing-handler.js'
import { StableController } from './stable-controller.js'
import { hasAuthorization, ownHeaders, stampOptions } from './stamp.js'

/**
 * An undici interceptor that puts the token on every request to the listed origins, decided anew for each dispatch, and
 * sends a request again when the API answers 401 and there is a new token. Works under `request`, `stream`,
 * `pipeline`, `fetch(…, { dispatcher })` and `WebSocket`, with undici 7 and 8.
 *
 * - Synchronous while the token is fresh; otherwise the request waits, and can be aborted meanwhile. Nothing is sent
 *   without a token: when there is none the request fails with the source's {@link TokenError}.
 * - A 401 is mended when RFC 6750 says that the token was refused (or `isTokenRejected` does), and only with the whole
 *   body; at most twice a request, the second time only where the source has yet another token. Otherwise the caller
 *   gets the API's own 401.
 * - Another origin passes without a token, or fails with `origin_unlisted` (option `unlisted`). CONNECT, and the managers'
 *   own token requests, pass untouched.
 * - `no-store` is added to the `Cache-Control` of a request whose response a cache could store: the response is for this
 *   token only.
 *
 * Compose it on an Agent, outside `dns` and {@link cachePerToken}: `agent.compose(dns, cachePerToken, bearer, redirect, retry)`.
 * Inside `cache` or `deduplicate`, one user's answer would be served to another: where that can be told the request fails
 * with `unsafe_composition`. One through a dispatcher of undici 6 fails with `unsupported_dispatcher`.
 *
 * A `Client`, `Pool` or `BalancedPool` sends every request to its own host, whatever origin the request names. undici 8.11
 * and newer tell `bearer` that host: a request that names another, listed origin fails with `unsafe_composition`. undici 7,
 * and 8 before 8.11, do not: such a request takes the token to that host, and one without an origin fails with
 * `origin_missing`.
 *
 * Throws {@link EverbearerError} `invalid_option`, `invalid_origin` or `insecure_url`.
 *
 * @example
 * ```js
 * import { Agent, request } from 'undici'
 * import { bearer, staticToken } from 'everbearer'
 *
 * const agent = new Agent().compose(bearer(staticToken('mF_9.B5f-4.1JqM'), { origins: ['https://api.example.com'] }))
 * const { statusCode } = await request('https://api.example.com/things', { dispatcher: agent })
 * ```
 */
export function bearer(source: TokenSource, options: BearerOptions): Dispatcher.DispatcherComposeInterceptor {
  checkedSource(source)
  const settings = bearerSettings(options, 'bearer', BEARER_OPTIONS, 'pass')
  // undici 8.11 and newer say where the dispatcher sends its requests: null for a BalancedPool, undefined for an Agent.
  return (dispatch: Dispatcher.Dispatch, destination?: string | null) =>
    function bearerDispatch(given, handler) {
      const { origin: asked, method } = given
      if (method === 'CONNECT' || TOKEN_REQUEST in given) return dispatch(given, handler)
      if (typeof handler.onResponseError !== 'function') throw unsupportedDispatcherError()
      if (isSharing(handler)) return refuse(handler, sharedResponseError())
      if (!asked) return refuse(handler, originMissingError())
      // Once: an object may answer otherwise when it is asked again.
      const origin = String(asked)
      if (!settings.allowed.has(origin)) {
        const refusal = settings.unlisted.refusalOf(origin)
        return refusal ? refuse(handler, refusal) : dispatch(given, handler)
      }
      if (destination !== undefined && destination !== originOf(origin)) {
        return refuse(handler, otherDestinationError(originOf(origin), destination))
      }
      const options = frozenOptions(given, origin, method)
      if (settings.keepAuthorization) {
        const headers = ownHeaders(options.headers)
        if (headers !== undefined) options.headers = headers
        if (headers !== undefined && hasAuthorization(headers)) {
          // Its response, too, is one user's.
          stampOptions(options)
          return dispatch(options, handler)
        }
      }
      return new BearerRequest(source, settings, dispatch, options, handler).start()
    }
}

/** By the handler, not by throwing: an interceptor outside may keep state for the request that only its handler clears. */
function refuse(handler: Dispatcher.DispatchHandler, error: EverbearerError): boolean {
  handler.onResponseError?.(new StableController(), error)
  return true
}

function sharedResponseError(): EverbearerError {
  return new EverbearerError(
    'unsafe_composition',
    'A cache or deduplicate interceptor outside bearer would serve one token’s answers to another: compose bearer after it.',
  )
}

function unsupportedDispatcherError(): EverbearerError {
  return new EverbearerError(
    'unsupported_dispatcher',
    'The dispatcher calls its handlers as undici 6 does, as the one bundled with Node 20 and 22: compose one of undici 7 or 8.',
  )
}

function originMissingError(): EverbearerError {
  return new EverbearerError(
    'origin_missing',
    'The request has no origin to compare with `origins`: undici 7 leaves it out for a Client or Pool. Compose an Agent.',
  )
}

function otherDestinationError(origin: string, destination: string | null): EverbearerError {
  return new EverbearerError(
    'unsafe_composition',
    `Request to ${origin} not sent: its Client or Pool would send it to ${destination ?? 'any of its hosts'}. ` +
      'Compose bearer on an Agent.',
  )
}
