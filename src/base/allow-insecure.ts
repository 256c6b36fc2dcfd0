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

/** An options object that may carry {@link allowInsecure}. */
export interface InsecureOriginsOption {
  /** Origins that may be spoken to over http off loopback. Default: none. */
  [allowInsecure]?: readonly string[]
}
