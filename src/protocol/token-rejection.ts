import type { Challenge } from './challenge.js'

/** Errors of RFC 6750 section 3.1 and RFC 9449 section 7.1 that another token of the same grant would meet again. */
const ERRORS_NOT_OF_THE_TOKEN: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_dpop_proof',
  'use_dpop_nonce',
])
/**
 * The token is good, and not enough: `insufficient_scope`, `insufficient_user_authentication` (RFC 9470),
 * `insufficient_claims` of Microsoft Entra ID. A refresh brings the same again.
 */
const INSUFFICIENT = 'insufficient_'

/**
 * Whether the challenges of a 401 say that the token is no longer good, so that exchanging it can help (RFC 6750
 * section 3.1). A 401 without a readable challenge counts as such, and so does a challenge of the token's own scheme
 * without an error or with an unknown one; challenges of other schemes alone do not.
 *
 * A bare Bearer challenge to a DPoP token is that of an API which knows no DPoP: it would refuse every other one too, and
 * presenting it as Bearer would be a downgrade. One that names an error has read the token, as a gateway before the API may.
 */
export function rejectsToken(
  challenges: readonly Challenge[] | undefined,
  tokenType: 'Bearer' | 'DPoP' = 'Bearer',
): boolean {
  if (challenges === undefined || challenges.length === 0) return true
  const scheme = tokenType.toLowerCase()
  const own = challenges.filter((challenge) => challenge.scheme === scheme)
  const counted = own.length > 0 ? own : challenges.filter(isBearerError)
  let isNamed = false
  for (const { parameters } of counted) {
    const error = parameters.get('error')
    if (error !== undefined && !ERRORS_NOT_OF_THE_TOKEN.has(error) && !error.startsWith(INSUFFICIENT)) return true
    isNamed ||= error !== undefined
  }
  // Where one challenge names an error, a bare one beside it only advertises the scheme.
  return !isNamed && counted.length > 0
}

function isBearerError({ scheme, parameters }: Challenge): boolean {
  return scheme === 'bearer' && parameters.has('error')
}
