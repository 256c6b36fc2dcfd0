import type { EverbearerError } from '../base/errors.js'
import { ownOptions } from '../base/options.js'
import type { Grant } from '../token/grant.js'
import { oauthClient } from './oauth-client.js'
import type { OAuthClientOptions } from './oauth-client.js'
import { quietIdentity } from './quiet-identity.js'
import { requestedAccess } from './requested-access.js'
import type { AccessOptions } from './requested-access.js'

/** Who asks for a token, where, and for what. */
export interface ClientCredentialsOptions extends OAuthClientOptions, AccessOptions {}

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
  const options = ownOptions(given, 'clientCredentials')
  const client = oauthClient(options)
  const access = requestedAccess(options)
  const grantType = 'client_credentials'
  return {
    identity: quietIdentity({ ...client.identity, grantType, ...access }),
    ...client.members,
    repeatable: true,
    requestToken: (request) => client.requestToken({ grantType, access }, request),
  }
}
