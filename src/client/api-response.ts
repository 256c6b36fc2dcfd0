import type { IncomingHttpHeaders } from 'node:http'

import { ApiError } from '../base/errors.js'
import type { ApiErrorDetails, ApiErrorCode } from '../base/errors.js'
import { UNAUTHORIZED } from '../http/unauthorized-verdict.js'

/** An API's answer, read whole. */
export interface ApiResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Statuses that another try may change, for a request that may be sent twice. */
const TRANSIENT: ReadonlySet<number> = new Set([429, 502, 503, 504])

/**
 * The error for an answer of 400 and above: its code by the status, and by it alone whether to try again. A platform may
 * have transient statuses of its own.
 */
export function apiError(
  status: number,
  message: string,
  details: Omit<ApiErrorDetails, 'status' | 'retryable'>,
  transient?: ReadonlySet<number>,
): ApiError {
  const retryable = TRANSIENT.has(status) || transient?.has(status)
  return new ApiError(codeOf(status), message, { ...details, status, retryable })
}

function codeOf(status: number): ApiErrorCode {
  switch (status) {
    case UNAUTHORIZED:
      return 'api_unauthorized'
    case 403:
      return 'api_forbidden'
    case 404:
      return 'api_not_found'
    case 429:
      return 'api_rate_limited'
    default:
      return status < 500 ? 'api_bad_request' : 'api_server_error'
  }
}
