import { createFetch } from 'everbearer'
import { Agent, fetch, setGlobalDispatcher } from 'undici'
import { fetchClient } from '../fetch-client.js'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { warmManager } from '../tokens.js'

setGlobalDispatcher(new Agent({ connections: CONNECTIONS }))

export async function connect(hosts: Hosts) {
  return fetchClient(hosts, createFetch(await warmManager(hosts), { origins: [hosts.origin], fetch }))
}
