import { afterAll, beforeAll, describe } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../src/base/clock.js'
import type { Clock } from '../../src/base/clock.js'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import type { TokenStore } from '../../src/token/token-store.js'
import { describeTokenStore } from '../stores/contract.js'
import { CLIENTS } from './clients.js'
import type { ConnectedClient } from './clients.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

/** Redis has its own clock, which nobody sets: what takes a second in the contract takes so many milliseconds here. */
const SECOND = 100
const real = (milliseconds: number) => (milliseconds * SECOND) / 1_000

/** A process's clock: while it is stopped no timer fires, and when it goes on all that are due do so late. */
class StoppableClock implements Clock {
  #stopped = false
  readonly #due: (() => void)[] = []
  readonly now = systemClock.now
  readonly monotonic = systemClock.monotonic
  readonly random = systemClock.random

  setTimeout(callback: () => void, delay: number) {
    return systemClock.setTimeout(() => (this.#stopped ? void this.#due.push(callback) : callback()), delay)
  }

  stop(): void {
    this.#stopped = true
  }

  goOn(): void {
    this.#stopped = false
    for (const callback of this.#due.splice(0)) callback()
  }
}

/** A store to which a second is {@link SECOND}. */
function hurried(store: TokenStore): TokenStore {
  return {
    async get(...args) {
      const found = await store.get(...args)
      return found && { ...found, age: (found.age * 1_000) / SECOND }
    },
    compareAndSet: async (key, value, options) => {
      return store.compareAndSet(key, value, options && { ...options, ttl: real(options.ttl) })
    },
    lease: async (key, ttl, ...options) => store.lease(key, real(ttl), ...options),
  }
}

describeRedis('a Redis [R31]', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.remove())

  describe.each(Object.entries(CLIENTS))('by %s', (library, connect) => {
    const connected: ConnectedClient[] = []
    /** Handles share two connections, as few as tell a connection's order from that of Redis. */
    const connection = async (number: number) => (connected[number] ??= await connect(server.url))
    afterAll(() => connected.forEach(({ close }) => close()))

    describeTokenStore(`redisTokenStore over ${library}`, async () => {
      const clients = [await connection(0), await connection(1)]
      const options = { encryptionKey: randomBytes(32), prefix: randomUUID() }
      const clocks = new Map<TokenStore, StoppableClock>()
      return {
        open() {
          const clock = new StoppableClock()
          const { client } = clients[clocks.size % clients.length]!
          const store = hurried(redisTokenStore(client, { ...options, clock }))
          clocks.set(store, clock)
          return store
        },
        advance: (milliseconds) => wait(real(milliseconds)),
        stop(store) {
          const clock = clocks.get(store)!
          clock.stop()
          return async () => clock.goOn()
        },
        remove: () => undefined,
      }
    })
  })
})
