import type { TokenError } from '../base/errors.js'
import { Backoff } from './backoff.js'
import { asTokenError, isRejection, likeError } from './token-errors.js'

const TRANSIENT = { first: 1_000, max: 60_000 }
/** A wrong secret does not mend itself in a second, and some servers lock a client out for asking. */
const PERMANENT = { first: 5_000, max: 5 * 60_000 }
/** Nothing was asked of the server, as where there is no refresh token yet: a new sign-in should not have to wait. */
const UNASKED = { first: 1_000, max: 1_000 }
/** A server that asks for more is asked again after an hour all the same: a typing error there must not end a service. */
const MAX_RETRY_AFTER = 60 * 60_000

/**
 * Backs off from an authorization server that failed: 1 s doubling to 60 s, or 5 s to 5 min after an error that needs
 * somebody to fix something, and never less than its Retry-After. All in milliseconds.
 *
 * A cool-down is for who has no token. While one serves, it ends in time for the next refresh: some servers refuse a refresh
 * while the access token is young.
 */
export class CoolDown extends Backoff {
  #error: TokenError | undefined
  /** A token served when the last failure came. */
  #isCovered = false

  /** Whether the server rejected what was presented to it. */
  get isRejection(): boolean {
    return isRejection(this.#error)
  }

  /** The error that started it, if one did. */
  get error(): TokenError | undefined {
    return this.#error
  }

  /**
   * Starts a longer one than the last, but none longer than `longest` while a token serves. Returns the error again, with
   * the cool-down's length as its `retryAfter`.
   */
  start(cause: unknown, longest = Infinity): TokenError & { readonly retryAfter: number } {
    // Failures while a token served cost nobody a call. Now that none serves, they count no more.
    if (this.#isCovered && longest === Infinity) this.startOver()
    this.#isCovered = longest < Infinity
    const error = asTokenError(cause)
    const growth = this.grow(error.retryable ? TRANSIENT : error.requestSent ? PERMANENT : UNASKED)
    const growing = Math.min(growth, longest)
    const retryAfter = Math.max(growing, Math.min(error.retryAfter ?? 0, MAX_RETRY_AFTER))
    this.pause(retryAfter)
    const failure = Object.assign(likeError(error), { retryAfter })
    this.#error = failure
    return failure
  }

  override reset(): void {
    super.reset()
    this.#error = undefined
  }
}
