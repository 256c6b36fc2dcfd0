import type { Challenge } from './challenge.js'

/** Errors of RFC 6750 section 3.1 that another token of the same grant would meet again. */
const ERRORS_NOT_OF_THE_TOKEN: ReadonlySet<string> = new Set(['insufficient_scope', 'invalid_request'])

/**
 * Whether the challenges of a 401 say that the bearer token is no longer good, so that exchanging it can help (RFC 6750
 * section 3.1). A 401 without a readable challenge counts as such, and so does a Bearer challenge without an error or
 * with an unknown one; challenges of other schemes alone do not.
 */
export function rejectsToken(challenges: readonly Challenge[] | undefined): boolean {
  if (challenges === undefined || challenges.length === 0) return true
  const bearer = challenges.filter(({ scheme }) => scheme === 'bearer')
  const errors = bearer.flatMap(({ parameters }) => parameters.get('error') ?? [])
  // Where one challenge names an error, a bare one beside it only advertises the scheme.
  return errors.length === 0 ? bearer.length > 0 : errors.some((error) => !ERRORS_NOT_OF_THE_TOKEN.has(error))
}
