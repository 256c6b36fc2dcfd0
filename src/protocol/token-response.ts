import { TokenError } from '../base/errors.js'
import { isBearerToken } from '../base/bearer-token.js'
import { ownMembers } from '../base/own-members.js'
import { noteRefreshToken } from '../base/received-refresh-token.js'
import { parseDeltaSeconds } from './delta-seconds.js'
import { type HideSecrets, tokenErrorFrom } from './error-response.js'
import { parseForm } from './form.js'
import { parseJsonObject } from './json.js'

/** A successful answer of a token endpoint (RFC 6749 section 5.1), checked. */
export interface TokenResponse {
  readonly accessToken: string
  /** However the server spelled it. */
  readonly tokenType: 'Bearer' | 'DPoP'
  /** Milliseconds from the moment the answer was made; undefined when the server named no lifetime. */
  readonly lifetime: number | undefined
  /** Undefined when the server named none, which means the scope that was asked for. */
  readonly scope: readonly string[] | undefined
  readonly refreshToken: string | undefined
  readonly idToken: string | undefined
  /** All other members, without a prototype and without tokens. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** An answer's members: its own alone, without a prototype. */
export type TokenMembers = Readonly<Record<string, unknown>>

/** How a token endpoint's answer is read. */
export interface TokenResponseOptions {
  /** The `Content-Type` that it came with. Whatever says nothing of a form is read as JSON. */
  readonly type?: string | undefined
  readonly hide?: HideSecrets | undefined
  /** The type that was asked for: DPoP by a request with a proof (RFC 9449 section 5). Default Bearer. */
  readonly tokenType?: TokenResponse['tokenType'] | undefined
  /** Gives members their names of the RFC, for a server that has others. */
  readonly rename?: ((members: TokenMembers) => TokenMembers) | undefined
}

/**
 * Reads the body of a token endpoint's 200: JSON (RFC 6749 section 5.1), or a form, as GitHub answers who does not ask for
 * JSON. No message quotes the body, since it holds tokens.
 *
 * Fails with `token_response_invalid`; with `token_malformed` when the access token cannot stand in a header; with
 * `token_denied` or `token_endpoint_failed` when the 200 is an error answer after all.
 */
export function parseTokenResponse(text: string, reading: TokenResponseOptions = {}): TokenResponse {
  const { type = '', hide, tokenType = 'Bearer', rename } = ownMembers(reading)
  const isForm = /^\s*application\/x-www-form-urlencoded\s*(;|$)/i.test(type)
  const members = isForm ? parseForm(text) : parseJsonObject(text)
  if (members === undefined && text.trim() === '') throw emptyError()
  if (members === undefined) throw invalid(isForm ? 'is a form that says something twice' : 'is not a JSON object')

  const named = ownMembers(rename === undefined ? members : rename(members))
  const { refresh_token } = named
  try {
    return readMembers(named, { text, tokenType, hide })
  } catch (error) {
    // Whatever else is wrong with it: the one that was sent may have been used up.
    if (typeof refresh_token === 'string' && refresh_token !== '') noteRefreshToken(error as object, refresh_token)
    throw error
  }
}

function readMembers(
  members: TokenMembers,
  { text, tokenType, hide }: { text: string; tokenType: TokenResponse['tokenType']; hide: HideSecrets | undefined },
): TokenResponse {
  const { error, access_token, token_type, expires_in, scope, refresh_token, id_token, ...others } = members
  if (error != null) throw tokenErrorFrom(200, text, undefined, hide)
  if (access_token == null || access_token === '') throw invalid('has no access_token')
  if (typeof access_token !== 'string') throw invalid('has an access_token that is not a string')
  checkTokenType(token_type, tokenType)
  if (!isBearerToken(access_token)) {
    throw new TokenError(
      'token_malformed',
      'The authorization server issued an access token with characters that may not stand in an Authorization header. ' +
        "Expected letters, digits and -._~+/!#$%&'*^`| only, with = at the end.",
    )
  }
  return {
    accessToken: access_token,
    tokenType,
    lifetime: readLifetime(expires_in),
    scope: readScope(scope),
    refreshToken: readString(refresh_token, 'refresh_token'),
    idToken: readString(id_token, 'id_token'),
    parameters: Object.freeze(Object.assign(Object.create(null) as Record<string, unknown>, others)),
  }
}

/** A server that is being restarted sends that now and then. */
function emptyError(): TokenError {
  const message = 'The response of the token endpoint is empty. The same request may succeed later.'
  return new TokenError('token_response_invalid', message, { retryable: true })
}

function invalid(what: string): TokenError {
  return new TokenError(
    'token_response_invalid',
    `The answer of the token endpoint ${what}. Expected JSON as in RFC 6749 section 5.1: check the token endpoint's address.`,
  )
}

/** Types that are presented in another way than a bearer token: IANA's registry, and what has been proposed for it. */
const OTHER_TYPES: ReadonlySet<string> = new Set(['dpop', 'pop', 'mac', 'hawk', 'n_a'])

/**
 * RFC 6749 section 7.1: a token of a type that the client does not understand is not used. A type that names no other way to
 * present a token is a server's own name for a bearer token, and so is none at all (docs/decisions/0027).
 */
function checkTokenType(value: unknown, expected: TokenResponse['tokenType']): void {
  if (value != null && typeof value !== 'string') throw invalid('has a token_type that is not a string')
  const type = (value ?? 'bearer').toLowerCase()
  if (expected === 'Bearer' ? !OTHER_TYPES.has(type) : type === expected.toLowerCase()) return
  // RFC 9449 section 5: whoever stole it could use it, which the proof was to prevent.
  if (type === 'bearer') {
    throw new TokenError(
      'token_response_invalid',
      'The token endpoint answered a request for a DPoP token with one of type Bearer, which is bound to no key: check ' +
        'that the server supports DPoP (RFC 9449) and that it is enabled for this client.',
    )
  }
  throw invalid(`has a token_type other than ${expected}`)
}

/** Not what `Number` reads as well, such as `0x10` and `1e9`. */
const NUMBER = /^\s*-?\d+(\.\d+)?\s*$/

/**
 * RFC 6749 appendix A.14, as a number or as a text of one, also with a fraction. A text that is no number names no lifetime:
 * the token serves until an API rejects it.
 */
function readLifetime(value: unknown): number | undefined {
  if (value == null) return undefined
  if (typeof value === 'string' && !NUMBER.test(value)) return undefined
  const lifetime = parseDeltaSeconds(typeof value === 'number' ? Math.floor(value) : wholePart(value))
  if (lifetime === undefined) throw invalid('has an expires_in that is not a number of seconds from 0 up')
  return lifetime
}

function wholePart(value: unknown): unknown {
  return typeof value === 'string' ? value.trim().replace(/\..*/, '') : undefined
}

/** RFC 6749 section 3.3, or a list of names. */
function readScope(value: unknown): readonly string[] | undefined {
  if (value == null) return undefined
  const texts: readonly unknown[] = [value].flat()
  if (!texts.every((text) => typeof text === 'string')) throw invalid('has a scope that is neither a string nor a list')
  return texts.flatMap((text) => text.split(' ')).filter((name) => name !== '')
}

/** An empty one counts for none. */
function readString(value: unknown, name: string): string | undefined {
  if (value == null || value === '') return undefined
  if (typeof value !== 'string') throw invalid(`has a ${name} that is not a string`)
  return value
}
