import { test } from '@jest/globals'
import { hasRedis, RedisServer } from '../redis/redis-server.js'

/** A Redis for the examples that want one: at REDIS_URL. */
export async function startExampleRedis() {
  if (!hasRedis) return { env: {}, remove: async () => undefined }
  const server = await RedisServer.start()
  return { env: { REDIS_URL: server.url }, remove: () => server.remove() }
}

/** Whether an example can run here. */
export function runsHere(code: string): boolean {
  return hasRedis || !code.includes('REDIS_URL')
}

/** Like `test`, for such an example; it is skipped where it cannot run. */
export function testOf(code: string): typeof test | typeof test.skip {
  return runsHere(code) ? test : test.skip
}
