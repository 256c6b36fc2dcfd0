import type { fetch as undiciFetch } from 'undici'

import { abortable } from '../base/abortable.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError } from '../base/errors.js'
import { checkFunction } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'
import { telemetry } from '../base/telemetry.js'
import { parseChallenges } from '../protocol/challenge.js'
import { demandsNonce, parseNonce } from '../protocol/dpop-nonce.js'
import { rejectsToken } from '../protocol/token-rejection.js'
import type { AccessToken } from '../token/access-token.js'
import type { Prover } from '../token/prover.js'
import type { TokenSource } from '../token/token-source.js'
import { BEARER_OPTIONS, bearerSettings, checkedSource } from './bearer-options.js'
import type { BearerOptions, BearerSettings } from './bearer-options.js'
import { callHeaders, forbidStoring, isAuthorized, withHeader } from './call-headers.js'
import { exchangeToken, MAX_REPLAYS, otherToken } from './exchange-token.js'
import { fetchBody } from './fetch-body.js'
import type { FetchBody } from './fetch-body.js'
import { fetchCall } from './fetch-call.js'
import { isStorable } from './no-store.js'
import { readBeginning } from './response-beginning.js'
import { authorizationOf } from './stamp.js'
import { redactedError } from './redacted-error.js'

const requestReplayed = telemetry('everbearer:request-replayed')

/** How {@link createFetch} behaves. */
export interface CreateFetchOptions extends BearerOptions {
  /**
   * The fetch underneath, which follows redirects. It must drop `Authorization` when a redirect leads to another origin,
   * as the Fetch standard says: the built-in one and undici's do, node-fetch 3 does not. Default `globalThis.fetch`.
   */
  fetch?: typeof globalThis.fetch | typeof undiciFetch
}

const NAMES: OptionNames<CreateFetchOptions> = { ...BEARER_OPTIONS, fetch: true }

/** What this module made: as the global fetch, it would be underneath itself. */
const made = new WeakSet<typeof globalThis.fetch>()

/** Looked up for each call: what replaces it later, such as a mock, counts. */
function globalFetch(): typeof globalThis.fetch {
  const { fetch: before } = globalThis
  return (input, init) => (made.has(globalThis.fetch) ? before : globalThis.fetch)(input, init)
}

/** Methods that a server may be asked again after a redirect has answered them once. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

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

  const bearerFetch: typeof globalThis.fetch = async (...call) => {
    const { url, init, request } = fetchCall(...call)
    const origin = settings.allowed.originOf(url)
    if (origin === undefined) return underneath(...call)
    if (!settings.allowed.has(origin)) {
      const refusal = settings.unlisted.refusalOf(origin)
      if (refusal) throw refusal
      return underneath(...call)
    }
    const input = request?.() ?? url
    const given = typeof input === 'object' ? input : undefined
    const method = (init?.method ?? given?.method ?? 'GET').toUpperCase()
    let headers = callHeaders(init?.headers ?? given?.headers)
    if (isStorable(method)) forbidStoring(headers)
    if (settings.keepAuthorization && isAuthorized(headers)) return underneath(input, { ...init, headers })

    // A null in init detaches the call from the Request's signal.
    const signal = (init?.signal === undefined ? given?.signal : init.signal) ?? undefined
    const body = fetchBody(input, init, settings.maxReplayBytes)
    // A source and a hook may not heed the signal.
    const unlessAborted = <Result>(work: Promise<Result>) => (signal ? abortable(work, signal) : work)
    // What a redirect came from has done its work already: sending it again would do it twice.
    const canRepeat = ({ redirected }: Response) => body.replayable && (!redirected || SAFE.has(method))

    const send = (token: AccessToken, call: ReturnType<FetchBody['next']>): Promise<Response> => {
      headers = withHeader(headers, 'authorization', authorizationOf(token))
      return token.prover ? sendProven(token.prover, token, call) : underneath(call.input, { ...call.init, headers })
    }
    let provedAgain = false
    const sendProven = async (prover: Prover, accessToken: AccessToken, call: ReturnType<FetchBody['next']>) => {
      const request = { method, url: new URL(url).href, accessToken, clock: settings.clock }
      headers = withHeader(headers, 'dpop', await unlessAborted(prover.prove(request)))
      // A fetch that follows a redirect drops Authorization on the way to another origin, but not the proof.
      const isFollowing = (init?.redirect ?? given?.redirect ?? 'follow') === 'follow'
      const redirect = isFollowing && { redirect: 'manual' as const }
      const response = await underneath(call.input, { ...call.init, headers, ...redirect })
      if (isFollowing && isRedirect(response)) {
        cancel(response)
        throw redirectedProofError(method, origin)
      }
      const nonce = isFrom(response, origin) ? parseNonce(response.headers.get('dpop-nonce')) : undefined
      if (nonce === undefined) return response
      prover.remember(request, nonce)
      if (response.status !== 401 || !lackedNonce(response) || provedAgain || !canRepeat(response)) return response
      provedAgain = true
      const again = body.next()
      await drain(response, settings.clock)
      cancel(response)
      return sendProven(prover, accessToken, again)
    }

    let token: AccessToken | undefined
    try {
      signal?.throwIfAborted()
      token = source.current() ?? (await unlessAborted(source.getToken({ signal })))
      let response = await send(token, body.next())
      for (let replays = 0; ; replays++) {
        if (!isUnauthorized(response, origin)) return response
        if (!(await unlessAborted(wasTokenRejected(response, token, settings)))) return response

        const exchange = exchangeToken(source, token, signal)
        if (replays === MAX_REPLAYS || !canRepeat(response)) return response
        // The token request may be waiting for this very connection.
        let isDrained = false
        const drained = drain(response, settings.clock).then(() => (isDrained = true))
        let newToken = await unlessAborted(exchange).catch(() => undefined)
        signal?.throwIfAborted()
        // Asked for before the next wait: from here on no more of a stream is read than can be sent again.
        const again = newToken !== undefined && body.replayable ? body.next() : undefined
        if (!isDrained) {
          await drained
          if (again !== undefined)
            newToken = await unlessAborted(otherToken(source, token, signal)).catch(() => undefined)
          signal?.throwIfAborted()
        }
        if (newToken === undefined || again === undefined) return response
        cancel(response)
        if (requestReplayed.hasSubscribers) requestReplayed.publish({ origin, method })
        token = newToken
        response = await send(token, again)
      }
    } catch (error) {
      // No error of ours holds a token, and one of them tells that there is none.
      throw token === undefined || error instanceof EverbearerError ? error : redactedError(error, token)
    } finally {
      body.finish()
    }
  }
  made.add(bearerFetch)
  return bearerFetch
}

function isUnauthorized(response: Response, origin: string): boolean {
  return response.status === 401 && isFrom(response, origin)
}

/** A response that was made by hand, as some wrappers do, has no url: then nothing was redirected. */
function isFrom({ url }: Response, origin: string): boolean {
  return url === '' || new URL(url).origin === origin
}

async function wasTokenRejected(response: Response, token: AccessToken, { isTokenRejected, clock }: BearerSettings) {
  if (token.prover && lackedNonce(response)) return false
  if (isTokenRejected === undefined) return rejectsToken(challengesOf(response), token.tokenType)
  return isTokenRejected(Object.fromEntries(response.headers), await drain(response, clock))
}

/** It was the proof that was not taken, and not the token. */
function lackedNonce(response: Response): boolean {
  return demandsNonce(challengesOf(response))
}

function challengesOf({ headers }: Response) {
  return parseChallenges(headers.get('www-authenticate'))
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** As the Fetch standard hides one, or as undici and Node show it. */
function isRedirect({ type, status, headers }: Response): boolean {
  return type === 'opaqueredirect' || (REDIRECTS.has(status) && headers.has('location'))
}

function redirectedProofError(method: string, origin: string): EverbearerError {
  return new EverbearerError(
    'unsafe_link',
    `Redirect of ${method} ${origin} not followed: a DPoP proof is for one URL and must not reach another origin. ` +
      "Request the final URL, or set `redirect: 'manual'` and follow it yourself.",
  )
}

/** One that broke off cannot be cancelled any more. */
function cancel({ body }: Response): void {
  body?.cancel().catch(() => undefined)
}

/**
 * Reads the beginning of a body from a clone: what is still to come of the answer stays whole, and its connection can be
 * used again when the body was short.
 */
function drain(response: Response, clock: Clock): Promise<string> {
  return response.body ? readBeginning(response.clone(), clock) : Promise.resolve('')
}
