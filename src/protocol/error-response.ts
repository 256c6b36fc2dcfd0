import { TokenError } from '../base/errors.js'
import { parseJsonObject } from './json.js'
import { printable } from './printable.js'
import { isKnownError, isTransient } from './refusal.js'

/** What can be told from an authorization server's error answer (RFC 6749 section 5.2), safe to print. */
export interface ErrorResponse {
  /** The error code, such as `invalid_client`. */
  error: string | undefined
  /** One line, at most 300 characters. */
  errorDescription: string | undefined
  /** Whether the same request can succeed later. */
  retryable: boolean
}

/** Takes out of a server's words what they may quote of the request: a server must not make us print a secret. */
export type HideSecrets = (quoted: string) => string

const asItIs: HideSecrets = (quoted) => quoted

/** The characters of `error` (RFC 6749 appendix A.7); no registered code comes near 100 of them. */
const ERROR_CODE = /^[ !#-[\]-~]{1,100}$/

const MAX_DESCRIPTION = 300

/** What to check first, for RFC 6749 section 5.2, RFC 8707 section 2, RFC 9449 and a code of section 4.1.2.1 that is seen here too. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'invalid_request',
    "Check that the token endpoint's address is right and that no parameter is missing or given twice.",
  ],
  ['invalid_client', 'Check the client id, its secret or key, and the clientAuthentication method.'],
  ['invalid_grant', 'What was presented is expired, revoked, already used or of another client: authorize anew.'],
  ['unauthorized_client', 'Check that this client is allowed to use this grant type.'],
  ['unsupported_grant_type', 'Check that the server offers this grant type at this token endpoint.'],
  ['invalid_scope', 'Check the scope option against what the client may ask for.'],
  ['invalid_target', 'Check the resource and audience options.'],
  ['invalid_dpop_proof', "Check this machine's clock, and that the server knows its token endpoint by the same URL."],
  ['use_dpop_nonce', 'The server wants a nonce in the proof of the key: set the dpop option if it is not.'],
  ['access_denied', 'Check that this client is allowed what it asks for.'],
])

/**
 * Reads an error answer of a token or revocation endpoint (RFC 6749 section 5.2, RFC 7009 section 2.2.1), whatever its
 * status and content: JSON, form-encoded, HTML, nothing.
 */
export function describeErrorResponse(
  status: number,
  text: string,
  hide: HideSecrets = asItIs,
  retryAfter?: number,
): ErrorResponse {
  const json = parseJsonObject(text)
  const members = json ?? parseFormResponse(text)
  const error = readErrorCode(members['error'], hide)
  // Genesys Cloud writes `description`, and often both.
  const errorDescription =
    readDescription(members['error_description'], hide) ?? readDescription(members['description'], hide)
  return {
    error,
    errorDescription,
    retryable: isTransient({
      status,
      error,
      text: json ? text : `${error} ${errorDescription}`,
      retryAfter,
    }),
  }
}

/**
 * The error for an answer that holds no token: `token_denied` when the server gave an OAuth error that will stay
 * (RFC 6749 section 5.2), otherwise `token_endpoint_failed`. `retryAfter` is in milliseconds.
 */
export function tokenErrorFrom(
  status: number,
  text: string,
  retryAfter: number | undefined,
  hide?: HideSecrets,
): TokenError {
  const { error, errorDescription, retryable } = describeErrorResponse(status, text, hide, retryAfter)
  const details = { error, errorDescription, retryable, status, retryAfter }
  const inBrackets = errorDescription === undefined ? '' : ` (${errorDescription})`
  if (error !== undefined && !retryable) {
    const advice = ADVICE.get(error) ?? 'Look this error up in the documentation of the server.'
    return new TokenError('token_denied', `The authorization server refused: ${error}${inBrackets}. ${advice}`, details)
  }
  const what = error === undefined ? `no OAuth error${inBrackets}` : `${error}${inBrackets}`
  const advice = retryable
    ? 'The same request may succeed later.'
    : "Check that the token endpoint's address is right and that nothing else answers there; then the client id and secret."
  return new TokenError(
    'token_endpoint_failed',
    `The token endpoint answered ${status} with ${what}. ${advice}`,
    details,
  )
}

/** Some servers answer errors in the encoding of the request. Anything with blanks or markup is prose or HTML. */
function parseFormResponse(text: string): Record<string, unknown> {
  const isForm = /^[^\s<>"={}]+=[^\s<>"{}]*$/.test(text.trim())
  const form = new URLSearchParams(isForm ? text.trim() : undefined)
  return {
    error: form.get('error'),
    error_description: form.get('error_description'),
    description: form.get('description'),
  }
}

function readErrorCode(value: unknown, hide: HideSecrets): string | undefined {
  if (typeof value !== 'string' || !ERROR_CODE.test(value)) return undefined
  // A registered code quotes nobody, even where a secret is part of it.
  return ADVICE.has(value) || isKnownError(value) ? value : hide(value)
}

/** What is hidden is hidden first: a secret that was cut, or lost its blanks, would not be found any more. */
function readDescription(value: unknown, hide: HideSecrets): string | undefined {
  const line = typeof value === 'string' ? printable(hide(value), MAX_DESCRIPTION) : undefined
  // And again: what stood between its halves may be gone now.
  return line && hide(line)
}
