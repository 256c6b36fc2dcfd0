import { BODY, JSON_HEADERS, PATH } from './hosts.js'
import type { Client, Hosts } from './hosts.js'

/** Calls through a fetch, with which the header is given or comes by itself. */
export function fetchClient({ origin }: Hosts, fetch: typeof globalThis.fetch, authorization?: string): Client {
  const url = origin + PATH
  const call = async (init: RequestInit) => {
    const response = await fetch(url, init)
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`The API answered ${response.status}`)
  }
  const headers = () => ({ accept: 'application/json', ...(authorization && { authorization }) })
  return {
    GET: () => call({ headers: headers() }),
    POST: () => call({ method: 'POST', headers: { ...headers(), ...JSON_HEADERS }, body: BODY }),
  }
}
