import { timingSafeEqual } from 'node:crypto'

import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'
import { Secret } from '../base/secret.js'
import { describeErrorResponse } from '../protocol/error-response.js'
import { hideSecrets } from '../protocol/quoted-secrets.js'

/** What a browser came back with, and what it was sent away with. */
export interface Returned {
  readonly callbackUrl: string | URL
  readonly redirectUri: string
  readonly state: string
  readonly codeVerifier: string
  readonly issuer: string | undefined
  /** Whether the server says that each callback names the issuer. */
  readonly namesIssuer: boolean
}

/** What a callback that belongs to a sign-in brought. */
export interface Callback {
  readonly code: Secret
  /** Whether it names an issuer: the right one, if `issuer` was given. */
  readonly namesIssuer: boolean
}

/** RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207: of each at most one. */
const SINGLE = ['state', 'iss', 'error', 'error_description', 'code']

/**
 * Reads the code that an authorization server answered a sign-in with. The state comes first: of what is somebody else's
 * answer, nothing is believed. Throws {@link EverbearerError} `invalid_option`, {@link TokenError} `authorization_invalid` or
 * `authorization_denied`.
 */
export function readCallback({ callbackUrl, redirectUri, state, codeVerifier, ...server }: Returned): Callback {
  // A server's own `request.url` begins with the path.
  const isText = typeof callbackUrl === 'string' || callbackUrl instanceof URL
  const url = isText ? parseUrl(callbackUrl, redirectUri) : undefined
  if (url === undefined) throw invalidOption('callbackUrl', 'must be the URL that the browser came back with')
  const parameters = url.searchParams
  const twice = SINGLE.find((name) => parameters.getAll(name).length > 1)
  if (twice !== undefined) throw invalid(`holds ${twice} more than once`)
  if (!isSame(parameters.get('state') ?? '', state)) {
    throw invalid('is not the answer to this sign-in: its state is another one, or none')
  }
  // Before the error: another server's refusal is as worthless as its code (RFC 9207 section 2.4).
  checkIssuer(parameters.get('iss'), server)
  const error = parameters.get('error')
  const code = parameters.get('code') ?? ''
  if (error !== null) throw denied(error, parameters.get('error_description'), [state, codeVerifier, code])
  if (code === '') throw invalid('holds neither a code nor an error')
  return { code: new Secret(code), namesIssuer: parameters.has('iss') }
}

/**
 * RFC 9207 section 2.4: compared as strings, to the character. Without `issuer` there is nothing to compare with: many
 * servers send `iss` unasked, and a client of one server needs no defense against mixing up several.
 */
function checkIssuer(iss: string | null, { issuer, namesIssuer }: Pick<Returned, 'issuer' | 'namesIssuer'>): void {
  if (iss === null) {
    if (namesIssuer) throw issuerMissing()
  } else if (issuer !== undefined && iss !== issuer) {
    throw invalid('comes from another issuer')
  }
}

/** Returns the error for a callback without the name of its server: an attacker may have sent it from another server. */
export function issuerMissing(): TokenError {
  return invalid('was rejected: it has no `iss`, which this server always sends (RFC 9207)', 'Start a new sign-in.')
}

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function invalid(
  what: string,
  advice = "Begin a new sign-in, and compare what was kept in the user's session.",
): TokenError {
  return new TokenError('authorization_invalid', `The callback ${what}. ${advice}`, { requestSent: false })
}

function denied(code: string, description: string | null, secrets: readonly string[]): TokenError {
  const response = JSON.stringify({ error: code, error_description: description })
  const { error, errorDescription } = describeErrorResponse(400, response, (quoted) => hideSecrets(quoted, secrets))
  const inBrackets = errorDescription === undefined ? '' : ` (${errorDescription})`
  const message = `The authorization server sent the user back without a code: ${error ?? 'an error without a name'}${inBrackets}.`
  return new TokenError('authorization_denied', `${message} The user must sign in again.`, {
    error,
    errorDescription,
    requestSent: false,
  })
}
