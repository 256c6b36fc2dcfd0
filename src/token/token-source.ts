import type { EverbearerError } from '../base/errors.js'
import { checkSignal, invalidOption, ownOptions } from '../base/options.js'
import { AccessToken } from './access-token.js'

/** What {@link TokenSource.getToken} is told. */
export interface GetTokenOptions {
  /** Ends this wait alone: the token request that others wait for goes on. Rejects with the signal's reason. */
  signal?: AbortSignal | undefined
  /** A token that the API answered with 401. It is exchanged only if it is still the current one, compared by value. */
  rejected?: AccessToken | undefined
  /**
   * Milliseconds for which the token must still be valid, for a call that takes long. If the held token is valid for less, a
   * `TokenManager` refreshes it first. If that fails or the server's tokens never last so long, the call gets the token that
   * there is.
   *
   * @defaultValue 0
   */
  minValidity?: number | undefined
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

/** {@link GetTokenOptions}, checked. */
export interface CheckedWait {
  readonly signal: AbortSignal | undefined
  readonly rejected: AccessToken | undefined
  readonly minValidity: number
}

const DEFAULTS: CheckedWait = { signal: undefined, rejected: undefined, minValidity: 0 }

/** What `getToken` was told. Throws {@link EverbearerError} `invalid_option`. */
export function checkedWait(options: GetTokenOptions | undefined): CheckedWait {
  if (options === undefined) return DEFAULTS
  const own = ownOptions(options, 'getToken')
  // As in fetch, null is none.
  const [signal, rejected] = [own.signal ?? undefined, own.rejected ?? undefined]
  if (!(signal instanceof AbortSignal)) checkSignal(signal)
  if (rejected !== undefined && !(rejected instanceof AccessToken)) {
    throw invalidOption('rejected', 'must be the AccessToken that was refused')
  }
  const minValidity: unknown = own.minValidity ?? 0
  if (typeof minValidity !== 'number' || !(minValidity >= 0)) {
    throw invalidOption('minValidity', 'must be a number of milliseconds from 0 up')
  }
  return { signal, rejected, minValidity }
}
