import { randomBytes } from 'node:crypto'
import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'
import { RateWindow } from './rate-window.js'

/** Where tokens are had; on the login host, which shares its origin with the API here. */
export const TOKEN_PATH = '/oauth/token'

/** As in Genesys' OAuth client settings: only an active client gets tokens, a disabled one's die as well. */
export type ClientState = 'active' | 'disabled' | 'inactive'

/** An OAuth client of the simulated organization. */
export interface SimulatedClient {
  clientId: string
  clientSecret: string
  /** Default active. */
  state?: ClientState
  /** Seconds. Default: the simulator's `tokenLifetime`. */
  tokenLifetime?: number
  /** Default: the simulator's `permissions`. */
  permissions?: readonly string[]
}

/** A token that opens the API. */
export interface LiveToken {
  readonly value: string
  readonly client: Readonly<SimulatedClient>
  readonly issued: Instant
  /** Milliseconds. */
  readonly lifetime: number
  readonly window: RateWindow
}

/** The tokens that are alive. */
export class AccessTokens {
  readonly #clock: Clock
  readonly #requestsPerMinute: number
  readonly #live = new Map<string, LiveToken>()

  constructor(clock: Clock, requestsPerMinute: number) {
    this.#clock = clock
    this.#requestsPerMinute = requestsPerMinute
  }

  /** Opaque, as Genesys' tokens are. Not drawn from the seed: a token of one simulator must be worthless at another. */
  mint(client: Readonly<SimulatedClient>, lifetime: number): LiveToken {
    const value = randomBytes(64).toString('base64url')
    const window = new RateWindow(this.#requestsPerMinute, this.#clock)
    const token = { value, client, issued: instant(this.#clock), lifetime, window }
    this.#live.set(value, token)
    return token
  }

  /** The token with this value, unless it is unknown, expired or revoked. */
  find(value: string): LiveToken | undefined {
    const token = this.#live.get(value)
    if (!token || elapsedSince(token.issued, this.#clock) < token.lifetime) return token
    this.#live.delete(value)
    return undefined
  }

  revoke(token: LiveToken): void {
    this.#live.delete(token.value)
  }

  /** All of them, or those of one client. */
  revokeAll(clientId?: string): void {
    for (const token of this.#live.values()) {
      if (clientId === undefined || token.client.clientId === clientId) this.revoke(token)
    }
  }
}
