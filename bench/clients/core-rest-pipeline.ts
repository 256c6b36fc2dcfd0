// @azure/core-rest-pipeline with its own policy and HTTP client. The policy takes https only, so the name it sees is one.
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from '@azure/core-rest-pipeline'
import { PATH } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'
import { tokenFrom } from '../token-from.js'

const API = 'https://api.test'

export function connect(hosts: Hosts): Client {
  const client = createDefaultHttpClient()
  const credential = {
    getToken: async () => {
      const { token, until } = await tokenFrom(hosts)
      return { token, expiresOnTimestamp: until }
    },
  }
  const pipeline = createEmptyPipeline()
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 'all' }), { phase: 'Sign' })
  return {
    GET: async () => {
      const response = await pipeline.sendRequest(
        {
          sendRequest: (request) => {
            request.url = request.url.replace(API, hosts.origin)
            request.allowInsecureConnection = true
            return client.sendRequest(request)
          },
        },
        createPipelineRequest({ url: API + PATH }),
      )
      if (response.status !== 200) throw new Error(`The API answered ${response.status}`)
    },
  }
}
