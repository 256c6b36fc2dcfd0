import type { EverbearerError } from '../base/errors.js'
import { clientAuthenticator } from '../client-auth/client-authentication.js'
import type { Client, ClientOptions, UnauthenticatedClient } from '../client-auth/client-authentication.js'
import { oauthClient } from './oauth-client.js'
import type { ConnectionOptions, OAuthClient } from './oauth-client.js'

/** A client of a grant that has another credential: it may be public, or there may be none. */
export type OptionalClientOptions = (ClientOptions | UnauthenticatedClient) & ConnectionOptions

/**
 * Returns a client that authenticates if it has a credential. Otherwise it sends its id only, or nothing. Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 */
export function optionalClient(options: ConnectionOptions & Client): OAuthClient {
  return oauthClient(options, clientAuthenticator(options, { optional: true }))
}
