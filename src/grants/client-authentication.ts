import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { basicCredentials } from '../protocol/basic-credentials.js'
import { checkSecret, readSecret } from './client-secret.js'
import type { ClientSecret } from './client-secret.js'

/** RFC 8414's names for how a client proves who it is at the token endpoint. */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post'

/** What one method adds to a token request: exactly one method for a request (RFC 6749 section 2.3). */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: readonly (readonly [name: string, value: string])[]
  /** What a server must not make us print by quoting the request. */
  readonly secrets: readonly string[]
}

/** How each method presents the client. */
export const CLIENT_AUTHENTICATION: Record<ClientAuthentication, (clientId: string, secret: string) => ClientProof> = {
  client_secret_basic: (clientId, secret) => {
    const authorization = basicCredentials(clientId, secret)
    return { headers: { authorization }, parameters: [], secrets: [authorization.replace('Basic ', ''), secret] }
  },
  client_secret_post: (clientId, secret) => ({
    headers: {},
    parameters: [
      ['client_id', clientId],
      ['client_secret', secret],
    ],
    secrets: [secret],
  }),
}

/** A client, and how it proves who it is. */
export interface Client {
  readonly clientId: string
  readonly clientSecret: ClientSecret
  readonly clientAuthentication?: ClientAuthentication | undefined
}

/** A client's proof, made anew for each request, as its secret may rotate. Throws {@link EverbearerError} `invalid_option`. */
export function clientProof({ clientId, clientSecret, clientAuthentication = 'client_secret_basic' }: Client) {
  if (typeof clientId !== 'string' || clientId === '') {
    throw invalidOption('clientId', 'must be a string that is not empty')
  }
  checkSecret('clientSecret', clientSecret)
  if (typeof clientAuthentication !== 'string' || !Object.hasOwn(CLIENT_AUTHENTICATION, clientAuthentication)) {
    throw invalidOption('clientAuthentication', `must be one of ${Object.keys(CLIENT_AUTHENTICATION).join(', ')}`)
  }
  return async (): Promise<ClientProof> =>
    CLIENT_AUTHENTICATION[clientAuthentication](clientId, await readSecret('clientSecret', clientSecret))
}
