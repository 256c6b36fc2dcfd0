import { TokenError } from '../base/errors.js'
import { AccessToken } from './access-token.js'
import { checkedWait } from './token-source.js'
import type { TokenSource } from './token-source.js'

/**
 * A source of one token that never changes, such as a personal access token. When an API rejects it there is no other,
 * so the API's own 401 reaches the caller.
 *
 * Throws {@link TokenError} `token_malformed` when the value may not stand in a header, such as one with a line break.
 *
 * @example
 * ```js
 * import { createFetch, staticToken } from 'everbearer'
 *
 * const fetch = createFetch(staticToken('mF_9.B5f-4.1JqM'), { origins: ['https://api.example.com'] })
 * ```
 */
export function staticToken(value: string): TokenSource {
  const token = new AccessToken(value)
  return {
    current: () => token,
    async getToken(options) {
      const { signal, rejected } = checkedWait(options)
      signal?.throwIfAborted()
      if (rejected?.equals(token)) {
        throw new TokenError('token_rejected', 'The API rejected the static token, and there is no other.')
      }
      return token
    },
  }
}
