import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import { EverbearerError } from '../../src/base/errors.js'
import type { RedisClient, RunScript } from '../../src/redis/redis-client.js'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { ScriptedGrant } from '../token/scripted-grant.js'
import { WRONG } from '../wrong-options/cases.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

const encryptionKey = randomBytes(32)
const TIMEOUT = 300

/** What each method comes to: its result, or the code of its error. Anything else that is thrown ends the test. */
async function outcomes(client: RedisClient): Promise<Record<string, unknown>> {
  const store = redisTokenStore(client, { encryptionKey })
  const options = { expectedVersion: undefined, fence: 1, ttl: 1_000 }
  const signal = AbortSignal.timeout(TIMEOUT)
  const calls = {
    get: () => store.get('key', { signal }),
    compareAndSet: () => store.compareAndSet('key', 'value', options),
    lease: () => store.lease('key', 1_000, { signal }),
  }
  const entries = Object.entries(calls).map(async ([name, call]): Promise<[string, unknown]> => {
    const outcome = await call().catch((error: unknown) => {
      if (error instanceof EverbearerError) return error.code
      throw error
    })
    if (typeof outcome !== 'object' || !('release' in outcome)) return [name, outcome]
    await outcome.release().catch(() => undefined)
    return [name, 'granted']
  })
  return Object.fromEntries(await Promise.all(entries))
}

const FAILED = { get: 'token_store_failed', compareAndSet: 'token_store_failed', lease: 'token_store_failed' }

describe('redisTokenStore takes', () => {
  it('what both packages call a client, by its type and at run time', () => {
    const url = 'redis://127.0.0.1:1'
    const lazy = { lazyConnect: true } as const
    const sentinels = [{ host: '127.0.0.1', port: 1 }]
    // That these are assignable is seen by the compiler.
    const clients: readonly RedisClient[] = [
      createClient({ url }),
      createClient({ url, RESP: 2 }),
      createClientPool({ url }),
      createCluster({ rootNodes: [{ url }] }),
      createSentinel({ name: 'main', sentinelRootNodes: sentinels }),
      new Redis(url, lazy),
      new Redis({ sentinels, name: 'main', ...lazy }),
      new Cluster([{ host: '127.0.0.1', port: 1 }], lazy),
      async (script: string, keys: readonly string[], args: readonly string[]) => [script, keys, args],
    ]
    for (const client of clients) expect(redisTokenStore(client, { encryptionKey }).lease).toBeInstanceOf(Function)
  })
})

describe('a function in the place of a client [R32]', () => {
  const thrown = [
    ...WRONG,
    new Error('x'),
    new RangeError(),
    { message: Object.create(null) as unknown, code: Symbol('s'), name: 5 },
    Object.defineProperty(new Error('x'), 'code', {
      get() {
        throw new Error('y')
      },
    }),
  ]

  it('that throws or rejects, whatever that is, is a store that failed', async () => {
    for (const reason of thrown) {
      const throwing = () => {
        throw reason
      }
      expect(await outcomes(throwing)).toEqual(FAILED)
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- so may somebody's client
      expect(await outcomes(() => Promise.reject(reason))).toEqual(FAILED)
    }
  })

  const nothing = [null, undefined, false]
  const nonsense = [
    ...WRONG.filter(
      (value) => !nothing.includes(value as null) && typeof (value as PromiseLike<unknown>).then !== 'function',
    ),
    1.5,
    '1 ',
    2 ** 53,
    [1, 2, 3, 4],
    ['a', 'b'],
    [[], {}],
    ['a', 'b', 'c', 'd', 'e', 'f'],
    [null, null, null, null, null],
    new Array(5),
    ['a', 'b', 'c', 'd', 'e'],
  ]

  it.each(['at once', 'later'])(
    'that answers %s what Redis does not is one too, or holds what is no token',
    async (when) => {
      for (const response of nonsense) {
        const seen = await outcomes(
          when === 'later' ? async () => response : ((() => response) as unknown as RunScript),
        )
        expect(seen).toEqual({
          get: expect.stringMatching(/^token_store_(failed|corrupt)$/),
          compareAndSet: 'token_store_failed',
          // A whole number may be one.
          lease: [42, -1, 10n, '10'].includes(response as string) ? 'granted' : 'token_store_failed',
        })
      }
    },
  )

  it.each(nothing)('that answers %s has no value, and grants nothing', async (response) => {
    expect(await outcomes(async () => response)).toEqual({ ...FAILED, get: undefined })
  })

  it('may bring numbers and texts in other types', async () => {
    const kept: unknown[] = [7n, Buffer.from('7'), '7', 7, new Uint8Array([55])]
    for (const response of kept) {
      const lease = await redisTokenStore(async () => response, { encryptionKey }).lease('key', 1_000)
      expect(lease!.fence).toBe(7)
      await lease!.release().catch(() => undefined)
    }
  })

  it('that never answers is given up with the signal, and by a manager in time', async () => {
    const silent = () => new Promise(() => undefined)
    const store = redisTokenStore(silent, { encryptionKey })
    await expect(store.get('key', { signal: AbortSignal.timeout(10) })).rejects.toMatchObject({ name: 'TimeoutError' })
    await expect(store.lease('key', 9, { signal: AbortSignal.timeout(10) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    const spending = new TokenManager(new ScriptedGrant(undefined, false), { store, timeout: TIMEOUT })
    await expect(spending.getToken()).rejects.toMatchObject({ code: 'token_store_failed', retryable: true })
    const repeatable = new TokenManager(new ScriptedGrant(), { store, timeout: TIMEOUT })
    expect((await repeatable.getToken()).reveal()).toBe('token-1')
  })
})

describeRedis('a client', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.remove())

  it('of redis that was never connected, or was closed, is a store that failed', async () => {
    const client = createClient({ url: server.url })
    expect(await outcomes(client)).toEqual(FAILED)
    // Its error is of the name Error.
    const told = expect.stringContaining('(ClientClosedError): check that the client is connected') as unknown
    await expect(redisTokenStore(client, { encryptionKey }).get('key')).rejects.toMatchObject({ message: told })
    await client.connect()
    expect(await redisTokenStore(client, { encryptionKey }).get('key')).toBeUndefined()
    client.destroy()
    expect(await outcomes(client)).toEqual(FAILED)
  })

  it('of ioredis that fails fast while it is not connected, or was closed, is a store that failed', async () => {
    const client = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false })
    expect(await outcomes(client)).toEqual(FAILED)
    client.disconnect()
    const closed = new Redis(server.url)
    expect(await redisTokenStore(closed, { encryptionKey }).get('key')).toBeUndefined()
    await closed.quit()
    expect(await outcomes(closed)).toEqual(FAILED)
  })
})
