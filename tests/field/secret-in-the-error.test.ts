/**
 * `JSON.parse` quotes what it could not read: `Unexpected token 'S', "SECRETTOKEN" is not valid JSON`. An error's `cause`
 * prints its `authorization`, and servers quote the request back. So tokens and secrets reach the log with the first
 * failure: axios/axios#6919, googleapis/gaxios#604, 1Password/connect-sdk-js#128; simple-oauth2 5.1.0 logs the Basic header.
 *
 * Nothing that can be reached from an error of everbearer holds a token, a secret, a header or a body.
 */
import { describe, expect, it } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { reachableText } from '../base/reachable.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback, read } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { pass, tokensFrom } from './issuer.js'

const TOKEN = 'canary-token-81c2'
const SECRET = 'canary secret/81c2+%'
/** As they are, and as they are written in a request. */
const QUOTED = [
  'canary',
  Buffer.from(`id:${encodeURIComponent(SECRET).replaceAll('%20', '+')}`).toString('base64'),
  Buffer.from(`id:${SECRET}`).toString('base64'),
]

/** Answers with everything that it was told. */
const quoting =
  (status: number): Listener =>
  async (incoming, outgoing) => {
    const body = String(await read(incoming))
    const description = `You sent ${incoming.headers.authorization} and ${body}, that is ${SECRET}`
    json(outgoing, status, { error: 'invalid_client', error_description: description })
  }

const FAILURES: [name: string, response: Listener][] = [
  ['a token where JSON should be', (_incoming, outgoing) => void outgoing.end(TOKEN)],
  ['JSON that breaks off', (_incoming, outgoing) => void outgoing.end(`{"access_token": "${TOKEN}", "expires`)],
  ['a token of another type', (_incoming, outgoing) => json(outgoing, 200, { access_token: TOKEN, token_type: 'mac' })],
  [
    'a token in place of a type',
    (_incoming, outgoing) => json(outgoing, 200, { access_token: TOKEN, token_type: [TOKEN] }),
  ],
  [
    'a token in place of a lifetime',
    (_incoming, outgoing) => json(outgoing, 200, { access_token: TOKEN, token_type: 'Bearer', expires_in: [TOKEN] }),
  ],
  [
    'a token that fits no header',
    (_incoming, outgoing) => json(outgoing, 200, { access_token: `${TOKEN} ${TOKEN}`, token_type: 'Bearer' }),
  ],
  ['the request quoted in a 400', quoting(400)],
  ['the request quoted in a 401', quoting(401)],
  ['the request quoted in a 503', quoting(503)],
  ['the request quoted in a 200', quoting(200)],
  [
    'a page with the token',
    (_incoming, outgoing) => void outgoing.writeHead(502).end(`<html>${TOKEN}${SECRET}</html>`),
  ],
  [
    'a redirect that holds the token',
    (_incoming, outgoing) => void outgoing.writeHead(302, { location: `https://other.test/?token=${TOKEN}` }).end(),
  ],
  [
    'a header that breaks HTTP',
    (_incoming, outgoing) =>
      void outgoing.socket?.end(`HTTP/1.1 200 OK\r\n${TOKEN} no ${TOKEN} header ${TOKEN}\r\n\r\n`),
  ],
]

it('JSON.parse shows the token', () => {
  expect(() => JSON.parse(TOKEN) as unknown).toThrow(/canary/)
})

describe.each(['client_secret_basic', 'client_secret_post'] as const)('%s', (clientAuthentication) => {
  it.each(FAILURES)('a token endpoint that answers with %s', async (_name, response) => {
    const issuer = await loopback(response)
    const things = await loopback()
    const clock = new FakeClock({ random: () => 0 })
    const tokens = tokensFrom(issuer, { clientAuthentication, clientSecret: SECRET }, { clock })
    const origins = [things.origin]
    const dispatcher = agent(bearer(tokens, { origins }))
    const fetch = createFetch(tokens, { origins })
    const sent = [request(things.origin, { dispatcher }), fetch(things.origin)]
    const failed = sent.map((response) => (response as Promise<unknown>).catch((error: unknown) => error))
    await pass(clock, 5, 1)
    failed.push(fetch(things.origin).catch((error: unknown) => error))
    const errors = await Promise.all(failed)
    for (const error of errors) expect(error).toMatchObject({ name: 'TokenError' })
    const text = reachableText(errors)
    for (const quoted of QUOTED) expect(text).not.toContain(quoted)
    expect(things.hits).toEqual([])
  })
})
