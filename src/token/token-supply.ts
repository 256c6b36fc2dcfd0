import type { Clock, Instant } from '../base/clock.js'
import type { AccessToken } from './access-token.js'
import { askGrant } from './grant-attempts.js'
import type { Grant, TokenSet } from './grant.js'
import { KeptTokens } from './kept-tokens.js'

/** What a flight wants. */
export interface SupplyRequest {
  /** Not to be had again: it is being renewed, was refused by the API, or was invalidated. */
  readonly unwanted: AccessToken | undefined
  /** The API has refused it. */
  readonly forRejection: boolean
  readonly signal: AbortSignal
  /** How often the grant may be asked. */
  readonly tries: number
}

/** A token set, and when the request that brought it was sent. */
export interface Supply {
  readonly set: TokenSet
  readonly requestedAt: Instant
  /** False when somebody else had asked for it. */
  readonly minted: boolean
  /** Whoever asked for it did so because the API had refused the one before. */
  readonly mintedForRejection: boolean
}

/** Where a manager's tokens come from: its grant alone, or a store that it shares with others. */
export interface TokenSupply {
  obtain(request: SupplyRequest): Promise<Supply>
  /** A credential that is spent by use is on its way, or what it brought is: not to be cut short. */
  readonly spending: boolean
  /** There is, or is about to be, a refresh token that nothing but this memory holds. */
  readonly unstored: boolean
  /** What there is to revoke. */
  latest(signal: AbortSignal): Promise<TokenSet | undefined>
  /** It was revoked. */
  forget(signal: AbortSignal): Promise<void>
  /** Nothing more is asked for. */
  close(): Promise<void>
}

/** A grant's tokens, held in memory. */
export class GrantSupply implements TokenSupply {
  readonly #grant: Grant
  readonly #clock: Clock
  readonly #kept = new KeptTokens()

  constructor(grant: Grant, clock: Clock) {
    this.#grant = grant
    this.#clock = clock
  }

  async obtain({ signal, tries, forRejection }: SupplyRequest): Promise<Supply> {
    const asked = askGrant(this.#grant, { kept: this.#kept, signal, clock: this.#clock, tries })
    const { set, previous, requestedAt } = await asked
    this.#kept.keep(set, previous)
    return { set, requestedAt, minted: true, mintedForRejection: forRejection }
  }

  get spending(): boolean {
    return !this.#grant.repeatable
  }

  get unstored(): boolean {
    return !this.#grant.repeatable && this.#kept.latest?.refreshToken !== undefined
  }

  async latest(): Promise<TokenSet | undefined> {
    return this.#kept.latest
  }

  async forget(): Promise<void> {
    // Whoever is closed asks no more.
  }

  async close(): Promise<void> {
    // Nothing is under way but what the manager knows of.
  }
}
