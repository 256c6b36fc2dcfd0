import type { Clock } from '../base/clock.js'
import type { ErrorCode } from '../base/errors.js'
import type { CoolDown } from './cool-down.js'
import type { HeldToken } from './held-token.js'
import type { TokenSupply } from './token-supply.js'

/** What `TokenManager.status()` knows. It holds no secret, so a service may log it or return it from a health check. */
export interface TokenStatus {
  /** When the request for the token was sent, in milliseconds since the epoch. Undefined if there is no token. */
  readonly refreshedAt: number | undefined
  /** When the token expires, in milliseconds since the epoch. Undefined if there is no token or if it has no lifetime. */
  readonly expiresAt: number | undefined
  /** Milliseconds for which everbearer requests no token because the last request failed; 0 if it may request one. */
  readonly coolDown: number
  /** The code of the last failed refresh. Undefined after a successful one. */
  readonly lastErrorCode: ErrorCode | undefined
  /** Whether a store holds the session's latest tokens. False without a store. */
  readonly isStored: boolean
}

export function tokenStatus(
  held: HeldToken | undefined,
  coolDown: CoolDown,
  { isStored }: TokenSupply,
  clock: Clock,
): TokenStatus {
  const refreshedAt = held && clock.now() - held.age
  const { expiresAt = Infinity } = held?.schedule ?? {}
  return {
    refreshedAt,
    expiresAt: refreshedAt === undefined || expiresAt === Infinity ? undefined : refreshedAt + expiresAt,
    coolDown: coolDown.remaining(),
    lastErrorCode: coolDown.error?.code,
    isStored,
  }
}
