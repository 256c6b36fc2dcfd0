import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { staticToken } from '../../src/token/static-token.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { closeAgents } from '../http/agents.js'
import { ScriptedSource } from '../http/scripted-source.js'
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

const HEAD = '401 x\r\nwww-authenticate: Bearer error="invalid_token"'
/** Of these no head arrives that says 401. */
const WITHOUT_HEAD: readonly Hostile[] = ['informational answers without end', 'nothing at all']
const BROKEN_BEHIND_HEAD: readonly Hostile[] = [
  'less than it promised',
  'chunks without the last',
  'a chunk whose length is none',
  'a chunk longer than any number',
]

/** How a call ended, and how many requests it took. */
type Outcome = readonly [end: unknown, requests: number]

/** Calls an API that refuses the old token in some hostile way, over the only connection there may be. */
async function outcomeOf(caller: CallerName, name: Hostile, tokens: TokenSource, givesUp: boolean): Promise<Outcome> {
  const server = await hostileServer((socket, request) => {
    if (request.includes('Bearer old-token')) HOSTILE[name](HEAD)(socket)
    else socket.write(plain(200, '{}'))
  })
  const { get, close } = CALLERS[caller](server.origin, tokens, { connections: 1 })
  const giveUp = new AbortController()
  if (givesUp)
    void server.asked().then(() => setTimeout(() => giveUp.abort(new DOMException('Enough.', 'TimeoutError')), 100))
  const end = await endOf(get(giveUp.signal))
  const requests = server.requests.length
  server.response = (socket) => socket.write(plain(200, '{}'))
  expect(await get()).toMatchObject({ status: 200 })
  // Waits for every request that the dispatcher still has.
  await close()
  await server.empty()
  return [end, requests]
}

const failed = (caller: CallerName) => (caller === 'an endpoint client' ? 'api_unreachable' : 'failed')

describe.each(EVERY_CALLER)('%s, refused with anything at all', (caller) => {
  it('is sent again with the new token as soon as there is a 401, whatever comes of its body', async () => {
    const outcomes = await tryEach(EVERY_HOSTILE, (name) =>
      outcomeOf(caller, name, new ScriptedSource(['old-token', 'new-token']), WITHOUT_HEAD.includes(name)),
    )
    const expected = (name: Hostile): Outcome => {
      if (WITHOUT_HEAD.includes(name)) return ['given up', 1]
      if (readableAs(name) === 'broken' && !BROKEN_BEHIND_HEAD.includes(name)) return [failed(caller), 1]
      return [200, 2]
    }
    expect(outcomes).toEqual(expectEach(EVERY_HOSTILE, expected))
  })

  it('gets that 401, as whole as it came, when there is no other token', async () => {
    // That an endpoint client reads no more than 256 MiB is looked at elsewhere, once.
    const names = EVERY_HOSTILE.filter((name) => caller !== 'an endpoint client' || !name.startsWith('a gigabyte'))
    const outcomes = await tryEach(names, (name) =>
      outcomeOf(caller, name, staticToken('old-token'), readableAs(name) === 'endless'),
    )
    const refused = caller === 'an endpoint client' ? 'api_unauthorized' : 401
    const expected = (name: Hostile): Outcome => {
      return [{ answer: refused, broken: failed(caller), endless: 'given up' }[readableAs(name)], 1]
    }
    expect(outcomes).toEqual(expectEach(names, expected))
  })
})
