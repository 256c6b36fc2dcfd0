import type { ApiError, ApiErrorDetails } from '../base/errors.js'
import { apiError } from '../client/api-response.js'
import type { ApiResponse } from '../client/api-response.js'
import { printable } from '../protocol/printable.js'
import { parseRetryAfter } from '../protocol/retry-after.js'

const MAX_MESSAGE = 500

/** What a platform's own words come to. */
export interface PlatformWords extends Pick<ApiErrorDetails, 'platformCode' | 'correlationId' | 'missingPermissions'> {
  /** Whose they are. */
  readonly platform: string
  readonly message: string | undefined
  /** What to check first. */
  readonly advice: string | undefined
  /** Statuses that another try may change, beside those that are so everywhere. */
  readonly transient?: ReadonlySet<number> | undefined
}

/** The error for an answer of 400 and above to `what`, at this wall-clock time: the platform's words, then advice. */
export function platformError(
  { status, headers }: ApiResponse,
  { platform, message, advice, transient, ...details }: PlatformWords,
  what: string,
  now: number,
): ApiError {
  const { platformCode, correlationId } = details
  const words = [
    `${platform} answered ${status} to ${what}: ${platformCode ?? 'no code'} (${message ?? 'no message'}).`,
    ...(advice === undefined ? [] : [advice]),
    ...(correlationId === undefined ? [] : [`Correlation id: ${correlationId}.`]),
  ]
  const retryAfter = parseRetryAfter(headers['retry-after'], now)
  return apiError(status, words.join(' '), { ...details, retryAfter }, transient)
}

/** A text among a server's words as one line that is safe to print; undefined for all else. */
export function printableText(value: unknown): string | undefined {
  return typeof value === 'string' ? printable(value, MAX_MESSAGE) : undefined
}
