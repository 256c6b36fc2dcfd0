import { instant } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { notedRefreshToken } from '../base/received-refresh-token.js'
import { AccessToken } from './access-token.js'
import type { TokenSet } from './grant.js'
import { HeldToken } from './held-token.js'

/**
 * Returns what a rejected token response leaves of a session: its refresh token, and an access token that serves nobody.
 * Undefined if it had no refresh token.
 */
export function rescuedToken(error: unknown, previous: TokenSet | undefined, clock: Clock): HeldToken | undefined {
  const refreshToken = notedRefreshToken(error)
  if (refreshToken === undefined) return undefined
  const accessToken = new AccessToken(previous?.accessToken.reveal() ?? 'none', { lifetime: 0 })
  const origin = { requestedAt: instant(clock), isForRejection: false, isAdopted: false, isRepeated: false }
  return new HeldToken({ accessToken, refreshToken, parameters: {} }, { ...origin, refreshAhead: undefined }, clock)
}
