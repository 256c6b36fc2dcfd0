import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { systemClock } from '../../src/base/clock.js'
import type { Clock } from '../../src/base/clock.js'
import type { RedisClient, RunScript } from '../../src/redis/redis-client.js'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { COMPARE_AND_SET, LEASE, RELEASE } from '../../src/redis/scripts.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { heardOn } from '../token/listening.js'
import { ScriptedGrant, tokens } from '../token/scripted-grant.js'
import { CLIENTS } from './clients.js'
import type { ConnectedClient } from './clients.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

/** Waits of a manager that are seconds are tenths of them here; Redis has its own clock. */
const hurried: Clock = {
  now: systemClock.now,
  monotonic: () => 10 * systemClock.monotonic(),
  setTimeout: (callback, delay) => systemClock.setTimeout(callback, delay / 10),
  random: systemClock.random,
}

const MEMBERS = 3
const SHARED = { asked: 1, different: 1 }
const ALONE = { asked: MEMBERS, different: MEMBERS }
/** How long a fleet may take to share again, in milliseconds. */
const BACK = 5_000

/** Managers as of so many processes, each with a store of its own over one of the clients, in front of one server. */
class Fleet implements AsyncDisposable {
  /** Its tokens live long enough for a test; a lease for them takes 500 ms. */
  readonly grant = new ScriptedGrant(({ number }) => tokens(`token-${number}`, { lifetime: 5_000 }))
  readonly #managers: TokenManager[]

  constructor(clients: readonly RedisClient[]) {
    const options = { encryptionKey: randomBytes(32), prefix: randomUUID() }
    this.#managers = Array.from({ length: MEMBERS }, (_, index) => {
      const store = redisTokenStore(clients[index % clients.length]!, options)
      return new TokenManager(this.grant, { store, clock: hurried, refresh: 'on-demand' })
    })
  }

  /**
   * All tokens so far are worth nothing any more, and each gets another. Gives how many of them asked the server, and how
   * many tokens they have now.
   */
  async renew(): Promise<{ asked: number; different: number }> {
    const before = this.grant.count
    const isDead = (token: string) => Number(token.slice('token-'.length)) <= before
    const another = async (manager: TokenManager) => {
      for (;;) {
        manager.invalidate()
        const token = (await manager.getToken()).reveal()
        // A store may still have one that this process did not know.
        if (!isDead(token)) return token
      }
    }
    const got = await Promise.all(this.#managers.map(another))
    const asked = this.grant.count - before
    expect(asked).toBeLessThanOrEqual(MEMBERS)
    return { asked, different: new Set(got).size }
  }

  /** Renews until one asks for all, and again for all: one that was busy for a moment may go alone once more. */
  async share(): Promise<void> {
    const end = performance.now() + BACK
    let inARow = 0
    while (inARow < 2) {
      const renewed = await this.renew()
      if (performance.now() > end) expect(renewed).toEqual(SHARED)
      inARow = renewed.asked === 1 && renewed.different === 1 ? inARow + 1 : 0
      if (inARow === 0) await wait(20)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#managers.map((manager) => manager.close()))
  }
}

describeRedis.each(Object.entries(CLIENTS))('a fleet that shares a token by %s [R33]', (_library, connect) => {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown) => void unhandled.push(reason)
  let server: RedisServer
  let admin: Redis
  let connected: ConnectedClient[]
  let fleet: Fleet
  beforeAll(async () => {
    process.on('unhandledRejection', onUnhandled)
    server = await RedisServer.start(['--key-load-delay', '20000', '--loading-process-events-interval-bytes', '1024'])
    admin = new Redis(server.url, { retryStrategy: () => 20 })
    admin.on('error', () => undefined)
  })
  afterAll(async () => {
    admin.disconnect()
    await server.remove()
    process.off('unhandledRejection', onUnhandled)
    expect(unhandled).toEqual([])
  })

  const clients = () => connected.map(({ client }) => client)
  beforeEach(async () => {
    await admin.flushall()
    connected = [await connect(server.url), await connect(server.url)]
    fleet = new Fleet(clients())
  })
  afterEach(async () => {
    await fleet[Symbol.asyncDispose]()
    connected.forEach(({ close }) => close())
  })

  const lock = async () => {
    await admin.config('SET', 'requirepass', 'password')
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  }
  /** It has something to load, which takes it a while. */
  const load = async () => {
    await Promise.all(Array.from({ length: 20 }, () => admin.set(randomUUID(), randomBytes(4_096), 'PX', 60_000)))
    await admin.save()
    await server.stop()
    void server.start()
    await wait(100)
  }
  const loaded = async () => {
    while (!/^loading:0/m.test(await admin.info('persistence'))) await wait(10)
  }
  const mistype = async () => {
    const [name] = await admin.keys('*:value')
    await admin.multi().del(name!).lpush(name!, 'a list').exec()
  }

  it.each<[fault: string, strike: () => unknown, mend: () => unknown, code?: string]>([
    ['was killed, and begins with nothing', () => server.stop(), () => server.start()],
    [
      'was stopped, and takes what it is sent all the same',
      () => process.kill(server.pid!, 'SIGSTOP'),
      () => process.kill(server.pid!, 'SIGCONT'),
    ],
    ['is too slow', () => admin.call('CLIENT', 'PAUSE', '400', 'ALL'), () => undefined],
    ['is full', () => admin.config('SET', 'maxmemory', '1'), () => admin.config('SET', 'maxmemory', '0')],
    ['became a replica', () => admin.replicaof('127.0.0.1', 1), () => admin.replicaof('NO', 'ONE')],
    [
      'does not let its user run scripts',
      () => admin.acl('SETUSER', 'default', '-eval'),
      () => admin.acl('SETUSER', 'default', '+eval'),
    ],
    ['wants a password', lock, () => admin.config('SET', 'requirepass', '')],
    ['is loading', load, loaded],
    ['has something else in the token’s place', mistype, () => admin.flushall(), 'token_store_corrupt'],
  ])(
    'goes on when Redis %s, and shares again afterwards',
    async (_fault, strike, mend, code = 'token_store_failed') => {
      await fleet.share()
      const failures = await heardOn('everbearer:store-failed', async () => {
        await strike()
        expect(await fleet.renew()).toEqual(ALONE)
        // Each has failed once, and leaves it alone.
        expect(await fleet.renew()).toEqual(ALONE)
      })
      expect(failures.length).toBeGreaterThanOrEqual(MEMBERS)
      expect([...new Set(failures.map((failure) => failure.code))]).toEqual([code])
      await mend()
      await fleet.share()
    },
  )

  it('goes on when there is no Redis yet', async () => {
    await server.stop()
    const late = await Promise.all([connect(server.url, { isUp: false }), connect(server.url, { isUp: false })])
    connected.push(...late)
    await using young = new Fleet(late.map(({ client }) => client))
    expect(await young.renew()).toEqual(ALONE)
    await server.start()
    await young.share()
  })

  it('does not notice when Redis forgets its scripts', async () => {
    await fleet.share()
    const failures = await heardOn('everbearer:store-failed', async () => {
      await admin.script('FLUSH')
      expect(await fleet.renew()).toEqual(SHARED)
    })
    expect(failures).toEqual([])
  })
})

describeRedis('a fleet of which one [R33]', () => {
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.remove()
  })
  const run: RunScript = (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args)

  it.each([
    ['got a lease and does not know', LEASE],
    ['has written and does not know', COMPARE_AND_SET],
    ['has let its lease go and does not know', RELEASE],
  ])('%s goes on, each with one token request at most', async (_what, script) => {
    let breaks = false
    const breaking: RunScript = async (...command) => {
      const reply = await run(...command)
      if (!breaks || command[0] !== script) return reply
      breaks = false
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    }
    await using fleet = new Fleet([breaking])
    await fleet.share()
    breaks = true
    await fleet.renew()
    expect(breaks).toBe(false)
    await fleet.share()
  })
})

describeRedis('a session whose Redis failed over [R33]', () => {
  it('to a replica that lacks the last write goes on with the refresh token that its process knows', async () => {
    const [primary, replica] = [await RedisServer.start(['--repl-diskless-sync-delay', '0']), await RedisServer.start()]
    const [first, second] = [new Redis(primary.url, { retryStrategy: null }), new Redis(replica.url)]
    // As a client of a sentinel does, or one that goes by a name.
    let leading = first
    const run: RunScript = (script, keys, args) => leading.eval(script, keys.length, ...keys, ...args)
    const grant = new ScriptedGrant(({ number, previous }) => {
      expect(previous?.refreshToken?.reveal()).toBe(number === 1 ? undefined : `refresh-${number - 1}`)
      return tokens(`token-${number}`, { refreshToken: `refresh-${number}` })
    }, false)
    try {
      const store = redisTokenStore(run, { encryptionKey: randomBytes(32) })
      await using manager = new TokenManager(grant, { store, clock: hurried })
      const next = async () => {
        manager.invalidate()
        return (await manager.getToken()).reveal()
      }
      expect(await next()).toBe('token-1')
      await second.replicaof('127.0.0.1', primary.port)
      while ((await second.dbsize()) === 0) await wait(10)
      await second.replicaof('127.0.0.1', 1)
      expect(await next()).toBe('token-2')
      await primary.stop()
      leading = second
      const refused = {
        code: 'token_store_failed',
        retryable: true,
        message: expect.stringContaining('READONLY') as unknown,
      }
      await expect(next()).rejects.toMatchObject(refused)
      expect(grant.count).toBe(2)
      await second.replicaof('NO', 'ONE')
      manager.reset()
      expect(await next()).toBe('token-3')
    } finally {
      // The other client has ended with its server.
      second.disconnect()
      await Promise.all([primary.remove(), replica.remove()])
    }
  })
})
