import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

import { afterEach, describe, expect, it } from '@jest/globals'
import * as undici from 'undici'
import { createFetch } from '../../src/http/create-fetch.js'
import type { CreateFetchOptions } from '../../src/http/create-fetch.js'
import { FakeClock } from '../../src/testing/index.js'
import { AccessToken } from '../../src/token/access-token.js'
import { staticToken } from '../../src/token/static-token.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { api, closeServers, loopback, read, sha256 } from './loopback.js'
import type { Echo, Listener, Loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'
import { deferred, soon, turn, until } from '../waiting.js'

const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))

afterEach(() => {
  closeServers()
  expect(unhandled.splice(0)).toEqual([])
})

type Fetch = typeof globalThis.fetch

function fetchFor(server: Loopback, source: TokenSource, options: Partial<CreateFetchOptions> = {}): Fetch {
  return createFetch(source, { origins: [server.origin], ...options })
}

const twoTokens = () => new ScriptedSource(['a', 'b'])

/** Both fetches, each with the classes that it knows. */
const FETCHES = [
  { name: 'the built-in fetch', fetch: undefined, Request: globalThis.Request, FormData: globalThis.FormData },
  {
    name: "undici's fetch",
    fetch: undici.fetch as unknown as Fetch,
    Request: undici.Request as unknown as typeof globalThis.Request,
    FormData: undici.FormData as unknown as typeof globalThis.FormData,
  },
]

function chunked(body: string, size = 1_000): ReadableStream<Uint8Array> {
  return ReadableStream.from(
    (function* () {
      for (let i = 0; i < body.length; i += size) yield Buffer.from(body.slice(i, i + size))
    })(),
  )
}

describe('createFetch: which requests get the token', () => {
  it('those to a listed origin, however it is named', async () => {
    const server = await loopback()
    const localhost = `http://localhost:${server.port}`
    const fetch = createFetch(staticToken('good'), { origins: [server.origin, localhost] })
    await fetch(server.origin)
    await fetch(new URL('/x', server.origin))
    await fetch(new Request(server.origin))
    await fetch(`HTTP://LOCALHOST:${server.port}/`)
    expect(server.tokens()).toEqual(['good', 'good', 'good', 'good'])
  })

  it('none to another port; one event names the origin alone', async () => {
    const listed = await loopback()
    const other = await loopback()
    const events: unknown[] = []
    const listener = (event: unknown) => void events.push(event)
    subscribe('everbearer:origin-unlisted', listener)
    const fetch = fetchFor(listed, staticToken('good'), { unlisted: 'pass' })
    await fetch(`${other.origin}/a?b=c`, { headers: { authorization: 'own' } })
    unsubscribe('everbearer:origin-unlisted', listener)
    await fetch(new Request(other.origin))
    expect(other.tokens()).toEqual(['own', ''])
    expect(events).toEqual([{ origin: other.origin }])
  })

  it.each(['/relative', 'data:,x', 'about:blank'])('%s is the matter of the fetch underneath', async (input) => {
    const passed: unknown[][] = []
    const underneath = (async (...args: unknown[]) => (passed.push(args), new Response('it'))) as Fetch
    const fetch = createFetch(staticToken('x'), { origins: ['https://api.test'], fetch: underneath })
    const init = { method: 'POST' }
    const events: unknown[] = []
    const listener = (event: unknown) => void events.push(event)
    subscribe('everbearer:origin-unlisted', listener)
    expect(await (await fetch(input, init)).text()).toBe('it')
    unsubscribe('everbearer:origin-unlisted', listener)
    expect(passed).toEqual([[input, init]])
    expect(events).toEqual(input === '/relative' ? [] : [{ origin: 'null' }])
  })

  it('takes no fetch that is no function', () => {
    const options = { origins: ['https://api.test'], fetch: 'fetch' as never }
    expect(() => createFetch(staticToken('x'), options)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: 'Option `fetch` must be a function.' }),
    )
  })

  it('looks the built-in fetch up for each call, as a mock may be put there later', async () => {
    const fetch = createFetch(staticToken('x'), { origins: ['https://api.test'] })
    const original = globalThis.fetch
    globalThis.fetch = async (_input, init) => new Response(new Headers(init?.headers).get('authorization'))
    try {
      expect(await (await fetch('https://api.test')).text()).toBe('Bearer x')
    } finally {
      globalThis.fetch = original
    }
  })

  it('may itself become the built-in fetch, more than once', async () => {
    const servers = [await loopback(), await loopback()] as const
    const original = globalThis.fetch
    try {
      for (const server of servers)
        globalThis.fetch = fetchFor(server, staticToken(String(server.port)), { unlisted: 'pass' })
      for (const { origin } of servers) await globalThis.fetch(origin)
    } finally {
      globalThis.fetch = original
    }
    for (const server of servers) expect(server.tokens()).toEqual([String(server.port)])
  })

  it('replaces an Authorization of the caller, or keeps it and leaves its 401 alone', async () => {
    const server = await loopback(api('b'))
    const init = Object.freeze({ headers: Object.freeze({ AUTHORIZATION: 'Basic own', 'x-a': '1' }) })
    const source = twoTokens()
    expect((await fetchFor(server, source)(server.origin, init)).status).toBe(200)
    const keeping = fetchFor(server, source, { keepAuthorization: true })
    expect((await keeping(server.origin, init)).status).toBe(401)
    expect((await keeping(new Request(server.origin, init))).status).toBe(401)
    expect((await keeping(new Request(server.origin, init), { headers: { 'x-a': '1' } })).status).toBe(200)
    expect(server.tokens()).toEqual(['a', 'b', 'Basic own', 'Basic own', 'b'])
    expect(
      server.hits.every(({ headers, authorization }) => headers['x-a'] === '1' && authorization.length === 1),
    ).toBe(true)
    expect(source.rejected).toEqual(['a'])
  })

  it('has headers in init take the place of those in a Request, as fetch does', async () => {
    const server = await loopback()
    const request = new Request(server.origin, { headers: { 'x-a': 'request' } })
    const fetch = fetchFor(server, staticToken('good'))
    await fetch(request)
    await fetch(request, { headers: [['x-b', 'init']] })
    expect(server.hits.map(({ headers }) => [headers['x-a'], headers['x-b']])).toEqual([
      ['request', undefined],
      [undefined, 'init'],
    ])
  })
})

describe('createFetch: without a token', () => {
  it('rejects with the source’s error, sends nothing, and closes the body [R09]', async () => {
    const server = await loopback()
    const fetch = fetchFor(server, new ScriptedSource([], { ready: false }))
    let cancelled = false
    const body = new ReadableStream({ cancel: () => void (cancelled = true) })
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    await expect(fetch(server.origin, init)).rejects.toMatchObject({ name: 'TokenError', code: 'token_denied' })
    const request = new Request(server.origin, { method: 'POST', body: 'x' })
    await expect(fetch(request)).rejects.toMatchObject({ code: 'token_denied' })
    await soon()
    expect([server.hits, cancelled]).toEqual([[], true])
  })

  it('asks for none when it was aborted before', async () => {
    const source = new ScriptedSource(['a'], { ready: false })
    const server = await loopback()
    const fetch = fetchFor(server, source)
    const reason = new Error('changed my mind')
    const signal = AbortSignal.abort(reason)
    await expect(fetch(server.origin, { signal })).rejects.toBe(reason)
    await expect(fetch(new Request(server.origin, { signal }))).rejects.toBe(reason)
    let asked = 0
    const deaf: TokenSource = {
      current: () => undefined,
      getToken: async () => new AccessToken(`t${++asked}`),
    }
    await expect(fetchFor(server, deaf)(server.origin, { signal })).rejects.toBe(reason)
    expect([source.asked, asked, server.hits]).toEqual([[], 0, []])
    expect((await fetch(new Request(server.origin, { signal }), { signal: null })).status).toBe(200)
  })

  it.each([true, false])('can be aborted while it waits; the source heeds the signal: %s', async (heedsSignal) => {
    const server = await loopback(api('b'))
    const reason = new Error('too slow')
    const never = new Promise<AccessToken>(() => undefined)
    for (const current of [undefined, new AccessToken('a')]) {
      const scripted = new ScriptedSource(current ? ['a', 'b'] : ['b'], { ready: current !== undefined })
      scripted.gate = never
      const asked: unknown[] = []
      const deaf: TokenSource = { current: () => current, getToken: (options) => (asked.push(options), never) }
      const controller = new AbortController()
      const answer = fetchFor(server, heedsSignal ? scripted : deaf)(server.origin, { signal: controller.signal })
      await until(() => asked.length + scripted.asked.length === 1)
      controller.abort(reason)
      await expect(answer).rejects.toBe(reason)
    }
    expect(server.tokens()).toEqual(['a'])
  })

  it('can be aborted after the token came', async () => {
    const server = await loopback(() => undefined)
    const controller = new AbortController()
    const answer = fetchFor(server, staticToken('good'))(server.origin, { signal: controller.signal })
    await until(() => server.hits.length === 1)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(answer).rejects.toBe(reason)
  })
})

describe('createFetch: which 401 is exchanged [R08]', () => {
  it.each([
    [401, undefined, true],
    [401, 'Bearer', true],
    [401, 'Bearer error="invalid_token"', true],
    [401, 'Basic realm="a", Bearer error="invalid_token"', true],
    [401, 'Bearer error="insufficient_scope"', false],
    [401, 'Basic realm="a"', false],
    [403, 'Bearer error="invalid_token"', false],
    [407, 'Bearer error="invalid_token"', false],
    [200, 'Bearer error="invalid_token"', false],
  ])('%i with %j: %s', async (status, challenge, replayed) => {
    // 407 is known to fetch as a network error.
    const underneath = (async (_input, init) =>
      new Headers(init?.headers).get('authorization') === 'Bearer b'
        ? new Response('fine')
        : new Response('original', { status, headers: challenge ? { 'www-authenticate': challenge } : {} })) as Fetch
    const source = twoTokens()
    const fetch = createFetch(source, { origins: ['https://api.test'], fetch: underneath })
    const response = await fetch('https://api.test/')
    expect(await response.text()).toBe(replayed ? 'fine' : 'original')
    expect(source.rejected).toEqual(replayed ? ['a'] : [])
  })

  it('isTokenRejected decides alone, and the caller still gets the body whole', async () => {
    const long = 'é'.repeat(200_000)
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer b') outgoing.end('fine')
      else if (incoming.url === '/403') outgoing.writeHead(403).end('no')
      else if (incoming.url === '/empty') outgoing.writeHead(401).end()
      else outgoing.writeHead(401, { 'www-authenticate': 'Basic', 'x-a': '1' }).end(long)
    })
    const shown: [unknown, number][] = []
    let decision = false
    const source = twoTokens()
    const fetch = fetchFor(server, source, {
      isTokenRejected: (headers, body) => (shown.push([headers['x-a'], Buffer.byteLength(body)]), decision),
    })
    const refused = await fetch(server.origin)
    expect([refused.status, sha256(await refused.text())]).toEqual([401, sha256(long)])
    expect((await fetch(`${server.origin}/403`)).status).toBe(403)
    expect((await fetch(`${server.origin}/empty`)).status).toBe(401)
    expect((await fetch(server.origin, { method: 'HEAD' })).status).toBe(401)
    expect(shown.map(([header]) => header)).toEqual(['1', undefined, '1'])
    expect(shown[0]![1]).toBeGreaterThan(60_000)
    expect(shown[0]![1]).toBeLessThanOrEqual(65_536)
    expect(source.asked).toEqual([])
    decision = true
    expect(await (await fetch(server.origin)).text()).toBe('fine')
  })

  it('isTokenRejected may answer by a promise, which holds nobody who gives up', async () => {
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer b') outgoing.end('fine')
      else outgoing.writeHead(401).end('refused')
    })
    const ask = async (isTokenRejected: () => Promise<boolean>, init: RequestInit = {}) =>
      (await fetchFor(server, twoTokens(), { isTokenRejected })(server.origin, init)).text()
    expect(await ask(async () => false)).toBe('refused')
    expect(await ask(async () => true)).toBe('fine')
    await expect(ask(async () => Promise.reject(new Error('a bug in the hook')))).rejects.toThrow('a bug in the hook')
    const controller = new AbortController()
    const never = () => {
      queueMicrotask(() => controller.abort(new Error('the caller left')))
      return new Promise<boolean>(() => undefined)
    }
    await expect(ask(never, { signal: controller.signal })).rejects.toThrow('the caller left')
  })

  it('isTokenRejected is shown what has come within 200 ms, or before the body broke off', async () => {
    const clock = new FakeClock()
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer b') return void outgoing.end('fine')
      outgoing.writeHead(401, { 'content-length': 100 }).write('so far')
      if (incoming.url === '/cut') setTimeout(() => outgoing.destroy(), 5)
    })
    const shown: string[] = []
    const isTokenRejected = (_headers: unknown, body: string) => shown.push(body) > 0
    const answer = fetchFor(server, twoTokens(), { isTokenRejected, clock })(server.origin)
    await until(() => clock.pendingTimers > 0)
    await soon()
    expect(shown).toEqual([])
    await clock.advance(200)
    await until(() => shown.length === 1)
    await clock.advance(200) // the same body is waited for once more before the replay
    expect(await (await answer).text()).toBe('fine')
    const cut = await fetchFor(server, twoTokens(), { isTokenRejected, clock })(`${server.origin}/cut`)
    expect(await cut.text()).toBe('fine')
    expect([shown, clock.pendingTimers]).toEqual([['so far', 'so far'], 0])
  })

  it('happens again when the token of the first replay is refused and there is yet another', async () => {
    const server = await loopback(api('c'))
    const source = new ScriptedSource(['a', 'b', 'c'])
    const { status } = await fetchFor(server, source)(server.origin, { method: 'post', body: 'x' })
    expect([status, server.tokens(), source.rejected]).toEqual([200, ['a', 'b', 'c'], ['a', 'b']])
    expect(server.hits.map(({ body }) => String(body))).toEqual(['x', 'x', 'x'])
  })

  it('happens twice at most; the third 401 is reported and handed over, and each replay is told', async () => {
    const server = await loopback(api('never'))
    const source = new ScriptedSource(['a', 'b', 'c', 'd'])
    const events: unknown[] = []
    const listener = (event: unknown) => void events.push(event)
    subscribe('everbearer:request-replayed', listener)
    const response = await fetchFor(server, source)(server.origin, { method: 'post', body: 'x' })
    unsubscribe('everbearer:request-replayed', listener)
    expect([response.status, await response.text()]).toEqual([401, 'refused'])
    expect([server.tokens(), source.rejected]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
    const event = { origin: server.origin, method: 'POST' }
    expect(events).toEqual([event, event])
    const poor = new ScriptedSource(['a', 'b'])
    expect((await fetchFor(server, poor)(server.origin)).status).toBe(401)
    expect(poor.rejected).toEqual(['a', 'b'])
  })

  it('hands over the original 401, whole, when there is no other token', async () => {
    const long = 'x'.repeat(1_000_000)
    const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(401, { 'x-a': '1' }).end(long))
    const stubborn: TokenSource = { current: () => new AccessToken('a'), getToken: async () => new AccessToken('a') }
    for (const source of [new ScriptedSource(['a']), staticToken('a'), stubborn]) {
      const response = await fetchFor(server, source)(server.origin)
      expect([response.status, response.headers.get('x-a'), response.bodyUsed]).toEqual([401, '1', false])
      expect(sha256(await response.text())).toBe(sha256(long))
    }
    expect(server.tokens()).toEqual(['a', 'a', 'a'])
  })

  it.each([
    ['never ends', 'x'],
    ['is too long', 'x'.repeat(10_000_000)],
  ])('and replayed though its body %s, which is then cancelled', async (_name, written) => {
    let closed = 0
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer b') return void outgoing.end('fine')
      outgoing.on('close', () => (closed += 1))
      outgoing.writeHead(401).write(written)
    })
    const clock = new FakeClock()
    const answer = fetchFor(server, twoTokens(), { clock })(server.origin)
    await until(() => clock.pendingTimers === 1 || server.hits.length === 2)
    await clock.advance(200)
    expect(await (await answer).text()).toBe('fine')
    await until(() => closed === 1)
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('createFetch: redirects', () => {
  const to = (location: () => string, status = 307): Listener => {
    return (incoming, outgoing, hit) => {
      if (incoming.url === '/end') return api('b')(incoming, outgoing, hit)
      incoming.resume()
      outgoing.writeHead(status, { location: location() }).end()
    }
  }

  it('do not take the token to another origin, and its 401 does not count [R01]', async () => {
    const other = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end('other'))
    const server = await loopback(to(() => other.origin))
    const source = twoTokens()
    const response = await fetchFor(server, source)(server.origin)
    expect([response.status, await response.text(), other.tokens(), source.asked]).toEqual([401, 'other', [''], []])
  })

  it('within the origin: a GET is asked once more from its start', async () => {
    const server = await loopback(to(() => '/end'))
    const source = twoTokens()
    const response = await fetchFor(server, source)(server.origin)
    expect(response.status).toBe(200)
    expect(server.hits.map(({ path, authorization }) => [path, ...authorization])).toEqual([
      ['/', 'Bearer a'],
      ['/end', 'Bearer a'],
      ['/', 'Bearer b'],
      ['/end', 'Bearer b'],
    ])
  })

  it.each([303, 307])(
    'within the origin: what a %i came from is not done twice, but the token is reported',
    async (status) => {
      const server = await loopback(to(() => '/end', status))
      for (const input of [server.origin, new Request(server.origin, { method: 'POST', body: 'order' })]) {
        const source = twoTokens()
        server.hits.length = 0
        const init = typeof input === 'string' ? { method: 'POST', body: 'order' } : undefined
        const response = await fetchFor(server, source)(input, init)
        expect([response.status, await response.text()]).toEqual([401, 'refused'])
        expect(server.hits.map(({ path }) => path)).toEqual(['/', '/end'])
        expect(source.rejected).toEqual(['a'])
      }
    },
  )

  it('a response that some wrapper made, without url, is from where it was asked', async () => {
    const underneath = (async (_input, init) =>
      new Response(null, {
        status: new Headers(init?.headers).get('authorization') === 'Bearer b' ? 200 : 401,
      })) as Fetch
    const fetch = createFetch(twoTokens(), { origins: ['https://api.test'], fetch: underneath })
    expect((await fetch('https://api.test/')).status).toBe(200)
  })
})

describe.each(FETCHES)('createFetch over $name: replay of a body [R07]', ({ fetch: underneath, Request, FormData }) => {
  const options = underneath ? { fetch: underneath } : {}
  const big = 'abcde'.repeat(1_000_000)

  it.each([
    ['string of 5 MB', () => big, big],
    ['Blob', () => new Blob(['text'], { type: 'text/plain' }), 'text'],
    ['URLSearchParams', () => new URLSearchParams({ a: 'b c' }), 'a=b+c'],
    ['Uint8Array', () => new TextEncoder().encode('text'), 'text'],
    ['ArrayBuffer', () => new TextEncoder().encode('text').buffer, 'text'],
    ['string of no length', () => '', ''],
  ])('%s: the same again, with its length', async (_name, make, text) => {
    const server = await loopback(api('b'))
    const init = Object.freeze({ method: 'POST', body: make() })
    const response = await fetchFor(server, twoTokens(), options)(server.origin, init)
    expect(response.status).toBe(200)
    for (const hit of server.hits) {
      expect(sha256(hit.body ?? 'none')).toBe(sha256(text))
      expect(hit.headers['content-length']).toBe(String(text.length))
    }
    expect(server.tokens()).toEqual(['a', 'b'])
  })

  it('form: whole, each time with the boundary that its header names', async () => {
    const server = await loopback(api('b'))
    const form = new FormData()
    form.append('field', 'value')
    form.append('file', new Blob(['x'.repeat(200_000)]), 'x.txt')
    const response = await fetchFor(server, twoTokens(), options)(server.origin, { method: 'POST', body: form })
    expect(response.status).toBe(200)
    for (const { headers, body } of server.hits) {
      const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1]
      expect(body?.toString()).toContain(`--${boundary}--`)
      expect(body?.toString()).toContain('x'.repeat(200_000))
    }
  })

  const streams: [string, (text: string) => unknown][] = [
    ['web stream', (text) => chunked(text)],
    ['Readable', (text) => Readable.from([Buffer.from(text.slice(0, 9)), Buffer.from(text.slice(9))])],
    [
      'async generator',
      async function* (text) {
        yield Buffer.from(text)
      },
    ],
  ]
  it.each(streams)('%s of 40 KB: the same again; beyond the limit the original 401', async (_name, make) => {
    const server = await loopback(api('b'))
    const text = 'x'.repeat(40_000)
    for (const [maxReplayBytes, status] of [
      [40_000, 200],
      [39_999, 401],
    ] as const) {
      const source = twoTokens()
      const fetch = fetchFor(server, source, { ...options, maxReplayBytes })
      const init = { method: 'POST', body: make(text), duplex: 'half' } as RequestInit
      const response = await fetch(server.origin, init)
      expect([response.status, (await response.text()).includes(status === 200 ? sha256(text) : 'refused')]).toEqual([
        status,
        true,
      ])
      await until(() => source.asked.length === 1)
    }
    expect(server.hits.map(({ body }) => sha256(body ?? ''))).toEqual(Array(3).fill(sha256(text)))
  })

  it.each([
    ['a string', () => 'x'.repeat(40_000)],
    ['a Blob', () => new Blob(['x'.repeat(40_000)])],
    ['a stream', () => chunked('x'.repeat(40_000))],
    ['no body', () => undefined],
  ])('Request of %s: the same again, with a length where it had one', async (_name, make) => {
    const server = await loopback(api('b'))
    const body = make()
    const init = { method: 'POST', headers: { 'x-a': '1' }, ...(body && { body, duplex: 'half' }) } as RequestInit
    const response = await fetchFor(server, twoTokens(), options)(new Request(server.origin, init))
    expect(response.status).toBe(200)
    const hash = sha256(body ? 'x'.repeat(40_000) : '')
    for (const hit of server.hits) {
      expect([sha256(hit.body ?? 'none'), hit.headers['x-a'], hit.method]).toEqual([hash, '1', 'POST'])
      if (!(body instanceof ReadableStream)) expect(hit.headers['content-length']).toBe(body ? '40000' : '0')
    }
    expect(server.hits).toHaveLength(2)
  })

  it('Request beyond the limit: the original 401, and the whole body once', async () => {
    const server = await loopback(api('b'))
    const source = twoTokens()
    const request = new Request(server.origin, { method: 'POST', body: 'x'.repeat(70_000) })
    const response = await fetchFor(server, source, options)(request)
    expect([response.status, await response.text()]).toEqual([401, 'refused'])
    expect(server.hits.map(({ body }) => body?.length)).toEqual([70_000])
    expect(source.rejected).toEqual(['a'])
  })

  it('Request whose body is given anew in init', async () => {
    const server = await loopback(api('b'))
    const request = new Request(server.origin, { method: 'POST', body: 'old' })
    const response = await fetchFor(server, twoTokens(), options)(request, { body: 'x'.repeat(100_000) })
    expect(((await response.json()) as Echo).length).toBe(100_000)
  })

  it('no part of a stream that is read beyond the limit while the new token is awaited', async () => {
    const server = await loopback(async (incoming, outgoing) => {
      outgoing.writeHead(401).write('early')
      await read(incoming)
      outgoing.end(' and late')
    })
    const [more, exchanged] = [deferred(), deferred()]
    async function* source() {
      yield Buffer.alloc(60_000)
      await more.promise
      yield Buffer.alloc(60_000)
    }
    const tokens = twoTokens()
    tokens.gate = exchanged.promise
    const init = { method: 'POST', body: ReadableStream.from(source()), duplex: 'half' } as RequestInit
    const answer = fetchFor(server, tokens, options)(server.origin, init)
    await until(() => tokens.asked.length === 1)
    more.resolve()
    await soon()
    exchanged.resolve()
    const response = await answer
    expect([response.status, await response.text(), server.tokens()]).toEqual([401, 'early and late', ['a']])
  })

  it('no part of a stream that is read beyond the limit while the rest of the 401 is awaited', async () => {
    const clock = new FakeClock()
    const bodies: string[] = []
    const server = await loopback(async (incoming, outgoing, hit) => {
      if (hit.authorization[0] === 'Bearer a') outgoing.writeHead(401).write('early')
      bodies.push(sha256(await read(incoming)))
      outgoing.end(' and late')
    })
    const text = 'a'.repeat(60_000) + 'b'.repeat(60_000)
    for (const wrap of [false, true]) {
      bodies.length = 0
      const decided = deferred()
      async function* source() {
        yield Buffer.from(text.slice(0, 60_000))
        await decided.promise
        yield Buffer.from(text.slice(60_000))
      }
      const init = { method: 'POST', body: ReadableStream.from(source()), duplex: 'half' } as RequestInit
      const fetch = fetchFor(server, twoTokens(), { ...options, clock })
      const answer = wrap ? fetch(new Request(server.origin, init)) : fetch(server.origin, init)
      await until(() => clock.pendingTimers === 1)
      await soon() // the new token is there
      decided.resolve()
      await soon(50)
      await clock.advance(200)
      const response = await answer
      // What the first request got of it does not matter: it was refused.
      expect(response.status).toBe(200)
      await until(() => bodies.length > 0 && bodies.includes(sha256(text)))
    }
    expect(clock.pendingTimers).toBe(0)
  })

  it('an answer that comes early does not cut the upload off', async () => {
    const received: string[] = []
    const server = await loopback(async (incoming, outgoing) => {
      outgoing.writeHead(200).write('head start')
      received.push(sha256(await read(incoming)))
      outgoing.end()
    })
    async function* source() {
      for (let i = 0; i < 20; i++) {
        yield Buffer.alloc(10_000, 'x')
        await turn()
      }
    }
    const fetch = fetchFor(server, twoTokens(), options)
    for (const wrap of [false, true]) {
      const init = { method: 'POST', body: ReadableStream.from(source()), duplex: 'half' } as RequestInit
      const response = await (wrap ? fetch(new Request(server.origin, init)) : fetch(server.origin, init))
      expect(await response.text()).toBe('head start')
    }
    expect(received).toEqual(Array(2).fill(sha256('x'.repeat(200_000))))
  })
})

describe('createFetch: what surrounds it', () => {
  it('stays in the caller’s async context', async () => {
    const storage = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    const underneath = (async (_input, init) => {
      seen.push(storage.getStore())
      return new Response(null, { status: new Headers(init?.headers).get('authorization') === 'Bearer b' ? 200 : 401 })
    }) as Fetch
    const source = twoTokens()
    source.gate = soon(5)
    const fetch = createFetch(source, { origins: ['https://api.test'], fetch: underneath })
    await Promise.all(['A', 'B', 'C'].map((name) => storage.run(name, () => fetch('https://api.test/'))))
    expect(seen).toEqual(['A', 'B', 'C', 'A', 'B', 'C'])
  })

  it('leaves no listener on a signal that 1,000 calls share', async () => {
    const controller = new AbortController()
    const { signal } = controller
    let listeners = 0
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: unknown[]) => (listeners++, addEventListener.apply(signal, args as never))
    signal.removeEventListener = (...args: unknown[]) => (listeners--, removeEventListener.apply(signal, args as never))
    const underneath = (async () => new Response('x', { status: 401 })) as Fetch
    const clock = new FakeClock()
    const source: TokenSource = { current: () => undefined, getToken: async () => new AccessToken('a') }
    const fetch = createFetch(source, { origins: ['https://api.test'], fetch: underneath, clock })
    for (let i = 0; i < 1_000; i++) await fetch('https://api.test/', { signal })
    expect([listeners, clock.pendingTimers]).toEqual([0, 0])
  })

  it('closes the caller’s stream in the end, however it ends', async () => {
    const closed: string[] = []
    async function* source(name: string, chunks: number) {
      try {
        for (let i = 0; i < chunks; i++) yield Buffer.alloc(1_000)
      } finally {
        closed.push(name)
      }
    }
    const server = await loopback(api('b'))
    const cut = await loopback((_incoming, outgoing) => void outgoing.destroy())
    const init = (name: string, chunks: number) =>
      ({ method: 'POST', body: source(name, chunks) as never, duplex: 'half' }) as RequestInit
    expect((await fetchFor(server, twoTokens())(server.origin, init('replayed', 2))).status).toBe(200)
    expect((await fetchFor(server, new ScriptedSource(['a']))(server.origin, init('refused', 200))).status).toBe(401)
    await expect(fetchFor(cut, new ScriptedSource(['a']))(cut.origin, init('cut', 500))).rejects.toThrow()
    await until(() => closed.length === 3)
    expect(closed.sort()).toEqual(['cut', 'refused', 'replayed'])
  })

  it('rejects with what the fetch underneath rejects with', async () => {
    const failing = (() => Promise.reject(new TypeError('fetch failed'))) as Fetch
    const fetch = createFetch(staticToken('x'), { origins: ['https://api.test'], fetch: failing })
    await expect(fetch('https://api.test/')).rejects.toThrow('fetch failed')
  })

  it.each([
    [['a', 'b', 'c'], ['Bearer a', 'Bearer c'], 200],
    [['a', 'b'], ['Bearer a'], 401],
  ])(
    'of %j: a token that is refused while the rest of the 401 is awaited does not go out',
    async (tokens, sent, status) => {
      const source = new ScriptedSource(tokens)
      const rest = deferred()
      const stamped: unknown[] = []
      const underneath = (async (_input, init) => {
        stamped.push(new Headers(init?.headers).get('authorization'))
        if (stamped.length > 1) return new Response('x')
        const body = new ReadableStream({ pull: (controller) => rest.promise.then(() => controller.close()) })
        return new Response(body as never, { status: 401 })
      }) as Fetch
      const clock = new FakeClock()
      const answer = createFetch(source, { origins: ['https://api.test'], fetch: underneath, clock })(
        'https://api.test/',
      )
      await turn()
      await source.getToken({ rejected: new AccessToken('b') }).catch(() => undefined)
      rest.resolve()
      expect([(await answer).status, stamped]).toEqual([status, sent])
    },
  )

  it('drains a 401 while its token is exchanged over the same connection', async () => {
    const server = await loopback((incoming, outgoing, { authorization }) => {
      incoming.resume()
      if (incoming.url === '/token') return void outgoing.end('b')
      if (authorization[0] === 'Bearer b') return void outgoing.end('ok')
      outgoing.writeHead(401).end('x'.repeat(40_000))
    })
    const dispatcher = new undici.Agent({ connections: 1, pipelining: 1 })
    const source: TokenSource = {
      current: () => new AccessToken('a'),
      getToken: async () => {
        const { body } = await undici.request(`${server.origin}/token`, { dispatcher })
        return new AccessToken(await body.text())
      },
    }
    const fetch = undici.fetch as unknown as Fetch
    const response = await fetchFor(server, source, {
      fetch: (input: string | URL | Request, init?: RequestInit) => fetch(input, { ...init, dispatcher } as never),
    })(server.origin)
    expect(await response.text()).toBe('ok')
  })

  it('never replays a stream that cannot be iterated, as form-data’s under node-fetch', async () => {
    const sent: unknown[] = []
    const underneath = (async (_input, init) => {
      sent.push(init?.body)
      return new Response('no', { status: 401 })
    }) as Fetch
    const source = twoTokens()
    const fetch = createFetch(source, { origins: ['https://api.test'], fetch: underneath })
    const body = { pipe: () => undefined } as never
    const response = await fetch('https://api.test/', { method: 'POST', body })
    expect([response.status, await response.text(), sent]).toEqual([401, 'no', [body]])
    expect(source.rejected).toEqual(['a'])
  })

  it('leaves a stream that was read from already to fetch, which refuses it, instead of sending it empty', async () => {
    const server = await loopback()
    const fetch = fetchFor(server, staticToken('a'))
    const body = chunked('read before')
    for await (const _ of body);
    await expect(fetch(server.origin, { method: 'POST', body, duplex: 'half' } as never)).rejects.toThrow(
      'disturbed or locked',
    )
    expect(server.hits).toEqual([])
  })
})

describe('createFetch: what it tells and asks', () => {
  const origins = ['https://api.test']
  const refusing = (): Fetch => async () => new Response(null, { status: 401 })

  it('its source is told of the signal', async () => {
    const source = new ScriptedSource(['a'], { ready: false })
    const { signal } = new AbortController()
    await createFetch(source, { origins, fetch: async () => new Response() })('https://api.test', { signal })
    expect(source.asked).toEqual([{ signal }])
  })

  it.each([null, 'refused'])('for another token once, when that fails; the 401 says %j', async (said) => {
    const asked: unknown[] = []
    const refusing: Fetch = async () => new Response(said, { status: 401 })
    const source: TokenSource = {
      current: () => new AccessToken('a'),
      getToken: (options) => (asked.push(options), Promise.reject(new Error('down'))),
    }
    expect((await createFetch(source, { origins, fetch: refusing })('https://api.test')).status).toBe(401)
    expect(asked).toHaveLength(1)
  })

  it('for another token once, of a source that keeps none, when the 401 has come whole meanwhile', async () => {
    const asked: unknown[] = []
    const source: TokenSource = {
      current: () => undefined,
      getToken: async ({ rejected } = {}) => {
        asked.push(rejected?.reveal())
        await soon(5)
        return new AccessToken(rejected ? 'b' : 'a')
      },
    }
    const sent: unknown[] = []
    const underneath = (async (_input, init) => {
      sent.push(new Headers(init?.headers).get('authorization'))
      return new Response('x', { status: sent.length === 1 ? 401 : 200 })
    }) as Fetch
    expect((await createFetch(source, { origins, fetch: underneath })('https://api.test')).status).toBe(200)
    expect([asked, sent]).toEqual([
      [undefined, 'a'],
      ['Bearer a', 'Bearer b'],
    ])
  })

  it('nothing of the signal for an answer that is no 401', async () => {
    const { signal } = new AbortController()
    let listened = 0
    signal.addEventListener = () => void (listened += 1)
    await createFetch(staticToken('a'), { origins, fetch: async () => new Response() })('https://api.test', { signal })
    expect(listened).toBe(0)
  })

  it('and does not end the sending of a stream that is refused early, where there is no other token', async () => {
    let sending!: ReadableStreamDefaultReader<Uint8Array>
    const early: Fetch = async (_input, init) => {
      sending = (init?.body as globalThis.ReadableStream<Uint8Array>).getReader()
      await sending.read()
      return new Response(null, { status: 401 })
    }
    const fetch = createFetch(staticToken('a'), { origins, fetch: early })
    const body = ReadableStream.from(['one', 'two'].map((text) => Buffer.from(text))) as never
    const init: RequestInit = { method: 'POST', body, ...{ duplex: 'half' } }
    expect((await fetch('https://api.test', init)).status).toBe(401)
    expect(String(Buffer.from((await sending.read()).value ?? ''))).toBe('two')
  })

  it('the hook about a 401 without a body, with none', async () => {
    const bodies: string[] = []
    const isTokenRejected = (_headers: unknown, body: string) => bodies.push(body) === 0
    const fetch = createFetch(staticToken('a'), { origins, fetch: refusing(), isTokenRejected })
    expect((await fetch('https://api.test')).status).toBe(401)
    expect(bodies).toEqual([''])
  })

  it.each([
    ['GET', 2],
    ['HEAD', 2],
    ['OPTIONS', 2],
    ['POST', 1],
    ['PUT', 1],
  ])(
    'nothing of a %s again that was redirected before its 401, unless that is safe: %d requests',
    async (method, count) => {
      let requests = 0
      const redirected: Fetch = async () => {
        requests += 1
        return Object.defineProperty(new Response(null, { status: 401 }), 'redirected', { value: true })
      }
      await createFetch(twoTokens(), { origins, fetch: redirected })('https://api.test', { method })
      expect(requests).toBe(count)
    },
  )
})

it('hides the token in an error of the fetch underneath', async () => {
  const failing = (_input: unknown, init?: RequestInit) =>
    Promise.reject(new TypeError(`bad header ${new Headers(init?.headers).get('authorization')}`))
  const fetch = createFetch(staticToken('c4n4ry-t0ken'), { origins: ['https://api.example'], fetch: failing })
  await expect(fetch('https://api.example/')).rejects.toThrow('bad header Bearer [redacted]')
})
