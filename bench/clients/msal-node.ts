// MSAL gives tokens only: the request is undici's. Its network is ours, for it would look for Microsoft's servers.
import { Agent } from 'undici'
import { CONNECTIONS } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'
import { undiciClient } from '../undici-client.js'
import { microsoftTokens } from '../microsoft-tokens.js'

export async function connect(hosts: Hosts): Promise<Client> {
  const tokens = microsoftTokens(hosts)
  const dispatcher = new Agent({ connections: CONNECTIONS })
  return { GET: async () => undiciClient(hosts, dispatcher, `Bearer ${await tokens()}`).GET() }
}
