import type { Hosts } from '../hosts.js'
import { tokenManager } from '../tokens.js'

export async function getter(hosts: Hosts) {
  const tokens = tokenManager(hosts)
  await tokens.getToken()
  return { get: () => tokens.current(), isAwaited: false }
}
