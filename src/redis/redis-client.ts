import { EverbearerError } from '../base/errors.js'

/** Runs a Lua script in Redis and gives its reply, as `EVAL` does. */
export type RunScript = (script: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>

/** A client, cluster, sentinel or pool of the package `redis`, and of whatever has its `eval`. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** A client or cluster of the package `ioredis`, or of one that grew from it, such as `iovalkey`. */
export interface IoredisClient {
  defineCommand: unknown
  eval(script: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>
}

/**
 * The application's own client, connected as it likes. For a library that is none of these a function does:
 * `(script, keys, args) => client.customCommand(['EVAL', script, String(keys.length), ...keys, ...args])`.
 */
export type RedisClient = NodeRedisClient | IoredisClient | RunScript

/**
 * The scripts are sent whole, by EVAL: a Redis that was restarted, failed over or told to forget its scripts knows them all
 * the same, and they are a few hundred bytes. Throws {@link EverbearerError} `invalid_option`.
 */
export function scriptRunner(client: RedisClient): RunScript {
  if (typeof client === 'function') return client
  // Clients are proxies and have their methods from afar: told by what they can do.
  const { eval: run, defineCommand } = (client ?? {}) as Partial<IoredisClient>
  if (typeof run !== 'function') {
    const what = 'a client of redis or ioredis, or a function that runs a script'
    throw new EverbearerError('invalid_option', `A Redis token store takes ${what}.`)
  }
  if (typeof defineCommand === 'function') {
    return (script, keys, args) => (client as IoredisClient).eval(script, keys.length, ...keys, ...args)
  }
  return (script, keys, args) => (client as NodeRedisClient).eval(script, { keys: [...keys], arguments: [...args] })
}
