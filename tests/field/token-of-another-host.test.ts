/**
 * Two apps with the same number on two hosts, such as GitHub and a GitHub Enterprise Server. The map of requests in flight
 * of octokit's auth-app 8.3.1 is shared by the whole process and knows the installation only: the app of host two was
 * given `TOKEN-FOR-HOST-ONE`, and sent it to host two.
 *
 * Managers of everbearer share nothing, and each `bearer` sends its token to its own list of origins.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import { tokensFrom, together } from './issuer.js'

test.each(['one agent for both', 'an agent each'])('the same client on two hosts at once, with %s', async (how) => {
  const shared = agent()
  const hosts = await together(2, async (i) => {
    const issuer = await loopback((_incoming, outgoing) => {
      const token = { access_token: `TOKEN-FOR-HOST-${i}`, token_type: 'Bearer', expires_in: 3600 }
      setTimeout(() => json(outgoing, 200, token), 20)
    })
    const things = await loopback()
    const tokens = tokensFrom(issuer, { scope: 'repo', parameters: { installation: '7' } })
    const origins = [things.origin]
    return { issuer, things, interceptor: bearer(tokens, { origins }), fetch: createFetch(tokens, { origins }) }
  })
  const [one, two] = [hosts[0]!, hosts[1]!]
  // Composed into one agent, each lets the other's requests pass untouched.
  const both = shared.compose(one.interceptor, two.interceptor)
  const dispatcherOf = (host: typeof one) => (how === 'one agent for both' ? both : shared.compose(host.interceptor))
  await together(40, async (i) => {
    const host = hosts[i % 2]!
    if (i < 20) await request(host.things.origin, { dispatcher: dispatcherOf(host) })
    else await host.fetch(host.things.origin)
  })
  expect(one.things.tokens()).toEqual(Array(20).fill('TOKEN-FOR-HOST-0'))
  expect(two.things.tokens()).toEqual(Array(20).fill('TOKEN-FOR-HOST-1'))
  expect([one.issuer.hits.length, two.issuer.hits.length]).toEqual([1, 1])
})
