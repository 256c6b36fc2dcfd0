// `bearer` under a fetch: each body is read once only there, and goes through a tee.
import { bearer } from 'everbearer'
import { Agent, fetch, setGlobalDispatcher } from 'undici'
import { fetchClient } from '../fetch-client.js'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { warmManager } from '../tokens.js'

export async function connect(hosts: Hosts) {
  const stamp = bearer(await warmManager(hosts), { origins: [hosts.origin] })
  setGlobalDispatcher(new Agent({ connections: CONNECTIONS }).compose(stamp))
  return fetchClient(hosts, fetch as unknown as typeof globalThis.fetch)
}
