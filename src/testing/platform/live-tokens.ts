import { randomBytes } from 'node:crypto'
import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'
import { RateWindow } from './rate-window.js'

/** A token that opens something. */
export interface LiveToken<Owner> {
  readonly value: string
  /** Whom it was given to. */
  readonly owner: Owner
  readonly issued: Instant
  /** Milliseconds. */
  readonly lifetime: number
  readonly window: RateWindow
  /** When it last opened something; its idle timer counts from then. */
  used: Instant
}

/** The tokens that are alive. */
export class LiveTokens<Owner> {
  readonly #clock: Clock
  readonly #requestsPerMinute: number
  readonly #idleTimeout: number
  readonly #live = new Map<string, LiveToken<Owner>>()

  /** `requestsPerMinute` of each token; `idleTimeout`: milliseconds that a token may go unused. */
  constructor(clock: Clock, { requestsPerMinute = Infinity, idleTimeout = Infinity } = {}) {
    this.#clock = clock
    this.#requestsPerMinute = requestsPerMinute
    this.#idleTimeout = idleTimeout
  }

  /**
   * `lifetime`: milliseconds. A token is opaque unless its value is given. None is drawn from a seed: a token of one simulator
   * must be worthless at another.
   */
  mint(owner: Owner, lifetime: number, value = randomBytes(64).toString('base64url')): LiveToken<Owner> {
    const window = new RateWindow(this.#requestsPerMinute, this.#clock)
    const issued = instant(this.#clock)
    const token = { value, owner, issued, lifetime, window, used: issued }
    this.#live.set(value, token)
    return token
  }

  /** The token with this value, unless it is unknown, expired, revoked or was idle for too long. */
  find(value: string): LiveToken<Owner> | undefined {
    const token = this.#live.get(value)
    if (!token) return undefined
    if (elapsedSince(token.issued, this.#clock) < token.lifetime && this.idleTimeLeft(token) > 0) return token
    this.revoke(token)
    return undefined
  }

  /** Starts the idle timer again. */
  touch(token: LiveToken<Owner>): void {
    token.used = instant(this.#clock)
  }

  /** Milliseconds; Infinity when tokens may be idle for as long as they live. */
  idleTimeLeft({ used }: LiveToken<Owner>): number {
    return this.#idleTimeout - elapsedSince(used, this.#clock)
  }

  revoke(token: LiveToken<Owner>): void {
    this.#live.delete(token.value)
  }

  /** All of them, or those of some owners. */
  revokeAll(whose: (owner: Owner) => boolean = () => true): void {
    for (const token of this.#live.values()) if (whose(token.owner)) this.revoke(token)
  }
}
