import type { EverbearerError, TokenError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { parseEndpoint } from '../protocol/url.js'
import { readMetadata } from '../server/authorization-server-metadata.js'
import type { ServerTransport } from '../server/authorization-server.js'
import { readDiscoveryDocument } from '../server/discovery-document.js'

/** The issuer that an OpenID configuration must name, and the origins besides its own that the token endpoint may be on. */
export interface TokenEndpointExpectations {
  /** As {@link parseIssuer} returns it. */
  readonly issuer: string
  readonly endpointOrigins: ReadonlySet<string>
}

/**
 * An issuer's identifier (OpenID Connect Discovery section 3), without a slash at its end. Throws {@link EverbearerError}
 * `invalid_option` or `insecure_url`.
 */
export function parseIssuer(issuer: string): string {
  const { origin, pathname, search } = parseEndpoint(issuer, 'issuer')
  if (search !== '') throw invalidOption('issuer', 'must not have a query')
  return (origin + pathname).replace(/\/$/, '')
}

/**
 * Asks an issuer for its OpenID configuration (OpenID Connect Discovery section 4), and answers with its token endpoint.
 * Throws {@link TokenError} `discovery_failed`.
 */
export async function discoverTokenEndpoint(
  expected: TokenEndpointExpectations,
  transport: ServerTransport,
): Promise<URL> {
  const url = new URL(`${expected.issuer}/.well-known/openid-configuration`)
  const members = await readDiscoveryDocument({ ...transport, url, name: 'the OpenID configuration' })
  return readTokenEndpoint(members, expected)
}

/**
 * Returns the token endpoint of an OpenID configuration. The document must name the issuer that was asked, because the
 * credentials go where it says. A slash at the end of its issuer is ignored, as it is in the option.
 *
 * @throws TokenError `discovery_failed`
 */
export function readTokenEndpoint(
  { issuer: named, token_endpoint }: Readonly<Record<string, unknown>>,
  { issuer, endpointOrigins }: TokenEndpointExpectations,
): URL {
  // The other members are not used, so they may not fail a sign-in either.
  const members = { issuer: named === `${issuer}/` ? issuer : named, token_endpoint }
  return new URL(readMetadata(members, { issuer, endpointOrigins, isInsecureAllowed: () => false }).tokenEndpoint)
}
