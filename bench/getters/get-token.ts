import type { Hosts } from '../hosts.js'
import { tokenManager } from '../tokens.js'

export function getter(hosts: Hosts) {
  const tokens = tokenManager(hosts)
  return { get: () => tokens.getToken(), isAwaited: true }
}
