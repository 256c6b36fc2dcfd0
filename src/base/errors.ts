import { ownMembers } from './own-members.js'

/** Options and arguments that cannot be used. */
const OPTION_CODES = [
  'invalid_option',
  'invalid_origin',
  'insecure_url',
  'invalid_interval',
  'invalid_checkpoint',
  'missing_environment',
  'iteration_reused',
  'too_many_rows',
] as const

/** No token can be had. */
const TOKEN_CODES = [
  'token_denied',
  'discovery_failed',
  'token_endpoint_unreachable',
  'token_endpoint_timeout',
  'token_endpoint_failed',
  'token_response_invalid',
  'token_malformed',
  'token_unavailable',
  'token_rejected',
  'grant_failed',
  'refresh_token_missing',
  'authorization_denied',
  'authorization_invalid',
  'too_many_identities',
  'token_store_failed',
  'token_store_corrupt',
  'token_lease_held',
  'dependency_missing',
  'revocation_unsupported',
  'revocation_failed',
  'closed',
] as const

/** A request cannot be sent. */
const REQUEST_CODES = [
  'origin_missing',
  'origin_unlisted',
  'unsafe_composition',
  'unsupported_dispatcher',
  'unsafe_link',
] as const

/** An API fails, rejects a request or responds with something unreadable. */
const API_CODES = [
  'api_bad_request',
  'api_unauthorized',
  'api_forbidden',
  'api_not_found',
  'api_rate_limited',
  'api_server_error',
  'api_unreachable',
  'api_response_invalid',
  'query_too_full',
  'job_failed',
  'job_cancelled',
  'job_timeout',
  'job_expired',
] as const

/** Every code that an {@link EverbearerError} can carry; docs/errors.md has a row for each. */
export const ERROR_CODES = [...OPTION_CODES, ...TOKEN_CODES, ...REQUEST_CODES, ...API_CODES, 'schema_mismatch'] as const

/** What went wrong, for `switch`. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/** The codes of a {@link TokenError}: also those of a request or an option because of which no token can be had. */
export type TokenErrorCode = (typeof TOKEN_CODES | typeof REQUEST_CODES | typeof OPTION_CODES)[number]

/** The codes of an {@link ApiError}. */
export type ApiErrorCode = (typeof API_CODES)[number]

/** What every error of this package may carry beside its code and message. */
export interface ErrorDetails {
  /** Whether the same call can succeed later without anybody changing anything. Default false. */
  retryable?: boolean | undefined
  /** Milliseconds until it is worth trying again, where that is known. */
  retryAfter?: number | undefined
  /** Another error of this package. Any other is left out, as it may hold a header, a body or a URL with a secret. */
  cause?: EverbearerError | undefined
}

/**
 * The base of every error that this package throws. An abort is not among them: it rejects with the signal's own reason.
 * No message, property or cause holds a token, a secret, a body or a header.
 *
 * @example
 * ```js
 * import { EverbearerError, staticToken } from 'everbearer'
 *
 * try {
 *   staticToken('two words')
 * } catch (error) {
 *   if (!(error instanceof EverbearerError)) throw error
 *   console.log(error.code, error.retryable) // token_malformed false
 * }
 * ```
 */
export class EverbearerError extends Error {
  override readonly name: string = 'EverbearerError'
  readonly code: ErrorCode
  readonly retryable: boolean
  /** Milliseconds. */
  declare readonly retryAfter?: number
  /** Set when a long iteration broke off: hand it back to go on after the last row that was handed out. */
  declare checkpoint?: string

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const { retryable = false, retryAfter, cause } = ownMembers(details)
    super(message, isOwn(cause) ? { cause } : undefined)
    this.code = code
    this.retryable = retryable
    if (retryAfter !== undefined) this.retryAfter = retryAfter
  }
}

/** In JavaScript a cause may be any error. Not within the class, which the bundler would give another name. */
function isOwn(cause: unknown): boolean {
  return cause instanceof EverbearerError
}

/** What an authorization server's answer adds to an error. */
export interface TokenErrorDetails extends ErrorDetails {
  /** The HTTP status, when there was an answer. */
  status?: number | undefined
  /** The `error` member of RFC 6749 section 5.2, such as `invalid_client`. */
  error?: string | undefined
  /** Its `error_description`, made safe to print. */
  errorDescription?: string | undefined
  /** False when the request certainly never left, so that even a credential that is spent by use is still whole. */
  requestSent?: boolean | undefined
}

/** No usable token could be had: codes `token_*` and `closed`. */
export class TokenError extends EverbearerError {
  override readonly name = 'TokenError'
  declare readonly code: TokenErrorCode
  declare readonly status?: number
  declare readonly error?: string
  declare readonly errorDescription?: string
  readonly requestSent: boolean

  constructor(code: TokenErrorCode, message: string, details: TokenErrorDetails = {}) {
    super(code, message, details)
    const { status, error, errorDescription, requestSent = true } = ownMembers(details)
    if (status !== undefined) this.status = status
    if (error !== undefined) this.error = error
    if (errorDescription !== undefined) this.errorDescription = errorDescription
    this.requestSent = requestSent
  }
}

/** What an API's answer adds to an error. */
export interface ApiErrorDetails extends ErrorDetails {
  /** The HTTP status, when there was an answer. */
  status?: number | undefined
  /** The platform's own code, such as Genesys' `missing.permissions`. */
  platformCode?: string | undefined
  /** What the platform's support asks for first: Genesys' `ININ-Correlation-Id`. */
  correlationId?: string | undefined
  /** The permissions that the caller lacks, where the platform names them. */
  missingPermissions?: readonly string[] | undefined
}

/** An API answered with an error, with something unreadable, or not at all: codes `api_*` and `job_*`. */
export class ApiError extends EverbearerError {
  override readonly name = 'ApiError'
  declare readonly code: ApiErrorCode
  declare readonly status?: number
  declare readonly platformCode?: string
  declare readonly correlationId?: string
  readonly missingPermissions: readonly string[]

  constructor(code: ApiErrorCode, message: string, details: ApiErrorDetails = {}) {
    super(code, message, details)
    const { status, platformCode, correlationId, missingPermissions = [] } = ownMembers(details)
    if (status !== undefined) this.status = status
    if (platformCode !== undefined) this.platformCode = platformCode
    if (correlationId !== undefined) this.correlationId = correlationId
    this.missingPermissions = missingPermissions
  }
}

/** An answer arrived whole but is not what the schema says. The answer itself is not in the error: only where and what. */
export class SchemaError extends EverbearerError {
  override readonly name = 'SchemaError'
  declare readonly code: 'schema_mismatch'
  /** Where in the answer, such as `entities.3.id`. */
  readonly path: string

  constructor(message: string, path: string) {
    super('schema_mismatch', message)
    this.path = path
  }
}
