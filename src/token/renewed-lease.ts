import type { Clock, Timer } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { Lease } from './token-store.js'

/** How often in its `ttl` a lease is renewed: two renewals may fail. */
const RENEWALS = 3

/** What holding a lease comes to in some store. */
export interface Hold {
  /** Holds on for another `ttl`. False when it is somebody else's, or nobody's, by now; may throw, and is tried again then. */
  renew(): boolean | Promise<boolean>
  letGo(): void | Promise<void>
}

/** A lease that renews itself until it is released, and is lost when that has not worked for its `ttl`. */
export class RenewedLease implements Lease {
  readonly fence: number
  readonly #hold: Hold
  readonly #clock: Clock
  readonly #ttl: number
  readonly #lost = new AbortController()
  #until: number
  #timer: Timer | undefined
  #released = false

  /** `since`: the moment of the monotonic clock at which it was asked for, since nobody knows when it was granted. */
  constructor(fence: number, hold: Hold, { ttl, clock, since }: { ttl: number; clock: Clock; since: number }) {
    this.fence = fence
    this.#hold = hold
    this.#clock = clock
    this.#ttl = ttl
    this.#until = since + ttl
    this.#arm()
  }

  get signal(): AbortSignal {
    // A process that was stopped and goes on may look before its timers fire.
    if (!this.#released && this.#hasExpired) this.#lose()
    return this.#lost.signal
  }

  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    this.#timer?.clear()
    await this.#hold.letGo()
  }

  get #hasExpired(): boolean {
    return this.#clock.monotonic() >= this.#until
  }

  #arm(): void {
    this.#timer = this.#clock.setTimeout(() => this.#onTimer(), this.#ttl / RENEWALS)
  }

  #onTimer(): void {
    if (this.#hasExpired) return this.#lose()
    // Not waited for: the lease ends in time though the store never answers.
    this.#arm()
    void this.#renew()
  }

  async #renew(): Promise<void> {
    const askedAt = this.#clock.monotonic()
    let isHeld: boolean
    try {
      isHeld = await this.#hold.renew()
    } catch {
      // A store that fails for a moment: there are two more times.
      return
    }
    if (this.#released) return
    if (isHeld) this.#until = askedAt + this.#ttl
    else this.#lose()
  }

  #lose(): void {
    this.release().catch(() => undefined) // It is nobody's already.
    const message = 'The lease was lost: this process could not renew it in time.'
    this.#lost.abort(new TokenError('token_store_failed', message, { retryable: true }))
  }
}
