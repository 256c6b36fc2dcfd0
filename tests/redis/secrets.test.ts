import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { refreshToken } from '../../src/grants/refresh-token.js'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'
import { heardOn } from '../token/listening.js'
import { CLIENTS } from './clients.js'
import { describeRedis } from './describe-redis.js'
import { RedisServer } from './redis-server.js'

const CANARY = 'canary'
const key = randomBytes(32)
const KEY = [key.toString('base64'), key.toString('base64url'), key.toString('hex')]

/** What is there to read, by whoever knows how to take off base64 and hexadecimal digits. */
function plain(text: string): string {
  const base64 = text.match(/[\w+/-]{16,}/g) ?? []
  const hex = text.match(/(?:[0-9a-f]{2}){8,}/gi) ?? []
  const undone = [...base64.map((run) => Buffer.from(run, 'base64')), ...hex.map((run) => Buffer.from(run, 'hex'))]
  return [text, ...undone.map((bytes) => bytes.toString('latin1'))].join('\n')
}

function secretsIn(text: string): string[] {
  const everything = plain(text)
  return [CANARY, ...KEY, key.toString('latin1')].filter((secret) => everything.includes(secret))
}

describeRedis('nothing secret is there to read [R32]', () => {
  let server: RedisServer
  let redis: Redis
  let authorizationServer: AuthorizationServer
  beforeAll(async () => {
    // Compressed, a dump would hide from the search what it holds. A log that is slow from the first microsecond has all.
    const keepingAll = ['--rdbcompression', 'no', '--appendonly', 'yes', '--aof-use-rdb-preamble', 'no']
    server = await RedisServer.start([...keepingAll, '--slowlog-log-slower-than', '0', '--slowlog-max-len', '1000'])
    redis = new Redis(server.url)
    authorizationServer = await startAuthorizationServer()
  })
  afterAll(async () => {
    redis.disconnect()
    authorizationServer.close()
    await server.remove()
  })
  afterEach(() => void (authorizationServer.arrived.length = 0))

  /** A session that lives through a first token, an exchange of a dead one and another process. */
  async function live(connect: (typeof CLIENTS)[string]): Promise<void> {
    authorizationServer.response = (response) => {
      const number = authorizationServer.arrived.length
      json(response, 200, {
        access_token: `${CANARY}-access-${number}`,
        refresh_token: `${CANARY}-refresh-${number}`,
        id_token: `${CANARY}-id-${number}`,
        token_type: 'Bearer',
        expires_in: 3600,
        vendor: `${CANARY}-vendor`,
      })
    }
    const { client, close } = await connect(server.url)
    const start = () =>
      new TokenManager(
        refreshToken({
          tokenEndpoint: `${authorizationServer.origin}/token`,
          clientId: `${CANARY}-client`,
          clientSecret: `${CANARY}-secret`,
          refreshToken: `${CANARY}-refresh-0`,
          subject: `${CANARY}-subject`,
          scope: `${CANARY}-scope`,
        }),
        { store: redisTokenStore(client, { encryptionKey: key }) },
      )
    const [one, other] = [start(), start()]
    const first = await one.getToken()
    await other.getToken({ rejected: first })
    expect((await one.getToken({ rejected: first })).reveal()).toBe(`${CANARY}-access-2`)
    expect(authorizationServer.arrived).toHaveLength(2)
    await one.close()
    await other.close()
    close()
  }

  it.each(Object.entries(CLIENTS))(
    'while a client of %s talks, in its log, its files or its dump',
    async (_, connect) => {
      await redis.flushall()
      const monitor = await redis.monitor()
      const told: string[] = []
      monitor.on('monitor', (_time: string, words: string[]) => told.push(...words))
      await live(connect)
      await redis.set('the end', 'x')
      while (!told.includes('the end')) await new Promise((resolve) => monitor.once('monitor', resolve))
      monitor.disconnect()

      const heard = told.join(' ')
      expect(heard).toContain('everbearer:{')
      expect(secretsIn(heard)).toEqual([])
      const slow = JSON.stringify(await redis.slowlog('GET', 1000))
      expect(slow).toContain('everbearer:{')
      expect(secretsIn(slow)).toEqual([])
      await redis.save()
      const files = readdirSync(server.directory, { recursive: true, encoding: 'utf8' })
        .map((name) => join(server.directory, name))
        .filter((path) => statSync(path).isFile())
      expect(files.filter((path) => /dump\.rdb$|\.aof$/.test(path)).length).toBeGreaterThanOrEqual(2)
      const written = files.map((path) => readFileSync(path, 'latin1')).join('\n')
      expect(written.match(/everbearer:\{[0-9a-f]{64}\}:value/g)!.length).toBeGreaterThanOrEqual(2)
      expect(secretsIn(written)).toEqual([])
    },
  )

  it('would be found, as it is or by another name', async () => {
    for (const secret of [`${CANARY}-access`, `a longer text with a ${CANARY} in it`]) {
      for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
        await redis.set('found', `x:${Buffer.from(secret).toString(encoding)}.`)
        await redis.save()
        const dump = readFileSync(join(server.directory, 'dump.rdb'), 'latin1')
        expect(secretsIn(dump)).toEqual([CANARY])
      }
    }
    expect(secretsIn(`key ${KEY[0]}`)).not.toEqual([])
    await redis.del('found')
  })

  it('in what is thrown and told when Redis or its client fails with all that it was sent', async () => {
    const grant = refreshToken({
      tokenEndpoint: `${authorizationServer.origin}/token`,
      clientId: 'id',
      clientSecret: `${CANARY}-secret`,
      refreshToken: `${CANARY}-refresh-0`,
      subject: 'user',
    })
    const fail = async (...sent: unknown[]) => {
      throw Object.assign(new Error(`${CANARY} ${JSON.stringify(sent)}`), {
        command: { args: sent },
        code: CANARY + '!',
      })
    }
    const store = redisTokenStore(fail, { encryptionKey: key.toString('base64') })
    const events = await heardOn('everbearer:store-failed', async () => {
      const error: unknown = await new TokenManager(grant, { store }).getToken().catch((error: unknown) => error)
      expect(error).toMatchObject({ code: 'token_store_failed', retryable: true })
      expect(secretsIn(reachableText(error))).toEqual([])
    })
    expect(secretsIn(reachableText(events))).toEqual([])
    expect(secretsIn(reachableText(store))).toEqual([])
  })
})
