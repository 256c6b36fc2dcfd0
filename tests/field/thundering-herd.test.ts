/**
 * A service starts, or its token expires, and every request under way asks for a token of its own: a hundred callers
 * made a hundred token requests in msal-node 7.2.1, and thousands of connections in google-auth-library
 * (googleapis/google-auth-library-nodejs#338, spring-projects/spring-security#14123).
 *
 * everbearer sends one token request, however many callers wait for it.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { agent } from '../http/agents.js'
import { api, loopback } from '../http/loopback.js'
import { closedLater, mints, tokensFrom, together } from './issuer.js'

/** What a first attempt looks like: a cache, and nothing that joins those who wait. */
function cacheAlone(tokenEndpoint: string) {
  let cached: string | undefined
  return async () => {
    if (cached) return cached
    const response = await request(tokenEndpoint, { method: 'POST', body: 'grant_type=client_credentials' })
    const { access_token } = (await response.body.json()) as { access_token: string }
    return (cached = access_token)
  }
}

test('a cache alone asks once for each caller', async () => {
  const issuer = await loopback(mints())
  await together(100, cacheAlone(`${issuer.origin}/oauth/token`))
  expect(issuer.hits).toHaveLength(100)
})

test('a thousand callers of a manager at its start: one token request', async () => {
  const issuer = await loopback(mints())
  const tokens = tokensFrom(issuer)
  const values = await together(1_000, async () => (await tokens.getToken()).reveal())
  expect(new Set(values)).toEqual(new Set(['token-1']))
  expect(issuer.hits).toHaveLength(1)
})

test('a hundred requests at the start of a service: one token request, and each is answered', async () => {
  const issuer = await loopback(mints())
  const things = await loopback(api('token-1'))
  const tokens = tokensFrom(issuer)
  const dispatcher = agent(bearer(tokens, { origins: [things.origin] }))
  const fetch = createFetch(tokens, { origins: [things.origin] })
  const statuses = await together(100, async (i) => {
    if (i % 2) return (await fetch(`${things.origin}/${i}`)).status
    return (await request(`${things.origin}/${i}`, { dispatcher })).statusCode
  })
  expect(statuses).toEqual(Array(100).fill(200))
  expect(things.tokens()).toEqual(Array(100).fill('token-1'))
  expect(issuer.hits).toHaveLength(1)
})

test.each(['background', 'on-demand'] as const)(
  'a hundred requests after the expiry (%s): one more',
  async (refresh) => {
    const clock = new FakeClock()
    const issuer = await loopback(mints())
    const things = await loopback(api('token-1'))
    const tokens = closedLater(tokensFrom(issuer, {}, { clock, refresh }))
    const dispatcher = agent(bearer(tokens, { origins: [things.origin] }))
    const all = (count: number) =>
      together(count, async () => (await request(things.origin, { dispatcher })).statusCode)
    await tokens.getToken()
    // Asleep over the expiry, as a laptop or a frozen function: no timer has fired.
    clock.sleep(3_600_000)
    things.listener = api('token-2')
    expect(await all(100)).toEqual(Array(100).fill(200))
    expect(issuer.hits).toHaveLength(2)
    expect(things.tokens()).toEqual(Array(100).fill('token-2'))
  },
)
