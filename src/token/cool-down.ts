import { elapsedSince, instant } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'
import type { TokenError } from '../base/errors.js'

const TRANSIENT = { first: 1_000, most: 60_000 }
/** A wrong secret does not mend itself in a second, and some servers lock a client out for asking. */
const PERMANENT = { first: 5_000, most: 5 * 60_000 }
/** Nothing was asked of the server, as where there is no refresh token yet: a new sign-in should not have to wait. */
const UNASKED = { first: 1_000, most: 1_000 }
/** A server that asks for more is asked again after an hour all the same: a typing error there must not end a service. */
const MAX_RETRY_AFTER = 60 * 60_000

/**
 * How long an authorization server that failed is left alone: 1 s doubling to 60 s, or 5 s to 5 min after an error that
 * needs somebody to mend something, and never less than its Retry-After. All in milliseconds.
 */
export class CoolDown {
  readonly #clock: Clock
  #failures = 0
  #current: { since: Instant; length: number; error: TokenError | undefined } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether the last flight failed, so that the next one is only a probe. */
  get failing(): boolean {
    return this.#failures > 0
  }

  /** The error that started it, if one did. */
  get error(): TokenError | undefined {
    return this.#current?.error
  }

  /** Milliseconds that are left of it, 0 when the server may be asked. */
  remaining(): number {
    if (this.#current === undefined) return 0
    return Math.max(0, this.#current.length - elapsedSince(this.#current.since, this.#clock))
  }

  /** Starts a longer one than the last. */
  start(error: TokenError): number {
    const growing = this.#grow(error.retryable ? TRANSIENT : error.requestSent ? PERMANENT : UNASKED)
    const length = Math.max(growing, Math.min(error.retryAfter ?? 0, MAX_RETRY_AFTER))
    this.#current = { since: instant(this.#clock), length, error }
    return length
  }

  /**
   * Starts a longer one because the server answered with the token that we have already. It ends with that token's
   * `remaining` life: from then on the server has nothing but a new one to give.
   */
  startForRepetition(remaining: number): void {
    const length = Math.min(this.#grow(TRANSIENT), remaining)
    this.#current = { since: instant(this.#clock), length, error: undefined }
  }

  #grow({ first, most }: { first: number; most: number }): number {
    return Math.min(most, first * 2 ** this.#failures++)
  }

  reset(): void {
    this.#failures = 0
    this.#current = undefined
  }
}
