import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { HttpResponse, getResponse, http } from 'msw'
import type { RequestHandler } from 'msw'
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { EverbearerError, TokenError } from '../../src/base/errors.js'
import { apiError } from '../../src/client/api-response.js'
import { ApiTransport } from '../../src/client/api-transport.js'
import type { ApiRequest } from '../../src/client/api-transport.js'
import { Iteration } from '../../src/paging/iteration.js'
import { JsonClient } from '../../src/client/json-client.js'
import type { JsonClientOptions } from '../../src/client/json-client.js'
import { numberedPosition, pagesByNumber } from '../../src/paging/pages-by-number.js'
import { FakeClock } from '../../src/testing/index.js'
import { serve } from '../../src/testing/serve.js'
import { AccessToken } from '../../src/token/access-token.js'
import { staticToken } from '../../src/token/static-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { agent, closeAgents } from '../http/agents.js'
import { HurriedClock } from '../http/hurried-clock.js'
import { closeServers, loopback } from '../http/loopback.js'
import { ScriptedSource } from '../http/scripted-source.js'
import { deferred, until } from '../waiting.js'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  await closeAgents()
  closeServers()
  await Promise.all(open.splice(0).map((server) => server.close()))
})

/** An API of MSW handlers, behind a real server. */
async function mocked(...handlers: RequestHandler[]): Promise<string> {
  const server = await serve(
    async (request) => (await getResponse(handlers, request)) ?? new HttpResponse(null, { status: 501 }),
  )
  open.push(server)
  return server.origin
}

function transportFor(apiUrl: string, tokens: TokenSource = staticToken('good')): ApiTransport {
  return new ApiTransport({ apiUrl, tokens, dispatcher: agent(), clock: new FakeClock() })
}

function get(url: string, options: Partial<ApiRequest> = {}): ApiRequest {
  return {
    method: 'GET',
    url: new URL(url),
    body: undefined,
    signal: undefined,
    ...options,
  }
}

function clientFor(apiUrl: string, options: Partial<JsonClientOptions> = {}): JsonClient {
  return new JsonClient({
    apiUrl,
    tokens: staticToken('good'),
    dispatcher: agent(),
    concurrency: 4,
    requestsPerMinute: Infinity,
    patience: 0,
    errorFrom: ({ status }, what) => apiError(status, what, {}),
    ...options,
  })
}

describe('ApiTransport', () => {
  it('returns no text of a good response over 256 KiB if its words are to be shown', async () => {
    const api = await loopback((_incoming, outgoing) => void outgoing.end(JSON.stringify('x'.repeat(300_000))))
    const shown = await transportFor(api.origin).send(get(`${api.origin}/`, { isShown: true }))
    expect([shown.status, shown.text]).toEqual([200, ''])
  })

  it('sends a request with the token, and reads the answer whole', async () => {
    const origin = await mocked(
      http.post('*/things', async ({ request }) =>
        HttpResponse.json(
          { token: request.headers.get('authorization'), sent: await request.json() },
          { status: 201, headers: { 'x-a': '1' } },
        ),
      ),
    )
    const transport = transportFor(origin)
    const response = await transport.send(get(`${origin}/things?x=1`, { method: 'POST', body: '{"a":1}' }))
    expect(response).toMatchObject({ status: 201, headers: { 'x-a': '1' } })
    expect(JSON.parse(response.text)).toEqual({ token: 'Bearer good', sent: { a: 1 } })
  })

  it('takes an origin for its API, and no more than that', () => {
    expect(transportFor('https://api.test/').origin).toBe('https://api.test')
    for (const [apiUrl, code] of [
      ['https://api.test/v2', 'invalid_origin'],
      ['http://api.test', 'insecure_url'],
    ] as const) {
      expect(() => transportFor(apiUrl)).toThrow(expect.objectContaining({ code }))
    }
  })

  it('tells of what failed below HTTP without what is foreign in it', async () => {
    const closed = await loopback()
    closeServers()
    const refused = transportFor(closed.origin).send(get(`${closed.origin}/things?secret=1`))
    await expect(refused).rejects.toMatchObject({ name: 'ApiError', code: 'api_unreachable', retryable: true })
    const error = (await refused.catch((error: unknown) => error)) as Error
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('GET /things got no whole answer from http://127.0.0.1'),
    )
    expect(error).not.toHaveProperty('cause')
    expect(`${error.message} ${error.stack ?? ''}`).not.toContain('secret')
    const bad = transportFor(closed.origin).send(get(`${closed.origin}/`, { method: 'BAD METHOD' }))
    await expect(bad).rejects.toMatchObject({ code: 'api_unreachable', retryable: false })
  })

  it('uses the global dispatcher of the moment when it is given none', async () => {
    const server = await loopback()
    const transport = new ApiTransport({ apiUrl: server.origin, tokens: staticToken('good'), clock: new FakeClock() })
    const original = getGlobalDispatcher()
    const paths: string[] = []
    const watching = agent((dispatch) => (options, handler) => {
      paths.push(options.path)
      return dispatch(options, handler)
    })
    try {
      await transport.send(get(`${server.origin}/1`))
      setGlobalDispatcher(watching as never)
      await transport.send(get(`${server.origin}/2`))
      await transport.send(get(`${server.origin}/3`))
    } finally {
      setGlobalDispatcher(original)
    }
    expect([paths, server.tokens()]).toEqual([
      ['/2', '/3'],
      ['good', 'good', 'good'],
    ])
  })

  it('rejects with the signal’s reason, before and after it was sent', async () => {
    const server = await loopback(() => undefined)
    const transport = transportFor(server.origin)
    const reason = new Error('enough')
    const early = transport.send(get(server.origin, { signal: AbortSignal.abort(reason) }))
    await expect(early).rejects.toBe(reason)
    expect(server.hits).toEqual([])
    const controller = new AbortController()
    const late = transport.send(get(server.origin, { signal: controller.signal }))
    await until(() => server.hits.length > 0)
    controller.abort(reason)
    await expect(late).rejects.toBe(reason)
  })

  it('tells of a refused token, and of what becomes of it', async () => {
    const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end('no'))
    const response = await transportFor(server.origin, new ScriptedSource(['a', 'b'])).send(get(server.origin))
    expect([response.status, response.text]).toEqual([401, 'no'])
    await expect(response.replacement).rejects.toMatchObject({ code: 'token_denied' })
  })

  it('returns no replacement for a token that served after a replay', async () => {
    const server = await loopback(({ headers }, outgoing) => {
      outgoing.writeHead(headers.authorization === 'Bearer token-b' ? 500 : 401).end('no')
    })
    const response = await transportFor(server.origin, new ScriptedSource(['a', 'token-b'])).send(get(server.origin))
    expect([response.status, response.replacement]).toEqual([500, undefined])
    expect(response.hide('Bearer token-b')).toBe('Bearer [redacted]')
  })

  it('asks isTokenRejected, where there is one', async () => {
    const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end('{"code":"ip"}'))
    const source = new ScriptedSource(['a', 'b'])
    const transport = new ApiTransport({
      apiUrl: server.origin,
      tokens: source,
      dispatcher: agent(),
      clock: new FakeClock(),
      isTokenRejected: (_headers, body) => !body.includes('ip'),
    })
    expect(await transport.send(get(server.origin))).toMatchObject({ status: 401, text: '{"code":"ip"}' })
    expect(source.asked).toEqual([])
  })
})

describe('an endpoint client [R18]', () => {
  it.each([300, 301, 302, 303, 307, 308])('does not take a redirect, %i, for an answer', async (status) => {
    const elsewhere = await loopback()
    for (const body of ['', '{}']) {
      const server = await loopback((_incoming, outgoing) => {
        outgoing.writeHead(status, { location: elsewhere.origin, 'content-type': 'application/json' }).end(body)
      })
      const response = clientFor(server.origin, { patience: 60_000 }).request('GET', '/things')
      await expect(response).rejects.toMatchObject({
        code: 'api_response_invalid',
        status,
        retryable: false,
        message: `The answer to GET /things is a redirect (${status}), and none is followed: check the API's URL, and what stands between.`,
      })
      expect(server.hits).toHaveLength(1)
    }
    expect(elsewhere.hits).toEqual([])
  })

  it('can be aborted while it waits for what becomes of a refused token', async () => {
    const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end())
    const source = new ScriptedSource(['a', 'b', 'c'])
    const controller = new AbortController()
    const response = clientFor(server.origin, { tokens: source, patience: 60_000 }).request('GET', '/things', {
      signal: controller.signal,
    })
    await until(() => server.hits.length > 0)
    await until(() => source.asked.length > 0)
    source.gate = new Promise(() => undefined)
    await until(() => source.asked.length > 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    controller.abort('a reason that is no Error')
    await expect(response).rejects.toBe('a reason that is no Error')
  })

  it('tries a 401 again soon when its exchange may succeed at any time', async () => {
    const server = await loopback((_incoming, outgoing) => {
      if (server.hits.length === 1) outgoing.writeHead(401).end()
      else outgoing.end('{}')
    })
    const tokens: TokenSource = {
      current: () => new AccessToken('a'),
      getToken: () => Promise.reject(new TokenError('token_endpoint_timeout', 'x', { retryable: true })),
    }
    await clientFor(server.origin, { tokens, patience: 60_000, clock: new HurriedClock() }).request('POST', '/')
    expect(server.tokens()).toEqual(['a', 'a'])
  })

  it('says so when an answer that is no JSON does not say what it is', async () => {
    const server = await loopback((_incoming, outgoing) => void outgoing.end('hello'))
    const response = clientFor(server.origin).request('GET', '/')
    await expect(response).rejects.toMatchObject({
      code: 'api_response_invalid',
      message: expect.stringContaining('no content type') as unknown,
    })
  })

  it('says so without the token that a content type may quote, whatever it says of itself', async () => {
    const server = await loopback((_incoming, outgoing) => {
      outgoing.setHeader('content-type', 'application/json; charset=utf-8; echo=good')
      outgoing.end('hello')
    })
    await expect(clientFor(server.origin).request('GET', '/')).rejects.toMatchObject({
      message:
        "The answer to GET / is not JSON (application/json; charset=utf-8; echo=[redacted]): check the API's URL, and what stands between.",
    })
  })

  it.each([
    ['application/json', 'good'],
    ['application/json;charset=utf-8', 'good'],
    ['Application/JSON; charset=UTF-8', 'good'],
    ['xapplication/json', '[redacted]'],
    ['application/json; charset=utf-8; x', '[redacted]'],
    ['text/plain', '[redacted]'],
  ])('leaves an answer of %s as it came, or hides the token in its headers: %s', async (type, echoed) => {
    const server = await loopback((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-type': type, 'x-echo': 'good' }).end('"good"')
    })
    expect(await transportFor(server.origin).send(get(server.origin))).toMatchObject({
      headers: { 'x-echo': echoed },
      text: '"good"',
    })
  })

  it('quotes an error of up to 256 KiB, and no longer one', async () => {
    for (const [length, kept] of [
      [256 * 1024, 256 * 1024],
      [256 * 1024 + 1, 0],
    ] as const) {
      const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(400).end('x'.repeat(length)))
      expect((await transportFor(server.origin).send(get(server.origin))).text).toHaveLength(kept)
    }
  })

  it.each([300, 307, 400, 401, 404, 429, 500, 503])(
    'reads no more than 256 KiB of a page with status %i, and sends the next request all the same',
    async (status) => {
      let sent = 0
      let isCut = false
      const server = await loopback((incoming, outgoing) => {
        if (incoming.url === '/next') return void outgoing.end('{}')
        outgoing.writeHead(status).once('close', () => (isCut = true))
        const more = () => {
          for (let full = false; !full && !outgoing.destroyed; sent += 65_536)
            full = !outgoing.write('x'.repeat(65_536))
        }
        outgoing.on('drain', more)
        more()
      })
      const transport = transportFor(server.origin)
      expect(await transport.send(get(server.origin))).toMatchObject({ status, text: '' })
      expect(await transport.send(get(`${server.origin}/next`))).toMatchObject({ status: 200, text: '{}' })
      await until(() => isCut)
      // What lay in the buffers of both sides was sent, and not read.
      expect(sent).toBeLessThan(32 * 1024 * 1024)
    },
  )

  it('composes its dispatcher once', async () => {
    const server = await loopback()
    const dispatcher = agent()
    const compose = jest.spyOn(dispatcher, 'compose')
    const transport = new ApiTransport({
      apiUrl: server.origin,
      tokens: staticToken('good'),
      dispatcher,
      clock: new FakeClock(),
    })
    await transport.send(get(server.origin))
    await transport.send(get(server.origin))
    expect(compose).toHaveBeenCalledTimes(1)
  })

  it('has the address of an API by the name of the option', () => {
    expect(() => transportFor('nowhere')).toThrow(/^apiUrl is not a URL/)
  })

  it('takes the token after the queue, not before', async () => {
    const first = deferred()
    const server = await loopback(async (_incoming, outgoing) => {
      if (server.hits.length === 1) await first.promise
      outgoing.end('{}')
    })
    let serial = 0
    const tokens: TokenSource = {
      current: () => new AccessToken(`t${serial}`),
      getToken: () => Promise.reject(new Error()),
    }
    const client = clientFor(server.origin, { tokens, concurrency: 1 })
    const both = [client.request('GET', '/1'), client.request('GET', '/2')]
    await until(() => server.hits.length > 0)
    serial = 1
    first.resolve()
    await Promise.all(both)
    expect(server.tokens()).toEqual(['t0', 't1'])
  })

  it('gives each of two iterations its own checkpoint when one failed token request ends both', async () => {
    let calls = 0
    const manager = new TokenManager({
      identity: { tokenEndpoint: 'x', clientId: 'x', grantType: 'x', scope: [], resource: [], parameters: {} },
      repeatable: true,
      async requestToken() {
        await new Promise((resolve) => setTimeout(resolve, 10))
        if (++calls === 1) return { accessToken: new AccessToken('first'), parameters: {} }
        throw new TokenError('token_denied', 'No more.', {
          status: 400,
          error: 'invalid_client',
          errorDescription: 'gone',
        })
      },
    })
    const server = await loopback((incoming, outgoing) => {
      const page = new URL(incoming.url ?? '', 'http://x').searchParams.get('page')
      outgoing.end(JSON.stringify([1, 2].map((row) => `${page}.${row}`)))
    })
    const client = clientFor(server.origin, { tokens: manager })
    const listing = (name: string, from?: string) =>
      new Iteration<string, { page: number; row: number }>({
        subject: { endpoint: name, query: null },
        checkpoint: from,
        readPosition: numberedPosition,
        pages: (position) =>
          pagesByNumber(
            (page) => client.request<string[]>('GET', `/${name}`, { query: { page } }),
            (row) => row,
            position,
          ),
      })
    const pageRead = { a: deferred(), b: deferred() }
    const run = async (name: 'a' | 'b') => {
      const rows: string[] = []
      try {
        for await (const row of listing(name)) {
          rows.push(row)
          if (rows.length < 2) continue
          pageRead[name].resolve()
          await Promise.all([pageRead.a.promise, pageRead.b.promise])
          manager.invalidate()
        }
      } catch (error) {
        return { rows, error: error as TokenError }
      }
      throw new Error('It should have failed.')
    }
    const [a, b] = await Promise.all([run('a'), run('b')])
    for (const [name, { error, rows }] of [
      ['a', a],
      ['b', b],
    ] as const) {
      expect(rows.slice(0, 2)).toEqual(['1.1', '1.2'])
      expect(error).toBeInstanceOf(TokenError)
      expect(error).toMatchObject({
        code: 'token_denied',
        status: 400,
        error: 'invalid_client',
        errorDescription: 'gone',
      })
      // It is of this listing: of another one it would be refused.
      expect(() => listing(name, error.checkpoint)).not.toThrow()
    }
    expect(a.error).not.toBe(b.error)
    expect(calls).toBe(2)
    await manager.close()
  })

  it('passes an error of ours on as it is, whatever kind it is', async () => {
    const closed = new EverbearerError('closed', 'x')
    const tokens: TokenSource = { current: () => undefined, getToken: () => Promise.reject(closed) }
    await expect(clientFor('https://api.test', { tokens }).request('GET', '/')).rejects.toBe(closed)
  })
})

it('leaves the words of a job’s long response out, which would be shown', async () => {
  const text = JSON.stringify({ words: 'x'.repeat(256 * 1024) })
  const server = await loopback((_incoming, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(text)
  })
  const shown = await transportFor(server.origin).send(get(server.origin, { isShown: true }))
  expect([shown.status, shown.text]).toEqual([200, ''])
  expect((await transportFor(server.origin).send(get(server.origin))).text).toBe(text)
})
