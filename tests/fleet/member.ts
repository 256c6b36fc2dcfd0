import { subscribe } from 'node:diagnostics_channel'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Agent } from 'undici'

import { clientCredentials, createFetch, TokenManager } from '../../src/index.js'
import { redisTokenStore } from '../../src/redis/index.js'
import type { RedisClient } from '../../src/redis/index.js'
import { CLIENTS } from '../redis/clients.js'
import { moment } from './moment.js'
import { watched } from './watched-client.js'

/** What a process of the fleet is told. */
export interface Errand {
  readonly origin: string
  readonly redisUrl: string
  /** A name in CLIENTS, or the path of a module whose default export connects: `(url) => Promise<RedisClient>`. */
  readonly client: string
  readonly encryptionKey: string
  /** Milliseconds between two calls of the API, on average. */
  readonly pause: number
}

/** What it tells. Moments are those of the machine's monotonic clock, which its processes share. */
export type Report =
  | {
      readonly kind: 'call'
      readonly caller: string
      readonly from: number
      readonly to: number
      readonly status: number
    }
  | { readonly kind: 'fence'; readonly fence: number; readonly at: number }
  | { readonly kind: 'failure'; readonly why: string; readonly at: number }
  | { readonly kind: 'store-failed'; readonly at: number }

/** Calls the API until the process is killed. */
export async function callForever({ origin, redisUrl, client, encryptionKey, pause }: Errand): Promise<never> {
  process.once('disconnect', () => process.exit())
  const tell = (report: Report) => void process.send?.(report)
  const caller = String(process.pid)
  process.on('unhandledRejection', (error) =>
    tell({ kind: 'failure', why: `unhandled: ${String(error)}`, at: moment() }),
  )
  subscribe('everbearer:store-failed', () => tell({ kind: 'store-failed', at: moment() }))
  const store = redisTokenStore(
    watched(await connect(client, redisUrl), (fence) => tell({ kind: 'fence', fence, at: moment() })),
    { encryptionKey },
  )
  const grant = clientCredentials({
    tokenEndpoint: `${origin}/token`,
    clientId: 'fleet',
    clientSecret: 'secret',
    dispatcher: new Agent().compose((dispatch) => (options, handler) => {
      return dispatch({ ...options, headers: { ...options.headers, 'x-caller': caller } }, handler)
    }),
  })
  const fetch = createFetch(new TokenManager(grant, { store }), { origins: [origin] })
  for (;;) {
    const from = moment()
    try {
      const response = await fetch(`${origin}/api`, { headers: { 'x-caller': caller } })
      await response.text()
      tell({ kind: 'call', caller, from, to: moment(), status: response.status })
    } catch (error) {
      tell({ kind: 'failure', why: String(error), at: moment() })
    }
    await wait(pause * (0.5 + Math.random()))
  }
}

async function connect(client: string, url: string): Promise<RedisClient> {
  const known = CLIENTS[client]
  if (known) return (await known(url)).client
  const made = (await import(pathToFileURL(client).href)) as { default: (url: string) => Promise<RedisClient> }
  return made.default(url)
}
