import { bearer } from 'everbearer'
import { Agent } from 'undici'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { warmManager } from '../tokens.js'
import { undiciClient } from '../undici-client.js'

export async function connect(hosts: Hosts) {
  const stamp = bearer(await warmManager(hosts), { origins: [hosts.origin] })
  return undiciClient(hosts, new Agent({ connections: CONNECTIONS }).compose(stamp))
}
