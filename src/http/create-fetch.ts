import type { fetch as undiciFetch } from 'undici'

import { checkFunction } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'
import type { TokenSource } from '../token/token-source.js'
import { BEARER_OPTIONS, bearerSettings, checkedSource } from './bearer-options.js'
import type { BearerOptions } from './bearer-options.js'
import { callHeaders, forbidStoring, isAuthorized } from './call-headers.js'
import { fetchCall } from './fetch-call.js'
import { FetchRequest } from './fetch-request.js'
import { isStorable } from './no-store.js'

/** How {@link createFetch} behaves. */
export interface CreateFetchOptions extends BearerOptions {
  /**
   * The fetch underneath, which follows redirects. It must drop `Authorization` when a redirect leads to another origin,
   * as the Fetch standard says: the built-in one and undici's do, node-fetch 3 does not. Default `globalThis.fetch`.
   */
  fetch?: typeof globalThis.fetch | typeof undiciFetch | undefined
}

const NAMES: OptionNames<CreateFetchOptions> = { ...BEARER_OPTIONS, fetch: true }

/** What this module made: as the global fetch, it would be underneath itself. */
const made = new WeakSet<typeof globalThis.fetch>()

/** Looked up for each call: what replaces it later, such as a mock, counts. */
function globalFetch(): typeof globalThis.fetch {
  const { fetch: before } = globalThis
  return (input, init) => (made.has(globalThis.fetch) ? before : globalThis.fetch)(input, init)
}

/**
 * A drop-in `fetch` that puts the token on requests to the listed origins, and sends one again when the API answers 401
 * and there is a new token. A request to another origin is rejected with `origin_unlisted`, or goes to the fetch underneath
 * as it is (option `unlisted`).
 *
 * - Nothing is sent without a token: when there is none, the promise rejects with the source's {@link TokenError}.
 * - A body in `init` that is not a stream is sent again at any size; a stream, or the body of a `Request`, while no more
 *   than `maxReplayBytes` of it were read. Otherwise, and when there is no new token, the caller gets the API's 401.
 * - At most two replays a call, the second only where the source has yet another token: the first may have been sent with
 *   one that was there already, and died with the one before. A 401 counts only when it comes from the origin that was given
 *   the token.
 * - `no-store` is added to the `Cache-Control` of a request whose response a cache underneath could store.
 * - With a DPoP token a redirect is rejected with `unsafe_link`: the proof must not reach another origin.
 *
 * Throws {@link EverbearerError} `invalid_option`, `invalid_origin` or `insecure_url`.
 *
 * @example
 * ```js
 * import { createFetch, staticToken } from 'everbearer'
 *
 * const fetch = createFetch(staticToken('mF_9.B5f-4.1JqM'), { origins: ['https://api.example.com'] })
 * const response = await fetch('https://api.example.com/things', { method: 'POST', body: JSON.stringify({ name: 'x' }) })
 * ```
 */
export function createFetch(source: TokenSource, options: CreateFetchOptions): typeof globalThis.fetch {
  checkedSource(source)
  const settings = bearerSettings(options, 'createFetch', NAMES, 'throw')
  const given = ownMembers(options).fetch
  checkFunction('fetch', given)
  const underneath = (given ?? globalFetch()) as typeof globalThis.fetch

  const send = (...args: Parameters<typeof globalThis.fetch>): Promise<Response> => {
    const { url, init, request } = fetchCall(...args)
    const origin = settings.allowed.originOf(url)
    if (origin === undefined) return underneath(...args)
    if (!settings.allowed.has(origin)) {
      const refusal = settings.unlisted.refusalOf(origin)
      if (refusal) throw refusal
      return underneath(...args)
    }
    const input = request?.() ?? url
    const given = typeof input === 'object' ? input : undefined
    const method = (init?.method ?? given?.method ?? 'GET').toUpperCase()
    const headers = callHeaders(init?.headers ?? given?.headers)
    if (isStorable(method)) forbidStoring(headers)
    if (settings.keepAuthorization && isAuthorized(headers)) return underneath(input, { ...init, headers })
    return new FetchRequest(source, settings, underneath, { url, origin, method, input, init, headers }).run()
  }
  // Not async: a promise more would cost each call a twentieth.
  const bearerFetch: typeof globalThis.fetch = (...args) => {
    try {
      return send(...args)
    } catch (error) {
      return failed(error)
    }
  }
  made.add(bearerFetch)
  return bearerFetch
}

async function failed(error: unknown): Promise<never> {
  throw error
}
