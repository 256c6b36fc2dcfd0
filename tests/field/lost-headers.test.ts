/**
 * undici takes headers in four shapes, and the interceptor knows one: undici-oidc-interceptor turns a flat array into
 * `{0: 'x-a', …}` and loses either the caller's headers or the token of a Map, 0.6.0 and 0.9.0 each in its own way.
 *
 * everbearer keeps every shape, sends it again on a replay, and never writes into the caller's object.
 */
import { describe, expect, it } from '@jest/globals'
import { Headers as HeadersOfUndici, request } from 'undici'
import type { Dispatcher } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { agent, builtInFetch, undiciFetch } from '../http/agents.js'
import { api, loopback } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

type Headers = NonNullable<Dispatcher.DispatchOptions['headers']>

function* pairs(): Generator<[string, string]> {
  yield ['x-a', '1']
  yield ['X-B', 'two']
}

const FORMS: [name: string, make: () => unknown][] = [
  ['an object', () => Object.freeze({ 'x-a': '1', 'X-B': 'two' })],
  ['a flat array', () => Object.freeze(['x-a', '1', 'X-B', 'two'])],
  ['an array of pairs', () => Object.freeze([...pairs()].map((pair) => Object.freeze(pair)))],
  ['Headers', () => new HeadersOfUndici([...pairs()])],
  ["the built-in fetch's Headers", () => new globalThis.Headers([...pairs()])],
  ['a Map', () => new Map(pairs())],
  ['an iterator, which can be read once', () => pairs()],
]

async function scene() {
  const issuer = await loopback(mints())
  const things = await loopback(api('token-2'))
  const tokens = tokensFrom(issuer)
  const sent = () =>
    things.hits.map(({ headers, authorization }) => [headers['x-a'], headers['x-b'], authorization.join()])
  return { things, tokens, origins: [things.origin], sent }
}

const WHOLE = [
  ['1', 'two', 'Bearer token-1'],
  ['1', 'two', 'Bearer token-2'],
]

describe('request', () => {
  it.each(FORMS.flatMap(([form, make]) => ['at hand', 'awaited'].map((token) => [form, token, make] as const)))(
    'with %s, the token %s: all of it arrives both times, and the token',
    async (_form, token, make) => {
      const { things, tokens, origins, sent } = await scene()
      if (token === 'at hand') await tokens.getToken()
      const dispatcher = agent(bearer(tokens, { origins }))
      const response = await request(things.origin, { dispatcher, headers: make() as Headers })
      expect(response.statusCode).toBe(200)
      expect(sent()).toEqual(WHOLE)
    },
  )

  it.each([
    ['null', null],
    ['an empty object', {}],
    ['an empty array', []],
    ['an empty Map', new Map()],
  ])('with %s: the token', async (_name, headers) => {
    const { things, tokens, origins } = await scene()
    await request(things.origin, { dispatcher: agent(bearer(tokens, { origins })), headers: headers as Headers })
    expect(things.tokens()).toEqual(['token-1', 'token-2'])
  })

  it('is not disturbed by a caller that uses its object again while the token is awaited', async () => {
    const { things, tokens, origins, sent } = await scene()
    const dispatcher = agent(bearer(tokens, { origins }))
    const headers: Record<string, string> = { 'x-a': '1', 'X-B': 'two' }
    const response = request(things.origin, { dispatcher, headers })
    headers['x-a'] = 'of the next request'
    await response
    expect(sent()).toEqual(WHOLE)
    expect(headers).toEqual({ 'x-a': 'of the next request', 'X-B': 'two' })
  })
})

describe.each(['createFetch', "undici's fetch", 'the built-in fetch'])('%s', (name) => {
  it.each(FORMS.filter(([form]) => !/flat|undici|iterator|Map/.test(form)))(
    'with %s: all of it arrives',
    async (_, make) => {
      const { things, tokens, origins, sent } = await scene()
      const dispatcher = agent(bearer(tokens, { origins }))
      const own = createFetch(tokens, { origins })
      const fetch = { createFetch: own, "undici's fetch": undiciFetch(dispatcher) }[name] ?? builtInFetch(dispatcher)
      expect((await fetch(things.origin, { headers: make() as never })).status).toBe(200)
      expect(sent()).toEqual(WHOLE)
    },
  )
})
