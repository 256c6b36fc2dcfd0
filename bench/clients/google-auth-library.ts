import { OAuth2Client } from 'google-auth-library'
import { PATH } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'
import { CREDENTIALS } from '../tokens.js'

export function connect({ origin, tokenEndpoint }: Hosts): Client {
  const client = new OAuth2Client({
    ...CREDENTIALS,
    endpoints: { oauth2TokenUrl: tokenEndpoint },
    forceRefreshOnFailure: true,
  })
  client.setCredentials({ refresh_token: 'bench-refresh-token' })
  return {
    GET: async () => {
      await client.request({ url: origin + PATH, responseType: 'json' })
    },
  }
}
