/**
 * A renewal five minutes before the end, whatever the lifetime: a token of 299 seconds is always about to expire, and ten
 * calls made ten token requests in google-auth-library 10.9.1 and msal-node 7.2.1. A server that gives out the same nearly
 * dead token again made fifty of fifty calls in three libraries.
 *
 * everbearer's margins are shares of the lifetime, also of what is left of a token that is given out again.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { mints, pass, tokensFrom } from './issuer.js'

async function calls(response: Listener, { count, apart }: { count: number; apart: number }) {
  const clock = new FakeClock({ random: () => 0 })
  const issuer = await loopback(response)
  const things = await loopback()
  const dispatcher = agent(bearer(tokensFrom(issuer, {}, { clock }), { origins: [things.origin] }))
  for (let i = 0; i < count; i++) {
    await request(things.origin, { dispatcher })
    await pass(clock, apart, apart)
  }
  expect(things.hits).toHaveLength(count)
  return issuer.hits.length
}

test.each([299, 60, 10, 2, 1])(
  'a token that lives %i s: ten calls in its first half, one token request',
  async (life) => {
    expect(await calls(mints({ expiresIn: life }), { count: 10, apart: life * 50 })).toBe(1)
  },
)

test('a token without a lifetime: five calls over a day, one token request', async () => {
  expect(await calls(mints({ expiresIn: null }), { count: 5, apart: 17_280_000 })).toBe(1)
})

test('a server that gives out the same token of 25 s: fifty calls a tenth apart, one token request', async () => {
  const same: Listener = (_incoming, outgoing) =>
    json(outgoing, 200, { access_token: 'same', token_type: 'Bearer', expires_in: 25 })
  expect(await calls(same, { count: 50, apart: 100 })).toBe(1)
})

test('a server that counts the same token down to its end: asked a few times, not with every call', async () => {
  let now = 0
  const dying: Listener = (_incoming, outgoing) => {
    const left = Math.ceil((25_000 - (now % 25_000)) / 1_000)
    json(outgoing, 200, { access_token: `token-${Math.floor(now / 25_000)}`, token_type: 'Bearer', expires_in: left })
  }
  const clock = new FakeClock({ random: () => 0 })
  const issuer = await loopback(dying)
  const things = await loopback()
  const dispatcher = agent(bearer(tokensFrom(issuer, {}, { clock }), { origins: [things.origin] }))
  for (; now < 24_900; now += 100) {
    await request(things.origin, { dispatcher })
    await pass(clock, 100)
  }
  expect(things.hits).toHaveLength(249)
  expect(issuer.hits.length).toBeLessThan(10)
})
