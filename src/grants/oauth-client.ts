import type { Dispatcher } from 'undici'

import { systemClock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { EverbearerError, TokenErrorDetails } from '../base/errors.js'
import { checkDispatcher, invalidOption } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { Grant, GrantIdentity, TokenRequestOptions, TokenSet } from '../token/grant.js'
import { CLIENT_OPTIONS, clientAuthenticator, isByCertificate } from '../client-auth/client-authentication.js'
import type { Client, ClientOptions } from '../client-auth/client-authentication.js'
import { confidentialValues } from '../server/confidential-values.js'
import { credentialsOf } from '../client-auth/credentials.js'
import { DpopProver } from '../client-auth/dpop.js'
import type { PrivateKey } from '../client-auth/private-key.js'
import { MAX_CLOCK_TOLERANCE } from '../client-auth/signed-jwt.js'
import { accessParameters } from './requested-access.js'
import type { RequestedAccess } from './requested-access.js'
import { revokeTokens } from '../server/revocation-endpoint.js'
import { SERVER_OPTIONS, serverEndpoints } from '../server/server-endpoints.js'
import type { ServerEndpoints, ServerOptions } from '../server/server-endpoints.js'
import { formBody, postToTokenEndpoint } from '../server/token-endpoint.js'
import type { TokenRequest } from '../server/token-endpoint.js'
import { tokenSet } from './token-set.js'

/** What every client is told of its authorization server and of the way there. */
export interface ConnectionOptions extends ServerOptions {
  /**
   * The key that tokens are bound to (DPoP, RFC 9449): nobody can use one without it, and each request proves possession.
   * P-256 is what every server takes. A token that is not bound is refused. Needs the package `jose`. Default: bearer tokens.
   */
  dpop?: PrivateKey
  /**
   * Milliseconds by which the server's clock may be behind: the `iat` of assertions and DPoP proofs lies back as far.
   * 0 to 60,000, default 5,000.
   */
  clockTolerance?: number | undefined
  /** Carries the token requests: a proxy, an own CA, the client's certificate. Default: undici's global dispatcher. */
  dispatcher?: Dispatcher | undefined
}

/** A client, and the authorization server that it asks. */
export type OAuthClientOptions = ClientOptions & ConnectionOptions

export const OAUTH_CLIENT_OPTIONS: OptionNames<OAuthClientOptions> = {
  ...SERVER_OPTIONS,
  ...CLIENT_OPTIONS,
  dpop: 'defined',
  clockTolerance: true,
}

/** One token request of a grant. */
export interface GrantRequest {
  readonly grantType?: string | undefined
  readonly access: RequestedAccess
  /** What belongs to the grant, such as a refresh token. */
  readonly parameters?: readonly (readonly [name: string, value: string])[]
  /** Which values of it a server must not make us print. */
  readonly secrets?: readonly string[]
  /** Beside those that authenticate the client, for a server that has its own way. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What the parameters are sent as; a form by default. */
  readonly encode?: typeof formBody
  readonly rename?: TokenRequest['rename'] | undefined
  /** Checks the server before anything is sent to it. What it throws rejects the request. */
  readonly checkServer?: ((server: ServerEndpoints) => void) | undefined
}

/** What a request has where its grant says nothing. */
const PLAIN = { parameters: [], secrets: [], headers: {}, encode: formBody, rename: undefined, checkServer: undefined }

/** A client of an authorization server, as all grants need it. */
export interface OAuthClient {
  /** Its part of a grant's identity. */
  readonly identity: Pick<GrantIdentity, 'tokenEndpoint' | 'clientId' | 'confirmation'>
  /** What each of its grants has beside that. */
  readonly members: Pick<Grant, 'credentials' | 'prover' | 'revokeToken' | 'unnamed'>
  /** Asks once. Throws {@link TokenError}. */
  requestToken(request: GrantRequest, options: TokenRequestOptions): Promise<TokenSet>
}

/**
 * Does no I/O before it is asked. `authenticate` replaces the way of {@link clientAuthenticator}. Throws
 * {@link EverbearerError} `invalid_option` or `insecure_url`.
 */
export function oauthClient(
  options: ConnectionOptions & Client,
  authenticate = clientAuthenticator(options),
): OAuthClient {
  const { clientId = '', dpop, dispatcher, certificate, clockTolerance } = options
  const endpoints = serverEndpoints(options, { mtls: isByCertificate(options) })
  checkDispatcher(dispatcher)
  checkClockTolerance(clockTolerance)
  const prover = dpop === undefined ? undefined : new DpopProver(dpop, clockTolerance)

  const revokeToken: Required<Grant>['revokeToken'] = async (tokens, { signal, clock = systemClock }) => {
    const transport = { dispatcher, signal, clock }
    const { issuer, revocationEndpoint: url } = await endpoints.find(transport)
    if (url === undefined) throw unrevocableError()
    await revokeTokens(tokens, { ...transport, url, authenticate: () => authenticate({ issuer, clock }) })
  }

  return {
    identity: { tokenEndpoint: endpoints.identity, clientId, confirmation: prover?.thumbprint },
    members: {
      credentials: credentialsOf(options),
      unnamed: isByCertificate(options) && certificate === undefined ? 'certificate' : undefined,
      prover,
      ...(endpoints.mayRevoke && { revokeToken }),
    },
    async requestToken(request, { signal, clock = systemClock }) {
      const { grantType, access, parameters, secrets, headers, encode, rename, checkServer } = { ...PLAIN, ...request }
      const transport = { dispatcher, signal, clock }
      const server = await endpoints.find(transport).catch(throwUnsent)
      checkServer?.(server)
      const { issuer, tokenEndpoint: url } = server
      const ask = async () => {
        const client = await authenticate({ issuer, clock })
        return postToTokenEndpoint({
          ...transport,
          url,
          headers: { ...headers, ...client.headers },
          body: encode([
            ...(grantType === undefined ? [] : [['grant_type', grantType] as const]),
            ...parameters,
            ...accessParameters(access),
            ...client.parameters,
          ]),
          rename,
          secrets: [...client.secrets, ...secrets, ...confidentialValues(url, access)],
          prover,
        })
      }
      try {
        const response = await (prover ? prover.withNonce({ method: 'POST', url: url.href }, ask) : ask())
        return tokenSet(response, prover)
      } catch (error) {
        // Only the right place refuses; after anything else the server may have moved.
        if (!(error instanceof TokenError && error.code === 'token_denied')) endpoints.forget()
        throw error
      }
    },
  }
}

function checkClockTolerance(value: unknown): void {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= MAX_CLOCK_TOLERANCE)) return
  throw invalidOption('clockTolerance', `must be a number of milliseconds from 0 to ${MAX_CLOCK_TOLERANCE}`)
}

/** While it was not known where to send it, what a request spends was not sent: a code or a refresh token is still whole. */
function throwUnsent(error: unknown): never {
  if (!(error instanceof TokenError)) throw error
  throw new TokenError(error.code, error.message, { ...(error as TokenErrorDetails), requestSent: false })
}

function unrevocableError(): TokenError {
  return new TokenError('revocation_unsupported', 'The issuer names no revocation_endpoint.')
}
