// The official SDK, which asks for a token once and never again.
import sdk from 'purecloud-platform-client-v2'
import { PATH } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'

export function connect({ origin }: Hosts): Client {
  const client = sdk.ApiClient.instance
  client.setAccessToken('given')
  client.config.basePath = origin
  client.config.authUrl = origin
  const json = ['application/json']
  return { GET: () => client.callApi(PATH, 'GET', {}, {}, {}, {}, null, ['PureCloud OAuth'], json, json) }
}
