import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import axios from 'axios'
import { GraphQLClient } from 'graphql-request'
import ky from 'ky'
import { createFetch as createOfetch } from 'ofetch'
import OpenAI from 'openai'
import createClient from 'openapi-fetch'

type Fetch = typeof globalThis.fetch
/** Posts a JSON body by a client that was given this fetch. */
type Caller = (fetch: Fetch, origin: string) => (body: { text: string }) => Promise<unknown>

interface Paths {
  '/': { post: { requestBody: { content: { 'application/json': object } }; responses: Record<200, object> } }
}

/** Each client of docs/clients that takes a fetch. */
export const CALLERS = {
  axios: (fetch, baseURL) => {
    const api = axios.create({ baseURL, adapter: 'fetch', env: { fetch } })
    return (body) => api.post('/', body)
  },
  'axios without Request': (fetch, baseURL) => {
    const api = axios.create({ baseURL, adapter: 'fetch', env: { fetch, Request: null as never } })
    return (body) => api.post('/', body)
  },
  'graphql-request': (fetch, origin) => {
    const api = new GraphQLClient(origin, { fetch })
    return ({ text }) => api.request(text)
  },
  ky: (fetch, prefixUrl) => {
    const api = ky.create({ prefixUrl, fetch })
    return (json) => api.post('', { json }).json()
  },
  'Model Context Protocol': (fetch, origin) => {
    const transport = new StreamableHTTPClientTransport(new URL(origin), { fetch })
    return ({ text }) => new Client({ name: text, version: '1.0.0' }).connect(transport)
  },
  ofetch: (fetch, baseURL) => {
    const api = createOfetch({ fetch, defaults: { baseURL } })
    return (body) => api('/', { method: 'POST', body })
  },
  openai: (fetch, baseURL) => {
    const api = new OpenAI({ fetch, baseURL, apiKey: 'a-key', maxRetries: 0 })
    return (body) => api.post('/', { body })
  },
  'openapi-fetch': (fetch, baseUrl) => {
    const api = createClient<Paths>({ fetch, baseUrl })
    return (body) => api.POST('/', { body })
  },
} satisfies Record<string, Caller>
