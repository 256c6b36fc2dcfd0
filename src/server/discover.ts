import type { Dispatcher } from 'undici'

import { allowInsecure, insecureOrigins } from '../base/allow-insecure.js'
import type { InsecureOriginsOption } from '../base/allow-insecure.js'
import { systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import {
  checkClock,
  checkDispatcher,
  checkMilliseconds,
  checkSignal,
  invalidOption,
  knownOptions,
} from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { parseEndpoint, parseOrigin } from '../protocol/url.js'
import type { InsecureOriginTest } from '../protocol/url.js'
import { Flight } from '../token/flight.js'
import { readMetadata } from './authorization-server-metadata.js'
import type { AuthorizationServerMetadata, MetadataExpectations } from './authorization-server-metadata.js'
import type { ServerTransport } from './authorization-server.js'
import { discoveryError, readDiscoveryDocument } from './discovery-document.js'

/** Where an authorization server's endpoints may be. */
export interface IssuerOptions extends InsecureOriginsOption {
  /** Origins, besides the issuer's own, that its endpoints may be on. Default: none. */
  endpointOrigins?: readonly string[] | undefined
}

export const ISSUER_OPTIONS: OptionNames<IssuerOptions> = { endpointOrigins: true }

/** How {@link discover} asks. */
export interface DiscoverOptions extends IssuerOptions {
  /** Carries the requests. Default: undici's global dispatcher. */
  dispatcher?: Dispatcher | undefined
  signal?: AbortSignal | undefined
  /** Milliseconds for all of it. Default 10,000. */
  timeout?: number | undefined
  /** Where time comes from. Default: the machine's own. */
  clock?: Clock | undefined
}

const NAMES: OptionNames<DiscoverOptions> = {
  ...ISSUER_OPTIONS,
  dispatcher: true,
  signal: true,
  timeout: true,
  clock: true,
}

/**
 * Asks an issuer where its endpoints are and what it can do: RFC 8414's document, or OpenID Connect's where that is not
 * there. What it says is an option of every grant under the same name, so that it can be spread into one; a grant that is
 * given `issuer` alone does the same by itself, at its first use.
 *
 * The document must name exactly this issuer; its endpoints must be https (or loopback) and on the issuer's origin or one
 * of `endpointOrigins`. No redirect is followed, and more than 64 KiB is not read.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`; {@link TokenError} `discovery_failed`; the signal's reason.
 *
 * @example
 * ```js
 * import { TokenManager, clientCredentials, discover } from 'everbearer'
 *
 * const server = await discover('https://login.example.com')
 * const tokens = new TokenManager(clientCredentials({ ...server, clientId: 'id', clientSecret: 'secret' }))
 * ```
 */
export async function discover(issuer: string, options: DiscoverOptions = {}): Promise<AuthorizationServerMetadata> {
  const {
    dispatcher,
    signal,
    timeout = 10_000,
    clock = systemClock,
    ...issuerOptions
  } = knownOptions(options, 'discover', NAMES)
  const search = metadataSearch(issuer, issuerOptions)
  checkDispatcher(dispatcher)
  checkSignal(signal)
  checkMilliseconds('timeout', timeout)
  checkClock(clock)
  signal?.throwIfAborted()
  const onTimeout = () => discoveryError(`The issuer did not answer within ${timeout} ms.`, { retryable: true })
  return new Flight((signal) => search({ dispatcher, signal, clock }), { clock, timeout, onTimeout }).join(signal)
}

/** Does no I/O before it is called. Throws {@link EverbearerError} `invalid_option`, `invalid_origin` or `insecure_url`. */
export function metadataSearch(
  issuer: string,
  options: IssuerOptions,
): (transport: ServerTransport) => Promise<AuthorizationServerMetadata> {
  const isInsecureAllowed = insecureOrigins(options[allowInsecure])
  if (typeof issuer !== 'string') throw invalidOption('issuer', 'must be a URL as text')
  const { origin, pathname, search } = parseEndpoint(issuer, 'issuer', isInsecureAllowed)
  if (pathname.includes('/.well-known/')) {
    throw invalidOption('issuer', 'must be the issuer, not the address of its document: leave out /.well-known/…')
  }
  if (search !== '') throw invalidOption('issuer', 'must not have a query (RFC 8414 section 2)')
  const endpointOrigins = parseEndpointOrigins(options.endpointOrigins, isInsecureAllowed)
  const expected: MetadataExpectations = { issuer, endpointOrigins, isInsecureAllowed }

  const path = pathname.replace(/\/$/, '')
  const rfc8414 = {
    url: new URL(`${origin}/.well-known/oauth-authorization-server${path}`),
    name: 'the authorization server metadata',
  }
  const openId = {
    url: new URL(`${origin}${path}/.well-known/openid-configuration`),
    name: 'the OpenID configuration',
  }
  return async (transport) => {
    const members = await readDiscoveryDocument({ ...transport, ...rfc8414 }).catch((error: unknown) => {
      // Many have only the other one, and answer for this with a 404, a page of their own, or a sign-in.
      if (transport.signal.aborted || !(error instanceof TokenError) || error.retryable) throw error
      return readDiscoveryDocument({ ...transport, ...openId })
    })
    return readMetadata(members, expected)
  }
}

/** Throws {@link EverbearerError} `invalid_option`, `invalid_origin` or `insecure_url`. */
export function parseEndpointOrigins(
  origins: readonly string[] = [],
  isInsecureAllowed?: InsecureOriginTest,
): ReadonlySet<string> {
  if (!Array.isArray(origins)) throw invalidOption('endpointOrigins', 'must be a list of origins')
  return new Set(origins.map((one: string) => parseOrigin(one, 'endpointOrigins', isInsecureAllowed)))
}
