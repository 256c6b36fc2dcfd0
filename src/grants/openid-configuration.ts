import type { EverbearerError, TokenError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'
import { parseEndpoint } from '../protocol/url.js'
import type { AuthorizationTransport } from './authorization-server.js'
import { discoveryError, namedPlace, readDiscoveryDocument } from './discovery-document.js'

/**
 * An issuer's identifier (OpenID Connect Discovery section 3), without a slash at its end. Throws {@link EverbearerError}
 * `invalid_option` or `insecure_url`.
 */
export function parseIssuer(issuer: string): string {
  const { origin, pathname, search } = parseEndpoint(issuer, 'issuer')
  if (search !== '') throw invalidOption('issuer', 'must not have a query')
  return withoutSlash(origin + pathname)
}

/**
 * Asks an issuer for its OpenID configuration (OpenID Connect Discovery section 4), and answers with its token endpoint.
 * Throws {@link TokenError} `discovery_failed`.
 */
export async function discoverTokenEndpoint(issuer: string, transport: AuthorizationTransport): Promise<URL> {
  const url = new URL(`${issuer}/.well-known/openid-configuration`)
  const members = await readDiscoveryDocument({ ...transport, url, name: 'the OpenID configuration' })
  return readTokenEndpoint(members, issuer)
}

/**
 * The token endpoint that an OpenID configuration names: https, or loopback. Where the document names an issuer it must be
 * the one that was asked (section 4.3), or the credentials would go to whoever it speaks for; a slash at its end is nothing.
 */
export function readTokenEndpoint(members: Readonly<Record<string, unknown>>, issuer: string): URL {
  const { issuer: named, token_endpoint: endpoint } = members
  if (named !== undefined && named !== null && !(typeof named === 'string' && withoutSlash(named) === issuer)) {
    // No more than the origin: what else stands there is not known to be fit to print.
    const origin = typeof named === 'string' ? parseUrl(named)?.origin : undefined
    const message = `The OpenID configuration at ${issuer} is that of another issuer (${origin ?? 'not a URL'}): check the issuer.`
    throw discoveryError(message)
  }
  return namedPlace(endpoint, `The OpenID configuration at ${issuer}`, (url) => parseEndpoint(url, 'token_endpoint'))
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '')
}
