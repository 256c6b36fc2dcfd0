import { createHash, randomBytes } from 'node:crypto'

import { allowInsecure, insecureOrigins } from '../base/allow-insecure.js'
import type { InsecureOriginsOption } from '../base/allow-insecure.js'
import type { EverbearerError } from '../base/errors.js'
import { invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { parseEndpoint } from '../protocol/url.js'
import { METADATA } from '../server/authorization-server-metadata.js'
import type { AuthorizationServerMetadata } from '../server/authorization-server-metadata.js'
import { checkRedirectUri } from './redirect-uri.js'
import { ACCESS_OPTIONS, accessParameters, requestedAccess } from './requested-access.js'
import type { AccessOptions } from './requested-access.js'

/** Where a user signs in, and for which client. */
export interface AuthorizationRequestOptions extends InsecureOriginsOption, AccessOptions {
  /** The authorization endpoint's URL: https, or http on loopback. A query that it has stays. */
  authorizationEndpoint: string | URL
  clientId: string
  /** Where the browser comes back to, exactly as it is registered with the server. */
  redirectUri: string
  /** Further parameters, such as `prompt` or `login_hint`. */
  parameters?: Readonly<Record<string, string>> | undefined
}

/** What a sign-in begins with. All are strings, so that it can be kept as JSON. */
export interface AuthorizationRequest {
  /** To send the browser to. */
  readonly url: string
  /** Which comes back, so that nobody else's answer passes for this one's. */
  readonly state: string
  /** Which the code is worth nothing without: for nobody but the user's session here. */
  readonly codeVerifier: string
}

const NAMES: OptionNames<AuthorizationRequestOptions & AuthorizationServerMetadata> = {
  ...METADATA,
  ...ACCESS_OPTIONS,
  authorizationEndpoint: true,
  clientId: 'defined',
  redirectUri: true,
}

const OWN = ['response_type', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method']

/**
 * Begins a sign-in by authorization code (RFC 6749 section 4.1.1): the URL to send a browser to, always with PKCE by S256
 * (RFC 7636) and with a `state` that nobody guesses. Keep what comes back in the user's session; {@link authorizationCode}
 * takes it when the browser returns. Does no I/O.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 *
 * @example
 * ```js
 * import { authorizationRequest } from 'everbearer'
 *
 * const { url, state, codeVerifier } = authorizationRequest({
 *   authorizationEndpoint: 'https://login.example.com/oauth/authorize',
 *   clientId: 'id',
 *   redirectUri: 'https://app.example.com/callback',
 *   scope: 'openid offline_access',
 * })
 * const session = { state, codeVerifier } // in the user's session, until the browser is back
 * ```
 */
export function authorizationRequest(given: AuthorizationRequestOptions): AuthorizationRequest {
  const options = knownOptions(given, 'authorizationRequest', NAMES)
  const { authorizationEndpoint, clientId, redirectUri } = options
  if ((authorizationEndpoint as unknown) === undefined) {
    throw invalidOption('authorizationEndpoint', 'must be the URL where users sign in: discover(issuer) finds it')
  }
  const url = parseEndpoint(authorizationEndpoint, 'authorizationEndpoint', insecureOrigins(options[allowInsecure]))
  if (typeof clientId !== 'string' || clientId === '') {
    throw invalidOption('clientId', 'must be a string that is not empty')
  }
  checkRedirectUri(redirectUri)
  const access = requestedAccess(options, OWN)
  const state = unguessable()
  const codeVerifier = unguessable()
  const parameters = [
    ['response_type', 'code'],
    ['client_id', clientId],
    ['redirect_uri', redirectUri],
    ['state', state],
    ['code_challenge', codeChallenge(codeVerifier)],
    ['code_challenge_method', 'S256'],
    ...accessParameters(access),
  ] as const
  for (const [name, value] of parameters) {
    // No parameter may be there twice (RFC 6749 section 3.1), but for resource (RFC 8707 section 2).
    if (name !== 'resource' && url.searchParams.has(name)) {
      throw invalidOption('authorizationEndpoint', `must not hold ${name}, which is set here`)
    }
    url.searchParams.append(name, value)
  }
  return { url: url.href, state, codeVerifier }
}

/** Returns 32 random bytes as 43 characters of base64url (RFC 7636 section 4.1). */
function unguessable(): string {
  return randomBytes(32).toString('base64url')
}

/** `S256` of RFC 7636 section 4.2. */
function codeChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url')
}
