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

/** A flight has no time left. `cause` says why the server was not being asked then. */
export function timeoutError(timeout: number, cause?: TokenError): TokenError {
  if (cause !== undefined) return likeError(cause)
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

/** Another manager held the lease until too little of a flight's time was left to ask the server. `timeout` in milliseconds. */
export function leaseError(timeout: number): TokenError {
  const message = `Another process held the session's lease for too much of ${timeout} ms to ask the server still: see what keeps it.`
  return new TokenError('token_lease_held', message, { retryable: true, requestSent: false })
}

export function expiredError(): TokenError {
  return new TokenError('token_response_invalid', 'The token had expired when it arrived.', { retryable: true })
}
