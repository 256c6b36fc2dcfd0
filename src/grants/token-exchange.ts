import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import type { Omittable } from '../base/omitted.js'
import { checkText, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'
import type { Grant } from '../token/grant.js'
import { checkSecret, readSecret } from '../client-auth/client-secret.js'
import type { ClientSecret } from '../client-auth/client-secret.js'
import { OAUTH_CLIENT_OPTIONS } from './oauth-client.js'
import { optionalClient } from './optional-client.js'
import type { OptionalClientOptions } from './optional-client.js'
import { quietIdentity } from './quiet-identity.js'
import { SESSION_OPTIONS } from './refresh-token.js'
import type { SessionOptions } from './refresh-token.js'
import { requestedAccess } from './requested-access.js'

/** Who asks for a token, and what it gives for it. Types are URIs, such as `urn:ietf:params:oauth:token-type:access_token`. */
export type TokenExchangeOptions = OptionalClientOptions & ExchangeOptions & Omittable<ActorOptions>

interface ExchangeOptions extends SessionOptions {
  /** The token of the party on whose behalf it is asked. A function is asked anew for each try. */
  subjectToken: ClientSecret
  subjectTokenType: string
  /** What kind of token is to come back. Default: what the server gives by itself. */
  requestedTokenType?: string | undefined
  /** Whose tokens come back: needed with a store, and where many users' tokens live together. */
  subject?: string | undefined
}

interface ActorOptions {
  /** The token of the party who acts for it, where that is another one. */
  actorToken: ClientSecret
  actorTokenType: string
}

const NAMES: OptionNames<TokenExchangeOptions> = {
  ...OAUTH_CLIENT_OPTIONS,
  ...SESSION_OPTIONS,
  subjectToken: 'defined',
  subjectTokenType: true,
  actorToken: 'defined',
  actorTokenType: true,
  requestedTokenType: true,
}

const TYPES = ['subjectTokenType', 'actorTokenType', 'requestedTokenType'] as const

/**
 * Token exchange (RFC 8693): a token for another one, for one's own use of another API or on behalf of a user. It does no
 * I/O before a `TokenManager` asks it.
 *
 * What comes back must be a token to stamp on requests: an answer without `issued_token_type`, or of the type `N_A`, is
 * `token_response_invalid`. Without `clientSecret` the client is named only, without `clientId` not even that.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 *
 * @example
 * ```js
 * import { TokenManager, tokenExchange } from 'everbearer'
 *
 * const tokens = new TokenManager(
 *   tokenExchange({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     clientId: 'id',
 *     clientSecret: 'secret',
 *     subjectToken: () => 'the token that came with the request',
 *     subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token',
 *     audience: 'https://api.example.com',
 *     subject: 'user 42',
 *   }),
 * )
 * const token = await tokens.getToken()
 * ```
 */
export function tokenExchange(given: TokenExchangeOptions): Grant {
  const options = knownOptions(given, 'tokenExchange', NAMES)
  const { subjectToken, actorToken, subject } = options
  const client = optionalClient(options)
  const access = requestedAccess(options, [
    'subject_token',
    'subject_token_type',
    'actor_token',
    'actor_token_type',
    'requested_token_type',
  ])
  checkSecret('subjectToken', subjectToken)
  if (actorToken !== undefined) checkSecret('actorToken', actorToken)
  checkText('subject', subject)
  const types = typesOf(options)
  const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'

  return {
    identity: quietIdentity({
      ...client.identity,
      ...access,
      grantType,
      // The names are this grant's own, so that no parameter has them.
      parameters: { ...access.parameters, ...types },
      subject,
    }),
    ...client.members,
    repeatable: true,
    userBound: true,
    async requestToken(request) {
      const tokens = {
        subject_token: await readSecret('subjectToken', subjectToken),
        ...(actorToken !== undefined && { actor_token: await readSecret('actorToken', actorToken) }),
      }
      const parameters = Object.entries({ ...tokens, ...types })
      const set = await client.requestToken({ grantType, access, parameters, secrets: Object.values(tokens) }, request)
      if (typeof set.parameters['issued_token_type'] !== 'string') throw untyped()
      return set
    },
  }
}

/** As they are sent. */
function typesOf(options: TokenExchangeOptions): Readonly<Record<string, string>> {
  const { subjectTokenType, actorToken, actorTokenType, requestedTokenType } = options
  for (const name of TYPES) {
    const type: unknown = options[name]
    if (type === undefined && name !== 'subjectTokenType') continue
    if (typeof type !== 'string' || parseUrl(type) === undefined) {
      throw invalidOption(name, 'must be a URI, such as urn:ietf:params:oauth:token-type:access_token')
    }
  }
  if ((actorToken === undefined) !== (actorTokenType === undefined)) {
    throw invalidOption('actorTokenType', 'comes with an actorToken, and an actorToken with it')
  }
  return {
    subject_token_type: subjectTokenType,
    ...(actorTokenType !== undefined && { actor_token_type: actorTokenType }),
    ...(requestedTokenType !== undefined && { requested_token_type: requestedTokenType }),
  }
}

function untyped(): TokenError {
  const message = 'The answer of the token endpoint has no issued_token_type, which token exchange needs (RFC 8693).'
  return new TokenError('token_response_invalid', `${message} Check that the server knows this grant type.`)
}
