/**
 * A connection is lost under a POST that the API has already worked on, and the interceptor, which wanted to retry a 401
 * only, sends it again: undici-oidc-interceptor 0.6.0 inherits that from undici's RetryHandler, with a new token each time.
 * The Genesys Cloud SDK 262.0.0 replays and rejects the caller all the same, who then does it twice.
 *
 * everbearer sends again what was answered 401, once. Everything else that goes wrong is the caller's to judge.
 */
import { describe, expect, it } from '@jest/globals'
import { bearer, createFetch } from '../../src/index.js'
import { agent, builtInFetch } from '../http/agents.js'
import { api, loopback, read } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

/** Each does its work, and then its answer goes wrong. */
const FAILURES: [name: string, response: Listener, outcome: number | 'lost'][] = [
  ['resets the connection', (incoming) => void incoming.socket.resetAndDestroy(), 'lost'],
  ['closes the connection', (incoming) => void incoming.socket.end(), 'lost'],
  ['breaks off in its head', (incoming) => void incoming.socket.end('HTTP/1.1 401 Unauth'), 'lost'],
  ['answers 500', (_incoming, outgoing) => void outgoing.writeHead(500).end(), 500],
  ['answers 502', (_incoming, outgoing) => void outgoing.writeHead(502).end(), 502],
  ['answers 503', (_incoming, outgoing) => void outgoing.writeHead(503, { 'retry-after': '0' }).end(), 503],
  ['answers 429', (_incoming, outgoing) => void outgoing.writeHead(429, { 'retry-after': '0' }).end(), 429],
]

describe.each(['createFetch', 'bearer'])('%s', (way) => {
  async function scene(listener: Listener) {
    const issuer = await loopback(mints())
    const things = await loopback(async (incoming, outgoing, hit) => {
      hit.body = await read(incoming)
      return listener(incoming, outgoing, hit)
    })
    const tokens = tokensFrom(issuer)
    const origins = [things.origin]
    const fetch = way === 'bearer' ? builtInFetch(agent(bearer(tokens, { origins }))) : createFetch(tokens, { origins })
    const post = () =>
      fetch(things.origin, { method: 'POST', body: 'pay' }).then(
        ({ status }) => status,
        () => 'lost',
      )
    return { issuer, things, post }
  }

  it.each(FAILURES)('an API that %s is sent the POST once', async (_name, response, outcome) => {
    const { issuer, things, post } = await scene(response)
    expect(await post()).toBe(outcome)
    expect([things.hits.length, issuer.hits.length]).toEqual([1, 1])
  })

  it.each(FAILURES)('one that %s after a 401 is sent it twice, and no third time', async (_name, response, outcome) => {
    const { issuer, things, post } = await scene((incoming, outgoing, hit) => {
      if (hit.authorization[0] === 'Bearer token-2') return response(incoming, outgoing, hit)
      outgoing.writeHead(401).end()
    })
    expect(await post()).toBe(outcome)
    expect([things.tokens(), issuer.hits.length]).toEqual([['token-1', 'token-2'], 2])
  })

  it('whose replay succeeds succeeds', async () => {
    const { things, post } = await scene(() => undefined)
    things.listener = api('token-2')
    expect(await post()).toBe(200)
  })
})
