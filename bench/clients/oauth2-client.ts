// @badgateway/oauth2-client, over the built-in fetch.
import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import { fetchClient } from '../fetch-client.js'
import type { Hosts } from '../hosts.js'
import { CREDENTIALS } from '../tokens.js'

export function connect(hosts: Hosts) {
  const client = new OAuth2Client({ ...CREDENTIALS, tokenEndpoint: hosts.tokenEndpoint })
  const oauth = new OAuth2Fetch({ client, getNewToken: () => client.clientCredentials(), scheduleRefresh: false })
  return fetchClient(hosts, (input, init) => oauth.fetch(input as string, init))
}
