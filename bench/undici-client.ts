import { request } from 'undici'
import type { Dispatcher } from 'undici'
import { BODY, JSON_HEADERS, PATH } from './hosts.js'
import type { Client, Hosts } from './hosts.js'

/** Calls through undici's `request`. Headers are made for each call, as applications do. */
export function undiciClient({ origin }: Hosts, dispatcher: Dispatcher, authorization?: string, query = ''): Client {
  const url = origin + PATH + query
  const call = async (options: Parameters<typeof request>[1]) => {
    const { statusCode, body } = await request(url, options)
    await body.dump()
    if (statusCode !== 200) throw new Error(`The API answered ${statusCode}`)
  }
  const headers = () => ({ accept: 'application/json', ...(authorization && { authorization }) })
  return {
    GET: () => call({ dispatcher, headers: headers() }),
    POST: () => call({ dispatcher, method: 'POST', headers: { ...headers(), ...JSON_HEADERS }, body: BODY }),
  }
}
