import type { EverbearerError } from '../base/errors.js'
import { clientAuthenticator } from '../client-auth/client-authentication.js'
import type { Client, ClientOptions, UnauthenticatedClient } from '../client-auth/client-authentication.js'
import { oauthClient } from './oauth-client.js'
import type { ConnectionOptions, OAuthClient } from './oauth-client.js'

/** A client where it is something else that shows who asks: it may be public, or none at all. */
export type OptionalClientOptions = (ClientOptions | UnauthenticatedClient) & ConnectionOptions

/**
 * A client that proves who it is when it is given something to prove it with; that is named only, or not at all, when it
 * is not. Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 */
export function optionalClient(options: ConnectionOptions & Client): OAuthClient {
  return oauthClient(options, clientAuthenticator(options, { optional: true }))
}
