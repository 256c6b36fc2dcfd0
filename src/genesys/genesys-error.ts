import type { IncomingHttpHeaders } from 'node:http'

import type { ApiError } from '../base/errors.js'
import type { ApiResponse } from '../client/api-response.js'
import { platformError, printableText } from '../platform/platform-error.js'
import { parseJsonObject } from '../protocol/json.js'

/** An error that lists permissions may list hundreds: more than its message shows. */
const MAX_LIST = 20_000

/** What to check first, by Genesys' code; another code is told by its message alone. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['bad.credentials', 'The token was refused: check that loginUrl and apiUrl are of one region.'],
  ['credentials.expired', 'The token was refused: check that loginUrl and apiUrl are of one region.'],
  [
    'authentication.required',
    'The token did not arrive: check what stands between, such as a proxy that drops headers.',
  ],
  ['ip.not.authorized', 'Check the list of IP addresses that the organization allows; a new token does not help.'],
  ['not.authorized', 'Check the roles of the OAuth client, and their divisions.'],
  ['response.entity.too.large', 'Ask for a smaller pageSize, or expand less.'],
])
const PERMISSION_ADVICE = 'Give a role with it to the OAuth client; a new token does not help.'

/** Its code is not documented, its words are. */
const WITHOUT_USER = /requires a user context/i
const USER_ADVICE =
  'Client credentials have no user: genesys.verify() checks the session, genesys.tokens.me() tells what the token is.'

/** The names that `missing.permissions` and `missing.any.permissions` list: `domain:entity:action`. */
const PERMISSION = /\b[A-Za-z]\w*:[A-Za-z]\w*:(?:[A-Za-z]\w*|\*)/g

/** The error for an answer of 400 and above from Genesys Cloud: its code, its correlation id, and what to check first. */
export function genesysError(response: ApiResponse, what: string, now: number): ApiError {
  const { headers, text } = response
  // A gateway may answer HTML.
  const body = parseJsonObject(text) ?? {}
  const platformCode = printableText(body['code'])
  const message = printableText(body['message'])
  const missingPermissions = platformCode?.startsWith('missing.') ? permissionsIn(body['message']) : []
  const words = {
    platform: 'Genesys Cloud',
    platformCode,
    message,
    advice: missingPermissions.length > 0 ? PERMISSION_ADVICE : adviceFor(platformCode, message),
    correlationId: printableText(headers['inin-correlation-id']) ?? printableText(body['contextId']),
    missingPermissions,
  }
  return platformError(response, words, what, now)
}

/** Genesys sends its 401s without a challenge. The one for an address that is not allowed says nothing of the token. */
export function isGenesysTokenRejected(_headers: IncomingHttpHeaders, body: string): boolean {
  return parseJsonObject(body)?.['code'] !== 'ip.not.authorized'
}

function adviceFor(platformCode: string | undefined, message = ''): string | undefined {
  return WITHOUT_USER.test(message) ? USER_ADVICE : ADVICE.get(platformCode ?? '')
}

function permissionsIn(message: unknown): readonly string[] {
  return typeof message === 'string' ? (message.slice(0, MAX_LIST).match(PERMISSION) ?? []) : []
}
