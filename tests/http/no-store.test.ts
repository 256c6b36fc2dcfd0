import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import * as undici from 'undici'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { withNoStore } from '../../src/http/no-store.js'
import { staticToken } from '../../src/token/static-token.js'
import { agent, builtInFetch, closeAgents, undiciFetch } from './agents.js'
import { closeServers, loopback } from './loopback.js'
import type { Loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

// What undici's cache interceptor does with these requests rests on its internals: both lanes run this file.

let server: Loopback
/** What the API says about caching. */
let answered: Record<string, string>

beforeEach(async () => {
  server = await loopback((incoming, outgoing) => {
    outgoing.writeHead(200, answered).end(`data of ${incoming.headers.authorization}`)
  })
})

afterEach(async () => {
  await closeAgents()
  closeServers()
})

const ANSWERS: [name: string, headers: Record<string, string>][] = [
  ['max-age=60, must-revalidate', { 'cache-control': 'max-age=60, must-revalidate' }],
  ['s-maxage=60', { 'cache-control': 's-maxage=60' }],
  ['public, max-age=60', { 'cache-control': 'public, max-age=60' }],
  ['public, immutable, ETag', { 'cache-control': 'public, max-age=60, immutable', etag: '"one"' }],
  ['public and stale at once', { 'cache-control': 'public, max-age=0, stale-while-revalidate=60', etag: '"one"' }],
  ['public and Vary: Accept', { 'cache-control': 'public, max-age=60', vary: 'accept' }],
  ['public and Vary: Authorization', { 'cache-control': 'public, max-age=60', vary: 'authorization' }],
  ['Expires and public', { 'cache-control': 'public', expires: new Date(Date.now() + 60_000).toUTCString() }],
]

type Form = [name: string, make: (headers: Record<string, string>) => Dispatcher.DispatchOptions['headers']]

const FORMS: Form[] = [
  ['no headers', () => undefined],
  ['an object', (headers) => headers],
  ['a flat array', (headers) => Object.entries(headers).flat()],
  ['pairs', (headers) => Object.entries(headers) as never],
  ['Headers', (headers) => new undici.Headers(headers)],
  ['a Map', (headers) => new Map(Object.entries(headers))],
  ['an iterator', (headers) => Object.entries(headers).values() as never],
]

/** What the caller may have set. */
const OWN = [{ accept: '*/*' }, { 'Cache-Control': 'max-age=60' }, { 'cache-control': 'no-cache', 'x-a': '1' }]

type Send = (dispatcher: Dispatcher, headers?: Dispatcher.DispatchOptions['headers']) => Promise<string>

const target = () => ({ origin: server.origin, path: '/me', method: 'GET' as const })

const SENDERS: [name: string, send: Send][] = [
  [
    'request',
    async (dispatcher, headers) => (await dispatcher.request({ ...target(), headers: headers ?? null })).body.text(),
  ],
  [
    'stream',
    async (dispatcher, headers) => {
      const { PassThrough } = await import('node:stream')
      const through = new PassThrough()
      const whole = text(through)
      await dispatcher.stream({ ...target(), headers: headers ?? null }, () => through)
      return whole
    },
  ],
  [
    'pipeline',
    (dispatcher, headers) => {
      const body = dispatcher.pipeline({ ...target(), headers: headers ?? null }, ({ body }) => body)
      return text(Readable.from([]).pipe(body))
    },
  ],
]

const FETCHES: [name: string, fetchOf: (dispatcher: Dispatcher) => typeof globalThis.fetch][] = [
  ["undici's fetch", undiciFetch],
  ['the built-in fetch', builtInFetch],
]

const cached = () => agent(undici.interceptors.cache())
const over = (dispatcher: Dispatcher, token: string) =>
  dispatcher.compose(bearer(staticToken(token), { origins: [server.origin] }))

describe.each(ANSWERS)('a cache inside bearer, and a response that says %s [R03]', (_name, headers) => {
  beforeEach(() => {
    answered = headers
  })

  it.each(SENDERS)('serves nobody the response to another token, by %s, in any form of headers', async (_, send) => {
    for (const [form, make] of FORMS) {
      for (const own of OWN) {
        const dispatcher = cached()
        for (const token of ['alice', 'bob', 'alice']) {
          expect([form, await send(over(dispatcher, token), make(own))]).toEqual([form, `data of Bearer ${token}`])
        }
      }
    }
  })

  it.each(FETCHES)('serves nobody the response to another token, by %s', async (_, fetchOf) => {
    const dispatcher = cached()
    for (const token of ['alice', 'bob']) {
      const response = await fetchOf(over(dispatcher, token))(`${server.origin}/me`)
      expect(await response.text()).toBe(`data of Bearer ${token}`)
    }
  })

  it.each(FETCHES)('serves nobody the response to another token, by createFetch over %s', async (_, fetchOf) => {
    const modes = [undefined, 'default', 'no-store', 'reload', 'no-cache', 'force-cache'] as const
    for (const mode of modes) {
      for (const own of [{}, ...OWN]) {
        const fetch = fetchOf(cached())
        for (const token of ['alice', 'bob', 'alice']) {
          const call = createFetch(staticToken(token), { origins: [server.origin], fetch })
          const response = await call(`${server.origin}/me`, { headers: own, ...(mode && { cache: mode }) })
          expect([mode, await response.text()]).toEqual([mode, `data of Bearer ${token}`])
        }
      }
    }
  })

  it('serves nobody what was stored for a token that others sent by themselves', async () => {
    const dispatcher = cached()
    const own = { authorization: 'Bearer mallory' }
    const [[, send]] = SENDERS as [[string, Send]]
    await send(dispatcher, own)
    for (const [, make] of FORMS) expect(await send(over(dispatcher, 'bob'), make({}))).toBe('data of Bearer bob')
    const fetch = createFetch(staticToken('bob'), { origins: [server.origin], fetch: undiciFetch(dispatcher) })
    expect(await (await fetch(`${server.origin}/me`)).text()).toBe('data of Bearer bob')
  })

  it('serves nobody the response to an Authorization that a caller kept', async () => {
    const dispatcher = cached()
    const options = { origins: [server.origin], keepAuthorization: true }
    const kept = dispatcher.compose(bearer(staticToken('unused'), options))
    const fetch = createFetch(staticToken('unused'), { ...options, fetch: undiciFetch(dispatcher) })
    const [[, send]] = SENDERS as [[string, Send]]
    for (const name of ['alice', 'bob']) {
      const own = { Authorization: `Basic ${name}` }
      for (const [, make] of FORMS.slice(1)) expect(await send(kept, make(own))).toBe(`data of Basic ${name}`)
      expect(await (await fetch(`${server.origin}/me`, { headers: own })).text()).toBe(`data of Basic ${name}`)
      const request = new Request(`${server.origin}/me`, { headers: own })
      const builtIn = createFetch(staticToken('unused'), { ...options, fetch: builtInFetch(dispatcher) })
      expect(await (await builtIn(request)).text()).toBe(`data of Basic ${name}`)
    }
  })

  it('with redirect between serves nobody the response to another token', async () => {
    const final = server.listener
    server.listener = (incoming, outgoing, hit) => {
      if (incoming.url === '/final') return final(incoming, outgoing, hit)
      outgoing.writeHead(302, { ...answered, location: '/final' }).end()
    }
    const inside = [undici.interceptors.cache(), undici.interceptors.redirect({ maxRedirections: 3 })]
    const dispatcher = inside.reduce<Dispatcher>((composed, interceptor) => composed.compose(interceptor), agent())
    const [[, send]] = SENDERS as [[string, Send]]
    for (const token of ['alice', 'bob']) expect(await send(over(dispatcher, token))).toBe(`data of Bearer ${token}`)
  })

  it('serves nobody the response to another DPoP token', async () => {
    const dispatcher = cached()
    const [[, send]] = SENDERS as [[string, Send]]
    for (const token of ['alice', 'bob']) {
      const prover = { thumbprint: 'jkt', prove: async () => 'proof', remember: () => undefined }
      const source = new ScriptedSource([token], { prover })
      const answer = await send(dispatcher.compose(bearer(source, { origins: [server.origin] })))
      expect(answer).toBe(`data of DPoP ${token}`)
    }
  })
})

describe('what goes over the wire', () => {
  beforeEach(() => {
    answered = {}
  })

  it.each([
    ['GET', 'no-store, max-age=0'],
    ['HEAD', 'no-store, max-age=0'],
    ['POST', 'max-age=0'],
  ] as const)(
    'with a %s is the caller’s Cache-Control, with no-store where a response may be stored',
    async (method, sent) => {
      const headers = { 'cache-control': 'max-age=0' }
      const dispatcher = over(agent(), 't')
      await (await dispatcher.request({ ...target(), method, headers })).body.dump()
      const fetch = createFetch(staticToken('t'), { origins: [server.origin] })
      await fetch(server.origin, { method, headers })
      await fetch(new Request(server.origin, { method, headers }))
      expect(server.hits.map(({ headers }) => headers['cache-control'])).toEqual([sent, sent, sent])
    },
  )

  it('is the same with a replay', async () => {
    const unauthorized = { 'www-authenticate': 'Bearer error="invalid_token"' }
    server.listener = (incoming, outgoing) => {
      const isGood = incoming.headers.authorization === 'Bearer b'
      outgoing.writeHead(isGood ? 200 : 401, unauthorized).end()
    }
    const headers = { 'cache-control': 'no-cache' }
    const dispatcher = agent(bearer(new ScriptedSource(['a', 'b']), { origins: [server.origin] }))
    await (await dispatcher.request({ ...target(), headers })).body.dump()
    await createFetch(new ScriptedSource(['a', 'b']), { origins: [server.origin] })(server.origin, { headers })
    expect(server.hits.map(({ headers }) => headers['cache-control'])).toEqual(Array(4).fill('no-store, no-cache'))
  })

  it('to an origin that is not listed stays as it is', async () => {
    const options = { origins: ['https://api.example'], unlisted: 'pass' } as const
    await (await agent(bearer(staticToken('t'), options)).request(target())).body.dump()
    await createFetch(staticToken('t'), options)(server.origin)
    expect(server.hits.map(({ headers }) => headers['cache-control'])).toEqual([undefined, undefined])
  })
})

it('a POST by bearer drops what a cache inside holds of that URL', async () => {
  answered = { 'cache-control': 'public, max-age=60' }
  const dispatcher = cached()
  const anonymous = async () => (await dispatcher.request(target())).body.dump()
  await anonymous()
  await anonymous()
  expect(server.hits).toHaveLength(1)
  await (await over(dispatcher, 't').request({ ...target(), method: 'POST' })).body.dump()
  await anonymous()
  expect(server.hits.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET'])
})

it.each([
  ['no-store', 'no-store'],
  [' No-Store ', ' No-Store '],
  ['no-store , max-age=0', 'no-store , max-age=0'],
  ['no-store,max-age=0', 'no-store,max-age=0'],
  ['max-age=0, no-store', 'no-store, max-age=0, no-store'],
  ['x-no-store', 'no-store, x-no-store'],
  ['no-store-x', 'no-store, no-store-x'],
])('no-store comes first: %j becomes %j', (given, expected) => {
  expect(withNoStore(given)).toBe(expected)
})
