import { Agent } from 'undici'
import { createOidcInterceptor } from 'undici-oidc-interceptor'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { CREDENTIALS } from '../tokens.js'
import { undiciClient } from '../undici-client.js'

export const connect = (hosts: Hosts) => {
  const stamp = createOidcInterceptor({
    ...CREDENTIALS,
    idpTokenUrl: hosts.tokenEndpoint,
    urls: [hosts.origin],
    retryOnStatusCodes: [401],
  })
  return undiciClient(hosts, new Agent({ connections: CONNECTIONS }).compose(stamp))
}
