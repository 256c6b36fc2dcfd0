import type { OptionNames } from '../base/options.js'
import type { ClientSecret } from '../client-auth/client-secret.js'
import type { TokenSource } from '../token/token-source.js'

/** Where a Genesys Cloud organization is: its region, or both URLs. */
export type GenesysLocation =
  | {
      /** An AWS region (`us-east-1`, `us_east_1`) or any domain (`mypurecloud.com`). */
      region: string
    }
  | {
      /** The origin of the token endpoint. */
      loginUrl: string
      /** The origin of the API. */
      apiUrl: string
    }

/** An OAuth client of the Client Credentials type, or a source of tokens that is already there, and where it counts. */
export type GenesysCredentials =
  | ({ clientId: string; clientSecret: ClientSecret } & GenesysLocation)
  | ({ tokens: TokenSource } & ({ region: string } | { apiUrl: string }))

export const CREDENTIALS: OptionNames<GenesysCredentials> = {
  clientId: 'defined',
  clientSecret: 'defined',
  region: true,
  loginUrl: true,
  apiUrl: true,
  tokens: true,
}
