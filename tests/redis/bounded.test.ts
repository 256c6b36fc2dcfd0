import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

const IDENTITIES = 2_000
const LEASE = 5_000
const TTL = 1_000
/** How long a fence is known after its lease. */
const MINUTE = 60_000

describeRedis('a Redis that many identities have used [R35]', () => {
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.url, { enableAutoPipelining: true })
  })
  afterAll(async () => {
    redis.disconnect()
    await server.remove()
  })

  /** What each key of a kind has left, in milliseconds. */
  async function left(): Promise<Record<string, number[]>> {
    const names = await redis.keys('*')
    const entries = await Promise.all(names.map(async (name) => ({ name, pttl: await redis.pttl(name) })))
    return Object.fromEntries(
      ['value', 'lease', 'fence', ''].map((kind) => {
        const ofKind = entries.filter(({ name }) => name.split(':').at(-1) === kind)
        return [kind || 'all', (kind ? ofKind : entries).map(({ pttl }) => pttl)]
      }),
    )
  }

  it('is empty again soon after their tokens are over: nothing in it is without an end', async () => {
    const store = redisTokenStore(redis, { encryptionKey: randomBytes(32) })
    const renew = async (key: string) => {
      const lease = (await store.lease(key, LEASE))!
      const options = { expectedVersion: undefined, fence: lease.fence, ttl: TTL }
      expect(await store.compareAndSet(key, 'a token', options)).toBe(true)
      await lease.release()
    }
    await Promise.all(Array.from({ length: IDENTITIES }, (_, number) => renew(`identity ${number}`)))
    const busy = await left()
    expect(busy['fence']).toHaveLength(IDENTITIES)
    expect(busy['lease']).toEqual([])
    expect(busy['all']!.filter((pttl) => pttl === -1)).toEqual([])
    expect(Math.max(...busy['value']!)).toBeLessThanOrEqual(TTL)
    expect(Math.max(...busy['fence']!)).toBeLessThanOrEqual(LEASE + MINUTE)

    await wait(TTL)
    const idle = await left()
    expect(idle['value']).toEqual([])
    expect(idle['all']).toEqual(idle['fence'])
  })
})
