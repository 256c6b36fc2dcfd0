import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { RedisClient } from '../../src/redis/redis-client.js'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import type { TokenStore } from '../../src/token/token-store.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

const encryptionKey = randomBytes(32)
const HOUR = 3_600_000

describeRedis('the fence of a lease [R31]', () => {
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.url)
  })
  beforeEach(() => redis.flushall())
  afterAll(async () => {
    redis.disconnect()
    await server.remove()
  })

  const open = (client: RedisClient = redis) => redisTokenStore(client, { encryptionKey })
  const theKey = async (kind: string) => (await redis.keys(`*:${kind}`))[0]!

  async function grant(store: TokenStore): Promise<number> {
    const lease = (await store.lease('key', 5_000))!
    await lease.release()
    return lease.fence
  }

  async function write(store: TokenStore, value: string): Promise<boolean> {
    const lease = (await store.lease('key', 5_000))!
    const expectedVersion = (await store.get('key'))?.version
    const isWritten = await store.compareAndSet('key', value, { expectedVersion, fence: lease.fence, ttl: HOUR })
    await lease.release()
    return isWritten
  }

  it('is greater than the one before, however soon it follows', async () => {
    const fences: number[] = []
    for (let round = 0; round < 200; round++) fences.push(await grant(open()))
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b))
  })

  it('goes on higher in a Redis that lost all it had', async () => {
    const before = await grant(open())
    await redis.flushall()
    await wait(2)
    expect(await grant(open())).toBeGreaterThan(before)
  })

  it('is above all that its process has seen, though the clock of Redis was set back', async () => {
    const store = open()
    await grant(store)
    const prefetched = Date.now() + HOUR
    await redis.set(await theKey('fence'), String(prefetched))
    await write(store, 'a')
    await redis.flushall()
    expect(await grant(store)).toBeGreaterThan(prefetched)
    expect(await write(store, 'b')).toBe(true)
    expect((await store.get('key'))?.value).toBe('b')
  })

  it('is known for as long as its lease is renewed, and then a minute', async () => {
    const lease = (await open().lease('key', 60))!
    const key = await theKey('fence')
    await redis.pexpire(key, 1_000)
    while ((await redis.pttl(key)) < 50_000) await wait(5)
    await lease.release()
    expect(await redis.pttl(key)).toBeLessThanOrEqual(60_060)
  })

  it('ends with its own lease: who has lost it lets nobody else’s go', async () => {
    const lost = (await open().lease('key', 5_000))!
    await redis.del(await theKey('lease'))
    const lease = (await open().lease('key', 5_000))!
    await lost.release()
    expect(await redis.exists(await theKey('lease'))).toBe(1)
    await lease.release()
    expect(await redis.keys('*:lease')).toEqual([])
  })

  it('that nobody knows any more writes nothing', async () => {
    const store = open()
    const lease = (await store.lease('key', 5_000))!
    await redis.del(await theKey('fence'))
    const options = { expectedVersion: undefined, fence: lease.fence, ttl: HOUR }
    expect(await store.compareAndSet('key', 'late', options)).toBe(false)
    expect(await store.get('key')).toBeUndefined()
    await lease.release()
  })

  it('holds over a client that lost the answer and asks again', async () => {
    const send = (script: string, keys: readonly string[], args: readonly string[]) =>
      redis.eval(script, keys.length, ...keys, ...args)
    const store = open(async (...command) => {
      await send(...command)
      return send(...command)
    })
    expect(await write(store, 'a')).toBe(true)
    expect(await write(store, 'b')).toBe(true)
    expect((await store.get('key'))?.value).toBe('b')
  })
})
