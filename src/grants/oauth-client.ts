import type { Dispatcher } from 'undici'

import { allowInsecure, insecureOrigins } from '../base/allow-insecure.js'
import type { InsecureOriginsOption } from '../base/allow-insecure.js'
import { systemClock } from '../base/clock.js'
import type { EverbearerError, TokenError } from '../base/errors.js'
import { checkDispatcher, checkText } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'
import { parseEndpoint } from '../protocol/url.js'
import type { Grant, GrantIdentity, TokenRequestOptions, TokenSet } from '../token/grant.js'
import { clientProof } from './client-authentication.js'
import type { ClientOptions } from './client-authentication.js'
import { DpopProver } from './dpop.js'
import type { PrivateKey } from './private-key.js'
import { accessParameters } from './requested-access.js'
import type { RequestedAccess } from './requested-access.js'
import { formBody, postToTokenEndpoint } from './token-endpoint.js'
import type { TokenRequest } from './token-endpoint.js'
import { tokenSet } from './token-set.js'

/** A client, and the authorization server that it asks. */
export interface OAuthClientOptions extends ClientOptions, InsecureOriginsOption {
  /** The token endpoint's URL: https, or http on loopback. */
  tokenEndpoint: string | URL
  /** What the authorization server calls itself: for whom a JWT is that proves who the client is. */
  issuer?: string
  /**
   * The key that tokens are bound to (DPoP, RFC 9449): nobody can use one without it, and each request proves possession.
   * P-256 is what every server takes. A token that is not bound is refused. Needs the package `jose`. Default: bearer tokens.
   */
  dpop?: PrivateKey
  /** Carries the token requests: a proxy, an own CA, the client's certificate. Default: undici's global dispatcher. */
  dispatcher?: Dispatcher
}

/** One token request of a grant. */
export interface GrantRequest {
  readonly grantType?: string | undefined
  readonly access: RequestedAccess
  /** What belongs to the grant, such as a refresh token. */
  readonly parameters?: readonly (readonly [name: string, value: string])[]
  /** Which values of it a server must not make us print. */
  readonly secrets?: readonly string[]
  /** Beside those of the client's proof, for a server that has its own way. */
  readonly headers?: Readonly<Record<string, string>>
  /** What the parameters are sent as; a form by default. */
  readonly encode?: typeof formBody
  readonly rename?: TokenRequest['rename']
}

/** A client of an authorization server, as all grants need it. */
export interface OAuthClient {
  /** Its part of a grant's identity. */
  readonly identity: Pick<GrantIdentity, 'tokenEndpoint' | 'clientId' | 'confirmation'>
  /** What each of its grants has beside that. */
  readonly members: Pick<Grant, 'prover'>
  /** Asks once. Throws {@link TokenError}. */
  requestToken(request: GrantRequest, options: TokenRequestOptions): Promise<TokenSet>
}

/**
 * Does no I/O before it is asked. `prove` says who asks, where that is not as {@link clientProof} has it. Throws
 * {@link EverbearerError} `invalid_option` or `insecure_url`.
 */
export function oauthClient(options: OAuthClientOptions, prove = clientProof(options)): OAuthClient {
  const { clientId, issuer, dpop, dispatcher } = options
  const url = parseEndpoint(options.tokenEndpoint, 'tokenEndpoint', insecureOrigins(options[allowInsecure]))
  checkText('issuer', issuer)
  checkDispatcher(dispatcher)
  const prover = dpop === undefined ? undefined : new DpopProver(dpop)
  return {
    identity: { tokenEndpoint: url.href, clientId, ...(prover && { confirmation: prover.thumbprint }) },
    members: { ...(prover && { prover }) },
    async requestToken(request, { signal, clock = systemClock }) {
      const {
        grantType,
        access,
        parameters = [],
        secrets = [],
        headers,
        encode = formBody,
        rename,
      } = ownMembers(request)
      const ask = async () => {
        const proof = await prove({ issuer, clock })
        return postToTokenEndpoint({
          url,
          headers: { ...headers, ...proof.headers },
          body: encode([
            ...(grantType === undefined ? [] : [['grant_type', grantType] as const]),
            ...parameters,
            ...accessParameters(access),
            ...proof.parameters,
          ]),
          rename,
          secrets: [...proof.secrets, ...secrets, ...confidentialValues(url, access)],
          prover,
          dispatcher,
          signal,
          clock,
        })
      }
      const answer = await (prover ? prover.withNonce({ method: 'POST', url: url.href }, ask) : ask())
      return tokenSet(answer, prover)
    },
  }
}

/** A shorter value is no secret, and hiding it would blot out the server's words. */
const SHORTEST_SECRET = 8

/** What may be as secret as the client's secret, and be quoted too. */
function confidentialValues({ searchParams }: URL, { parameters }: RequestedAccess): readonly string[] {
  return [...searchParams.values(), ...Object.values(parameters)].filter(mayBeSecret)
}

export function mayBeSecret(value: unknown): value is string {
  return typeof value === 'string' && value.length >= SHORTEST_SECRET
}
