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
