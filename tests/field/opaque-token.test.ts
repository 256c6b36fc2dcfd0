/**
 * undici-oidc-interceptor reads the token to learn when it expires. An opaque token, as Genesys Cloud gives out, made
 * 0.9.0 throw before the first request and 0.6.0 before the second; and a clock two hours fast made a token request out of
 * every request, because the JWT's `exp` is the server's time.
 *
 * To everbearer a token is opaque (RFC 9068 section 6): `expires_in` alone counts, from the moment the request was sent.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import { tokensFrom } from './issuer.js'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (claims: unknown) => `${part({ alg: 'none' })}.${part(claims)}.c2lnbmF0dXJl`
const now = () => Math.floor(Date.now() / 1_000)

test.each([
  ['opaque', () => 'p7Gv2mQ0-Xq~z/8+W=='],
  ['a JWT', () => jwt({ exp: now() + 3_600 })],
  ['a JWT that has expired by its own account', () => jwt({ exp: now() - 7_200, iat: now() - 10_800 })],
  ['a JWT without a lifetime', () => jwt({})],
  ['something that looks like a JWT', () => 'eyJhbGciOi.x.y'],
])('a token that is %s is sent as it is, and asked for once', async (_name, make) => {
  const token = make()
  const issuer = await loopback((_incoming, outgoing) =>
    json(outgoing, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 }),
  )
  const things = await loopback()
  const dispatcher = agent(bearer(tokensFrom(issuer), { origins: [things.origin] }))
  for (let i = 0; i < 5; i++) await request(things.origin, { dispatcher })
  expect(things.tokens()).toEqual(Array(5).fill(token))
  expect(issuer.hits).toHaveLength(1)
})

test.each([2, -2])('a clock %i hours off asks no more often', async (hours) => {
  const issuer = await loopback((_incoming, outgoing) => {
    const token = jwt({ iat: now(), exp: now() + 3_600 })
    json(outgoing, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 })
  })
  const things = await loopback()
  const clock = new FakeClock({ now: Date.now() + hours * 3_600_000 })
  const dispatcher = agent(bearer(tokensFrom(issuer, {}, { clock }), { origins: [things.origin] }))
  for (let i = 0; i < 10; i++) await request(things.origin, { dispatcher })
  expect(issuer.hits).toHaveLength(1)
})
