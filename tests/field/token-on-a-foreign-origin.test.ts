/**
 * The wrapped fetch is used for another address too, an image or a web hook, and the token goes along: a foreign origin saw
 * `Bearer t1` from the OAuth2Fetch of @badgateway/oauth2-client 3.3.1. And when such an address answers 401, a client
 * refreshes its token and sends the new one there (duplicati/ngclient#517).
 *
 * everbearer stamps the listed origins only, and an answer from anywhere else means nothing to it.
 */
import { expect, test } from '@jest/globals'
import { interceptors, request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { agent, builtInFetch } from '../http/agents.js'
import { api, loopback } from '../http/loopback.js'
import type { Listener, Loopback } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

const refuses: Listener = (_incoming, outgoing) =>
  void outgoing.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('who are you?')

async function scene() {
  const issuer = await loopback(mints())
  const things = await loopback(api('token-1'))
  const foreign = await loopback(refuses)
  const tokens = tokensFrom(issuer)
  const origins = [things.origin]
  const ways = [createFetch(tokens, { origins, unlisted: 'pass' }), builtInFetch(agent(bearer(tokens, { origins })))]
  return { issuer, things, foreign, ways }
}

test('a request to a foreign origin carries no token, and its 401 comes back as it is', async () => {
  const { issuer, things, foreign, ways } = await scene()
  for (const fetch of ways) {
    expect((await fetch(things.origin)).status).toBe(200)
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${foreign.origin}/hook`, { method })
      expect([response.status, await response.text()]).toEqual([401, 'who are you?'])
    }
  }
  expect(foreign.tokens()).toEqual(['', '', '', ''])
  expect(issuer.hits).toHaveLength(1)
})

test('a 401 from where a redirect led costs no token, and nothing is sent twice', async () => {
  const { issuer, things, foreign, ways } = await scene()
  things.listener = (_incoming, outgoing) => void outgoing.writeHead(307, { location: foreign.origin }).end()
  for (const fetch of ways) expect((await fetch(things.origin, { method: 'POST', body: 'x' })).status).toBe(401)
  expect(things.tokens()).toEqual(['token-1', 'token-1'])
  expect(foreign.tokens()).toEqual(['', ''])
  expect(issuer.hits).toHaveLength(1)
})

test('nor when the redirect is followed inside bearer, where the two look like one request', async () => {
  const { issuer, things, foreign } = await scene()
  things.listener = (_incoming, outgoing) => void outgoing.writeHead(307, { location: foreign.origin }).end()
  const redirect = interceptors.redirect({ maxRedirections: 3 })
  const dispatcher = agent(redirect, bearer(tokensFrom(issuer), { origins: [things.origin] }))
  const { statusCode, body } = await request(things.origin, { dispatcher, method: 'POST', body: 'x' })
  expect([statusCode, await body.text()]).toEqual([401, 'who are you?'])
  expect([things.tokens(), foreign.tokens(), issuer.hits.length]).toEqual([['token-1'], [''], 1])
})

test.each([
  ['another port', (_things: Loopback, foreign: Loopback) => foreign.origin],
  ['another name of the same machine', ({ port }: Loopback) => `http://localhost:${port}`],
])('a foreign origin that differs by %s alone is foreign', async (_name, foreignOrigin) => {
  const { things, foreign, ways } = await scene()
  for (const fetch of ways) await fetch(`${foreignOrigin(things, foreign)}/hook`)
  expect([...things.tokens(), ...foreign.tokens()]).toEqual(['', ''])
})
