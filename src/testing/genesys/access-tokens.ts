import { randomBytes } from 'node:crypto'
import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'
import { RateWindow } from './rate-window.js'

/** Where tokens are had; on the login host, which shares its origin with the API here. */
export const TOKEN_PATH = '/oauth/token'

/** As in Genesys' OAuth client settings: only an active client gets tokens, a disabled one's die as well. */
export type ClientState = (typeof CLIENT_STATES)[number]

export const CLIENT_STATES = ['active', 'disabled', 'inactive'] as const

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
  /** When it last opened something; its idle timer counts from then. */
  used: Instant
}

/** The tokens that are alive. */
export class AccessTokens {
  readonly #clock: Clock
  readonly #requestsPerMinute: number
  readonly #idleTimeout: number
  readonly #live = new Map<string, LiveToken>()

  /** `idleTimeout`: milliseconds that a token may go unused, or Infinity. */
  constructor(clock: Clock, requestsPerMinute: number, idleTimeout: number) {
    this.#clock = clock
    this.#requestsPerMinute = requestsPerMinute
    this.#idleTimeout = idleTimeout
  }

  /** Opaque, as Genesys' tokens are. Not drawn from the seed: a token of one simulator must be worthless at another. */
  mint(client: Readonly<SimulatedClient>, lifetime: number): LiveToken {
    const value = randomBytes(64).toString('base64url')
    const window = new RateWindow(this.#requestsPerMinute, this.#clock)
    const issued = instant(this.#clock)
    const token = { value, client, issued, lifetime, window, used: issued }
    this.#live.set(value, token)
    return token
  }

  /** The token with this value, unless it is unknown, expired, revoked or was idle for too long. */
  find(value: string): LiveToken | undefined {
    const token = this.#live.get(value)
    if (!token) return undefined
    if (elapsedSince(token.issued, this.#clock) < token.lifetime && this.idleTimeLeft(token) > 0) return token
    this.revoke(token)
    return undefined
  }

  /** Starts the idle timer again. */
  touch(token: LiveToken): void {
    token.used = instant(this.#clock)
  }

  /** Milliseconds; Infinity when tokens may be idle for as long as they live. */
  idleTimeLeft({ used }: LiveToken): number {
    return this.#idleTimeout - elapsedSince(used, this.#clock)
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
