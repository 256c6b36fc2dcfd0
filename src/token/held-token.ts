import { elapsedSince } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import { ownMembers } from '../base/own-members.js'
import type { AccessToken } from './access-token.js'
import { refreshSchedule } from './refresh-schedule.js'
import type { RefreshSchedule } from './refresh-schedule.js'
import type { Supply } from './token-supply.js'

/** Why a token was asked for. */
export type MintReason = 'first' | 'schedule' | 'rejection'

/** The token that a manager serves, and what has happened to it since it was asked for. */
export class HeldToken {
  readonly token: AccessToken
  /** Of the token: made once, because making a promise costs half of what a warm `getToken()` does. */
  readonly promise: Promise<AccessToken>
  /** Somebody had asked for it because the API refused the one before. */
  mintedForRejection: boolean
  readonly schedule: RefreshSchedule
  /** Somebody was given it. */
  used = false
  /** The API refused it, and its exchange is under way. */
  exchanging = false
  /** The API has refused it at least once. */
  rejected = false
  readonly #requestedAt: Instant
  readonly #clock: Clock

  /** Throws {@link TokenError} `token_response_invalid` when it had expired before it arrived. */
  constructor({ set, mintedForRejection, requestedAt }: Supply, clock: Clock) {
    const token = (this.token = set.accessToken)
    this.promise = Promise.resolve(token)
    this.mintedForRejection = mintedForRejection
    this.schedule = refreshSchedule(ownMembers(token).lifetime, clock.random())
    this.#requestedAt = requestedAt
    this.#clock = clock
    if (this.expired) {
      throw new TokenError('token_response_invalid', 'The token had expired when it arrived.', { retryable: true })
    }
  }

  /** Milliseconds since the request for it was sent: the answer's way back counts against us, not for us. */
  get age(): number {
    return elapsedSince(this.#requestedAt, this.#clock)
  }

  get expired(): boolean {
    // Not `>=`: a grant's lifetime that is not a number would make a token that never expires and never serves.
    return !(this.age < this.schedule.expiresAt)
  }
}
