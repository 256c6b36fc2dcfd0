import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'

import { afterEach, describe, expect, it } from '@jest/globals'
import { BalancedPool, Client, Headers, Pool, RetryAgent, interceptors, request } from 'undici'
import type { Dispatcher } from 'undici'
import { TOKEN_REQUEST } from '../../src/base/dispatcher.js'
import type { TelemetryEvents } from '../../src/base/telemetry.js'
import { bearer } from '../../src/http/bearer.js'
import { staticToken } from '../../src/token/static-token.js'
import { agent, builtInFetch, closeAgents, kept, undiciFetch } from './agents.js'
import { api, closeServers, hitOf, loopback } from './loopback.js'
import type { Loopback } from './loopback.js'
import { RecordingHandler } from './recording-handler.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(async () => {
  await closeAgents()
  closeServers()
})

const source = staticToken('good')

async function eventsDuring<Name extends keyof TelemetryEvents>(name: Name, action: () => Promise<unknown>) {
  const events: TelemetryEvents[Name][] = []
  const listener = (event: unknown) => void events.push(event as TelemetryEvents[Name])
  subscribe(name, listener)
  try {
    await action()
  } finally {
    unsubscribe(name, listener)
  }
  return events
}

async function get(url: string | URL, dispatcher: Dispatcher): Promise<string> {
  const { body } = await request(url, { dispatcher })
  return body.text()
}

describe('bearer: which requests get the token', () => {
  it('those to a listed origin', async () => {
    const server = await loopback()
    await get(`${server.origin}/things?x=1`, agent(bearer(source, { origins: [server.origin] })))
    expect(server.hits).toMatchObject([{ path: '/things?x=1', authorization: ['Bearer good'] }])
  })

  it('none to another port, with one event that names the origin alone', async () => {
    const listed = await loopback()
    const other = await loopback()
    const dispatcher = agent(bearer(source, { origins: [listed.origin] }))
    const events = await eventsDuring('everbearer:origin-unlisted', () => get(`${other.origin}/a?b=secret`, dispatcher))
    expect(other.tokens()).toEqual([''])
    expect(events).toEqual([{ origin: other.origin }])
    await get(other.origin, dispatcher) // and it costs nobody anything when nobody listens
    expect(other.tokens()).toEqual(['', ''])
  })

  it.each(['localhost', '[::1]', '127.0.0.2'])('none to %s, which is another host than 127.0.0.1', async (host) => {
    const listed = await loopback()
    const handler = new RecordingHandler()
    const seen: (string | undefined)[] = []
    const dispatch = bearer(source, { origins: [listed.origin] })((options) => {
      seen.push((options.headers as Record<string, string> | undefined)?.['authorization'])
      return true
    })
    dispatch({ origin: `http://${host}:${listed.port}`, path: '/', method: 'GET' }, handler)
    expect(seen).toEqual([undefined])
  })

  it('whatever form a dispatcher is told the origin in', async () => {
    const server = await loopback()
    const localhost = `http://localhost:${server.port}`
    const dispatcher = agent(bearer(source, { origins: [server.origin, new URL(localhost), 'https://api.test:443'] }))
    await get(new URL(server.origin), dispatcher)
    await dispatcher.request({ origin: new URL(server.origin), path: '/', method: 'GET' })
    const seen: Dispatcher.DispatchOptions[] = []
    const dispatch = bearer(source, { origins: [localhost, 'https://api.test:443'] })(
      (options) => seen.push(options) > 0,
    )
    for (const origin of [
      `HTTP://LOCALHOST:${server.port}`,
      `${localhost}/`,
      'https://API.test',
      'https://api.test:443',
    ]) {
      dispatch({ origin, path: '/', method: 'GET' }, new RecordingHandler())
    }
    expect(server.tokens()).toEqual(['good', 'good'])
    expect(seen.map(({ headers }) => headers)).toEqual(
      Array(4).fill({ authorization: 'Bearer good', 'cache-control': 'no-store' }),
    )
  })

  it('none over TLS where the origin is listed as http, nor the other way round', () => {
    const seen: unknown[] = []
    const dispatch = bearer(source, { origins: ['https://a.test', 'http://localhost'] })((options) => {
      return seen.push(options.headers) > 0
    })
    for (const origin of ['http://a.test', 'https://localhost', 'http://a.test:443']) {
      dispatch({ origin, path: '/', method: 'GET' }, new RecordingHandler())
    }
    expect(seen).toEqual([undefined, undefined, undefined])
  })

  it.each([
    ['a user name that looks like the listed host', (listed: string, other: string) => `http://${listed}@${other}/`],
    ['a path that begins with two slashes', (listed: string, other: string) => `http://${other}//${listed}/`],
    ['a query that holds the listed origin', (listed: string, other: string) => `http://${other}/?http://${listed}`],
  ])('none to a URL with %s', async (_name, url) => {
    const listed = await loopback()
    const other = await loopback()
    const dispatcher = agent(bearer(source, { origins: [listed.origin] }))
    await get(url(`127.0.0.1:${listed.port}`, `127.0.0.1:${other.port}`).replace('@', '%40@'), dispatcher).catch(
      () => 0,
    )
    await builtInFetch(dispatcher)(url(`127.0.0.1:${listed.port}`, `127.0.0.1:${other.port}`)).catch(() => 0)
    expect(other.tokens().filter((token) => token !== '')).toEqual([])
    expect(listed.hits).toEqual([])
  })

  it.each(['', 'null', 'not a url', 'http://'])('none to what is no origin, %j, listened to or not', async (origin) => {
    const passed: unknown[] = []
    const dispatch = bearer(source, { origins: ['https://api.test'] })((options) => passed.push(options.headers) > 0)
    const send = async () => dispatch({ origin, path: '/', method: 'GET' }, new RecordingHandler())
    await send()
    await eventsDuring('everbearer:origin-unlisted', send)
    expect(passed).toEqual([undefined, undefined])
  })

  it('not CONNECT: the header would go to a proxy', async () => {
    const proxy = await loopback()
    const hits: string[][] = []
    proxy.server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
      hits.push([...hitOf(incoming).authorization])
      socket.end('HTTP/1.1 200 OK\r\n\r\n')
    })
    const dispatcher = agent(bearer(source, { origins: [proxy.origin] }))
    const { socket } = await dispatcher.connect({ origin: proxy.origin, path: 'api.test:443' })
    socket.destroy()
    expect(hits).toEqual([[]])
  })

  it("not a manager's own token request", async () => {
    const server = await loopback()
    const never = new ScriptedSource([], { ready: false })
    const dispatcher = agent(bearer(never, { origins: [server.origin] }))
    const marked = { origin: server.origin, path: '/token', method: 'POST', [TOKEN_REQUEST]: true } as const
    await dispatcher.request(marked)
    expect(server.tokens()).toEqual([''])
    expect(never.asked).toEqual([])
  })

  it('refuses what has no origin, and sends nothing', () => {
    const passed: unknown[] = []
    const dispatch = bearer(source, { origins: ['https://api.test'] })((options) => passed.push(options) > 0)
    for (const origin of [undefined, null]) {
      const handler = new RecordingHandler()
      expect(dispatch({ origin, path: '/', method: 'GET' } as never, handler)).toBe(true)
      expect(handler.error).toMatchObject({
        name: 'EverbearerError',
        code: 'origin_missing',
        retryable: false,
        message:
          'The request has no origin to compare with `origins`: undici 7 leaves it out for a Client or Pool. Compose an Agent.',
      })
    }
    expect(passed).toEqual([])
  })

  it.each([
    ['Pool', (origin: string) => new Pool(origin)],
    ['Client', (origin: string) => new Client(origin)],
  ])('under a %s: a typed error where undici leaves the origin out, else the token', async (_name, make) => {
    const server = await loopback()
    let told: unknown
    const probe: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
      told = options.origin
      return dispatch(options, handler)
    }
    const dispatcher = kept<Dispatcher>(make(server.origin)).compose(
      bearer(source, { origins: [server.origin] }),
      probe,
    )
    const response = dispatcher.request({ path: '/', method: 'GET' })
    if (told === undefined) {
      await expect(response).rejects.toMatchObject({ code: 'origin_missing' })
      expect(server.hits).toEqual([])
    } else {
      await (await response).body.dump()
      expect(server.tokens()).toEqual(['good'])
    }
    const named = await dispatcher.request({ origin: server.origin, path: '/', method: 'GET' })
    await named.body.dump()
    expect(server.tokens().at(-1)).toBe('good')
  })

  it.each([
    ['Pool', (origin: string) => new Pool(origin)],
    ['Client', (origin: string) => new Client(origin)],
    ['BalancedPool', (origin: string) => new BalancedPool(origin)],
  ])('under a %s of another host: none where undici says where that sends its requests', async (_name, make) => {
    const other = await loopback()
    let destination: unknown
    const probe: Dispatcher.DispatcherComposeInterceptor = (dispatch: Dispatcher.Dispatch, told?: unknown) => {
      destination = told
      return (options, handler) => dispatch(options, handler)
    }
    const dispatcher = kept<Dispatcher>(make(other.origin)).compose(
      probe,
      bearer(source, { origins: ['https://api.test'] }),
    )
    const response = dispatcher.request({ origin: 'https://api.test', path: '/', method: 'GET' })
    // undici 7, and 8 before 8.11, say nothing: docs/composition.md warns of it.
    if (destination === undefined) {
      await (await response).body.dump()
      return
    }
    await expect(response).rejects.toMatchObject({
      code: 'unsafe_composition',
      message:
        'Request to https://api.test not sent: its Client or Pool would send it to ' +
        `${destination === null ? 'any of its hosts' : other.origin}. Compose bearer on an Agent.`,
    })
    expect(other.hits).toEqual([])
  })

  it('none to a request that a dispatcher of one host would take elsewhere, whatever version tells so [R01]', () => {
    const sent: unknown[] = []
    const interceptor: (dispatch: Dispatcher.Dispatch, destination?: string | null) => Dispatcher.Dispatch = bearer(
      source,
      { origins: ['https://api.test'] },
    )
    const destinations = ['https://evil.test', null, 'https://api.test', undefined]
    const codes = destinations.map((destination) => {
      const handler = new RecordingHandler()
      const dispatch = interceptor((options) => sent.push(options) > 0, destination)
      dispatch({ origin: 'https://API.test:443', path: '/', method: 'GET' }, handler)
      return (handler.error as { code?: string } | undefined)?.code
    })
    expect(codes).toEqual(['unsafe_composition', 'unsafe_composition', undefined, undefined])
    expect(sent).toHaveLength(2)
  })

  it('leaves a caller’s Authorization alone when told so, and answers its 401 with nothing', async () => {
    const server = await loopback(api('good'))
    const own = new ScriptedSource(['good'])
    const dispatcher = agent(bearer(own, { origins: [server.origin], keepAuthorization: true }))
    const send = (headers?: Dispatcher.DispatchOptions['headers']) =>
      dispatcher.request({ origin: server.origin, path: '/', method: 'GET', headers: headers ?? null })
    for (const headers of [
      { AUTHORIZATION: 'Basic abc' },
      ['x', 'y', 'Authorization', 'Basic abc'],
      new Headers({ authorization: 'Basic abc' }),
      new Map([['authorization', 'Basic abc']]).entries(),
    ]) {
      const { statusCode, body } = await send(headers as Dispatcher.DispatchOptions['headers'])
      expect([statusCode, await body.text()]).toEqual([401, 'refused'])
    }
    expect(server.hits.map(({ authorization }) => authorization)).toEqual(Array(4).fill(['Basic abc']))
    expect(own.asked).toEqual([])
    for (const headers of [undefined, { 'x-other': '1' }, ['x-other', '1'], new Headers({ 'x-other': '1' })]) {
      await (await send(headers as Dispatcher.DispatchOptions['headers'])).body.dump()
    }
    expect(server.tokens().slice(4)).toEqual(['good', 'good', 'good', 'good'])
  })

  it('replaces a caller’s Authorization otherwise', async () => {
    const server = await loopback()
    const dispatcher = agent(bearer(source, { origins: [server.origin] }))
    await dispatcher.request({ origin: server.origin, path: '/', method: 'GET', headers: { Authorization: 'Basic x' } })
    expect(server.hits.map(({ authorization }) => authorization)).toEqual([['Bearer good']])
  })
})

describe('bearer: redirects [R01]', () => {
  const statuses = [301, 302, 303, 307, 308]
  const redirect = interceptors.redirect({ maxRedirections: 5 })

  async function chain(status: number): Promise<{ a: Loopback; evil: Loopback }> {
    const evil = await loopback(
      (_incoming, outgoing) => void outgoing.writeHead(status, { location: `${a.origin}/3` }).end(),
    )
    const a: Loopback = await loopback((incoming, outgoing) => {
      if (incoming.url === '/3') outgoing.end('back')
      else outgoing.writeHead(status, { location: incoming.url === '/1' ? '/2' : `${evil.origin}/` }).end()
    })
    return { a, evil }
  }

  it.each(statuses)('by an interceptor inside: %i takes no token to another origin', async (status) => {
    const { a, evil } = await chain(status)
    await get(`${a.origin}/1`, agent(redirect, bearer(source, { origins: [a.origin] })))
    // undici takes the header away when it leaves the origin, and does not bring it back.
    expect([a.tokens(), evil.tokens()]).toEqual([['good', 'good', ''], ['']])
  })

  it.each(statuses)('by an interceptor outside: %i is decided hop by hop', async (status) => {
    const { a, evil } = await chain(status)
    await get(`${a.origin}/1`, agent(bearer(source, { origins: [a.origin] }), redirect))
    expect([a.tokens(), evil.tokens()]).toEqual([['good', 'good', 'good'], ['']])
  })

  it.each([
    ['the built-in fetch', builtInFetch],
    ["undici's fetch", undiciFetch],
  ])('by %s: each hop is decided anew', async (_name, fetchWith) => {
    for (const status of statuses) {
      const { a, evil } = await chain(status)
      const fetch = fetchWith(agent(bearer(source, { origins: [a.origin] })))
      expect(await (await fetch(`${a.origin}/1`)).text()).toBe('back')
      expect([a.tokens(), evil.tokens()]).toEqual([['good', 'good', 'good'], ['']])
    }
  })

  it('to the same host with another spelling of its origin keeps the token; a caller’s own header does not leak', async () => {
    const evil = await loopback()
    const a = await loopback((_incoming, outgoing) => void outgoing.writeHead(302, { location: evil.origin }).end())
    const dispatcher = agent(bearer(source, { origins: [a.origin] }), redirect)
    await request(a.origin, { dispatcher, headers: { authorization: 'Basic own' } })
    expect([a.tokens(), evil.tokens()]).toEqual([['good'], ['']])
  })
})

describe('bearer: cache and deduplicate [R03]', () => {
  /** Answers each token with its own body, slowly enough that two requests meet. */
  const personal = () =>
    loopback((incoming, outgoing) => {
      setTimeout(() => {
        outgoing.writeHead(200, { 'cache-control': 'max-age=600' }).end(`data of ${incoming.headers.authorization}`)
      }, 20)
    })
  const outside = {
    cache: () => interceptors.cache(),
    deduplicate: () => interceptors.deduplicate(),
  }

  it.each(['cache', 'deduplicate'] as const)('%s outside is refused, each time, and nothing is sent', async (name) => {
    const server = await personal()
    const dispatcher = agent(bearer(source, { origins: [server.origin] }), outside[name]())
    for (const wait of [2, 1]) {
      const all = Array.from({ length: wait }, () => get(server.origin, dispatcher))
      for (const response of all) {
        await expect(response).rejects.toMatchObject({ name: 'EverbearerError', code: 'unsafe_composition' })
      }
    }
    expect(server.hits).toEqual([])
  })

  it('refuses a cache outside even while it revalidates what it holds', () => {
    const CacheRevalidationHandler = createRequire(import.meta.url)(
      'undici/lib/handler/cache-revalidation-handler.js',
    ) as new (callback: () => void, handler: object, allow: boolean) => Dispatcher.DispatchHandler
    const handler = new RecordingHandler()
    const passed: unknown[] = []
    const dispatch = bearer(source, { origins: ['https://api.test'] })((options) => passed.push(options) > 0)
    dispatch(
      { origin: 'https://api.test', path: '/', method: 'GET' },
      new CacheRevalidationHandler(() => 0, handler, false),
    )
    expect(handler.error).toMatchObject({
      code: 'unsafe_composition',
      message:
        'A cache or deduplicate interceptor outside bearer would serve one token’s answers to another: compose bearer after it.',
    })
    expect(passed).toEqual([])
  })

  it('lets methods through that a cache outside only watches', async () => {
    const server = await personal()
    const dispatcher = agent(bearer(source, { origins: [server.origin] }), interceptors.deduplicate())
    const { body } = await request(server.origin, { dispatcher, method: 'POST', body: 'x' })
    expect(await body.text()).toBe('data of Bearer good')
  })

  it.each([
    ['cache', () => [interceptors.cache()]],
    ['deduplicate', () => [interceptors.deduplicate()]],
    ['both', () => [interceptors.cache(), interceptors.deduplicate()]],
    [
      'both, retry and redirect',
      () => [interceptors.deduplicate(), interceptors.cache(), interceptors.redirect({}), interceptors.retry()],
    ],
  ])('%s inside: nobody is given the answer of somebody else', async (_name, make) => {
    const server = await personal()
    const shared = agent(...make())
    const of = (token: string) => shared.compose(bearer(staticToken(token), { origins: [server.origin] }))
    const people = { alice: of('alice'), bob: of('bob') }
    for (let round = 0; round < 3; round++) {
      const names = ['alice', 'bob', 'alice', 'bob', 'bob'] as const
      const bodies = await Promise.all(names.map((name) => get(server.origin, people[name])))
      expect(bodies).toEqual(names.map((name) => `data of Bearer ${name}`))
    }
  })

  it('takes a handler without a constructor', () => {
    const passed: unknown[] = []
    const dispatch = bearer(source, { origins: ['https://api.test'] })((options) => passed.push(options.headers) > 0)
    const handler = Object.assign(Object.create(null) as object, { onRequestStart() {}, onResponseError() {} })
    dispatch({ origin: 'https://api.test', path: '/', method: 'GET' }, handler)
    expect(passed).toEqual([{ authorization: 'Bearer good', 'cache-control': 'no-store' }])
  })
})

describe('bearer beside other interceptors', () => {
  it('has each retry of a RetryAgent outside carry the token of its time', async () => {
    let attempts = 0
    const tokens = new ScriptedSource(['first', 'second'])
    const server = await loopback((incoming, outgoing) => {
      attempts += 1
      if (attempts === 1) outgoing.writeHead(503).end('later')
      else if (incoming.headers.authorization === 'Bearer first') outgoing.writeHead(401).end()
      else outgoing.end('done')
    })
    const inner = agent(bearer(tokens, { origins: [server.origin] }))
    const dispatcher = new RetryAgent(inner, { minTimeout: 1, maxRetries: 3 })
    expect(await get(server.origin, dispatcher)).toBe('done')
    expect(server.tokens()).toEqual(['first', 'first', 'second'])
  })

  it('has a RetryAgent outside that asks for a retry by throwing at the end of a 401 get it, and once each', async () => {
    let attempts = 0
    const server = await loopback((_incoming, outgoing) => {
      attempts += 1
      if (attempts < 3) outgoing.writeHead(401).end('refused')
      else outgoing.end('done')
    })
    const inner = agent(bearer(source, { origins: [server.origin] }))
    const dispatcher = new RetryAgent(inner, { minTimeout: 1, statusCodes: [401] })
    expect(await get(server.origin, dispatcher)).toBe('done')
    expect(server.tokens()).toEqual(['good', 'good', 'good'])
  })

  it.each([
    ['responseError', () => interceptors.responseError()],
    ['decompress', () => interceptors.decompress()],
    ['retry', () => interceptors.retry({ minTimeout: 1 })],
  ])('%s outside sees the answer after the replay only', async (_name, make) => {
    const server = await loopback(api('second'))
    const tokens = new ScriptedSource(['first', 'second'])
    const text = await get(server.origin, agent(bearer(tokens, { origins: [server.origin] }), make()))
    expect(JSON.parse(text)).toMatchObject({ token: 'second' })
  })

  it('dump, dns and decompress inside do not keep the token from where it belongs', async () => {
    const server = await loopback()
    const localhost = `http://localhost:${server.port}`
    const dispatcher = agent(
      interceptors.dns({ affinity: 4 }),
      interceptors.decompress(),
      bearer(source, { origins: [localhost] }),
    )
    expect(await get(localhost, dispatcher)).toBe('ok')
    expect(server.tokens()).toEqual(['good'])
  })
})

it.each([
  ['https://other.example', 'https://other.example'],
  [null, 'any of its hosts'],
])('names where a Client or Pool would send the token, %p, and what to do', (destination, shown) => {
  const dispatch = bearer(staticToken('t'), { origins: ['https://api.example'] }) as (
    dispatch: Dispatcher.Dispatch,
    destination: string | null,
  ) => Dispatcher.Dispatch
  const errors: Error[] = []
  const handler = { onResponseError: (_controller: unknown, error: Error) => void errors.push(error) }
  const options = { origin: 'https://api.example', path: '/', method: 'GET' as const }
  expect(dispatch(() => true, destination)(options, handler)).toBe(true)
  expect(errors.map(({ message }) => message)).toEqual([
    `Request to https://api.example not sent: its Client or Pool would send it to ${shown}. Compose bearer on an Agent.`,
  ])
})
