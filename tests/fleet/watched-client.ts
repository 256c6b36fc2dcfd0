import { scriptRunner } from '../../src/redis/redis-client.js'
import type { RedisClient, RunScript } from '../../src/redis/redis-client.js'
import { LEASE } from '../../src/redis/scripts.js'

/** The same client, of which is told which fences it was granted. */
export function watched(client: RedisClient, onFence: (fence: number) => void): RunScript {
  const run = scriptRunner(client)
  return async (script, keys, args) => {
    const reply = await run(script, keys, args)
    if (script === LEASE && !Array.isArray(reply)) onFence(Number(reply))
    return reply
  }
}
