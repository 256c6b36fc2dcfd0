import { invalidOption } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'
import { isLoopback } from '../protocol/url.js'

/** The domains that NICE's issuers and APIs are on, in its commercial, FedRAMP and sovereign clouds. */
const NICE_DOMAINS = ['niceincontact.com', 'nice-incontact.com', 'nicecxone-sov1.au', 'nicecxone-sov1.eu']

/** A host name of at least two labels (RFC 1123 section 2.1), which no IP address is. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/

/**
 * Returns the domains that a tenant's API may be on: NICE's, and those of the option `apiDomains`.
 *
 * @throws EverbearerError `invalid_option`
 */
export function parseApiDomains(domains: readonly string[] = []): readonly string[] {
  if (!Array.isArray(domains)) throw invalidOption('apiDomains', 'must be a list of domains')
  return [...NICE_DOMAINS, ...domains.map(parseDomain)]
}

/** Parses as a URL does, so that upper case and letters such as `ü` match what `URL.hostname` holds. */
function parseDomain(domain: unknown): string {
  const url = typeof domain === 'string' ? parseUrl(`https://${domain}`) : undefined
  if (url && DOMAIN.test(url.hostname) && url.href === `https://${url.hostname}/`) return url.hostname
  throw invalidOption('apiDomains', 'must name domains alone, such as example.com')
}

/**
 * Whether a token of the issuer may go to an origin that the issuer's document names: under one of the domains, or the
 * issuer's own origin, which has the token already. An API on loopback needs an issuer on loopback.
 */
export function mayBeApi(origin: string, issuer: string, domains: readonly string[]): boolean {
  const [{ hostname }, issuerUrl] = [new URL(origin), new URL(issuer)]
  if (origin === issuerUrl.origin) return true
  if (isLoopback(hostname)) return isLoopback(issuerUrl.hostname)
  return domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
}
