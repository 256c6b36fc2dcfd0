import { OAuth2Client } from 'google-auth-library'
import type { Hosts } from '../hosts.js'
import { CREDENTIALS } from '../tokens.js'

export function getter({ tokenEndpoint }: Hosts) {
  const client = new OAuth2Client({ ...CREDENTIALS, endpoints: { oauth2TokenUrl: tokenEndpoint } })
  client.setCredentials({ refresh_token: 'bench-refresh-token' })
  return { get: () => client.getAccessToken(), isAwaited: true }
}
