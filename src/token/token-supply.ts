import { abortable } from '../base/abortable.js'
import type { Clock } from '../base/clock.js'
import type { AccessToken } from './access-token.js'
import type { Grant, TokenSet } from './grant.js'
import type { HeldToken } from './held-token.js'
import { KeptTokens } from './kept-tokens.js'
import { requestTokens } from './request-tokens.js'

/** What a flight wants. */
export interface SupplyRequest {
  /** Not to be had again: it is being refreshed, was rejected by the API, or was invalidated. */
  readonly unwanted: AccessToken | undefined
  /** The API has rejected it. */
  readonly isForRejection: boolean
  readonly signal: AbortSignal
  /** How many token requests the flight may make. */
  readonly tries: number
}

/** Where a manager's tokens come from: its grant, or a store that it shares with others. */
export interface TokenSupply {
  obtain(request: SupplyRequest): Promise<HeldToken>
  /** A credential that is used up by the request is on its way, or its response is: not to be cut short. */
  readonly spending: boolean
  /** There is, or is about to be, a refresh token that nothing but this memory holds. */
  readonly unstored: boolean
  /** A store holds the latest tokens. */
  readonly isStored: boolean
  /** The tokens to revoke. */
  latest(signal: AbortSignal): Promise<TokenSet | undefined>
  /** They were revoked. */
  forget(signal: AbortSignal): Promise<void>
  /** No further tokens are requested. */
  close(): Promise<void>
}

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

  obtain({ signal, tries, isForRejection }: SupplyRequest): Promise<HeldToken> {
    // A grant that ignores its signal must not hold the callers.
    const options = { memory: this.#memory, signal, clock: this.#clock, tries, isForRejection }
    return abortable(requestTokens(this.#grant, options), signal)
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
