import { parseChallenges } from '../protocol/challenge.js'
import { demandsNonce, parseNonce } from '../protocol/dpop-nonce.js'
import { rejectsToken } from '../protocol/token-rejection.js'
import type { AccessToken } from '../token/access-token.js'

/** The status of a response that may say that the token was rejected (RFC 6750 section 3.1). */
export const UNAUTHORIZED = 401

/**
 * The most replays of one request. The first goes out with the token that the source has: it may have been revoked together
 * with the rejected one. The second goes out if the source has yet another token. A `TokenManager` has none in place of a
 * young token that it requested because of a 401.
 */
const MAX_REPLAYS = 2

/**
 * What happens to a request after a 401:
 * - `return`: the caller gets the response.
 * - `report`: the source learns that the token was rejected, and the caller gets the response.
 * - `replay`: the request is sent again with the token that replaces the rejected one.
 * - `prove`: the request is sent again with the same token and a DPoP proof that holds the server's nonce.
 * - `ask`: the option `isTokenRejected` decides, and then {@link verdictOnRejection}.
 */
export type Verdict = 'return' | 'report' | 'replay' | 'prove' | 'ask'

/** The headers of a 401 that the verdict depends on. */
export interface UnauthorizedHeaders {
  readonly challenge: string | string[] | null | undefined
  readonly nonce: string | string[] | null | undefined
}

/** What a request has been through, and what it can still do. */
export interface RequestState {
  /** How often it was replayed. */
  readonly replays: number
  /** Whether it was sent again with the server's nonce. */
  readonly hasProvedAgain: boolean
  /** Whether its whole body can be sent again. */
  readonly isRepeatable: boolean
}

/**
 * Returns what a 401 from the API asks for. If a DPoP proof lacks a nonce, the token is valid and stays (RFC 9449 section 9).
 * If the API names no reason, or rejects the token, the token is replaced (RFC 6750 section 3.1).
 */
export function verdictOn(
  { challenge, nonce }: UnauthorizedHeaders,
  { prover, tokenType }: AccessToken,
  state: RequestState,
  asks: boolean,
): Verdict {
  const challenges = parseChallenges(challenge)
  if (prover !== undefined && demandsNonce(challenges)) {
    return parseNonce(nonce) !== undefined && !state.hasProvedAgain && state.isRepeatable ? 'prove' : 'return'
  }
  if (asks) return 'ask'
  return rejectsToken(challenges, tokenType) ? verdictOnRejection(state) : 'return'
}

/** Returns what a rejected token asks for: its source always learns of it. */
export function verdictOnRejection({ replays, isRepeatable }: RequestState): 'report' | 'replay' {
  return replays < MAX_REPLAYS && isRepeatable ? 'replay' : 'report'
}
