import { getEventListeners } from 'node:events'

import { AccessToken, TokenManager } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { collectGarbage } from './census.js'
import type { HeapReading } from './heap-trend.js'

export interface Exchanged {
  readonly heap: readonly HeapReading[]
  readonly left: { readonly timers: number; readonly listeners: number }
}

/** Longer than a token counts as new, or the manager would pause. */
const AGE = 61_000

/**
 * A load of minutes sees a few hundred tokens: too few for what each of them may leave behind to show. So here are many,
 * of no authorization server: each is rejected after a minute of the wall clock, while one caller waits for the next one
 * and another gives up.
 */
export async function exchange(tokens: number): Promise<Exchanged> {
  const clock = new FakeClock()
  let minted = 0
  const manager = new TokenManager(
    {
      identity: { tokenEndpoint: '', clientId: '', grantType: '', scope: [], resource: [], parameters: {} },
      repeatable: true,
      requestToken: async () => ({
        accessToken: new AccessToken(`token-${(minted += 1)}`, { lifetime: 60 * AGE }),
        parameters: {},
      }),
    },
    { clock },
  )
  const { signal } = new AbortController()
  const heap: HeapReading[] = []
  let token = await manager.getToken()
  for (let tenth = 1; tenth <= 10; tenth++) {
    while (minted < (tokens * tenth) / 10) {
      clock.sleep(AGE)
      const givingUp = new AbortController()
      const others = [
        manager.getToken({ rejected: token, signal: givingUp.signal }).catch(() => undefined),
        manager.getToken({ rejected: token, signal }),
      ]
      givingUp.abort()
      token = await manager.getToken({ rejected: token })
      await Promise.all(others)
    }
    await collectGarbage()
    heap.push({ count: minted, bytes: process.memoryUsage().heapUsed })
  }
  await manager.close()
  const left = { timers: clock.pendingTimers, listeners: getEventListeners(signal, 'abort').length }
  return { heap, left }
}
