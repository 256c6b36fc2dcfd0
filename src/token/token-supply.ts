import type { TokenError } from '../base/errors.js'
import type { AccessToken } from './access-token.js'
import type { TokenSet } from './grant.js'
import type { HeldToken } from './held-token.js'

/** What keeps a flight from its end. */
export interface FlightProgress {
  /** Why the server is not being asked just now: its last failure, or a lease that another manager holds. */
  cause: TokenError | undefined
}

/** What a flight wants. */
export interface SupplyRequest {
  /** Not to be had again: it is being refreshed, was rejected by the API, or was invalidated. */
  readonly unwanted: AccessToken | undefined
  /** The API has rejected it. */
  readonly isForRejection: boolean
  readonly signal: AbortSignal
  readonly progress: FlightProgress
  /** How many token requests the flight may make. */
  readonly tries: number
  /** How long before its end the token should be refreshed, in milliseconds. Undefined: by the default. */
  readonly refreshAhead: number | undefined
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
