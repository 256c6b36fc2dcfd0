import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { checkBoolean, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { Secret } from '../base/secret.js'
import type { Grant, TokenRequestOptions } from '../token/grant.js'
import type { AuthorizationRequest } from './authorization-request.js'
import { issuerMissing, readCallback } from './authorization-response.js'
import { OAUTH_CLIENT_OPTIONS, oauthClient } from './oauth-client.js'
import type { OAuthClientOptions } from './oauth-client.js'
import { checkRedirectUri } from './redirect-uri.js'
import { refreshingGrant, SESSION_OPTIONS } from './refresh-token.js'
import type { SessionOptions } from './refresh-token.js'
import { requestedAccess } from './requested-access.js'
import type { ServerEndpoints } from '../server/server-endpoints.js'

/** What a sign-in began with, and what the browser came back with. */
export type AuthorizationCodeOptions = OAuthClientOptions & SessionOptions & CallbackOptions

interface CallbackOptions {
  /** The same as in the authorization request. */
  redirectUri: string
  /** The URL that the browser came back with, whole or from the path on, as `request.url` of Node's server has it. */
  callbackUrl: string | URL
  /** From the user's session, as `authorizationRequest` gave it. */
  state: string
  /** From the user's session, as `authorizationRequest` gave it. */
  codeVerifier: string
  /**
   * What the authorization server calls itself. If it is given, a callback that names its issuer (RFC 9207) must name this
   * one, to the character. A client of several servers needs it.
   */
  issuer?: string | undefined
  /**
   * Whether the server names itself in each callback: one without `iss` is then rejected (RFC 9207 section 2.4). Default: as
   * the issuer's metadata says, or false if `tokenEndpoint` is given.
   */
  authorizationResponseIssParameterSupported?: boolean | undefined
}

const NAMES: OptionNames<AuthorizationCodeOptions & AuthorizationRequest> = {
  ...OAUTH_CLIENT_OPTIONS,
  ...SESSION_OPTIONS,
  redirectUri: true,
  callbackUrl: true,
  state: true,
  codeVerifier: true,
  authorizationResponseIssParameterSupported: true,
  url: 'ignored',
}

/** What is set here and by the refresh token grant, whose identity this one shares. */
const OWN = ['code', 'redirect_uri', 'code_verifier', 'refresh_token']

/**
 * The authorization code grant (RFC 6749 section 4.1) with PKCE (RFC 7636): takes the callback of a sign-in that
 * {@link authorizationRequest} began, redeems its code once, and goes on as `refreshToken` does. It does no I/O before a
 * `TokenManager` asks it.
 *
 * - `state`, the issuer, and that there is exactly one code are checked at once. If `issuer` is given without
 *   `tokenEndpoint`, the first use learns whether a callback must name the issuer, before the code is sent.
 * - Its identity is that of `refreshToken` for the same client, scope and `subject`: after a restart that one goes on with
 *   what this one left in the store. A code goes before what the store holds, and takes nothing over from it.
 * - The code is sent again only if it never left, or if the server answered that it may be later; after anything else it is
 *   spent, and without a refresh token the user must sign in again (`refresh_token_missing`).
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`, {@link TokenError} `authorization_denied` when the user or
 * the server said no, and `authorization_invalid` when the callback is not the answer to this sign-in.
 *
 * @example
 * ```js
 * import { TokenManager, authorizationCode, authorizationRequest } from 'everbearer'
 *
 * const client = { clientId: 'id', redirectUri: 'https://app.example.com/callback' }
 * const authorizationEndpoint = 'https://login.example.com/oauth/authorize'
 * const { url, state, codeVerifier } = authorizationRequest({ authorizationEndpoint, ...client })
 *
 * // The browser was sent to `url`, and is back:
 * const tokens = new TokenManager(
 *   authorizationCode({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     ...client,
 *     clientSecret: 'secret',
 *     callbackUrl: `/callback?code=SplxlOBeZQQYbYS6WxSbIA&state=${state}`,
 *     state,
 *     codeVerifier,
 *     subject: 'user 42',
 *   }),
 * )
 * const token = await tokens.getToken()
 * ```
 */
export function authorizationCode(given: AuthorizationCodeOptions): Grant {
  const options = knownOptions(given, 'authorizationCode', NAMES)
  const { redirectUri, callbackUrl, issuer, authorizationResponseIssParameterSupported: issSupported = false } = options
  checkRedirectUri(redirectUri)
  checkBoolean('authorizationResponseIssParameterSupported', issSupported)
  const state = kept('state', options.state)
  const codeVerifier = kept('codeVerifier', options.codeVerifier)
  const client = oauthClient(options)
  const access = { ...requestedAccess(options, OWN), scope: [] }
  const after = refreshingGrant(options, client)
  const callback = readCallback({ callbackUrl, redirectUri, state, codeVerifier, issuer, namesIssuer: issSupported })
  let code: Secret | undefined = callback.code
  const checkServer = ({ metadata }: ServerEndpoints) => {
    if (metadata?.authorizationResponseIssParameterSupported && !callback.namesIssuer) throw issuerMissing()
  }

  const redeem = async (presented: Secret, request: TokenRequestOptions) => {
    const value = presented.reveal()
    const parameters = [
      ['code', value],
      ['redirect_uri', redirectUri],
      ['code_verifier', codeVerifier],
    ] as const
    code = undefined
    try {
      const grantType = 'authorization_code'
      const secrets = [value, codeVerifier]
      return await client.requestToken({ grantType, access, parameters, secrets, checkServer }, request)
    } catch (error) {
      if (isWhole(error)) code = presented
      throw error
    }
  }

  return {
    ...after,
    fresh: () => code !== undefined,
    requestToken: (request) => (code === undefined ? after.requestToken(request) : redeem(code, request)),
  }
}

/** Whether a code is as good as before. What got no answer may have arrived, and a rejected callback stays rejected. */
function isWhole(error: unknown): boolean {
  if (!(error instanceof TokenError) || error.code === 'authorization_invalid') return false
  return !error.requestSent || (error.retryable && error.status !== undefined)
}

/** A session that has expired holds none: with an empty state, everybody's callback would pass. */
function kept(option: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalidOption(option, 'must be what authorizationRequest gave, as it was kept in the user’s session')
}
