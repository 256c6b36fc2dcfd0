import { TokenError } from '../base/errors.js'
import type { AccessToken } from '../token/access-token.js'
import type { TokenSource } from '../token/token-source.js'

/**
 * Reports a rejected token to its source and returns the token that replaces it. A source that returns the rejected token
 * again has no other.
 */
export async function replacementToken(
  source: TokenSource,
  rejected: AccessToken,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const token = await source.getToken({ rejected, signal })
  if (!token.equals(rejected)) return token
  throw new TokenError('token_rejected', 'The API rejected the token, and its source has no other.')
}

/**
 * Returns the token that replaces a rejected one by now. Between the replacement and the replay the new token may have
 * expired, or the API may have rejected it as well.
 */
export function latestToken(
  source: TokenSource,
  rejected: AccessToken,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const current = source.current()
  return current === undefined || current.equals(rejected)
    ? replacementToken(source, rejected, signal)
    : Promise.resolve(current)
}
