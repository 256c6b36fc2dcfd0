import { abortable } from '../base/abortable.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import type { Flight } from './flight.js'
import type { Grant } from './grant.js'
import { asTokenError } from './token-errors.js'
import type { TokenSupply } from './token-supply.js'

/** The revocation of a closed manager's tokens: done once, and tried again when it failed or there was nothing yet. */
export class Revocation {
  readonly #supply: TokenSupply
  readonly #grant: Grant
  readonly #clock: Clock
  #done: Promise<void> | undefined

  constructor(supply: TokenSupply, grant: Grant, clock: Clock) {
    this.#supply = supply
    this.#grant = grant
    this.#clock = clock
  }

  /** Throws {@link TokenError} `revocation_unsupported`. */
  checkSupported(): void {
    if (this.#grant.revokeToken !== undefined) return
    throw new TokenError('revocation_unsupported', 'This grant knows no way to revoke a token.')
  }

  run(flightOf: (work: (signal: AbortSignal) => Promise<boolean>) => Flight<boolean>): Promise<void> {
    return (this.#done ??= this.#run(flightOf))
  }

  async #run(flightOf: (work: (signal: AbortSignal) => Promise<boolean>) => Flight<boolean>): Promise<void> {
    try {
      // A late answer may bring one after a close that found none.
      if (!(await flightOf((signal) => this.#revoke(signal)).join())) this.#done = undefined
    } catch (error) {
      this.#done = undefined
      throw error instanceof EverbearerError ? error : asTokenError(error)
    }
  }

  /** False when there is nothing to revoke. */
  async #revoke(signal: AbortSignal): Promise<boolean> {
    // A grant that ignores its signal does not hold the caller.
    const unlessAborted = <Result>(work: Promise<Result> | undefined) => abortable(work, signal)
    const tokens = await unlessAborted(this.#supply.latest(signal))
    if (tokens === undefined) return false
    await unlessAborted(this.#grant.revokeToken?.(tokens, { signal, clock: this.#clock }))
    await unlessAborted(this.#supply.forget(signal))
    return true
  }
}
