import { isIPv4 } from 'node:net'
import { type ErrorCode, EverbearerError } from '../base/errors.js'
import { parseUrl } from '../base/parse-url.js'
import { shownUrl } from '../base/shown-url.js'

/** Says of a normalised origin whether plain http is accepted there although it is not loopback. */
export type InsecureOriginTest = (origin: string) => boolean

/**
 * Whether a host name, as `URL.hostname` spells it, always means this machine: `localhost`, 127.0.0.0/8 or `[::1]`
 * (RFC 8252 section 7.3, RFC 6761 section 6.3). Names below `localhost` are left to DNS, so they are not.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
}

/**
 * Normalises an origin to `scheme://host[:port]` (RFC 6454 section 6.2). `option` names the origin in error messages,
 * which show no credentials.
 *
 * Fails with `invalid_origin` when there is anything but an http or https origin, and with `insecure_url` for http off
 * loopback, since a bearer token is worth whatever the connection is worth (RFC 6750 section 5.3).
 */
export function parseOrigin(value: string | URL, option: string, isInsecureAllowed?: InsecureOriginTest): string {
  const url = parseHttpUrl(value, option, 'invalid_origin', isInsecureAllowed)
  if (url.href !== `${url.origin}/`) {
    const example = shownUrl(url)?.origin
    throw new EverbearerError(
      'invalid_origin',
      `${option} must be an origin alone, ${example === undefined ? '' : `such as ${example}, `}without credentials, path, query or fragment.`,
    )
  }
  if (url.hostname.includes('*')) {
    throw new EverbearerError('invalid_origin', `${option} names one host each, without wildcards: ${url.origin}.`)
  }
  return url.origin
}

/**
 * Reads the address of a token endpoint or of another endpoint that takes credentials. A query is kept, a fragment is
 * refused (RFC 6749 section 3.2), and so is a secret in the address (section 2.3.1).
 *
 * Fails with `invalid_option`, or with `insecure_url` for http off loopback.
 */
export function parseEndpoint(value: string | URL, option: string, isInsecureAllowed?: InsecureOriginTest): URL {
  const url = parseHttpUrl(value, option, 'invalid_option', isInsecureAllowed)
  const refuse = (what: string) => new EverbearerError('invalid_option', `${option}${placeOf(url)} ${what}.`)
  if (url.username !== '' || url.password !== '') throw refuse('must not hold a user name or password')
  // Not `url.hash`, which is empty for a bare '#'.
  if (url.href.includes('#')) throw refuse('must not have a fragment')
  if (url.searchParams.has('client_secret')) throw refuse('must not hold client_secret: pass the clientSecret option')
  return url
}

function placeOf(url: URL): string {
  const shown = shownUrl(url)
  return shown === undefined ? '' : ` at ${shown.origin}`
}

function parseHttpUrl(
  value: string | URL,
  option: string,
  code: ErrorCode,
  isInsecureAllowed?: InsecureOriginTest,
): URL {
  // Neither message shows the text itself: what is not a URL may still hold a password.
  const url = parseUrl(value)
  if (url === undefined) throw new EverbearerError(code, `${option} is not a URL. Expected https://…`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    const shown = shownUrl(url)
    const found = shown === undefined ? '' : `, not ${shown.protocol}//${shown.host}`
    throw new EverbearerError(code, `${option} must begin with https://${found}.`)
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !isInsecureAllowed?.(url.origin)) {
    throw new EverbearerError(
      'insecure_url',
      `${option}${placeOf(url)} would send credentials unencrypted. Use https; plain http is for loopback only.`,
    )
  }
  return url
}
