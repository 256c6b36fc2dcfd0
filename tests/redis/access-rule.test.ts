import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { CLIENTS } from './clients.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

const page = readFileSync(join(import.meta.dirname, '../../docs/redis.md'), 'utf8')
const [, rule] = /^user everbearer (.+)$/m.exec(page)!

describeRedis('the rule of docs/redis.md [R32]', () => {
  let server: RedisServer
  let admin: Redis
  beforeAll(async () => {
    server = await RedisServer.start()
    admin = new Redis(server.url)
  })
  afterAll(async () => {
    admin.disconnect()
    await server.remove()
  })

  const allow = (rules: string) => admin.call('ACL', 'SETUSER', 'everbearer', 'reset', ...rules.split(' '))
  const url = () => server.url.replace('://', '://everbearer:password@')

  async function use(connect: (typeof CLIENTS)[string]): Promise<void> {
    const { client, close } = await connect(url())
    try {
      const key = randomUUID()
      const store = redisTokenStore(client, { encryptionKey: randomBytes(32) })
      const lease = (await store.lease(key, 120))!
      const waiting = store.lease(key, 120)
      waiting.catch(() => undefined)
      // Until it was renewed.
      await wait(60)
      expect(lease.signal.aborted).toBe(false)
      const options = { expectedVersion: undefined, fence: lease.fence, ttl: 60_000 }
      expect(await store.compareAndSet(key, 'value', options)).toBe(true)
      expect(await store.get(key)).toMatchObject({ value: 'value' })
      await lease.release()
      expect(await waiting).toBeUndefined()
    } finally {
      close()
    }
  }

  it.each([
    ['redis', ''],
    ['ioredis', ' +info'],
  ])('suffices a client of %s', async (library, more) => {
    await allow(`${rule!}${more}`)
    await admin.call('ACL', 'LOG', 'RESET')
    await use(CLIENTS[library]!)
    expect(await admin.call('ACL', 'LOG')).toEqual([])
  })

  it('names nothing that is not needed', async () => {
    const commands = rule!.match(/\+\w+/g)!
    expect(commands.length).toBeGreaterThan(5)
    for (const command of commands) {
      await allow(rule!.replace(command, command.replace('+', '-')))
      await expect(use(CLIENTS['redis']!)).rejects.toThrow('NOPERM')
    }
  })
})
