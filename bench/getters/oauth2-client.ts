import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import type { Hosts } from '../hosts.js'
import { CREDENTIALS } from '../tokens.js'

export function getter({ tokenEndpoint }: Hosts) {
  const client = new OAuth2Client({ ...CREDENTIALS, tokenEndpoint })
  const oauth = new OAuth2Fetch({ client, getNewToken: () => client.clientCredentials(), scheduleRefresh: false })
  return { get: () => oauth.getAccessToken(), isAwaited: true }
}
