import { setTimeout as wait } from 'node:timers/promises'
import { isMainThread, parentPort, threadId } from 'node:worker_threads'
import { Agent } from 'undici'

import { createFetch, FileTokenStore, refreshToken, TokenManager } from '../../src/index.js'
import type { Grant, TokenStore } from '../../src/index.js'
import { redisTokenStore } from '../../src/redis/index.js'
import { CLIENTS } from '../redis/clients.js'

/** Who this is: a process, or a thread of one. */
export const CALLER = isMainThread ? String(process.pid) : `${process.pid}.${threadId}`

/** What a process that goes on with a session is told. */
export interface Errand {
  readonly origin: string
  /** Where the store is: a directory, or a Redis and the key that its values are sealed with. */
  readonly directory: string | { readonly redisUrl: string; readonly encryptionKey: string }
  /** The refresh token of a sign-in, for a session that no store holds yet. */
  readonly signIn?: string
  /** Milliseconds between two calls of the API. */
  readonly pause: number
  /** Throws each token away after one call. */
  readonly wasteful: boolean
}

/** The session of the one user that there is. */
export function sessionGrant({ origin, signIn }: Pick<Errand, 'origin' | 'signIn'>): Grant {
  const client = {
    tokenEndpoint: `${origin}/token`,
    clientId: 'id',
    clientSecret: 'secret',
    subject: 'user',
    dispatcher: new Agent().compose((dispatch) => (options, handler) => {
      return dispatch({ ...options, headers: { ...options.headers, 'x-caller': CALLER } }, handler)
    }),
  }
  return refreshToken(signIn === undefined ? client : { ...client, refreshToken: signIn })
}

/** Calls the API until the process is killed. What ends it otherwise is told to the parent. */
export async function callForever(errand: Errand): Promise<never> {
  const { origin, directory, pause, wasteful } = errand
  process.once('disconnect', () => process.exit())
  const tokens = new TokenManager(sessionGrant(errand), { store: await storeIn(directory) })
  const fetch = createFetch(tokens, { origins: [origin] })
  try {
    for (;;) {
      const { status } = await fetch(`${origin}/api`, { headers: { 'x-caller': CALLER } })
      if (status !== 200) throw new Error(`The API answered ${status}.`)
      if (wasteful) tokens.invalidate()
      await wait(pause * Math.random())
    }
  } catch (error) {
    parentPort?.postMessage(String(error))
    process.send?.(String(error), () => process.exit(1))
    return new Promise(() => undefined)
  }
}

async function storeIn(place: Errand['directory']): Promise<TokenStore> {
  if (typeof place === 'string') return new FileTokenStore(place)
  const { client } = await CLIENTS['redis']!(place.redisUrl)
  return redisTokenStore(client, { encryptionKey: place.encryptionKey })
}
