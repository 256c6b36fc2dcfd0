import type { ApiError } from '../base/errors.js'
import { apiError } from '../http/api-answer.js'
import type { ApiAnswer } from '../http/api-answer.js'
import { parseRetryAfter } from '../protocol/retry-after.js'

/** The error for an answer of 400 and above from NICE CXone. */
export function cxoneError({ status, headers }: ApiAnswer, what: string, now: number): ApiError {
  const retryAfter = parseRetryAfter(headers['retry-after'], now)
  return apiError(status, `NICE CXone answered ${status} to ${what}.`, { retryAfter })
}
