import { TokenError } from '../base/errors.js'
import type { AccessToken } from '../token/access-token.js'
import type { TokenSource } from '../token/token-source.js'

/**
 * How often a request is sent again for a 401. Once with what the source has: that may be a token that was there already,
 * and that died with the refused one when all of a client's were revoked. Then once with another, if the source has one; a
 * `TokenManager` has none in the place of a young token that it asked for because of a 401.
 */
export const MAX_REPLAYS = 2

/**
 * Tells the source that the API refused a token, and gives another one. Nobody has to wait for it. A source that offers
 * the same one again, as one that does not look at `rejected`, has no other.
 */
export function exchangeToken(
  source: TokenSource,
  rejected: AccessToken,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const exchange = askForAnother(source, rejected, signal)
  exchange.catch(() => undefined)
  return exchange
}

async function askForAnother(
  source: TokenSource,
  rejected: AccessToken,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const token = await source.getToken({ rejected, signal })
  if (!token.equals(rejected)) return token
  throw new TokenError('token_rejected', 'The API rejected the token, and its source has no other.')
}

/**
 * Another token than the rejected one, for who has waited for something else since its exchange: the one that came of it
 * may have died meanwhile, or have been refused in its turn.
 */
export function otherToken(
  source: TokenSource,
  rejected: AccessToken,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const current = source.current()
  return current === undefined || current.equals(rejected)
    ? exchangeToken(source, rejected, signal)
    : Promise.resolve(current)
}
