import { delay, instant } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import { shownUrl } from '../base/shown-url.js'
import { telemetry } from '../base/telemetry.js'
import { AccessToken } from './access-token.js'
import type { Grant, TokenSet } from './grant.js'
import type { KeptTokens } from './kept-tokens.js'
import { asTokenError } from './token-errors.js'

const tokenRequest = telemetry('everbearer:token-request')

/** The longest wait between two tries, in milliseconds; each is drawn from [0, this) so that a fleet does not march in step. */
const JITTER = 1_000

/** A token set, and when the request that brought it was sent. */
export interface GrantResponse {
  /** With the refresh token that is good from now on, where there is one. */
  readonly set: TokenSet
  /** What the request was made with. */
  readonly previous: TokenSet | undefined
  readonly requestedAt: Instant
}

/**
 * Asks a grant up to `tries` times. An error is final when it is not `retryable`, when the server asks for a longer wait
 * than the one between two tries, or when a credential that is spent by use may have arrived.
 */
export async function askGrant(
  grant: Grant,
  options: { kept: Pick<KeptTokens, 'latest'>; signal: AbortSignal; clock: Clock; tries: number },
): Promise<GrantResponse> {
  const { kept, signal, clock, tries } = options
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    if (tokenRequest.hasSubscribers) {
      const { tokenEndpoint, clientId } = grant.identity
      // A grant of the caller's own may have anything there.
      tokenRequest.publish({ tokenEndpoint: shownUrl(tokenEndpoint)?.href ?? '[redacted]', clientId, attempt })
    }
    const requestedAt = instant(clock)
    // Anew for each try: an answer that came late may have brought another refresh token meanwhile.
    const previous = kept.latest
    try {
      const set = await grant.requestToken({ previous, signal, clock })
      if (!(set?.accessToken instanceof AccessToken)) {
        throw new TokenError('grant_failed', 'The grant gave no AccessToken.')
      }
      return { set: withRefreshToken(set, previous), previous, requestedAt }
    } catch (cause) {
      const error = asTokenError(cause)
      const wait = Math.max(clock.random() * JITTER, error.retryAfter ?? 0)
      const spent = !grant.repeatable && error.requestSent
      if (signal.aborted || attempt >= tries || !error.retryable || spent || wait > JITTER) throw error
      // Whoever waits for the flight keeps the process alive by it.
      await delay(clock, wait, { signal, keepAlive: false })
    }
  }
}

/** The refresh token that a request was made with stays good when the answer brings no other (RFC 6749 section 6). */
function withRefreshToken(set: TokenSet, previous: TokenSet | undefined): TokenSet {
  const refreshToken = set.refreshToken ?? previous?.refreshToken
  return refreshToken === undefined ? set : { ...set, refreshToken }
}
