import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import type { Omittable } from '../base/omitted.js'
import { checkText, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { Secret } from '../base/secret.js'
import type { Grant, TokenRequestOptions, TokenSet } from '../token/grant.js'
import { isRejection } from '../token/token-errors.js'
import { checkSecret, readSecret } from '../client-auth/client-secret.js'
import type { ClientSecret } from '../client-auth/client-secret.js'
import { OAUTH_CLIENT_OPTIONS, oauthClient } from './oauth-client.js'
import type { OAuthClient, OAuthClientOptions } from './oauth-client.js'
import { quietIdentity } from './quiet-identity.js'
import { ACCESS_OPTIONS, requestedAccess } from './requested-access.js'
import type { AccessOptions, RequestedAccess } from './requested-access.js'

/** Whose session it is, and with what it begins. */
export type RefreshTokenOptions = OAuthClientOptions & SessionOptions & Omittable<SignedInOptions>

/** Whose session a grant goes on with. */
export interface SessionOptions extends AccessOptions {
  /** Whose tokens they are, such as the user's id: needed with a store, and where many users' tokens live together. */
  subject?: string | undefined
}

interface SignedInOptions {
  /** What a sign-in brought. May be left out where a store holds the session: what the server gave last goes first. */
  refreshToken: ClientSecret
}

export const SESSION_OPTIONS: OptionNames<SessionOptions> = { ...ACCESS_OPTIONS, subject: true }

const NAMES: OptionNames<RefreshTokenOptions> = {
  ...OAUTH_CLIENT_OPTIONS,
  ...SESSION_OPTIONS,
  refreshToken: 'defined',
}

/** It asks for the refresh token itself (OpenID Connect Core section 11); servers leave it out of what they granted. */
const OFFLINE_ACCESS = 'offline_access'

/**
 * The refresh token grant (RFC 6749 section 6): goes on with a session that somebody began. It does no I/O before a
 * `TokenManager` asks it.
 *
 * - A refresh token that came with an answer takes the place of the one that was sent; when none came, that one stays.
 *   It is never sent twice for one answer: where it rotates, a server revokes the session at its second use.
 * - When the server rejects what it gave last, by whatever name, `refreshToken` is tried once, if it is another one: a new
 *   sign-in brought it.
 * - `scope` is sent when it is given, without what was not granted: it never widens. Without it the scope stays as it is.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`. The manager's `getToken` rejects with
 * {@link TokenError} `refresh_token_missing` when there is none, and with `token_denied` when none is taken any more: the
 * user must sign in again.
 *
 * @example
 * ```js
 * import { TokenManager, refreshToken } from 'everbearer'
 *
 * const tokens = new TokenManager(
 *   refreshToken({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     clientId: 'id',
 *     clientSecret: 'secret',
 *     refreshToken: () => 'read from where the sign-in left it',
 *     subject: 'user 42',
 *   }),
 * )
 * const token = await tokens.getToken()
 * ```
 */
export function refreshToken(given: RefreshTokenOptions): Grant {
  const options = knownOptions(given, 'refreshToken', NAMES)
  return refreshingGrant(options, oauthClient(options), options.refreshToken)
}

/**
 * Returns a grant that continues a session as `client`. `signedIn` is the refresh token that it begins with. Throws
 * {@link EverbearerError} `invalid_option`.
 */
export function refreshingGrant(options: SessionOptions, client: OAuthClient, signedIn?: ClientSecret): Grant {
  const { subject } = options
  const access = requestedAccess(options, ['refresh_token'])
  if (signedIn !== undefined) checkSecret('refreshToken', signedIn)
  checkText('subject', subject)
  const session = new RefreshedSession(client, access, signedIn)
  return {
    identity: quietIdentity({
      ...client.identity,
      grantType: GRANT_TYPE,
      ...access,
      subject,
    }),
    ...client.members,
    repeatable: false,
    userBound: true,
    requestToken: (request) => session.refresh(request),
  }
}

const GRANT_TYPE = 'refresh_token'

/** Sends the refresh token of the last response. If the server rejects it, sends the one of a new sign-in. */
class RefreshedSession {
  readonly #client: OAuthClient
  readonly #access: RequestedAccess
  readonly #signedIn: ClientSecret | undefined
  /** The server has accepted or rejected it: to send it again would end a session that rotates. */
  #usedUp: Secret | undefined

  constructor(client: OAuthClient, access: RequestedAccess, signedIn: ClientSecret | undefined) {
    this.#client = client
    this.#access = access
    this.#signedIn = signedIn
  }

  async refresh(request: TokenRequestOptions): Promise<TokenSet> {
    const { previous } = request
    const last = previous?.refreshToken
    if (last === undefined) return this.#sendSignedIn(await this.#readSignedIn(), request)
    try {
      return await this.#send(last, stillGranted(this.#access.scope, previous?.accessToken.scope), request)
    } catch (error) {
      if (this.#signedIn === undefined || !isRejection(error)) throw error
      const token = await this.#readSignedIn()
      if (token.equals(last) || this.#usedUp?.equals(token)) throw error
      return this.#sendSignedIn(token, request)
    }
  }

  async #readSignedIn(): Promise<Secret> {
    if (this.#signedIn === undefined) throw missing()
    return new Secret(await readSecret('refreshToken', this.#signedIn))
  }

  async #sendSignedIn(token: Secret, request: TokenRequestOptions): Promise<TokenSet> {
    try {
      const set = await this.#send(token, this.#access.scope, request)
      this.#usedUp = token
      return set
    } catch (error) {
      if (isRejection(error)) this.#usedUp = token
      throw error
    }
  }

  async #send(token: Secret, scope: readonly string[], request: TokenRequestOptions): Promise<TokenSet> {
    const value = token.reveal()
    const parameters = [['refresh_token', value]] as const
    const access = { ...this.#access, scope }
    const set = await this.#client.requestToken(
      { grantType: GRANT_TYPE, access, parameters, secrets: [value] },
      request,
    )
    return { ...set, refreshToken: set.refreshToken ?? token }
  }
}

/** None, which means as it is, when nothing that was asked for is known to be granted. */
function stillGranted(scope: readonly string[], granted: readonly string[] = scope): readonly string[] {
  const isGranted = (name: string) => granted.includes(name)
  return scope.some(isGranted) ? scope.filter((name) => isGranted(name) || name === OFFLINE_ACCESS) : []
}

function missing(): TokenError {
  const message = "No refresh token: none in `refreshToken`, the server's response or the store. Sign the user in."
  return new TokenError('refresh_token_missing', message, { requestSent: false })
}
