import { ApiError } from '../base/errors.js'
import { JsonClient } from '../client/json-client.js'
import type { JsonClientOptions } from '../client/json-client.js'
import type { AccessToken } from '../token/access-token.js'
import { staticToken } from '../token/static-token.js'

/** Revokes this very token. */
export type TokenRevocation = (token: AccessToken, signal: AbortSignal | undefined) => Promise<void>

/** 401s that say nothing of the token: it lives on. */
const NOT_OF_THE_TOKEN: ReadonlySet<unknown> = new Set(['authentication.required', 'ip.not.authorized'])

/**
 * `DELETE /api/v2/tokens/me`, which revokes the token that it comes with: so with that one alone, never replayed with
 * another, and past the queue of requests that are yet to use it. A token that is dead already is as good as revoked.
 */
export function tokenRevocation(
  api: Omit<JsonClientOptions, 'tokens' | 'concurrency' | 'requestsPerMinute'>,
  patience?: number,
) {
  return async (token: AccessToken, signal: AbortSignal | undefined): Promise<void> => {
    const tokens = staticToken(token.reveal())
    const client = new JsonClient({ ...api, tokens, concurrency: 1, requestsPerMinute: Infinity })
    try {
      await client.request('DELETE', '/api/v2/tokens/me', { patience, signal })
    } catch (error) {
      if (!isDead(error)) throw error
    }
  }
}

function isDead(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && !NOT_OF_THE_TOKEN.has(error.platformCode)
}
