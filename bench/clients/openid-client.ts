// openid-client asks for tokens and keeps none: the cache is what an application would write.
import * as client from 'openid-client'
import { PATH } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'
import { CREDENTIALS } from '../tokens.js'

export function connect({ origin, tokenEndpoint }: Hosts): Client {
  const { clientId, clientSecret } = CREDENTIALS
  const server = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint }
  const configuration = new client.Configuration(server, clientId, clientSecret)
  client.allowInsecureRequests(configuration)
  const url = new URL(origin + PATH)
  let kept: { token: string; until: number } | undefined
  let asked: Promise<string> | undefined
  const token = async () => {
    if (kept && Date.now() < kept.until) return kept.token
    asked ??= client.clientCredentialsGrant(configuration).then((answer) => {
      kept = { token: answer.access_token, until: Date.now() + (answer.expiresIn()! - 60) * 1000 }
      asked = undefined
      return kept.token
    })
    return asked
  }
  return {
    GET: async () => {
      const response = await client.fetchProtectedResource(configuration, await token(), url, 'GET')
      await response.arrayBuffer()
    },
  }
}
