import { abortable } from '../base/abortable.js'
import { EverbearerError } from '../base/errors.js'
import { telemetry } from '../base/telemetry.js'
import { parseNonce } from '../protocol/dpop-nonce.js'
import type { AccessToken } from '../token/access-token.js'
import type { ProvenRequest, Prover } from '../token/prover.js'
import type { TokenSource } from '../token/token-source.js'
import type { BearerSettings } from './bearer-options.js'
import { withHeader } from './call-headers.js'
import type { CallHeaders } from './call-headers.js'
import { fetchBody } from './fetch-body.js'
import type { FetchBody, Input } from './fetch-body.js'
import { redactedError } from './redacted-error.js'
import { publishPassed } from './passed-challenges.js'
import { latestToken, replacementToken } from './replacement-token.js'
import { readBeginning } from './response-beginning.js'
import { authorizationOf } from './stamp.js'
import { UNAUTHORIZED, verdictOn, verdictOnRejection } from './unauthorized-verdict.js'
import type { RequestState, Verdict } from './unauthorized-verdict.js'

const requestReplayed = telemetry('everbearer:request-replayed')

/** Methods that a server may be asked again after a redirect has answered them once. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** A call to fetch whose URL may get the token. */
export interface StampedCall {
  readonly url: string
  readonly origin: string
  readonly method: string
  readonly input: Input
  readonly init: RequestInit | undefined
  readonly headers: CallHeaders
}

type Sent = ReturnType<FetchBody['next']>

/** One call to fetch on its way: sent with a token, and sent again if the verdict on a 401 says so. */
export class FetchRequest {
  readonly #source: TokenSource
  readonly #settings: BearerSettings
  readonly #underneath: typeof globalThis.fetch
  readonly #call: StampedCall
  readonly #body: FetchBody
  readonly #signal: AbortSignal | undefined
  /** Whether fetch follows redirects by itself. */
  readonly #isFollowing: boolean
  #headers: CallHeaders
  #replays = 0
  #hasProvedAgain = false

  constructor(source: TokenSource, settings: BearerSettings, underneath: typeof globalThis.fetch, call: StampedCall) {
    this.#source = source
    this.#settings = settings
    this.#underneath = underneath
    this.#call = call
    const { input, init } = call
    const given = typeof input === 'object' ? (input as Partial<Request>) : undefined
    // A null in init detaches the call from the Request's signal.
    this.#signal = (init?.signal === undefined ? given?.signal : init.signal) ?? undefined
    this.#isFollowing = (init?.redirect ?? given?.redirect ?? 'follow') === 'follow'
    this.#headers = call.headers
    this.#body = fetchBody(input, init, settings.maxReplayBytes)
  }

  async run(): Promise<Response> {
    let token: AccessToken | undefined
    try {
      this.#signal?.throwIfAborted()
      token = this.#source.current() ?? (await this.#unlessAborted(this.#source.getToken({ signal: this.#signal })))
      let response = await this.#send(token, this.#body.next())
      for (;;) {
        const verdict = await this.#verdictOn(response, token)
        if (verdict === 'return') return response
        const next = await this.#nextAfter(response, token, verdict)
        if (next === undefined) return response
        cancel(response)
        this.#count(verdict)
        token = next.token
        response = await this.#send(token, next.sent)
      }
    } catch (error) {
      // No error of ours holds a token, and one of them tells that there is none.
      throw token === undefined || error instanceof EverbearerError ? error : redactedError(error, token)
    } finally {
      this.#body.finish()
    }
  }

  #send(token: AccessToken, sent: Sent): Promise<Response> {
    this.#headers = withHeader(this.#headers, 'authorization', authorizationOf(token))
    const { prover } = token
    if (prover) return this.#sendWithProof(token, prover, sent)
    return this.#underneath(sent.input, { ...sent.init, headers: this.#headers })
  }

  async #sendWithProof(token: AccessToken, prover: Prover, { input, init }: Sent): Promise<Response> {
    const proven = this.#provenRequest(token)
    this.#headers = withHeader(this.#headers, 'dpop', await this.#unlessAborted(prover.prove(proven)))
    // A fetch that follows a redirect drops Authorization on the way to another origin, but not the proof.
    const redirect = this.#isFollowing && { redirect: 'manual' as const }
    const response = await this.#underneath(input, { ...init, headers: this.#headers, ...redirect })
    if (this.#isFollowing && isRedirect(response)) {
      cancel(response)
      throw redirectedProofError(this.#call)
    }
    this.#rememberNonce(response, prover, proven)
    return response
  }

  #provenRequest(accessToken: AccessToken): ProvenRequest {
    const { method, url } = this.#call
    return { method, url: new URL(url).href, accessToken, clock: this.#settings.clock }
  }

  #rememberNonce(response: Response, prover: Prover, proven: ProvenRequest): void {
    const nonce = this.#isFromApi(response) ? parseNonce(response.headers.get('dpop-nonce')) : undefined
    if (nonce !== undefined) prover.remember(proven, nonce)
  }

  /** A response that was made by hand, as some wrappers do, has no url: then nothing was redirected. */
  #isFromApi({ url }: Response): boolean {
    return url === '' || new URL(url).origin === this.#call.origin
  }

  async #verdictOn(response: Response, token: AccessToken): Promise<Verdict> {
    if (response.status !== UNAUTHORIZED || !this.#isFromApi(response)) return 'return'
    const { isTokenRejected, clock } = this.#settings
    const { headers } = response
    const facts = { challenge: headers.get('www-authenticate'), nonce: headers.get('dpop-nonce') }
    const verdict = verdictOn(facts, token, this.#stateAfter(response), isTokenRejected !== undefined)
    if (verdict === 'return') publishPassed(facts, this.#call.origin)
    if (verdict !== 'ask' || !isTokenRejected) return verdict
    const isRejected = async () => isTokenRejected(Object.fromEntries(headers), await beginningOf(response, clock))
    return (await this.#unlessAborted(isRejected())) ? verdictOnRejection(this.#stateAfter(response)) : 'return'
  }

  #stateAfter({ redirected }: Response): RequestState {
    return {
      replays: this.#replays,
      hasProvedAgain: this.#hasProvedAgain,
      // What a redirect came from has done its work already: sending it again would do it twice.
      isRepeatable: this.#body.replayable && (!redirected || SAFE.has(this.#call.method)),
    }
  }

  /** What to send next and with which token. Undefined if the caller gets the response. */
  async #nextAfter(
    response: Response,
    token: AccessToken,
    verdict: Verdict,
  ): Promise<{ token: AccessToken; sent: Sent } | undefined> {
    const { clock } = this.#settings
    if (verdict === 'prove') {
      const sent = this.#body.next()
      await beginningOf(response, clock)
      return { token, sent }
    }
    const replacement = replacementToken(this.#source, token, this.#signal)
    replacement.catch(() => undefined)
    if (verdict === 'report') return undefined
    // The token request may be waiting for this very connection.
    let isDrained = false
    const drained = beginningOf(response, clock).then(() => (isDrained = true))
    let newToken = await this.#unlessAborted(replacement).catch(() => undefined)
    this.#signal?.throwIfAborted()
    // Asked for before the next wait: from here on no more of a stream is read than can be sent again.
    const sent = newToken !== undefined && this.#body.replayable ? this.#body.next() : undefined
    if (!isDrained) {
      await drained
      if (sent !== undefined) {
        newToken = await this.#unlessAborted(latestToken(this.#source, token, this.#signal)).catch(() => undefined)
      }
      this.#signal?.throwIfAborted()
    }
    return newToken && sent && { token: newToken, sent }
  }

  #count(verdict: Verdict): void {
    if (verdict === 'prove') {
      this.#hasProvedAgain = true
      return
    }
    this.#replays += 1
    const { origin, method } = this.#call
    if (requestReplayed.hasSubscribers) requestReplayed.publish({ origin, method })
  }

  /** A source and a hook may not heed the signal. */
  #unlessAborted<Result>(work: Promise<Result>): Promise<Result> {
    return this.#signal ? abortable(work, this.#signal) : work
  }
}

/** As the Fetch standard hides one, or as undici and Node show it. */
function isRedirect({ type, status, headers }: Response): boolean {
  return type === 'opaqueredirect' || (REDIRECTS.has(status) && headers.has('location'))
}

function redirectedProofError({ method, origin }: StampedCall): EverbearerError {
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
 * Reads the beginning of a body from a clone: what is still to come of the response stays whole, and its connection can be
 * used again when the body was short.
 */
function beginningOf(response: Response, clock: BearerSettings['clock']): Promise<string> {
  return response.body ? readBeginning(response.clone(), clock) : Promise.resolve('')
}
