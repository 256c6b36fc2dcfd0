import { abortable } from '../base/abortable.js'
import type { Clock } from '../base/clock.js'
import type { Grant, TokenSet } from './grant.js'
import type { HeldToken } from './held-token.js'
import { KeptTokens } from './kept-tokens.js'
import { requestTokens } from './request-tokens.js'
import type { SupplyRequest, TokenSupply } from './token-supply.js'

/** A grant's tokens, held in memory. */
export class GrantSupply implements TokenSupply {
  readonly isStored = false
  readonly #grant: Grant
  readonly #clock: Clock
  readonly #memory = new KeptTokens()

  constructor(grant: Grant, clock: Clock) {
    this.#grant = grant
    this.#clock = clock
  }

  obtain(request: SupplyRequest): Promise<HeldToken> {
    // A grant that ignores its signal must not hold the callers.
    const requested = requestTokens(this.#grant, request, this.#memory, this.#clock)
    return abortable(requested, request.signal)
  }

  get spending(): boolean {
    return !this.#grant.repeatable
  }

  get unstored(): boolean {
    return !this.#grant.repeatable && this.#memory.latest?.refreshToken !== undefined
  }

  async latest(): Promise<TokenSet | undefined> {
    return this.#memory.latest
  }

  async forget(): Promise<void> {
    // A closed manager requests no more.
  }

  async close(): Promise<void> {
    // Nothing is under way but what the manager knows of.
  }
}
