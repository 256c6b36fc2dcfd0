import type { Clock } from '../base/clock.js'
import type { TokenError } from '../base/errors.js'
import { telemetry } from '../base/telemetry.js'
import type { AccessToken } from './access-token.js'
import type { HeldToken, RefreshReason } from './held-token.js'

const tokenMinted = telemetry('everbearer:token-minted')
const tokenAdopted = telemetry('everbearer:token-adopted')
const tokenFailed = telemetry('everbearer:token-failed')
const tokenRejected = telemetry('everbearer:token-rejected')

/** A manager has another token, by a flight that started then on the monotonic clock. */
export function publishRefresh(held: HeldToken, reason: RefreshReason, startedAt: number, clock: Clock): void {
  const { lifetime } = held.token
  if (held.isAdopted) tokenAdopted.publish({ lifetime, age: held.age, reason })
  else if (tokenMinted.hasSubscribers) {
    tokenMinted.publish({ lifetime, duration: clock.monotonic() - startedAt, reason })
  }
}

/** A refresh failed, and the cool-down began. */
export function publishFailure({ code, retryable, retryAfter }: TokenError & { readonly retryAfter: number }): void {
  tokenFailed.publish({ code, retryable, coolDown: retryAfter })
}

/** An API rejected a token, unless it is another than the one that the manager holds. */
export function publishRejection(held: HeldToken, rejected: AccessToken): void {
  if (tokenRejected.hasSubscribers && rejected.equals(held.token)) tokenRejected.publish({ age: held.age })
}
