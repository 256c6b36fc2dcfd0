import { afterEach, expect, it, jest } from '@jest/globals'
import { FakeClock } from '../../src/testing/index.js'
import { staticToken } from '../../src/token/static-token.js'
import { closeAgents } from '../http/agents.js'
import { CALLERS, endOf, EVERY_CALLER } from './callers.js'
import type { CallerName } from './callers.js'
import { EVERY_HOSTILE, expectEach, HOSTILE, plain, readableAs, tryEach } from './hostile-responses.js'
import type { Hostile } from './hostile-responses.js'
import { closeHostileServers, hostileServer } from './hostile-server.js'

// What is promised here is an end, not how fast a busy machine comes to it.
jest.setTimeout(20_000)

afterEach(async () => {
  await closeAgents()
  closeHostileServers()
})

const VALUES: readonly Hostile[] = [
  '100,000 nested brackets',
  '30,000 nested brackets',
  'an answer and another that nobody asked for',
]

/** An endpoint client has codes of its own; below it undici's errors, and the caller's own end, come through. */
function expected(caller: CallerName, name: Hostile, status: number): unknown {
  const how = readableAs(name)
  if (caller !== 'an endpoint client') return { answer: status, broken: 'failed', endless: 'given up' }[how]
  if (how !== 'answer') return 'api_unreachable'
  if (status === 503) return 'api_server_error'
  return VALUES.includes(name) ? status : 'api_response_invalid'
}

it.each(EVERY_CALLER.flatMap((caller) => [200, 503].map((status) => [caller, status] as const)))(
  '%s, when an API answers %i and anything at all: an end in time without the token, and the next call works',
  async (caller, status) => {
    // That an endpoint client reads no more than 256 MiB is looked at elsewhere, once.
    const names = EVERY_HOSTILE.filter((name) => caller !== 'an endpoint client' || !name.startsWith('a gigabyte'))
    const outcomes = await tryEach(names, async (name) => {
      const server = await hostileServer(HOSTILE[name](`${status} x`))
      const clock = new FakeClock()
      const { get, close } = CALLERS[caller](server.origin, staticToken('good-token'), { clock })
      const givesUp = caller !== 'an endpoint client' && readableAs(name) === 'endless'
      const got = get(givesUp ? AbortSignal.timeout(200) : undefined)
      if (readableAs(name) === 'endless') void server.asked().then(() => clock.advance(120_000))
      const outcome = await endOf(got)
      server.response = (socket) => socket.write(plain(200, '{}'))
      expect(await get()).toMatchObject({ status: 200 })
      // Waits for every request that the dispatcher still has.
      await close()
      await server.empty()
      return outcome
    })
    expect(outcomes).toEqual(expectEach(names, (name) => expected(caller, name, status)))
  },
)
