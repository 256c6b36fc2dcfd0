import { abortable } from '../base/abortable.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import type { AccessToken } from '../token/access-token.js'
import type { RetryAdvice } from './retry.js'

/** A longer Retry-After is an answer to the caller, not a wait. Milliseconds. */
export const MAX_RATE_LIMIT = 180_000

/** What to do after a request failed, which may be sent twice or not. Undefined: give up. */
export function adviceOn(error: unknown, idempotent: boolean): RetryAdvice | undefined {
  if (!(error instanceof EverbearerError) || !error.retryable) return undefined
  const atLeast = error.retryAfter ?? 0
  // Without a token nothing was sent, so any request may be tried again.
  if (error instanceof TokenError) return { atLeast, spendsPatience: true }
  if (error.code !== 'api_rate_limited') return idempotent ? { atLeast, spendsPatience: true } : undefined
  return idempotent && atLeast <= MAX_RATE_LIMIT ? { atLeast, spendsPatience: false } : undefined
}

/**
 * Returns what to do after a 401 for a rejected token: once there is another token, the request is worth another try. If
 * the token request fails, its error decides.
 */
export async function adviceAfterReplacement(
  replacement: Promise<AccessToken>,
  signal: AbortSignal,
): Promise<RetryAdvice | undefined> {
  try {
    await abortable(replacement, signal)
    return { atLeast: 0, spendsPatience: true }
  } catch (error) {
    if (!(error instanceof TokenError) || !error.retryable) return undefined
    return { atLeast: error.retryAfter ?? 0, spendsPatience: true }
  }
}
