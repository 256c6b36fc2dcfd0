import { clientCredentials, TokenManager } from 'everbearer'
import type { TokenManagerOptions } from 'everbearer'
import type { Hosts } from './hosts.js'

export const CREDENTIALS = { clientId: 'bench', clientSecret: 'bench-secret' }

export function tokenManager({ tokenEndpoint }: Hosts, options?: TokenManagerOptions): TokenManager {
  return new TokenManager(clientCredentials({ tokenEndpoint, ...CREDENTIALS }), options)
}

/** A manager that has its token already. */
export async function warmManager(hosts: Hosts): Promise<TokenManager> {
  const tokens = tokenManager(hosts)
  await tokens.getToken()
  return tokens
}
