import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { identityKey } from '../../src/token/identity-key.js'
import { TokenManager } from '../../src/token/token-manager.js'
import type { TokenStore } from '../../src/token/token-store.js'
import { ScriptedGrant, tokens } from '../token/scripted-grant.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

const [young, old, stranger] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const TTL = 60_000
const corrupt = (what: string) => ({ code: 'token_store_corrupt', message: expect.stringContaining(what) as unknown })

describeRedis('what Redis holds for an identity [R32]', () => {
  let server: RedisServer
  let redis: Redis
  let prefix: string
  beforeAll(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.url)
  })
  beforeEach(() => void (prefix = randomUUID()))
  afterAll(async () => {
    redis.disconnect()
    await server.remove()
  })

  /** As a process has one: each knows for itself what it has seen. */
  const open = (encryptionKey: Buffer | Buffer[] = young) => redisTokenStore(redis, { encryptionKey, prefix })

  async function write(value: string, { to = open(), key = 'key' }: { to?: TokenStore; key?: string } = {}) {
    const lease = (await to.lease(key, 5_000))!
    const expectedVersion = (await to.get(key))?.version
    expect(await to.compareAndSet(key, value, { expectedVersion, fence: lease.fence, ttl: TTL })).toBe(true)
    await lease.release()
  }

  /** The names of the keys that hold a value, or something else, of this test's identities. */
  const names = async (kind = 'value') => redis.keys(`${prefix}:*:${kind}`)
  const theName = async () => {
    const [name, ...others] = await names()
    expect(others).toEqual([])
    return name!
  }

  async function read(key = 'key', store = open()): Promise<unknown> {
    return store.get(key).then(
      (found) => found?.value,
      (error: unknown) => (error as { code: unknown }).code,
    )
  }

  it('opens as it was written only: whichever byte is another, none is there that was not', async () => {
    const seen = open()
    await write('the token', { to: seen })
    const name = await theName()
    const fields = Object.entries(await redis.hgetallBuffer(name))
    expect(fields.map(([field]) => field).sort()).toEqual(['fence', 'ttl', 'value', 'version'])
    let changes = 0
    const outcomes = new Set<unknown>()
    for (const [field, bytes] of fields) {
      const changed = [...bytes.keys()].flatMap((at) => [1, 32, 128].map((mask) => flipped(bytes, at, mask)))
      const cut = [bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from('=')]), Buffer.alloc(0)]
      for (const other of [...changed, ...cut]) {
        await redis.hset(name, field, other)
        for (const store of [open(), seen]) outcomes.add(await read('key', store))
        changes += 1
      }
      await redis.hdel(name, field)
      outcomes.add(await read())
      await redis.hset(name, field, bytes)
    }
    expect(changes).toBeGreaterThan(300)
    expect([...outcomes].sort()).toEqual(['token_store_corrupt', undefined])
    expect(await read('key', seen)).toBe('the token')
  })

  it('is that of one key in one place: nobody passes it off as another’s', async () => {
    await write('mine', { key: 'mine' })
    const mine = await theName()
    await write('yours', { key: 'yours' })
    const yours = (await names()).find((name) => name !== mine)!
    await redis.copy(mine, yours, 'REPLACE')
    await expect(open().get('yours')).rejects.toMatchObject(corrupt('that of another key'))
    const elsewhere = `elsewhere-${prefix}`
    await redis.copy(mine, mine.replace(prefix, elsewhere))
    const there = redisTokenStore(redis, { encryptionKey: young, prefix: elsewhere })
    await expect(there.get('mine')).rejects.toMatchObject(corrupt('that of another key'))
    expect(await read('mine')).toBe('mine')
  })

  it('opens with each key of the list, while the first seals: so keys are replaced', async () => {
    await write('by the old one', { to: open(old) })
    expect(await read('key', open([old, young]))).toBe('by the old one')
    const replacing = open([young, old])
    expect(await read('key', replacing)).toBe('by the old one')
    await write('by the young one', { to: replacing })
    expect(await read('key', open([old, young]))).toBe('by the young one')
    expect(await read('key', open(young))).toBe('by the young one')
    await expect(open(old).get('key')).rejects.toMatchObject(corrupt('not in encryptionKey'))
    await expect(open([stranger, old]).get('key')).rejects.toMatchObject(corrupt('not in encryptionKey'))
    const name = await theName()
    const encrypted = (await redis.hget(name, 'value'))!
    const { value: other } = await sealedBy(stranger, name)
    // The name of a key is no key.
    await redis.hset(name, 'value', `${encrypted.split('.')[0]}.${other!.split('.')[1]}`)
    await expect(open().get('key')).rejects.toMatchObject(corrupt('was changed'))
  })

  async function sealedBy(encryptionKey: Buffer, like: string) {
    const elsewhere = randomUUID()
    await write('a', { to: redisTokenStore(redis, { encryptionKey, prefix: elsewhere }) })
    return redis.hgetall(like.replace(prefix, elsewhere))
  }

  it('that was put back counts for none where a newer one was seen, and may be overwritten', async () => {
    const [seen, reader] = [open(), open()]
    await write('first', { to: seen })
    const name = await theName()
    const backup = await redis.dumpBuffer(name)
    await write('second', { to: seen })
    expect(await read('key', reader)).toBe('second')
    await redis.restore(name, TTL, backup, 'REPLACE')
    expect(await read('key', seen)).toBeUndefined()
    expect(await read('key', reader)).toBeUndefined()
    // Who has just started cannot know.
    expect(await read()).toBe('first')
    await write('third', { to: seen })
    expect(await read()).toBe('third')
  })

  it('that was put back counts for none though it is of the same lease as the newer one', async () => {
    const [seen, reader] = [open(), open()]
    const lease = (await seen.lease('key', 5_000))!
    const set = async (value: string | undefined) => {
      const expectedVersion = (await seen.get('key'))?.version
      const options = { expectedVersion, fence: lease.fence, ttl: TTL }
      expect(await seen.compareAndSet('key', value, options)).toBe(true)
    }
    await set('first')
    const name = await theName()
    const backup = await redis.dumpBuffer(name)
    await set('second')
    expect(await read('key', reader)).toBe('second')
    await redis.restore(name, TTL, backup, 'REPLACE')
    expect(await read('key', seen)).toBeUndefined()
    expect(await read('key', reader)).toBeUndefined()
    await set('third')
    expect(await read('key', reader)).toBe('third')
    await set(undefined)
    await redis.restore(name, TTL, backup, 'REPLACE')
    expect(await read('key', seen)).toBeUndefined()
    await lease.release()
  })

  it.each(['1', 'its own', 'none'])(
    'that was put back counts for none though its fence was lowered to %s',
    async (lowered) => {
      const [seen, reader] = [open(), open()]
      await write('first', { to: seen })
      const [name, fence] = [await theName(), (await names('fence'))[0]!]
      const [backup, own] = [await redis.dumpBuffer(name), (await redis.get(fence))!]
      await write('second', { to: seen })
      expect(await read('key', reader)).toBe('second')
      await redis.restore(name, TTL, backup, 'REPLACE')
      if (lowered === 'none') await redis.del(fence)
      else await redis.set(fence, lowered === '1' ? '1' : own, 'PX', TTL)
      expect(await read('key', seen)).toBeUndefined()
      expect(await read('key', reader)).toBeUndefined()
      await write('third', { to: reader })
      for (const store of [seen, reader, open()]) expect(await read('key', store)).toBe('third')
    },
  )

  it('is not lost though its writer’s fence is below one that other processes have seen', async () => {
    const [slow, fast] = [open(), open()]
    const late = (await slow.lease('key', 5_000))!
    await redis.del((await names('lease'))[0]!)
    await write('by the fast one', { to: fast })
    // Somebody lets the slow one in again, which must read before it may write.
    await redis.set((await names('fence'))[0]!, String(late.fence), 'PX', TTL)
    const { version: expectedVersion } = (await slow.get('key'))!
    expect(await slow.compareAndSet('key', 'last', { expectedVersion, fence: late.fence, ttl: TTL })).toBe(true)
    for (const store of [slow, fast, open()]) expect(await read('key', store)).toBe('last')
    await late.release()
  })

  it('has a size beyond which it is not read: Redis does not even send it', async () => {
    await write('a')
    const name = await theName()
    const sizes: number[] = []
    const watching = redisTokenStore(
      async (script, keys, args) => {
        const reply: unknown = await redis.eval(script, keys.length, ...keys, ...args)
        sizes.push(JSON.stringify(reply).length)
        return reply
      },
      { encryptionKey: young, prefix },
    )
    for (const field of ['value', 'version', 'ttl']) {
      const before = (await redis.hget(name, field))!
      await redis.hset(name, field, 'x'.repeat(2 ** 22))
      await expect(watching.get('key')).rejects.toMatchObject(corrupt('is larger than what a store writes'))
      await redis.hset(name, field, before)
    }
    expect(await read('key', watching)).toBe('a')
    const [lease] = [name.replace(/value$/, 'lease')]
    await redis.set(lease, 'x'.repeat(2 ** 22), 'PX', TTL)
    await expect(watching.lease('key', 5_000)).rejects.toMatchObject(corrupt('is larger than what a store writes'))
    expect(Math.max(...sizes)).toBeLessThan(1_000)
  })

  it('that would be too large is an error before the old one is replaced', async () => {
    await write('a')
    const store = open()
    const lease = (await store.lease('key', 5_000))!
    const { version: expectedVersion } = (await store.get('key'))!
    const options = { expectedVersion, fence: lease.fence, ttl: TTL }
    await expect(store.compareAndSet('key', 'x'.repeat(2 ** 21), options)).rejects.toMatchObject({
      code: 'token_store_failed',
      retryable: false,
    })
    expect(await read()).toBe('a')
    // What was written is read again, however near to the limit it is.
    const most = 'x'.repeat(Math.floor((2 ** 21 * 3) / 4) - 60)
    expect(await store.compareAndSet('key', most, options)).toBe(true)
    expect((await open().get('key'))!.value === most).toBe(true)
    await lease.release()
  })

  it('cannot take a session back: it goes on with the refresh token that its process knows', async () => {
    const grant = new ScriptedGrant(({ number, previous }) => {
      expect(previous?.refreshToken?.reveal()).toBe(number === 1 ? undefined : `refresh-${number - 1}`)
      return tokens(`token-${number}`, { refreshToken: `refresh-${number}`, lifetime: 100 })
    }, false)
    await using manager = new TokenManager(grant, { store: open(), refresh: 'on-demand' })
    const next = async () => {
      const token = await manager.getToken()
      await wait(110)
      return token.reveal()
    }
    expect(await next()).toBe('token-1')
    const name = await theName()
    const backup = await redis.dumpBuffer(name)
    expect(await next()).toBe('token-2')
    await redis.restore(name, TTL, backup, 'REPLACE')
    expect(await next()).toBe('token-3')
    const stored = await open().get(identityKey(grant.identity))
    expect(stored!.value).toContain('refresh-3')
  })

  it('that lost its end is not taken for young for ever', async () => {
    await write('a')
    await redis.persist(await theName())
    await expect(open().get('key')).rejects.toMatchObject(corrupt('has no end'))
  })

  it('is no lease that somebody took the end away from: nobody waits for it', async () => {
    await open().lease('key', 60_000)
    const [name] = await names('lease')
    await redis.persist(name!)
    await expect(open().lease('key', 60_000)).rejects.toMatchObject(corrupt('has no end'))
  })

  it.each(['value', 'lease', 'fence'])('is left as it is where somebody put a %s of another type', async (kind) => {
    await write('a')
    const name = (await theName()).replace(/value$/, kind)
    await redis.del(name)
    await redis.rpush(name, 'a', 'list')
    const store = open()
    const use = async () => {
      await store.get('key')
      const lease = (await store.lease('key', 5_000))!
      await store.compareAndSet('key', 'b', { expectedVersion: undefined, fence: lease.fence, ttl: TTL })
    }
    await expect(use()).rejects.toMatchObject(corrupt('is of another type'))
    expect(await redis.lrange(name, 0, -1)).toEqual(['a', 'list'])
  })

  it.each(['', 'a text', '-1', 'nan', '-nan', 'inf', '1e300', '0x10', '9007199254740990', '9007199254740991'])(
    'grants a fence that is one, and greater, though somebody made it %j',
    async (nonsense) => {
      const store = open()
      await write('a', { to: store })
      const [name] = await names('fence')
      const before = Number(await redis.get(name!))
      await redis.set(name!, nonsense)
      for (const value of ['b', 'c']) {
        await write(value, { to: store })
        expect(await read()).toBe(value)
      }
      expect(Number(await redis.get(name!))).toBeGreaterThan(before)
    },
  )

  it('ends by itself, as do the lease and its fence', async () => {
    const store = open()
    await write('a', { to: store })
    await store.lease('key', 5_000)
    const all = await redis.keys(`${prefix}:*`)
    expect(all.map((name) => name.split(':').at(-1)).sort()).toEqual(['fence', 'lease', 'value'])
    for (const name of all) {
      expect(name).toMatch(/:\{[0-9a-f]{64}\}:/)
      expect(await redis.pttl(name)).toBeGreaterThan(0)
    }
  })
})

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at]! ^= mask
  return copy
}
