import type { Dispatcher } from 'undici'

import { TokenError } from '../base/errors.js'
import { clientCredentials } from '../grants/client-credentials.js'
import { describeSecret } from '../client-auth/client-secret.js'
import type { ClientSecret } from '../client-auth/client-secret.js'
import { parseOrigin } from '../protocol/url.js'
import type { Grant } from '../token/grant.js'
import { likeError } from '../token/token-errors.js'
import type { TokenRevocation } from './token-revocation.js'

/** Genesys Cloud's client credentials grant, whose refusals say what to check in Genesys' own terms. */
export function genesysGrant(options: {
  loginUrl: string
  clientId: string
  clientSecret: ClientSecret
  dispatcher?: Dispatcher | undefined
  /** Genesys revokes tokens at its API, which the token endpoint does not know. */
  revocation?: TokenRevocation | undefined
}): Grant {
  const { clientId, clientSecret, dispatcher, revocation } = options
  const loginUrl = parseOrigin(options.loginUrl, 'loginUrl')
  const grant = clientCredentials({
    tokenEndpoint: `${loginUrl}/oauth/token`,
    clientId,
    clientSecret,
    ...(dispatcher && { dispatcher }),
  })
  return {
    ...grant,
    ...(revocation && { revokeToken: ({ accessToken }, { signal }) => revocation(accessToken, signal) }),
    async requestToken(request) {
      try {
        return await grant.requestToken(request)
      } catch (error) {
        throw error instanceof TokenError && error.error === 'invalid_client'
          ? explained(error, loginUrl, clientSecret)
          : error
      }
    },
  }
}

/** The same description comes for a wrong secret, for the right one in the wrong region, and for a client that is off. */
function explained(error: TokenError, loginUrl: string, clientSecret: ClientSecret): TokenError {
  const { errorDescription = 'no description' } = error
  const region = `the region (asked was ${loginUrl}: a client exists in the region it was made in only)`
  const secret = describeSecret('the client secret', clientSecret)
  const advice = /not found/i.test(errorDescription)
    ? `Check first ${region}, then the client id.`
    : /disabled|inactive/i.test(errorDescription)
      ? 'Check first that the OAuth client is active in Genesys Cloud, then the client id.'
      : `Check first ${secret}, then ${region}, then that the OAuth client is active.`
  return likeError(error, `Genesys Cloud refused the client: invalid_client (${errorDescription}). ${advice}`)
}
