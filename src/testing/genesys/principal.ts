import type { GenesysSimulatedClient } from './simulated-client.js'

/** A user who signed in, for as long as that lasts. */
export interface UserSession {
  readonly client: GenesysSimulatedClient
  readonly userId: string
}

/** Whom a token speaks for: a client by itself, or a user by it. */
export interface Principal {
  readonly client: GenesysSimulatedClient
  readonly userId?: string | undefined
  /** Absent for a user whom an identity provider vouched for. */
  readonly session?: UserSession | undefined
}
