import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import type { ServerTransport } from '../server/authorization-server.js'
import { clientAuthenticator } from '../client-auth/client-authentication.js'
import { describeSecret } from '../client-auth/client-secret.js'
import { parseEndpointOrigins } from '../server/discover.js'
import { discoverTokenEndpoint } from './openid-configuration.js'
import { formBody, postToTokenEndpoint } from '../server/token-endpoint.js'
import type { CxoneClient } from './credentials.js'
import { accessKeyOf, refusal } from './sign-in.js'
import type { SignIn } from './sign-in.js'

const METHODS: readonly NonNullable<CxoneClient['clientAuthentication']>[] = [
  'client_secret_basic',
  'client_secret_post',
]

/**
 * `POST {issuer}/auth/token` as RFC 6749 has it, the access key as user name and password (section 4.3); the issuer's
 * OpenID configuration says where that is. Throws {@link EverbearerError} `invalid_option`, `invalid_origin` or `insecure_url`.
 */
export function passwordSignIn(credentials: CxoneClient, issuer: string): SignIn {
  const { clientId, clientSecret, clientAuthentication = 'client_secret_basic' } = credentials
  if (!METHODS.includes(clientAuthentication)) {
    throw invalidOption('clientAuthentication', `must be ${METHODS.join(' or ')}`)
  }
  const key = accessKeyOf(credentials)
  const expected = { issuer, endpointOrigins: parseEndpointOrigins(credentials.endpointOrigins) }
  const authenticate = clientAuthenticator({ clientId, clientSecret, clientAuthentication })
  let endpoint: URL | undefined

  const ask = async (
    parameters: readonly (readonly [name: string, value: string])[],
    secrets: readonly string[],
    transport: ServerTransport,
  ) => {
    const client = await authenticate(transport)
    const url = (endpoint ??= await discoverTokenEndpoint(expected, transport))
    try {
      return await postToTokenEndpoint({
        ...transport,
        url,
        headers: client.headers,
        body: formBody(new Map([...parameters, ...client.parameters])),
        secrets: [...client.secrets, ...secrets],
      })
    } catch (error) {
      // Only the right place refuses; after anything else it may have moved.
      if (!isRefusal(error)) endpoint = undefined
      throw error
    }
  }

  return {
    identity: { tokenEndpoint: issuer, clientId, grantType: 'password' },
    withRefreshToken: (refreshToken, transport) =>
      ask(
        [
          ['grant_type', 'refresh_token'],
          ['refresh_token', refreshToken],
          // NICE wants it here, however the client authenticates.
          ['client_id', clientId],
        ],
        [refreshToken],
        transport,
      ),
    async withAccessKey(transport) {
      const secret = await key.secret()
      const form = [
        ['grant_type', 'password'],
        ['username', key.id],
        ['password', secret],
      ] as const
      try {
        return await ask(form, [secret], transport)
      } catch (error) {
        if (!isRefusal(error)) throw error
        const asked = `the issuer (asked was ${issuer})`
        if (error.error === 'invalid_grant') throw refusal(error, 'the access key', `${key.description}, then ${asked}`)
        const client = `${describeSecret('the client secret', clientSecret)}, then the client id, then ${asked}`
        throw refusal(error, 'the client', `${client}, then that this client may sign in with an access key`)
      }
    },
  }
}

function isRefusal(error: unknown): error is TokenError {
  return error instanceof TokenError && error.code === 'token_denied'
}
