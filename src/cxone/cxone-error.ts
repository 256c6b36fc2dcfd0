import type { ApiError } from '../base/errors.js'
import type { ApiResponse } from '../client/api-response.js'
import { UNAUTHORIZED } from '../http/unauthorized-verdict.js'
import { platformError, printableText } from '../platform/platform-error.js'
import { parseJsonObject, writeJson } from '../protocol/json.js'

/** What the user APIs answer beside 502, 503 and 504: a bandwidth that is used up, and a site that is overloaded. */
const TRANSIENT: ReadonlySet<number> = new Set([509, 529])

const UNAUTHORIZED_ADVICE =
  'The token was refused: check that it is the access token, not the id token, and that the API is that of its tenant.'
const FORBIDDEN_ADVICE =
  "Check the role of the access key's owner: the key has the rights of that user; a new token does not help."
/** NICE adds a version every few months, and not every tenant has it. */
const VERSION_ADVICE = 'Check the version in the path, which is option `versions`; then the id, if there is one.'
const VERSIONED = /\/v\d+(\.\d+)?\//i

/**
 * The error for an answer of 400 and above from NICE CXone, which has three forms: `error` and `error_description` of the
 * ACD APIs, `code`, `details` and `errors` of the user APIs, and `error` and `message` of what stands before those. The
 * header `icStatusDescription` may say more, or all that is said.
 */
export function cxoneError(response: ApiResponse, what: string, now: number): ApiError {
  const { status, headers, text } = response
  // A gateway may answer HTML.
  const body = parseJsonObject(text) ?? {}
  const said = [
    body['error_description'],
    body['details'],
    body['message'],
    listed(body['errors']),
    ...[headers['icstatusdescription']].flat(),
  ].flatMap((words) => printableText(words) ?? [])
  const words = {
    platform: 'NICE CXone',
    platformCode: printableText(body['error']) ?? printableText(body['code']),
    // The header often says what the body does.
    message: printableText([...new Set(said)].join('; ')),
    advice: adviceOn(status, what),
    transient: TRANSIENT,
  }
  return platformError(response, words, what, now)
}

/** What to check first, by the status: NICE's codes are not documented. */
function adviceOn(status: number, what: string): string | undefined {
  if (status === UNAUTHORIZED) return UNAUTHORIZED_ADVICE
  if (status === 403) return FORBIDDEN_ADVICE
  return status === 404 && VERSIONED.test(what) ? VERSION_ADVICE : undefined
}

/** Of the user APIs: an object, of which no more is documented. */
function listed(errors: unknown): string | undefined {
  return typeof errors === 'object' && errors !== null && Object.keys(errors).length > 0 ? writeJson(errors) : undefined
}
