import { TokenError } from '../base/errors.js'
import type { TokenErrorDetails } from '../base/errors.js'

export function asTokenError(cause: unknown): TokenError {
  if (cause instanceof TokenError) return cause
  // A foreign error may quote a header or a secret: its name is all that is safe to pass on.
  const name = cause instanceof Error ? cause.name : typeof cause
  return new TokenError('grant_failed', `The grant failed with an error of its own (${name}).`, { retryable: true })
}

/**
 * Returns whether the server rejected what the request presented, such as a refresh token, and will again. Servers have many
 * names for that. Only `invalid_client` is about the client and not about what it presents.
 */
export function isRejection(error: unknown): boolean {
  if (!(error instanceof TokenError) || error.retryable || error.error === 'invalid_client') return false
  return error.code === 'token_denied' || (error.code === 'token_endpoint_failed' && error.status !== undefined)
}

/** The same error anew, for another who meets it, or in other words. */
export function likeError(error: TokenError, message = error.message): TokenError {
  return new TokenError(error.code, message, error as TokenErrorDetails)
}

export function timeoutError(timeout: number): TokenError {
  const message = `The authorization server did not answer within ${timeout} ms.`
  return new TokenError('token_endpoint_timeout', message, { retryable: true })
}

export function unavailableError(retryAfter: number, cause: TokenError | undefined): TokenError {
  const seconds = Math.ceil(retryAfter / 1_000)
  const message = `The authorization server is left alone for another ${seconds} s after a failure: ${cause?.message}`
  const retryable = cause?.retryable ?? true
  return new TokenError('token_unavailable', message, { retryable, retryAfter, cause, requestSent: false })
}

export function rejectedError(retryAfter: number): TokenError {
  const seconds = Math.ceil(retryAfter / 1_000)
  const message = `The API rejects new tokens as well: no other is asked for within ${seconds} s.`
  return new TokenError('token_rejected', message, { retryable: true, retryAfter, requestSent: false })
}

export function closedError(): TokenError {
  return new TokenError('closed', 'The token manager was closed.')
}

/** What the request would spend was not worth it any more. `timeout` in milliseconds. */
export function lateError(timeout: number): TokenError {
  const message = `Others held the session's lease for too much of ${timeout} ms to ask the server still: see what keeps them.`
  return new TokenError('token_store_failed', message, { retryable: true, requestSent: false })
}

export function expiredError(): TokenError {
  return new TokenError('token_response_invalid', 'The token had expired when it arrived.', { retryable: true })
}
