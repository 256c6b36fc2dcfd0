import { delay, instant } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import { shownUrl } from '../base/shown-url.js'
import { telemetry } from '../base/telemetry.js'
import { AccessToken } from './access-token.js'
import type { Grant, TokenSet } from './grant.js'
import { HeldToken } from './held-token.js'
import { rescuedToken } from './rescued-token.js'
import { asTokenError } from './token-errors.js'
import type { SupplyRequest } from './token-supply.js'

const tokenRequest = telemetry('everbearer:token-request')

/** The longest wait between two tries, in milliseconds; each is drawn from [0, this) so that a fleet does not march in step. */
const JITTER = 1_000

/** What a token request takes, and where its token set goes. */
export interface TokenMemory {
  /** The last token set. Looked up for each try: a late response may have brought another refresh token meanwhile. */
  readonly latest: TokenSet | undefined
  /** `previous` is what the request was made with. */
  keep(set: TokenSet, previous: TokenSet | undefined): void
}

/**
 * Requests tokens from a grant up to `tries` times. An error is final when it is not `retryable`, when the server asks for a
 * longer wait than the one between two tries, or when a credential that is used up by the request may have arrived.
 */
export async function requestTokens(
  grant: Grant,
  { signal, progress, tries, unwanted, isForRejection, refreshAhead }: SupplyRequest,
  memory: TokenMemory,
  clock: Clock,
): Promise<HeldToken> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    if (tokenRequest.hasSubscribers) {
      const { tokenEndpoint, clientId } = grant.identity
      // A grant of the caller's own may have anything there.
      tokenRequest.publish({ tokenEndpoint: shownUrl(tokenEndpoint)?.href ?? '[redacted]', clientId, attempt })
    }
    const requestedAt = instant(clock)
    progress.cause = undefined
    const previous = memory.latest
    try {
      const set = await grant.requestToken({ previous, signal, clock })
      if (!(set?.accessToken instanceof AccessToken)) {
        throw new TokenError('grant_failed', 'The grant gave no AccessToken.')
      }
      const whole = withRefreshToken(set, previous)
      memory.keep(whole, previous)
      const isRepeated = unwanted?.equals(whole.accessToken) ?? false
      const origin = { requestedAt, isForRejection, isAdopted: false, isRepeated, refreshAhead }
      return new HeldToken(whole, origin, clock)
    } catch (cause) {
      const rescued = rescuedToken(cause, previous, clock)
      if (rescued !== undefined) memory.keep(rescued.set, previous)
      const error = asTokenError(cause)
      const wait = Math.max(clock.random() * JITTER, error.retryAfter ?? 0)
      const isUsedUp = !grant.repeatable && error.requestSent
      if (signal.aborted || attempt >= tries || !error.retryable || isUsedUp || wait > JITTER) throw error
      progress.cause = error
      // Whoever waits for the flight keeps the process alive by it.
      await delay(clock, wait, { signal, keepAlive: false })
    }
  }
}

/** The refresh token that a request was made with stays good when the response brings no other (RFC 6749 section 6). */
function withRefreshToken(set: TokenSet, previous: TokenSet | undefined): TokenSet {
  const refreshToken = set.refreshToken ?? previous?.refreshToken
  return refreshToken === undefined ? set : { ...set, refreshToken }
}
