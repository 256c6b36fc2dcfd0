import type { EverbearerError } from './errors.js'
import { invalidOption } from './options.js'
import { parseUrl } from './parse-url.js'

/**
 * The key of an option that lists origins which may be spoken to in clear text: `{ [allowInsecure]: ['http://10.0.0.5:8080'] }`.
 * Loopback needs no listing. A symbol, so that it cannot come from a configuration file and stands out in review: whoever
 * listens on that network reads the token.
 *
 * @example
 * ```js
 * import { allowInsecure, bearer, staticToken } from 'everbearer'
 *
 * const interceptor = bearer(staticToken('mF_9.B5f-4.1JqM'), {
 *   origins: ['http://10.0.0.5:8080'],
 *   [allowInsecure]: ['http://10.0.0.5:8080'],
 * })
 * ```
 */
export const allowInsecure: unique symbol = Symbol('everbearer.allowInsecure')

/** Whether the option lists an origin, in whatever spelling. Throws {@link EverbearerError} `invalid_option`. */
export function insecureOrigins(option: readonly string[] = []): (origin: string) => boolean {
  if (!Array.isArray(option)) throw invalidOption('[allowInsecure]', 'must be an array of origins')
  const listed = new Set(option.map((origin: string) => parseUrl(origin)?.origin))
  return (origin) => listed.has(origin)
}

/** An options object that may carry {@link allowInsecure}. */
export interface InsecureOriginsOption {
  /** Origins that may be spoken to over http off loopback. Default: none. */
  [allowInsecure]?: readonly string[]
}
