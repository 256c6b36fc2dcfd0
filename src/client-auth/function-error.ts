import { TokenError } from '../base/errors.js'
import type { TokenErrorDetails } from '../base/errors.js'

/** A function among the options threw this. It may quote a secret, so that only its name is passed on. */
export function functionError(option: string, error: unknown, advice: string, details: TokenErrorDetails): TokenError {
  const name = error instanceof Error ? error.name : typeof error
  return new TokenError('grant_failed', `The ${option} function failed (${name}): ${advice}.`, details)
}
