/**
 * Many requests are under way when their token is revoked. The first to be refused is refreshed and replayed, the others
 * are handed their 401: of a hundred callers one succeeded with axios-auth-refresh 5.0.2 (Flyrell/axios-auth-refresh#56,
 * #90, #113, #139; axios/axios#1676). The Genesys Cloud SDK replays, and rejects the caller all the same.
 *
 * Of everbearer's callers all wait for one exchange and each request is sent again; who asks later waits as well.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { agent } from '../http/agents.js'
import { api, loopback, sha256 } from '../http/loopback.js'
import type { Echo } from '../http/loopback.js'
import { mints, tokensFrom, together, until } from './issuer.js'

test.each(['bearer', 'createFetch'])(
  '%s: a hundred POSTs refused together are all sent again, each whole',
  async (way) => {
    const issuer = await loopback(mints())
    const accepts = api('token-2')
    let refused!: () => void
    const allAreThere = new Promise<void>((resolve) => (refused = resolve))
    const things = await loopback(async (incoming, outgoing, hit) => {
      if (things.hits.length >= 100) refused()
      await allAreThere
      return accepts(incoming, outgoing, hit)
    })
    const tokens = tokensFrom(issuer)
    const origins = [things.origin]
    const dispatcher = agent(bearer(tokens, { origins }))
    const fetch = createFetch(tokens, { origins })
    const responses = await together(100, async (i) => {
      const options = { method: 'POST' as const, body: `body ${i}` }
      if (way === 'createFetch') return (await fetch(things.origin, options)).json() as Promise<Echo>
      return (await request(things.origin, { ...options, dispatcher })).body.json() as Promise<Echo>
    })
    expect(responses.map((response) => [response.token, response.sha256])).toEqual(
      responses.map((_, i) => ['token-2', sha256(`body ${i}`)]),
    )
    expect([issuer.hits.length, things.hits.length]).toEqual([2, 200])
  },
)

test('a request that comes while the token is exchanged waits for the new one', async () => {
  const exchange: { response?: () => void } = {}
  const issuer = await loopback(mints())
  const things = await loopback(api('token-2'))
  const dispatcher = agent(bearer(tokensFrom(issuer), { origins: [things.origin] }))
  const mint = issuer.listener
  issuer.listener = async (...args) => {
    if (issuer.hits.length === 2) await new Promise<void>((resolve) => (exchange.response = resolve))
    return mint(...args)
  }
  const first = request(things.origin, { dispatcher })
  await until(() => exchange.response !== undefined)
  const later = together(20, () => request(things.origin, { dispatcher }))
  exchange.response!()
  const statuses = (await Promise.all([first, later])).flat().map(({ statusCode }) => statusCode)
  expect(statuses).toEqual(Array(21).fill(200))
  expect(things.tokens()).toEqual(['token-1', ...Array<string>(21).fill('token-2')])
})
