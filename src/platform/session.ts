import { TokenError } from '../base/errors.js'
import type { JsonClient } from '../client/json-client.js'
import { closeSettings } from '../token/manager-options.js'
import type { CloseOptions } from '../token/manager-options.js'
import type { TokenManager } from '../token/token-manager.js'

/** What every endpoint of one organization shares. */
export interface EndpointSession<Limits> {
  readonly client: JsonClient
  readonly limits: Limits
  /** How closely answers are looked at: `envelope` only at what this library itself reads, `full` at every field. */
  readonly validate: 'envelope' | 'full'
}

/** Milliseconds of patience of a call that is to tell how things are, and not to wait until they are better. */
export const CHECK_PATIENCE = 5_000

/**
 * Ends a client and the manager that was made for it. Tokens that were passed in, without a manager, are somebody else's:
 * they stay as they are, and so does all that uses them.
 *
 * Throws {@link EverbearerError} `invalid_option`, {@link TokenError} `revocation_unsupported` for tokens that were
 * passed in, or what kept the token from being revoked.
 */
export async function closeSession(
  { client, manager }: { client: JsonClient; manager: TokenManager | undefined },
  options: CloseOptions,
  adviceForGivenTokens: string,
): Promise<void> {
  const { revoke } = closeSettings(options)
  if (manager === undefined) {
    if (!revoke) return
    const message = `The tokens were passed in, so it is not for close() to revoke them: ${adviceForGivenTokens}.`
    throw new TokenError('revocation_unsupported', message)
  }
  // First, or a 401 for the token that is being revoked would be their end.
  client.close()
  try {
    await manager.close({ revoke })
  } finally {
    // A manager that knows no way to revoke has stayed open.
    await manager.close()
  }
}
