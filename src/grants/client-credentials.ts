import type { Dispatcher } from 'undici'

import { allowInsecure, insecureOrigins } from '../base/allow-insecure.js'
import type { InsecureOriginsOption } from '../base/allow-insecure.js'
import { systemClock } from '../base/clock.js'
import type { EverbearerError } from '../base/errors.js'
import { checkDispatcher, invalidOption, ownOptions } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'
import { parseUrl } from '../base/parse-url.js'
import { parseEndpoint } from '../protocol/url.js'
import type { Grant, GrantIdentity } from '../token/grant.js'
import { clientProof } from './client-authentication.js'
import type { ClientAuthentication } from './client-authentication.js'
import type { ClientSecret } from './client-secret.js'
import { quietIdentity } from './quiet-identity.js'
import { formBody, postToTokenEndpoint } from './token-endpoint.js'
import { tokenSet } from './token-set.js'

/** Who asks for a token, where, and for what. */
export interface ClientCredentialsOptions extends InsecureOriginsOption {
  /** The token endpoint's URL: https, or http on loopback. */
  tokenEndpoint: string | URL
  clientId: string
  clientSecret: ClientSecret
  /** What the token is to be good for: names with spaces between, or a list. Default: what the server grants by itself. */
  scope?: string | readonly string[]
  /** For servers such as Auth0 that ask for one. */
  audience?: string
  /** RFC 8707 resource indicators: absolute URIs without a fragment. */
  resource?: string | readonly string[]
  /** Further parameters of the token request. None may be one that this grant sets itself. */
  parameters?: Readonly<Record<string, string>>
  /** Default `client_secret_basic`, which every server must support (RFC 6749 section 2.3.1). */
  clientAuthentication?: ClientAuthentication
  /** Carries the token requests: a proxy, an own CA. Default: undici's global dispatcher. */
  dispatcher?: Dispatcher
}

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
  const { dispatcher } = options
  const url = parseEndpoint(options.tokenEndpoint, 'tokenEndpoint', insecureOrigins(options[allowInsecure]))
  const prove = clientProof(options)
  checkDispatcher(dispatcher)
  const identity = identify(url, options)
  return {
    identity,
    repeatable: true,
    async requestToken({ signal, clock = systemClock }) {
      const proof = await prove()
      const answer = await postToTokenEndpoint({
        url,
        headers: proof.headers,
        body: formBody([...grantParameters(identity), ...proof.parameters]),
        secrets: [...proof.secrets, ...confidentialValues(url, identity)],
        dispatcher,
        signal,
        clock,
      })
      return tokenSet(answer)
    },
  }
}

const RESERVED: ReadonlySet<string> = new Set([
  'audience',
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'grant_type',
  'resource',
  'scope',
])

function identify(url: URL, { clientId, scope, audience, resource, parameters = {} }: ClientCredentialsOptions) {
  const scopes = stringsOf('scope', scope).flatMap((names) => names.split(' '))
  if (audience != null && typeof audience !== 'string') throw invalidOption('audience', 'must be a string')
  return quietIdentity({
    tokenEndpoint: url.href,
    clientId,
    grantType: 'client_credentials',
    scope: asSet(scopes.filter((name) => name !== '')),
    resource: asSet(resourcesOf(resource)),
    parameters: parametersOf(parameters),
    ...(audience != null && { audience }),
  })
}

/** One string, or a list of them. */
function stringsOf(option: string, value: string | readonly string[] | undefined): readonly string[] {
  const all = [value ?? []].flat()
  if (all.every((one) => typeof one === 'string')) return all
  throw invalidOption(option, 'must be a string or a list of strings')
}

function resourcesOf(resource: ClientCredentialsOptions['resource']): readonly string[] {
  const all = stringsOf('resource', resource)
  if (all.every((uri) => parseUrl(uri) !== undefined && !uri.includes('#'))) return all
  throw invalidOption('resource', 'must be absolute URIs without a fragment (RFC 8707 section 2)')
}

function parametersOf(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw invalidOption('parameters', 'must be an object of strings')
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (RESERVED.has(name)) throw invalidOption('parameters', `must not hold ${name}, which the grant sets itself`)
    if (typeof value !== 'string') throw invalidOption('parameters', `must hold strings only: ${name} is none`)
  }
  return { ...parameters }
}

/** In an order of its own, and nothing twice. */
function asSet(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}

/** An empty value counts as an absent one (RFC 6749 section 3.2), so none is sent. */
function grantParameters(identity: GrantIdentity) {
  const { grantType, scope, audience, resource, parameters } = ownMembers(identity)
  const all: [name: string, value: string][] = [
    ['grant_type', grantType],
    ['scope', scope.join(' ')],
    ['audience', audience ?? ''],
    ...resource.map((uri): [string, string] => ['resource', uri]),
    ...Object.entries(parameters),
  ]
  return all.filter(([, value]) => value !== '')
}

/** A shorter value is no secret, and hiding it would blot out the server's words. */
const SHORTEST_SECRET = 8

/** What may be as secret as the client's secret, and be quoted too. */
function confidentialValues({ searchParams }: URL, { parameters }: GrantIdentity): readonly string[] {
  const values = [...searchParams.values(), ...Object.values(parameters)]
  return values.filter((value) => value.length >= SHORTEST_SECRET)
}
