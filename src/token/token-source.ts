import type { EverbearerError } from '../base/errors.js'
import { checkSignal, invalidOption, ownOptions } from '../base/options.js'
import { AccessToken } from './access-token.js'

/** What {@link TokenSource.getToken} is told. */
export interface GetTokenOptions {
  /** Ends this wait alone: the token request that others wait for goes on. Rejects with the signal's reason. */
  signal?: AbortSignal | undefined
  /** A token that the API answered with 401. It is exchanged only if it is still the current one, compared by value. */
  rejected?: AccessToken | undefined
}

/**
 * Where bearer tokens come from: the one thing that the interceptor, `createFetch` and the endpoint clients know of
 * tokens. A `TokenManager` is one, `staticToken()` makes one, and so can you.
 *
 * @example
 * ```js
 * import { AccessToken, createFetch } from 'everbearer'
 *
 * const fromElsewhere = {
 *   current: () => undefined,
 *   getToken: async () => new AccessToken(process.env.SIDECAR_TOKEN ?? 'mF_9.B5f-4.1JqM'),
 * }
 * const fetch = createFetch(fromElsewhere, { origins: ['https://api.example.com'] })
 * ```
 */
export interface TokenSource {
  /** The token to stamp without waiting, or undefined. Counts as a use; starts a due background refresh. Never blocks. */
  current(): AccessToken | undefined
  /** A usable token. Rejects when there is none, or none but the rejected one. */
  getToken(options?: GetTokenOptions): Promise<AccessToken>
}

const NOTHING_SAID: GetTokenOptions = Object.freeze(Object.create(null) as GetTokenOptions)

/** What `getToken` was told. Throws {@link EverbearerError} `invalid_option`. */
export function checkedWait(options: GetTokenOptions | undefined): GetTokenOptions {
  if (options === undefined) return NOTHING_SAID
  const own = ownOptions(options, 'getToken')
  // As in fetch, null is none.
  const [signal, rejected] = [own.signal ?? undefined, own.rejected ?? undefined]
  checkSignal(signal)
  if (rejected !== undefined && !(rejected instanceof AccessToken)) {
    throw invalidOption('rejected', 'must be the AccessToken that was refused')
  }
  return { signal, rejected }
}
