import type { Dispatcher } from 'undici'

import { TOKEN_REQUEST } from '../base/dispatcher.js'
import { EverbearerError } from '../base/errors.js'
import { telemetry } from '../base/telemetry.js'
import type { TokenSource } from '../token/token-source.js'
import { originOf } from './allowed-origins.js'
import { BEARER_OPTIONS, bearerSettings, checkedSource } from './bearer-options.js'
import type { BearerOptions } from './bearer-options.js'
import { BearerRequest } from './bearer-request.js'
import { StableController } from './stable-controller.js'
import { hasAuthorization, rereadable } from './stamp.js'

const originUnlisted = telemetry('everbearer:origin-unlisted')

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
 * - Another origin, CONNECT, and the managers' own token requests pass untouched.
 *
 * Compose it outside `dns` and `cache`: `agent.compose(dns, cache, bearer, redirect, retry)`. Inside `cache` or
 * `deduplicate`, one user's answer would be served to another: where that can be told the request fails with
 * `unsafe_composition`. A request without an origin (a `Pool` or `Client` of undici 7) fails with `origin_missing`, one
 * through a dispatcher of undici 6 with `unsupported_dispatcher`.
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
  const settings = bearerSettings(options, 'bearer', BEARER_OPTIONS)
  return (dispatch) =>
    function bearerDispatch(options, handler) {
      const { origin, method } = options
      if (method === 'CONNECT' || TOKEN_REQUEST in options) return dispatch(options, handler)
      if (typeof handler.onResponseError !== 'function') throw unsupportedDispatcherError()
      if (SHARING_HANDLERS.has(handler.constructor?.name)) return refuse(handler, sharedAnswerError())
      if (!origin) return refuse(handler, originMissingError())
      if (!settings.allowed.has(origin)) {
        if (originUnlisted.hasSubscribers) originUnlisted.publish({ origin: originOf(origin) })
        return dispatch(options, handler)
      }
      if (!settings.keepAuthorization) return new BearerRequest(source, settings, dispatch, options, handler).start()
      const headers = rereadable(options.headers)
      if (hasAuthorization(headers)) return dispatch({ ...options, headers }, handler)
      return new BearerRequest(source, settings, dispatch, { ...options, headers }, handler).start()
    }
}

/** undici's handlers that give one request's answer to others. They compare `Authorization`, which is not there yet. */
const SHARING_HANDLERS: ReadonlySet<string> = new Set([
  'CacheHandler',
  'CacheRevalidationHandler',
  'DeduplicationHandler',
])

/** By the handler, not by throwing: an interceptor outside may keep state for the request that only its handler clears. */
function refuse(handler: Dispatcher.DispatchHandler, error: EverbearerError): boolean {
  handler.onResponseError?.(new StableController(), error)
  return true
}

function sharedAnswerError(): EverbearerError {
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
