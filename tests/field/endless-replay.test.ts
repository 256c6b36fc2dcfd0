/**
 * The API refuses every token: the wrong audience, a disabled client. A client that answers each 401 with a refresh and a
 * replay never ends: one call of the Genesys Cloud SDK 262.0.0 became 56 requests in its first second
 * (also Flyrell/axios-auth-refresh#152, axios/axios#3327, damienbod/angular-auth-oidc-client#1938). Others replay once but
 * ask for a token for every call: 21 token requests for 20 calls, in four libraries.
 *
 * everbearer replays a request once. When new tokens are rejected too the 401 surfaces, and for a growing while rejections
 * cause no token request.
 */
import { describe, expect, it, test } from '@jest/globals'
import { request } from 'undici'
import { AccessToken, bearer, createFetch } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { agent } from '../http/agents.js'
import { api, loopback } from '../http/loopback.js'
import { mints, pass, tokensFrom, together } from './issuer.js'

test.each(['bearer', 'createFetch'])('%s over a source that always has another token: three sendings', async (way) => {
  const things = await loopback(api('none'))
  let number = 0
  const another = () => new AccessToken(`token-${++number}`)
  const source = { current: another, getToken: async () => another() }
  const options = { origins: [things.origin] }
  const { status } =
    way === 'createFetch'
      ? await createFetch(source, options)(things.origin)
      : await request(things.origin, { dispatcher: agent(bearer(source, options)) }).then(({ statusCode }) => ({
          status: statusCode,
        }))
  expect([status, things.hits.length, new Set(things.tokens()).size]).toEqual([401, 3, 3])
})

describe.each(['bearer', 'createFetch'])('%s, where every token is refused', (way) => {
  async function scene() {
    const clock = new FakeClock()
    const issuer = await loopback(mints())
    const things = await loopback(api('none'))
    const tokens = tokensFrom(issuer, {}, { clock })
    const origins = [things.origin]
    const dispatcher = agent(bearer(tokens, { origins }))
    const fetch = createFetch(tokens, { origins })
    const send = async () => {
      if (way === 'createFetch') return (await fetch(things.origin, { method: 'POST', body: 'x' })).status
      return (await request(things.origin, { dispatcher, method: 'POST', body: 'x' })).statusCode
    }
    return { clock, issuer, things, send }
  }

  it('one call: two sendings, two token requests, and the 401', async () => {
    const { issuer, things, send } = await scene()
    expect(await send()).toBe(401)
    expect([things.tokens(), issuer.hits.length]).toEqual([['token-1', 'token-2'], 2])
  })

  it('twenty calls in a row, and a hundred at once: no token request more', async () => {
    const { issuer, things, send } = await scene()
    for (let i = 0; i < 20; i++) expect(await send()).toBe(401)
    expect(await together(100, send)).toEqual(Array(100).fill(401))
    expect(issuer.hits).toHaveLength(2)
    expect(things.hits).toHaveLength(121)
  })

  it('a call every five seconds for ten minutes: fifteen token requests or so, and it recovers', async () => {
    const { clock, issuer, things, send } = await scene()
    for (let call = 0; call < 120; call++) {
      await send()
      await pass(clock, 5_000, 5_000)
    }
    // Pauses of 1, 2, 4 … 60 s.
    expect(issuer.hits.length).toBeGreaterThan(10)
    expect(issuer.hits.length).toBeLessThan(20)
    expect(things.hits.length).toBe(120 + issuer.hits.length - 1)
    things.listener = api(`token-${issuer.hits.length + 1}`)
    await pass(clock, 60_000)
    expect(await send()).toBe(200)
  })
})
