import { EverbearerError, TokenError } from '../base/errors.js'
import type { TokenErrorCode, TokenErrorDetails } from '../base/errors.js'

/**
 * A function among the options threw this. It may quote a secret, so that only its name is passed on. An error of this
 * package keeps its code.
 */
export function functionError(option: string, error: unknown, advice: string, details: TokenErrorDetails): TokenError {
  if (error instanceof TokenError) return error
  if (error instanceof EverbearerError) return new TokenError(error.code as TokenErrorCode, error.message, details)
  const name = error instanceof Error ? error.name : typeof error
  return new TokenError('grant_failed', `The ${option} function failed (${name}): ${advice}.`, details)
}
