/**
 * The API answers 403 because the grant does not reach so far, and the client throws away a good token for another one just
 * like it: one refresh for each such answer with google-auth-library 10.9.1. RFC 6750 section 3.1 says which answer means
 * what.
 *
 * everbearer exchanges a token for a 401 that says, or does not deny, that the token is at fault, and for nothing else.
 */
import { describe, expect, it } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

const OF_THE_TOKEN: (string | string[] | undefined)[] = [
  undefined,
  '',
  'Bearer',
  'bearer realm="x"',
  'Bearer error="invalid_token", error_description="expired, or so"',
  'Bearer error="some_other"',
  'Basic realm="a, b", Bearer error="invalid_token"',
  ['Basic realm="x"', 'Bearer'],
  'not a "challenge',
]
const OF_SOMETHING_ELSE: (string | string[])[] = [
  'Bearer error="insufficient_scope", scope="admin"',
  'Bearer error="invalid_request"',
  'Basic realm="x"',
  'Negotiate, NTLM',
  ['Digest realm="x", nonce="Bearer"', 'Basic realm="Bearer error=\\"invalid_token\\""'],
]

const cases = [
  ...OF_THE_TOKEN.map((challenge) => ({ status: 401, challenge, exchanged: true })),
  ...OF_SOMETHING_ELSE.map((challenge) => ({ status: 401, challenge, exchanged: false })),
  ...[400, 402, 403, 404, 407, 419, 429, 500, 503].flatMap((status) =>
    [...OF_THE_TOKEN.slice(2, 5), OF_SOMETHING_ELSE[0]].map((challenge) => ({ status, challenge, exchanged: false })),
  ),
]

describe.each(['bearer', 'createFetch'])('%s', (way) => {
  // To fetch a 407 is a network error.
  it.each(cases.filter(({ status }) => way === 'bearer' || status !== 407))(
    '$status with $challenge: exchanged $exchanged',
    async ({ status, challenge, exchanged }) => {
      const issuer = await loopback(mints())
      const things = await loopback((incoming, outgoing) => {
        if (incoming.headers.authorization === 'Bearer token-2') return void outgoing.end('welcome')
        if (challenge !== undefined) outgoing.setHeader('www-authenticate', challenge)
        outgoing.writeHead(status, { 'x-original': 'yes' }).end('the reason')
      })
      const tokens = tokensFrom(issuer)
      const origins = [things.origin]
      const send = async () => {
        if (way === 'createFetch') {
          const response = await createFetch(tokens, { origins })(things.origin)
          return [response.status, await response.text(), response.headers.get('x-original')]
        }
        const answer = await request(things.origin, { dispatcher: agent(bearer(tokens, { origins })) })
        return [answer.statusCode, await answer.body.text(), answer.headers['x-original'] ?? null]
      }
      expect(await send()).toEqual(exchanged ? [200, 'welcome', null] : [status, 'the reason', 'yes'])
      expect(issuer.hits).toHaveLength(exchanged ? 2 : 1)
    },
  )
})
