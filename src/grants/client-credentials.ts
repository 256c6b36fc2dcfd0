import type { EverbearerError } from '../base/errors.js'
import { knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { Grant } from '../token/grant.js'
import type { Client } from '../client-auth/client-authentication.js'
import { OAUTH_CLIENT_OPTIONS, oauthClient } from './oauth-client.js'
import type { OAuthClientOptions } from './oauth-client.js'
import { quietIdentity } from './quiet-identity.js'
import { ACCESS_OPTIONS, requestedAccess } from './requested-access.js'
import type { AccessOptions } from './requested-access.js'

/** Who asks for a token, where, and for what. */
export type ClientCredentialsOptions = OAuthClientOptions & AccessOptions

const NAMES: OptionNames<ClientCredentialsOptions> = { ...OAUTH_CLIENT_OPTIONS, ...ACCESS_OPTIONS }

/**
 * The client credentials grant (RFC 6749 section 4.4): a service that acts for itself. It holds no state and does no
 * I/O before a `TokenManager` asks it.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 *
 * @example
 * ```js
 * import { TokenManager, clientCredentials } from 'everbearer'
 *
 * const tokens = new TokenManager(
 *   clientCredentials({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     clientId: 'id',
 *     clientSecret: () => 'read from a vault',
 *     scope: 'things:read',
 *   }),
 * )
 * ```
 */
export function clientCredentials(given: ClientCredentialsOptions): Grant {
  const options = knownOptions(given, 'clientCredentials', NAMES)
  const client = oauthClient(options)
  const access = requestedAccess(options)
  const grantType = 'client_credentials'
  const { clientAuthentication, dispatcher, certificate }: Client = options
  // No public client may use this grant (RFC 6749 section 4.4): its certificate is in its dispatcher.
  const isUnnamed = clientAuthentication === 'none' && dispatcher !== undefined && certificate === undefined
  return {
    identity: quietIdentity({ ...client.identity, grantType, ...access }),
    ...client.members,
    ...(isUnnamed && { unnamed: 'certificate' }),
    repeatable: true,
    requestToken: (request) => client.requestToken({ grantType, access }, request),
  }
}
