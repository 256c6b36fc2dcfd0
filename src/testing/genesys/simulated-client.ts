import type { OptionNames } from '../../base/options.js'

/** As in Genesys' OAuth client settings: only an active client gets tokens, a disabled one's die as well. */
export type GenesysClientState = (typeof CLIENT_STATES)[number]

/** As in Genesys' OAuth client settings, where a client has one. */
export type ClientGrant = (typeof CLIENT_GRANTS)[number]

export const CLIENT_GRANTS = ['client-credentials', 'code', 'saml2-bearer'] as const

export const CLIENT_STATES = ['active', 'disabled', 'inactive'] as const

/** An OAuth client of the simulated organization. */
export interface GenesysSimulatedClient {
  clientId: string
  clientSecret: string
  /** Default `client-credentials`. */
  grant?: ClientGrant | undefined
  /** Where users may be sent back to, for `code`. */
  redirectUris?: readonly string[] | undefined
  /** Default active. */
  state?: GenesysClientState | undefined
  /** Seconds. Default: the simulator's `tokenLifetime`. */
  tokenLifetime?: number | undefined
  /** What its own tokens may do; a user's do what the simulator's `permissions` say, which is the default here too. */
  permissions?: readonly string[] | undefined
}

export const CLIENT_NAMES: OptionNames<GenesysSimulatedClient> = {
  clientId: true,
  clientSecret: true,
  grant: true,
  redirectUris: true,
  state: true,
  tokenLifetime: true,
  permissions: true,
}
