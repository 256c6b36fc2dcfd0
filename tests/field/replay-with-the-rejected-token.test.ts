/**
 * The API says that the token is no good, the cache says that it lives for another half hour, and the replay carries the
 * same token: with undici-oidc-interceptor 0.9.0 all of a hundred requests failed after a revocation, without one token
 * request (also trufflesecurity/trufflehog#5315, workos/authkit-nextjs#470).
 *
 * everbearer tells its source which token was rejected, and sends no request a second time with that one.
 */
import { describe, expect, it, test } from '@jest/globals'
import { request } from 'undici'
import { AccessToken, bearer, createFetch } from '../../src/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { api, loopback, read } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { mints, tokensFrom, together } from './issuer.js'

type Send = (url: string) => Promise<{ status: number; text: string; original: string | null }>

test.each(['bearer', 'createFetch'])(
  '%s over a cache of the user’s own: one sending, and the API’s own 401',
  async (way) => {
    const things = await loopback(api('another'))
    const cached = new AccessToken('token-1', { lifetime: 1_800_000 })
    const source = { current: () => cached, getToken: async () => cached }
    const options = { origins: [things.origin] }
    const { status, text } =
      way === 'createFetch'
        ? await createFetch(
            source,
            options,
          )(things.origin).then(async (r) => ({ status: r.status, text: await r.text() }))
        : await request(things.origin, { dispatcher: agent(bearer(source, options)) }).then(async (r) => ({
            status: r.statusCode,
            text: await r.body.text(),
          }))
    expect([status, text]).toEqual([401, 'refused'])
    expect(things.tokens()).toEqual(['token-1'])
  },
)

describe.each(['bearer', 'createFetch'])('%s', (way) => {
  async function scene(responses: Listener) {
    const issuer = await loopback(responses)
    const things = await loopback(api('token-1'))
    const tokens = tokensFrom(issuer)
    const origins = [things.origin]
    const dispatcher = agent(bearer(tokens, { origins }))
    const fetch = createFetch(tokens, { origins })
    const send: Send = async (url) => {
      if (way === 'createFetch') {
        const response = await fetch(url)
        return { status: response.status, text: await response.text(), original: response.headers.get('x-original') }
      }
      const { statusCode, body, headers } = await request(url, { dispatcher })
      return { status: statusCode, text: await body.text(), original: (headers['x-original'] as string) ?? null }
    }
    return { issuer, things, send }
  }

  it('after a revocation in the middle of the token’s life: each of a hundred requests is answered', async () => {
    const { issuer, things, send } = await scene(mints())
    await send(things.origin)
    things.listener = api('token-2')
    const responses = await together(100, () => send(things.origin))
    expect(responses.map(({ status }) => status)).toEqual(Array(100).fill(200))
    expect(issuer.hits).toHaveLength(2)
    const tokens = things.tokens().slice(1)
    expect(tokens.slice(0, tokens.indexOf('token-2')).every((token) => token === 'token-1')).toBe(true)
    expect(tokens.filter((token) => token === 'token-2')).toHaveLength(100)
  })

  it('a server that gives out the rejected token again: one sending, and the API’s own 401', async () => {
    const { issuer, things, send } = await scene(async (incoming, outgoing) => {
      await read(incoming)
      json(outgoing, 200, { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600 })
    })
    await send(things.origin)
    things.listener = api('another')
    expect(await send(things.origin)).toEqual({ status: 401, text: 'refused', original: 'yes' })
    expect(things.hits).toHaveLength(2)
    expect(issuer.hits).toHaveLength(2)
  })
})
