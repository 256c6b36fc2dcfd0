import type { EverbearerError } from '../base/errors.js'
import { checkText } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'
import type { ClientProof } from './client-authentication.js'
import { oauthClient } from './oauth-client.js'
import type { OAuthClient, OAuthClientOptions } from './oauth-client.js'

/** A client where it is something else that shows who asks: it may be public, or none at all. */
export interface OptionalClientOptions
  extends Omit<OAuthClientOptions, 'clientId' | 'clientSecret'>, Partial<Pick<OAuthClientOptions, 'clientSecret'>> {
  /** Without it no client is named. */
  clientId?: string
}

/**
 * A client that proves who it is when it is given something to prove it with; that is named only, or not at all, when it
 * is not. Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 */
export function optionalClient(options: OptionalClientOptions): OAuthClient {
  const { clientId, clientSecret, clientAuthentication } = options
  // Whatever is wrong with these is told there.
  if (clientSecret !== undefined || clientAuthentication !== undefined) {
    return oauthClient(options as OAuthClientOptions)
  }
  checkText('clientId', clientId)
  const parameters = clientId === undefined ? [] : [['client_id', clientId] as const]
  const proof: ClientProof = { headers: {}, parameters, secrets: [] }
  const named = ownMembers({ ...options, clientId: clientId ?? '' }) as OAuthClientOptions
  return oauthClient(named, () => Promise.resolve(proof))
}
