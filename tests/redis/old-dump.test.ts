import { expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { ScriptedGrant, tokens } from '../token/scripted-grant.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

describeRedis('a Redis that lost its last writes, as by a failover, [R32]', () => {
  it('ends no session: a process that knows the newer refresh token goes on with it, and the others then have it', async () => {
    const server = await RedisServer.start()
    const redis = new Redis(server.url, { retryStrategy: () => 20 })
    redis.on('error', () => undefined)
    const encryptionKey = randomBytes(32)
    const presented: (string | undefined)[] = []
    const grant = new ScriptedGrant(({ number, previous }) => {
      presented.push(previous?.refreshToken?.reveal())
      return tokens(`token-${number}`, { refreshToken: `refresh-${number}`, lifetime: 100 })
    }, false)
    const start = () => {
      return new TokenManager(grant, { store: redisTokenStore(redis, { encryptionKey }), refresh: 'on-demand' })
    }
    const manager = start()
    const next = async (of: TokenManager) => {
      const token = (await of.getToken()).reveal()
      await wait(110)
      return token
    }
    const starting: TokenManager[] = []
    try {
      expect(await next(manager)).toBe('token-1')
      await redis.save()
      expect(await next(manager)).toBe('token-2')
      expect(await next(manager)).toBe('token-3')

      await server.stop()
      await server.start()
      while (redis.status !== 'ready') await wait(10)
      // What is there again was used up long ago.
      expect(await redis.keys('*:value')).toHaveLength(1)
      expect(await next(manager)).toBe('token-4')
      starting.push(start())
      expect(await next(starting[0]!)).toBe('token-5')
      expect(await next(manager)).toBe('token-6')
      expect(presented).toEqual([undefined, ...[1, 2, 3, 4, 5].map((number) => `refresh-${number}`)])
    } finally {
      for (const one of [manager, ...starting]) await one.close()
      redis.disconnect()
      await server.remove()
    }
  })
})
