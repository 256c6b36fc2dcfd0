import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as delay } from 'node:timers/promises'
import { TokenManager, clientCredentials } from '../../src/index.js'
import { closeAgents } from '../http/agents.js'
import { closeServers, sha256 } from '../http/loopback.js'
import { BOTH_CALLERS, CALLERS } from './callers.js'
import { byIntrospection, bySignature, protectedApi } from './protected-api.js'
import { RunningProvider } from './provider.js'
import { CLIENTS, JWT_RESOURCE, OPAQUE_RESOURCE } from './registrations.js'

/** `npm run interop` takes 20. */
const SECONDS = Number(process.env['EVERBEARER_LOAD_SECONDS'] ?? 3)
/** As the provider takes them: in seconds, whole ones, so that what it calls two is more than one, and at most two. */
const LIFETIME = 2
/**
 * Milliseconds that each token lives at least. A machine so busy that it holds a request up for longer can let its
 * token die and the next one too, and a request is replayed once.
 */
const MIN_LIFE = 1_000
const LOOPS = 10
const PAUSE = 25

afterEach(async () => {
  closeServers()
  await closeAgents()
})

const LOADS = BOTH_CALLERS.flatMap((way) => [
  { way, resource: OPAQUE_RESOURCE, check: byIntrospection },
  { way, resource: JWT_RESOURCE, check: bySignature },
])

/** Requests from some loops for some seconds, with tokens that live two. */
async function load({ way, resource, check }: (typeof LOADS)[number]) {
  const provider = await RunningProvider.start({ lifetime: LIFETIME })
  provider.latency = 30
  const api = await protectedApi(check(provider))
  const tokens = new TokenManager(
    clientCredentials({ tokenEndpoint: provider.tokenEndpoint, ...CLIENTS.plain, resource }),
  )
  const call = CALLERS[way](tokens, api.origin)
  const responses = { right: 0, wrong: [] as unknown[] }
  const end = performance.now() + SECONDS * 1_000
  await Promise.all(
    Array.from({ length: LOOPS }, async (_, loop) => {
      for (let i = 0; performance.now() < end; i++) {
        const body = `${loop}/${i}`
        const sent = performance.now()
        const response = await call(body).catch((error: unknown) => ({ status: 'failed', text: String(error) }))
        const isHeldUp = response.status === 401 && performance.now() - sent > MIN_LIFE
        if (response.text === sha256(body)) responses.right += 1
        else if (!isHeldUp) responses.wrong.push(response)
        await delay(PAUSE)
      }
    }),
  )
  await tokens.close()
  await provider.close()
  return {
    responses,
    taken: api.taken.size,
    tokenRequests: provider.tokenRequests.length,
    mostAtOnce: provider.mostAtOnce,
  }
}

it(
  `tokens of two seconds under ${SECONDS} s of load: no caller sees a 401, and one token request at a time`,
  async () => {
    const outcomes = await Promise.all(LOADS.map(load))
    for (const { responses, tokenRequests, taken, mostAtOnce } of outcomes) {
      expect(responses.wrong).toEqual([])
      expect(responses.right).toBeGreaterThan(LOOPS)
      expect(mostAtOnce).toBe(1)
      expect(tokenRequests).toBeGreaterThanOrEqual(SECONDS / LIFETIME)
      expect(tokenRequests).toBeLessThanOrEqual(SECONDS + 1)
      // The last one may have come too late to be used.
      expect(taken).toBeGreaterThanOrEqual(tokenRequests - 1)
    }
  },
  SECONDS * 1_000 + 15_000,
)
