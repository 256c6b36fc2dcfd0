// As its page shows it: an interceptor of axios stamps what a variable holds, axios-auth-refresh renews that after a 401.
import axios from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'
import { Agent } from 'node:http'
import { CONNECTIONS, PATH } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'
import { CREDENTIALS } from '../tokens.js'

export async function connect({ origin, tokenEndpoint }: Hosts): Promise<Client> {
  let token = ''
  const renew = async () => {
    const { clientId: client_id, clientSecret: client_secret } = CREDENTIALS
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
    token = (await axios.post<{ access_token: string }>(tokenEndpoint, form)).data.access_token
  }
  await renew()
  const api = axios.create({ httpAgent: new Agent({ keepAlive: true, maxSockets: CONNECTIONS }) })
  api.interceptors.request.use((request) => {
    request.headers.set('authorization', `Bearer ${token}`)
    return request
  })
  // Its types are those of axios for CommonJS.
  createAuthRefresh(api as never, renew)
  return {
    GET: async () => {
      await api.get(origin + PATH)
    },
  }
}
