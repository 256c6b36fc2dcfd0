import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { RedisClient } from '../../src/redis/redis-client.js'

/** A connected client of some library, and how it is closed. */
export interface ConnectedClient {
  readonly client: RedisClient
  close(): void
}

/** By the name of its package. They say at once that Redis is gone, as docs/redis.md recommends, and reconnect quickly. */
export const CLIENTS: Readonly<
  Record<string, (url: string, options?: { isUp?: boolean }) => Promise<ConnectedClient>>
> = {
  async redis(url, { isUp = true } = {}) {
    const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } })
    // Without a listener a lost connection would end the process.
    client.on('error', () => undefined)
    const connected = client.connect().catch((error: unknown) => {
      if (isUp) throw error
    })
    if (isUp) await connected
    return { client, close: () => client.destroy() }
  },
  async ioredis(url, { isUp = true } = {}) {
    // While Redis is loading it waits for as long as Redis guesses, which after one key may be many seconds.
    const loading = { maxLoadingRetryTime: 50 }
    const options = { lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => 50, ...loading }
    const client = new Redis(url, options)
    client.on('error', () => undefined)
    const connected = client.connect().catch((error: unknown) => {
      if (isUp) throw error
    })
    if (isUp) await connected
    return { client, close: () => client.disconnect() }
  },
}
