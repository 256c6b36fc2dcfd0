import { elapsedSince } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'
import type { AccessToken } from './access-token.js'
import type { TokenSet } from './grant.js'
import { isFresh, longestPause, refreshSchedule } from './refresh-schedule.js'
import type { RefreshSchedule } from './refresh-schedule.js'
import type { RejectionPause } from './rejection-pause.js'

/** Why a token is requested. */
export type RefreshReason = 'first' | 'schedule' | 'rejection'

/** Where a token set comes from. */
export interface TokenOrigin {
  /** When the request for it was sent. */
  readonly requestedAt: Instant
  /** It was requested because the API had rejected the one before. */
  readonly isForRejection: boolean
  /** Another manager requested it, and the store had it. */
  readonly isAdopted: boolean
  /** The server sent the token that it replaces again. */
  readonly isRepeated: boolean
  /** How long before its end it should be refreshed, in milliseconds. Undefined: by the default. */
  readonly refreshAhead: number | undefined
}

/** A token set, and what has happened to its access token since it was requested. */
export class HeldToken {
  readonly set: TokenSet
  readonly token: AccessToken
  /** Of the token: made once, because making a promise costs half of what a warm `getToken()` does. */
  readonly promise: Promise<AccessToken>
  readonly schedule: RefreshSchedule
  readonly requestedAt: Instant
  readonly isAdopted: boolean
  readonly isRepeated: boolean
  readonly #clock: Clock
  #isForRejection: boolean
  #isUsed = false
  #isRejected = false
  #isBeingReplaced = false

  constructor(set: TokenSet, origin: TokenOrigin, clock: Clock) {
    this.set = set
    this.token = set.accessToken
    this.promise = Promise.resolve(set.accessToken)
    this.schedule = refreshSchedule(set.accessToken.lifetime, clock.random(), origin.refreshAhead)
    this.requestedAt = origin.requestedAt
    this.isAdopted = origin.isAdopted
    this.isRepeated = origin.isRepeated
    this.#isForRejection = origin.isForRejection
    this.#clock = clock
  }

  /** Milliseconds since the request for it was sent: the response's way back counts against us, not for us. */
  get age(): number {
    return elapsedSince(this.requestedAt, this.#clock)
  }

  /** Whether it is valid for so many milliseconds more, or for as many as the server has to give. */
  isValidFor(milliseconds: number): boolean {
    return this.isRepeated || this.schedule.expiresAt - this.age >= milliseconds
  }

  /** How long a failed refresh may keep us from the next one, in milliseconds. Infinity if the token does not serve. */
  get longestPause(): number {
    return this.#isBeingReplaced ? Infinity : longestPause(this.schedule, this.age)
  }

  get isForRejection(): boolean {
    return this.#isForRejection
  }

  /** Whether a caller was given it. */
  get isUsed(): boolean {
    return this.#isUsed
  }

  /** Whether the API rejected it, and its replacement is on its way. */
  get isBeingReplaced(): boolean {
    return this.#isBeingReplaced
  }

  /** Returns the token for a caller. */
  use(): AccessToken {
    this.#isUsed = true
    return this.token
  }

  /** Returns the token for a caller if it is fresh, which it nearly always is. */
  useIfFresh(): AccessToken | undefined {
    if (this.#isBeingReplaced || !isFresh(this.schedule, elapsedSince(this.requestedAt, this.#clock))) return undefined
    this.#isUsed = true
    return this.token
  }

  /** The API rejected it. The pause counts the first time. */
  onRejected(pause: RejectionPause): void {
    if (this.#isRejected) return
    this.#isRejected = true
    if (this.#isForRejection) pause.onReplacementRejected(this.age, this.schedule.expiresAt)
    else pause.reset()
  }

  /** Its replacement is on its way. */
  onReplacing(): void {
    this.#isBeingReplaced = true
  }

  /** Its replacement failed. */
  onNotReplaced(): void {
    this.#isBeingReplaced = false
  }

  /** Its next rejection counts as the first in a row. */
  forgive(): void {
    this.#isForRejection = false
  }
}
