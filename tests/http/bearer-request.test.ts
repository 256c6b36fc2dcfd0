import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { PassThrough, Readable, Stream } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { ReadableStream } from 'node:stream/web'

import { afterEach, describe, expect, it } from '@jest/globals'
import { FormData, WebSocket, request } from 'undici'
import type { Dispatcher } from 'undici'
import { TokenError } from '../../src/base/errors.js'
import { telemetry } from '../../src/base/telemetry.js'
import { bearer } from '../../src/http/bearer.js'
import type { BearerOptions } from '../../src/http/bearer-options.js'
import { FakeClock } from '../../src/testing/index.js'
import { AccessToken } from '../../src/token/access-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { agent, agentWith, builtInFetch, closeAgents, undiciFetch } from './agents.js'
import { api, closeServers, hitOf, loopback, read, sha256 } from './loopback.js'
import type { Echo, Listener, Loopback } from './loopback.js'
import { RecordingHandler } from './recording-handler.js'
import { ScriptedSource } from './scripted-source.js'
import { deferred, soon, turn, until } from '../waiting.js'

const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))

afterEach(async () => {
  await closeAgents()
  closeServers()
  expect(unhandled.splice(0)).toEqual([])
})

function bearerAgent(server: Loopback, source: TokenSource, options: Partial<BearerOptions> = {}): Dispatcher {
  return agent(bearer(source, { origins: [server.origin], ...options }))
}

async function echoOf(answer: { body: { json(): Promise<unknown> } }): Promise<Echo> {
  return (await answer.body.json()) as Echo
}

const post = (server: Loopback, body: unknown) =>
  ({ origin: server.origin, path: '/', method: 'POST', body: body as string }) as const

/** An inner dispatch that the test plays: every attempt is there to be answered by hand. */
function playedDispatch() {
  const attempts: { options: Dispatcher.DispatchOptions; handler: Dispatcher.DispatchHandler; aborted: unknown[] }[] =
    []
  const dispatch: Dispatcher.Dispatch = (options, handler) => {
    attempts.push({ options, handler, aborted: [] })
    return false
  }
  const begin = (index: number) => {
    const attempt = attempts[index]!
    const controller = {
      aborted: false,
      paused: false,
      reason: null as Error | null,
      pause: () => (controller.paused = true),
      resume: () => (controller.paused = false),
      abort: (reason: Error) => {
        attempt.aborted.push(reason)
        controller.aborted = true
        controller.reason = reason
        attempt.handler.onResponseError?.(controller, reason)
      },
    }
    attempt.handler.onRequestStart?.(controller, { attempt: index })
    return { ...attempt, controller: controller as never as Dispatcher.DispatchController }
  }
  return { dispatch, attempts, begin }
}

const GET = { origin: 'https://api.test', path: '/', method: 'GET' } as const

describe('a request with a fresh token [R29]', () => {
  it('is dispatched synchronously, and says what the inner dispatch says', () => {
    for (const more of [true, false]) {
      const order: string[] = []
      const dispatch = bearer(new ScriptedSource(['a']), { origins: [GET.origin] })(() => {
        order.push('inner')
        return more
      })
      expect(dispatch(GET, new RecordingHandler())).toBe(more)
      expect(order).toEqual(['inner'])
    }
  })

  it('asks the source for nothing more', async () => {
    const server = await loopback()
    const source = new ScriptedSource(['a'])
    await (await bearerAgent(server, source).request({ origin: server.origin, path: '/', method: 'GET' })).body.dump()
    expect(source.asked).toEqual([])
  })

  it('does not alter what the caller handed in', async () => {
    const server = await loopback(api('b'))
    const options = Object.freeze({
      origin: server.origin,
      path: '/',
      method: 'POST' as const,
      headers: Object.freeze({ Authorization: 'x', 'x-a': '1' }),
      body: 'text',
    })
    const handler = new RecordingHandler()
    bearerAgent(server, new ScriptedSource(['a', 'b'])).dispatch(options, handler)
    await handler.ended
    expect(server.tokens()).toEqual(['a', 'b'])
    expect(options.headers).toEqual({ Authorization: 'x', 'x-a': '1' })
  })
})

describe('a request that has to wait for its token', () => {
  it('returns true at once and is sent later', async () => {
    const server = await loopback()
    const source = new ScriptedSource(['late'], { ready: false })
    const gate = deferred()
    source.gate = gate.promise
    const handler = new RecordingHandler()
    const dispatcher = bearerAgent(server, source)
    expect(dispatcher.dispatch({ origin: server.origin, path: '/', method: 'GET' }, handler)).toBe(true)
    await soon()
    expect([server.hits, handler.events]).toEqual([[], ['start']])
    gate.resolve()
    await handler.ended
    expect([server.tokens(), handler.text, handler.violations]).toEqual([['late'], 'ok', []])
    expect(handler.events.filter((event) => event === 'start')).toHaveLength(1)
  })

  it('is sent as it was handed in, whatever the caller does with its objects meanwhile', async () => {
    const server = await loopback()
    const source = new ScriptedSource(['late'], { ready: false })
    const headers: Record<string, string> = { 'x-id': '1' }
    const options = { origin: server.origin, path: '/1', method: 'GET' as const, headers }
    const dispatcher = bearerAgent(server, source)
    const both = [dispatcher.request(options)]
    headers['x-id'] = '2'
    options.path = '/2'
    both.push(dispatcher.request(options))
    await Promise.all((await Promise.all(both)).map(({ body }) => body.dump()))
    expect(server.hits.map(({ path, headers }) => [path, headers['x-id']]).sort()).toEqual([
      ['/1', '1'],
      ['/2', '2'],
    ])
  })

  it.each([
    ['a Readable', () => Readable.from(['x'])],
    ['a web stream', () => new ReadableStream({ cancel: () => void closed.push('web') })],
    ['a stream of the old kind', () => Object.assign(new Stream(), { destroy: () => closed.push('old') })],
    ['a string', () => 'x'],
  ])('fails with the source’s error when there is none; nothing is sent; %s is let go [R09]', async (_name, make) => {
    closed.length = 0
    const server = await loopback()
    const body = make()
    const dispatcher = bearerAgent(server, new ScriptedSource([], { ready: false }))
    const handler = new RecordingHandler()
    dispatcher.dispatch({ ...post(server, body) }, handler)
    await handler.ended
    expect(handler.error).toBeInstanceOf(TokenError)
    expect(handler.error).toMatchObject({ code: 'token_denied' })
    expect([handler.events, handler.violations]).toEqual([['start', 'error'], []])
    if (body instanceof Readable) expect(body.errored).toBe(handler.error)
    if (body instanceof ReadableStream) expect(closed).toEqual(['web'])
    if (body instanceof Stream && !(body instanceof Readable)) expect(closed).toEqual(['old'])
    await expect(dispatcher.request(post(server, Readable.from(['x'])))).rejects.toMatchObject({ code: 'token_denied' })
    await soon()
    expect(server.hits).toEqual([])
  })
  const closed: string[] = []

  it('fails once when the source does something else than it should', async () => {
    const odd: TokenSource = { current: () => undefined, getToken: async () => undefined as never }
    const server = await loopback()
    await expect(bearerAgent(server, odd).request(post(server, 'x'))).rejects.toMatchObject({ code: 'token_malformed' })
    expect(server.hits).toEqual([])
  })

  it('fails once, and not as an unhandled rejection, when the caller’s handler throws at its start', async () => {
    const { dispatch, attempts } = playedDispatch()
    const handler = new RecordingHandler()
    handler.react = (event) => {
      if (event === 'start') throw new Error('not now')
    }
    const source = new ScriptedSource(['a'], { ready: false })
    bearer(source, { origins: [GET.origin] })(dispatch)(GET, handler)
    await handler.ended
    expect([handler.events, handler.error?.message, attempts]).toEqual([['start', 'error'], 'not now', []])
    expect(source.asked).toEqual([])
  })

  it('asks for no token when it was aborted before', async () => {
    const server = await loopback()
    const source = new ScriptedSource(['a'], { ready: false })
    const reason = new Error('changed my mind')
    const signal = AbortSignal.abort(reason)
    const dispatcher = bearerAgent(server, source)
    await expect(dispatcher.request({ ...post(server, 'x'), signal })).rejects.toBe(reason)
    await expect(undiciFetch(dispatcher)(server.origin, { signal })).rejects.toBe(reason)
    await expect(builtInFetch(dispatcher)(server.origin, { signal })).rejects.toBe(reason)
    let asked = 0
    const deaf: TokenSource = { current: () => undefined, getToken: async () => new AccessToken(`t${++asked}`) }
    await expect(bearerAgent(server, deaf).request({ ...post(server, 'x'), signal })).rejects.toBe(reason)
    await soon()
    expect([source.asked, asked, server.hits]).toEqual([[], 0, []])
  })

  it.each([
    [
      'request',
      (dispatcher: Dispatcher, origin: string, signal: AbortSignal) => request(origin, { dispatcher, signal }),
    ],
    ['the built-in fetch', (d: Dispatcher, origin: string, signal: AbortSignal) => builtInFetch(d)(origin, { signal })],
    ["undici's fetch", (d: Dispatcher, origin: string, signal: AbortSignal) => undiciFetch(d)(origin, { signal })],
  ])('%s can be aborted meanwhile, even if the source knows no signal', async (_name, send) => {
    const server = await loopback()
    for (const heedsSignal of [true, false]) {
      const source: TokenSource = {
        current: () => undefined,
        getToken: ({ signal } = {}) =>
          new Promise((_resolve, reject) => {
            if (heedsSignal) signal?.addEventListener('abort', () => reject(signal.reason as Error))
          }),
      }
      const controller = new AbortController()
      const reason = new Error('too slow')
      const answer = send(bearerAgent(server, source), server.origin, controller.signal)
      await turn()
      controller.abort(reason)
      await expect(answer).rejects.toBe(reason)
    }
    expect(server.hits).toEqual([])
  })

  it('tells the source’s wait of the abort, with the reason', async () => {
    const { dispatch } = playedDispatch()
    const source = new ScriptedSource(['a'], { ready: false })
    source.gate = new Promise(() => undefined)
    const handler = new RecordingHandler()
    bearer(source, { origins: [GET.origin] })(dispatch)(GET, handler)
    const reason = new Error('enough')
    handler.controller?.abort(reason)
    await handler.ended
    expect(source.asked[0]?.signal?.reason).toBe(reason)
    expect([handler.error, handler.events]).toEqual([reason, ['start', 'error']])
  })

  it('stays paused when the caller paused it meanwhile', async () => {
    const server = await loopback()
    const source = new ScriptedSource(['a'], { ready: false })
    const handler = new RecordingHandler()
    handler.react = (event) => event === 'start' && handler.controller?.pause()
    bearerAgent(server, source).dispatch({ origin: server.origin, path: '/', method: 'GET' }, handler)
    await until(() => handler.events.includes('head'))
    await soon()
    expect(handler.events).toEqual(['start', 'head'])
    handler.controller?.resume()
    await handler.ended
    expect(handler.text).toBe('ok')
  })

  it('tells its context once the request is under way', async () => {
    const { dispatch, begin } = playedDispatch()
    const handler = new RecordingHandler()
    bearer(new ScriptedSource(['a'], { ready: false }), { origins: [GET.origin] })(dispatch)(GET, handler)
    const { context } = handler
    expect(context).toEqual({})
    await turn()
    begin(0)
    expect(handler.context).toBe(context)
    expect(context).toEqual({ attempt: 0 })
  })

  it('works for 50 of them with one question to the authorization server [R04]', async () => {
    const server = await loopback()
    let asked = 0
    const manager = new TokenManager(grantOf(() => `t${++asked}`))
    const dispatcher = bearerAgent(server, manager)
    const responses = Array.from({ length: 50 }, () => request(server.origin, { dispatcher }))
    await Promise.all((await Promise.all(responses)).map(({ body }) => body.dump()))
    expect([asked, new Set(server.tokens())]).toEqual([1, new Set(['t1'])])
    await manager.close()
  })
})

function sha1(value: string): string {
  return createHash('sha1').update(value).digest('base64')
}

function grantOf(next: () => string | Promise<string>) {
  return {
    identity: { tokenEndpoint: 'x', clientId: 'x', grantType: 'x', scope: [], resource: [], parameters: {} },
    repeatable: true,
    requestToken: async () => ({ accessToken: new AccessToken(await next(), { lifetime: 3_600_000 }), parameters: {} }),
  }
}

describe('which 401 is exchanged [R08]', () => {
  const challenges: [challenge: string | undefined | string[], replayed: boolean][] = [
    [undefined, true],
    ['', true],
    ['Bearer', true],
    ['bearer realm="x"', true],
    ['Bearer error="invalid_token", error_description="expired"', true],
    ['Bearer error="something_new"', true],
    ['"unparsable', true],
    ['Basic realm="a", Bearer error="invalid_token"', true],
    [['Basic realm="a"', 'Bearer error="invalid_token"'], true],
    ['Bearer error="insufficient_scope", scope="admin"', false],
    ['Bearer error="invalid_request"', false],
    ['Basic realm="a"', false],
    ['DPoP error="use_dpop_nonce", Negotiate', false],
  ]
  const statuses = [200, 400, 403, 404, 407, 500]

  it.each(challenges)('401 with %j: %s', async (challenge, replayed) => {
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer b') outgoing.end('fine')
      else outgoing.writeHead(401, challenge === undefined ? {} : { 'www-authenticate': challenge }).end('refused')
    })
    const source = new ScriptedSource(['a', 'b'])
    const { statusCode, body } = await request(server.origin, { dispatcher: bearerAgent(server, source) })
    expect([statusCode, await body.text()]).toEqual(replayed ? [200, 'fine'] : [401, 'refused'])
    expect(source.rejected).toEqual(replayed ? ['a'] : [])
    expect(server.tokens()).toEqual(replayed ? ['a', 'b'] : ['a'])
  })

  it.each(statuses)('never %i, whatever the challenge says, and the hook is not asked', async (status) => {
    const server = await loopback((_incoming, outgoing) => {
      outgoing
        .writeHead(status, { 'www-authenticate': 'Bearer error="invalid_token"', 'proxy-authenticate': 'x' })
        .end('it')
    })
    const source = new ScriptedSource(['a', 'b'])
    const asked: unknown[] = []
    const isTokenRejected = () => asked.push(1) > 0
    for (const options of [{}, { isTokenRejected }]) {
      const { statusCode, body } = await request(server.origin, { dispatcher: bearerAgent(server, source, options) })
      expect([statusCode, await body.text()]).toEqual([status, 'it'])
    }
    expect([source.asked, asked, server.hits.length]).toEqual([[], [], 2])
  })
})

describe('isTokenRejected', () => {
  const refusing =
    (write: Listener): Listener =>
    (incoming, outgoing, hit) => {
      if (incoming.headers.authorization === 'Bearer b') outgoing.end('fine')
      else return write(incoming, outgoing, hit)
    }

  it('decides alone: against the challenge, either way [R08]', async () => {
    const server = await loopback(
      refusing((incoming, outgoing) => {
        const error = incoming.url === '/scope' ? 'insufficient_scope' : 'invalid_token'
        outgoing.writeHead(401, { 'www-authenticate': `Bearer error="${error}"`, 'x-a': '1' }).end('{"code":"x"}')
      }),
    )
    const asked: unknown[] = []
    const ask = async (path: string, decision: boolean) => {
      const isTokenRejected: BearerOptions['isTokenRejected'] = (headers, body) => {
        asked.push([headers['x-a'], body])
        return decision
      }
      const source = new ScriptedSource(['a', 'b'])
      const dispatcher = bearerAgent(server, source, { isTokenRejected })
      const { statusCode, body } = await request(server.origin + path, { dispatcher })
      return [statusCode, await body.text(), source.rejected]
    }
    expect(await ask('/scope', true)).toEqual([200, 'fine', ['a']])
    expect(await ask('/token', false)).toEqual([401, '{"code":"x"}', []])
    expect(asked).toEqual(Array(2).fill(['1', '{"code":"x"}']))
  })

  it('is shown 64 KiB of a longer body at most, and the caller gets all of it', async () => {
    const long = Buffer.alloc(1_000_000, 'é')
    const server = await loopback(refusing((_incoming, outgoing) => void outgoing.writeHead(401).end(long)))
    const shown: number[] = []
    const isTokenRejected = (_headers: unknown, body: string) => shown.push(Buffer.byteLength(body)) < 0
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']), { isTokenRejected })
    const { statusCode, body } = await request(server.origin, { dispatcher })
    expect([statusCode, sha256(await buffer(body))]).toEqual([401, sha256(long)])
    expect(shown[0]).toBeLessThanOrEqual(65_536)
    expect(shown[0]).toBeGreaterThan(60_000)
  })

  it('is shown what has come within 200 ms of a body that does not end', async () => {
    const clock = new FakeClock()
    const server = await loopback(refusing((_incoming, outgoing) => void outgoing.writeHead(401).write('so far')))
    const shown: string[] = []
    const isTokenRejected = (_headers: unknown, body: string) => shown.push(body) > 0
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']), { isTokenRejected, clock })
    const answer = request(server.origin, { dispatcher })
    await until(() => clock.pendingTimers > 0)
    await soon()
    await clock.advance(199)
    expect(shown).toEqual([])
    await clock.advance(1)
    expect(await (await answer).body.text()).toBe('fine')
    expect([shown, clock.pendingTimers]).toEqual([['so far'], 0])
  })

  it('fails the request with what it throws', async () => {
    const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end('refused'))
    const isTokenRejected = () => {
      throw new Error('a bug in the hook')
    }
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']), { isTokenRejected })
    await expect(request(server.origin, { dispatcher })).rejects.toThrow('a bug in the hook')
  })

  it('may answer by a promise: what that says counts, not that it is there', async () => {
    const server = await loopback(refusing((_incoming, outgoing) => void outgoing.writeHead(401).end('refused')))
    for (const [decision, ends] of [
      [false, [401, 'refused', []]],
      [true, [200, 'fine', ['a']]],
    ] as const) {
      const source = new ScriptedSource(['a', 'b'])
      const dispatcher = bearerAgent(server, source, { isTokenRejected: async () => decision })
      const { statusCode, body } = await request(server.origin, { dispatcher })
      expect([statusCode, await body.text(), source.rejected]).toEqual(ends)
    }
    const failing = async () => Promise.reject(new Error('a bug in the hook'))
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']), { isTokenRejected: failing })
    await expect(request(server.origin, { dispatcher })).rejects.toThrow('a bug in the hook')
  })

  it('holds nobody who gives up, when it never answers', async () => {
    const server = await loopback(refusing((_incoming, outgoing) => void outgoing.writeHead(401).end('refused')))
    const controller = new AbortController()
    const isTokenRejected = () => {
      queueMicrotask(() => controller.abort(new Error('the caller left')))
      return new Promise<boolean>(() => undefined)
    }
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']), { isTokenRejected })
    await expect(request(server.origin, { dispatcher, signal: controller.signal })).rejects.toThrow('the caller left')
  })

  it('reports a 401 that cannot be replayed, and that of the last replay, without waiting for the exchange', async () => {
    const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end('refused'))
    const source = new ScriptedSource(['a', 'b', 'c', 'd', 'e'])
    const dispatcher = bearerAgent(server, source, { isTokenRejected: () => true, maxReplayBytes: 1 })
    const first = await dispatcher.request(post(server, Readable.from(['abc'])))
    expect([first.statusCode, await first.body.text()]).toEqual([401, 'refused'])
    source.gate = undefined
    const gate = deferred()
    const asked = source.asked.length
    const answer = dispatcher.request(post(server, 'abc'))
    await until(() => server.hits.length === 4)
    source.gate = gate.promise
    const second = await answer
    expect([second.statusCode, await second.body.text()]).toEqual([401, 'refused'])
    expect([asked, source.rejected]).toEqual([1, ['a', 'b', 'c', 'd']])
    gate.resolve()
  })
})

describe('a 401 and its replay', () => {
  it('is one answer for the caller, and one event', async () => {
    const server = await loopback(api('b'))
    const events: unknown[] = []
    const listener = (event: unknown) => void events.push(event)
    const channel = telemetry('everbearer:request-replayed') as unknown as {
      subscribe(f: unknown): void
      unsubscribe(f: unknown): void
    }
    channel.subscribe(listener)
    const handler = new RecordingHandler()
    bearerAgent(server, new ScriptedSource(['a', 'b'])).dispatch(post(server, 'text'), handler)
    await handler.ended
    channel.unsubscribe(listener)
    expect([handler.events, handler.violations, handler.status]).toEqual([['start', 'head', 'data', 'end'], [], 200])
    expect(events).toEqual([{ origin: server.origin, method: 'POST' }])
  })

  it('happens again when the token of the first replay is refused and there is yet another', async () => {
    const server = await loopback(api('c'))
    const source = new ScriptedSource(['a', 'b', 'c'])
    const { statusCode } = await bearerAgent(server, source).request(post(server, 'x'))
    expect([statusCode, server.tokens(), source.rejected]).toEqual([200, ['a', 'b', 'c'], ['a', 'b']])
    expect(server.hits.map(({ body }) => String(body))).toEqual(['x', 'x', 'x'])
  })

  it('happens twice at most: a third 401 is reported and passed on [R07]', async () => {
    const server = await loopback(api('never'))
    const source = new ScriptedSource(['a', 'b', 'c', 'd'])
    const { statusCode, body } = await bearerAgent(server, source).request(post(server, 'x'))
    expect([statusCode, await body.text()]).toEqual([401, 'refused'])
    expect([server.tokens(), source.rejected]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
  })

  it('hands over the second 401, whole, when there is no third token', async () => {
    const server = await loopback(api('never'))
    const source = new ScriptedSource(['a', 'b'])
    const { statusCode, body } = await bearerAgent(server, source).request(post(server, 'x'))
    expect([statusCode, await body.text(), source.rejected]).toEqual([401, 'refused', ['a', 'b']])
  })

  it('needs another token: a source that offers the refused one again has none', async () => {
    const server = await loopback(api('never'))
    const stubborn: TokenSource = { current: () => new AccessToken('a'), getToken: async () => new AccessToken('a') }
    const { statusCode } = await bearerAgent(server, stubborn).request(post(server, 'x'))
    expect([statusCode, server.tokens()]).toEqual([401, ['a']])
  })

  it('keeps headers that can be read only once, and those that the caller changes meanwhile', async () => {
    const server = await loopback(api('b'))
    const source = new ScriptedSource(['a', 'b'])
    const gate = deferred()
    source.gate = gate.promise
    const headers = new Map([['x-id', '1']])
    const record: Record<string, string> = { 'x-id': '1' }
    for (const given of [headers.entries(), record]) {
      source.gate = gate.promise
      const answer = bearerAgent(server, source).request({ ...post(server, 'x'), headers: given as never })
      await until(() => source.asked.length > 0)
      record['x-id'] = '2'
      gate.resolve()
      await (await answer).body.dump()
    }
    expect(server.hits.slice(0, 2).map(({ headers }) => headers['x-id'])).toEqual(['1', '1'])
  })

  it.each([
    ['the exchange fails', () => new ScriptedSource(['a'])],
    [
      'the source fails in a way of its own',
      () => ({ current: () => new AccessToken('a'), getToken: () => Promise.reject(new Error()) }),
    ],
    [
      'the source gives no promise',
      () => ({ current: () => new AccessToken('a'), getToken: () => undefined as never }),
    ],
  ])('hands over the original 401, whole, when %s', async (_name, source) => {
    const long = Buffer.alloc(1_000_000, 'x')
    const server = await loopback(
      (_incoming, outgoing) => void outgoing.writeHead(401, 'Nope', { 'x-a': '1' }).end(long),
    )
    const answer = await request(server.origin, { dispatcher: bearerAgent(server, source()) })
    expect([answer.statusCode, answer.headers['x-a']]).toEqual([401, '1'])
    expect(sha256(await buffer(answer.body))).toBe(sha256(long))
    const small = await loopback((_incoming, outgoing) => {
      outgoing.writeHead(401, { trailer: 'x-sum' }).write('short')
      outgoing.addTrailers({ 'x-sum': '5' })
      outgoing.end()
    })
    const second = await request(small.origin, { dispatcher: bearerAgent(small, source()) })
    expect([await second.body.text(), second.trailers]).toEqual(['short', { 'x-sum': '5' }])
  })

  it('passes the original 401 on as it comes, when its end is still to come', async () => {
    const more = deferred()
    const server = await loopback(async (_incoming, outgoing) => {
      outgoing.writeHead(401).write('one ')
      await more.promise
      outgoing.end('two')
    })
    const answer = await request(server.origin, { dispatcher: bearerAgent(server, new ScriptedSource(['a'])) })
    more.resolve()
    expect(await answer.body.text()).toBe('one two')
  })

  it('a 401 cut in the middle: replayed, or an error where there is no other token', async () => {
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer b') return void outgoing.end('fine')
      outgoing.writeHead(401, { 'content-length': 100 }).write('part')
      setTimeout(() => outgoing.destroy(), 10)
    })
    const answer = await request(server.origin, { dispatcher: bearerAgent(server, new ScriptedSource(['a', 'b'])) })
    expect(await answer.body.text()).toBe('fine')
    const slow = new ScriptedSource(['a'])
    slow.gate = soon(40)
    const last = await request(server.origin, { dispatcher: bearerAgent(server, slow) })
    expect(last.statusCode).toBe(401)
    await expect(last.body.text()).rejects.toThrow()
  })

  it.each([
    ['never ends', (outgoing: { write(chunk: string): void }) => outgoing.write('x')],
    ['goes on and on', (outgoing: { write(chunk: Buffer): void }) => outgoing.write(Buffer.alloc(10_000_000))],
  ])('a 401 whose body %s is replayed all the same, and its connection closed', async (_name, write) => {
    let closed = 0
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer b') return void outgoing.end('fine')
      outgoing.on('close', () => (closed += 1))
      outgoing.writeHead(401)
      write(outgoing)
    })
    const clock = new FakeClock()
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']), { clock })
    const answer = request(server.origin, { dispatcher })
    await until(() => clock.pendingTimers === 1 || server.hits.length === 2)
    await soon()
    await clock.advance(200)
    expect(await (await answer).body.text()).toBe('fine')
    await until(() => closed === 1)
    expect(clock.pendingTimers).toBe(0)
  })

  it('keeps the connection of a 401 that ends', async () => {
    const server = await loopback(api('b'))
    let connections = 0
    server.server.on('connection', () => (connections += 1))
    const dispatcher = agentWith(
      { connections: 1 },
      bearer(new ScriptedSource(['a', 'b']), { origins: [server.origin] }),
    )
    expect((await echoOf(await dispatcher.request(post(server, 'x')))).token).toBe('b')
    expect(connections).toBe(1)
  })

  it('does not wait for itself where the token request shares its one connection', async () => {
    const server = await loopback((incoming, outgoing) => {
      if (incoming.url === '/token') outgoing.end('b')
      else if (incoming.headers.authorization === 'Bearer b') outgoing.end('fine')
      else outgoing.writeHead(401).end('x'.repeat(50_000))
    })
    const dispatcher = agentWith({ connections: 1 })
    const source: TokenSource = {
      current: () => new AccessToken('a'),
      async getToken() {
        const { body } = await dispatcher.request({ origin: server.origin, path: '/token', method: 'GET' })
        return new AccessToken(await body.text())
      },
    }
    const stamped = dispatcher.compose(bearer(source, { origins: [server.origin] }))
    const answer = await stamped.request({ origin: server.origin, path: '/', method: 'GET' })
    expect(await answer.body.text()).toBe('fine')
  })

  it('can be aborted during the exchange, with the reason, and once', async () => {
    const server = await loopback(api('b'))
    for (const heedsSignal of [true, false]) {
      const source = new ScriptedSource(['a', 'b'])
      source.gate = new Promise(() => undefined)
      if (!heedsSignal)
        Object.assign(source, { getToken: () => new Promise(() => (source.asked as unknown[]).push({})) })
      const handler = new RecordingHandler()
      bearerAgent(server, source).dispatch(post(server, 'x'), handler)
      await until(() => source.asked.length === 1)
      const reason = new Error('enough')
      handler.controller?.abort(reason)
      await handler.ended
      await soon(5)
      expect([handler.error, handler.events, handler.violations]).toEqual([reason, ['start', 'error'], []])
    }
    expect(server.tokens()).toEqual(['a', 'a'])
  })

  it('can be aborted while the rest of the 401 is awaited, and after the replay was sent', async () => {
    const hang = deferred()
    const server = await loopback(async (incoming, outgoing) => {
      if (incoming.headers.authorization === 'Bearer a') outgoing.writeHead(401).write('x')
      else await hang.promise
    })
    const clock = new FakeClock()
    const run = async (when: () => Promise<unknown>) => {
      const handler = new RecordingHandler()
      bearerAgent(server, new ScriptedSource(['a', 'b']), { clock }).dispatch(post(server, 'x'), handler)
      await when()
      const reason = new Error('enough')
      handler.controller?.abort(reason)
      await handler.ended
      await soon(5)
      expect([handler.error, handler.events, handler.violations]).toEqual([reason, ['start', 'error'], []])
      expect(handler.controller).toMatchObject({ aborted: true, reason })
      expect(clock.pendingTimers).toBe(0)
    }
    await run(() => until(() => clock.pendingTimers === 1).then(() => soon()))
    await run(async () => {
      await until(() => clock.pendingTimers === 1)
      await clock.advance(200)
      await until(() => server.tokens().includes('b'))
    })
    hang.resolve()
  })

  it.each([
    [['a', 'b', 'c'], ['Bearer a', 'Bearer c'], undefined],
    [['a', 'b'], ['Bearer a'], 401],
  ])(
    'of %j: a token that is refused while the rest of the 401 is awaited does not go out',
    async (tokens, sent, status) => {
      const { dispatch, attempts, begin } = playedDispatch()
      const source = new ScriptedSource(tokens)
      const caller = new RecordingHandler()
      bearer(source, { origins: [GET.origin], clock: new FakeClock() })(dispatch)(GET, caller)
      const { handler, controller } = begin(0)
      handler.onResponseStart?.(controller, 401, {}, '')
      await turn()
      await source.getToken({ rejected: new AccessToken('b') }).catch(() => undefined)
      handler.onResponseEnd?.(controller, {})
      await turn()
      expect(attempts.map(({ options }) => (options.headers as Record<string, string>)['authorization'])).toEqual(sent)
      expect([caller.status, caller.violations]).toEqual([status, []])
    },
  )

  it('leaves the connection of a 401 that has ended alone', async () => {
    const { dispatch, attempts, begin } = playedDispatch()
    bearer(new ScriptedSource(['a', 'b']), { origins: [GET.origin], clock: new FakeClock() })(dispatch)(
      GET,
      new RecordingHandler(),
    )
    const first = begin(0)
    first.handler.onResponseStart?.(first.controller, 401, {})
    first.handler.onResponseEnd?.(first.controller, {})
    await until(() => attempts.length === 2)
    expect(first.aborted).toEqual([])
  })

  it('does not look aborted to the caller while the replay waits for its turn', async () => {
    const { dispatch, attempts, begin } = playedDispatch()
    const handler = new RecordingHandler()
    const clock = new FakeClock()
    bearer(new ScriptedSource(['a', 'b']), { origins: [GET.origin], clock })(dispatch)(GET, handler)
    const first = begin(0)
    first.handler.onResponseStart?.(first.controller, 401, {})
    await clock.advance(200)
    expect([attempts.length, first.controller.aborted]).toEqual([2, true])
    expect(String(first.aborted)).toBe('Error: Replaced by a request with a new token')
    expect(handler.controller).toMatchObject({ aborted: false, reason: null })
    const second = begin(1)
    second.handler.onResponseStart?.(second.controller, 200, {})
    second.handler.onResponseEnd?.(second.controller, {})
    expect([handler.events, handler.violations]).toEqual([['start', 'head', 'end'], []])
  })

  it('fails once when the replay cannot be dispatched', async () => {
    const { dispatch, begin } = playedDispatch()
    let calls = 0
    const failing: Dispatcher.Dispatch = (options, handler) => {
      if (++calls === 2) throw new Error('closed meanwhile')
      return dispatch(options, handler)
    }
    const handler = new RecordingHandler()
    bearer(new ScriptedSource(['a', 'b']), { origins: [GET.origin] })(failing)(GET, handler)
    const { handler: first, controller } = begin(0)
    first.onResponseStart?.(controller, 401, {})
    first.onResponseEnd?.(controller, {})
    await handler.ended
    expect([handler.error?.message, handler.events]).toEqual(['closed meanwhile', ['start', 'error']])
  })

  it('forwards what undici 8 says of the body', () => {
    const { dispatch, begin } = playedDispatch()
    const said: unknown[] = []
    const handler = Object.assign(new RecordingHandler(), {
      onBodySent: (...args: unknown[]) => said.push(args),
      onRequestSent: (...args: unknown[]) => said.push(args),
    })
    const send = bearer(new ScriptedSource(['a']), { origins: [GET.origin] })(dispatch)
    send(GET, handler)
    send(GET, new RecordingHandler())
    for (const index of [0, 1]) {
      const inner = begin(index).handler as { onBodySent(...args: unknown[]): void; onRequestSent(): void }
      inner.onBodySent('chunk', 5)
      inner.onRequestSent()
    }
    expect(said).toEqual([['chunk', 5], []])
  })

  it('takes a handler that wants to hear of nothing', async () => {
    const { dispatch, begin } = playedDispatch()
    const mute: Dispatcher.DispatchHandler = { onRequestStart() {}, onResponseError() {} }
    bearer(new ScriptedSource(['a']), { origins: [GET.origin] })(dispatch)(GET, mute)
    const { handler, controller } = begin(0)
    handler.onResponseStart?.(controller, 200, {})
    handler.onResponseData?.(controller, Buffer.from('x'))
    handler.onResponseEnd?.(controller, {})
    handler.onRequestUpgrade?.(controller, 101, {}, new PassThrough())
    handler.onResponseError?.(controller, new Error())
    delete mute.onRequestStart
    const none = new ScriptedSource([], { ready: false })
    bearer(none, { origins: [GET.origin] })(dispatch)(GET, mute)
    await until(() => none.asked.length === 1)
    await turn()
    bearer(none, { origins: [GET.origin] })(dispatch)({ path: '/', method: 'GET' }, mute)
  })
})

describe('a 401 while the body is still being sent [R07]', () => {
  const early: Listener = async (incoming, outgoing, hit) => {
    if (hit.authorization[0] === 'Bearer a') outgoing.writeHead(401).end('early')
    else outgoing.end(JSON.stringify({ sha256: sha256(await read(incoming)) }))
  }

  it('sends a Buffer of 8 MB once more, whole', async () => {
    const body = Buffer.alloc(8_000_000, 'abcdefg')
    const server = await loopback(early)
    const answer = await bearerAgent(server, new ScriptedSource(['a', 'b'])).request(post(server, body))
    expect((await echoOf(answer)).sha256).toBe(sha256(body))
  })

  it('sends a stream that was half read once more, whole', async () => {
    const server = await loopback(early)
    const answered = deferred()
    async function* source() {
      yield 'a'.repeat(1_000)
      await answered.promise
      for (let i = 0; i < 50; i++) yield 'b'.repeat(10_000)
    }
    const answer = bearerAgent(server, new ScriptedSource(['a', 'b'])).request(post(server, source()))
    await until(() => server.hits.length === 2)
    answered.resolve()
    expect((await echoOf(await answer)).sha256).toBe(sha256('a'.repeat(1_000) + 'b'.repeat(500_000)))
  })

  it('sends no part of a stream that is read beyond the limit while the rest of the 401 is awaited', async () => {
    const clock = new FakeClock()
    const hashes: string[] = []
    const server = await loopback(async (incoming, outgoing, hit) => {
      if (hit.authorization[0] === 'Bearer a') outgoing.writeHead(401).write('early')
      hashes.push(sha256(await read(incoming)))
      outgoing.end(' and late')
    })
    const decided = deferred()
    async function* source() {
      yield 'a'.repeat(60_000)
      await decided.promise
      yield 'b'.repeat(60_000)
    }
    const handler = new RecordingHandler()
    bearerAgent(server, new ScriptedSource(['a', 'b']), { clock }).dispatch(post(server, source()), handler)
    await until(() => clock.pendingTimers === 1)
    await soon() // the new token is there
    decided.resolve()
    await soon(50)
    await clock.advance(200)
    await handler.ended
    expect([handler.status, handler.text, server.tokens()]).toEqual([401, 'early and late', ['a']])
    expect(hashes).toEqual([sha256('a'.repeat(60_000) + 'b'.repeat(60_000))])
    expect(clock.pendingTimers).toBe(0)
  })

  it('an answer other than 401 does not cut the upload off', async () => {
    const received = deferred<string>()
    const server = await loopback(async (incoming, outgoing) => {
      outgoing.writeHead(200).write('head start')
      received.resolve(sha256(await read(incoming)))
      outgoing.end()
    })
    async function* source() {
      for (let i = 0; i < 20; i++) {
        yield 'x'.repeat(10_000)
        await turn()
      }
    }
    const answer = await bearerAgent(server, new ScriptedSource(['a'])).request(post(server, source()))
    expect(await answer.body.text()).toBe('head start')
    expect(await received.promise).toBe(sha256('x'.repeat(200_000)))
  })
})

describe('replay of a body [R07]', () => {
  const content = Buffer.from(Array.from({ length: 40_000 }, (_, i) => i % 251))
  async function* asyncGenerator() {
    for (let i = 0; i < content.length; i += 7_000) {
      await turn()
      yield content.subarray(i, i + 7_000)
    }
  }
  function* generator() {
    for (let i = 0; i < content.length; i += 7_000) yield content.subarray(i, i + 7_000)
  }
  const whole: [name: string, make: () => unknown][] = [
    ['string', () => content.toString('latin1')],
    ['Buffer', () => content],
    ['Uint8Array', () => new Uint8Array(content)],
    ['part of an ArrayBuffer', () => new Uint16Array(new Uint8Array([9, 9, ...content]).buffer, 2)],
    ['Blob', () => new Blob([content])],
    ['array of Buffers', () => [content.subarray(0, 5), content.subarray(5)]],
    ['Readable', () => Readable.from(generator())],
    ['PassThrough', () => new PassThrough().end(content)],
    ['web stream', () => ReadableStream.from(asyncGenerator())],
    ['async generator', () => asyncGenerator()],
    ['generator', () => generator()],
  ]

  it.each(whole)('%s: the server gets the same bytes twice', async (_name, make) => {
    const server = await loopback(api('b'))
    const answer = await bearerAgent(server, new ScriptedSource(['a', 'b'])).request(post(server, make()))
    expect(answer.statusCode).toBe(200)
    const bodies = server.hits.map(({ body }) => sha256(body ?? ''))
    expect(new Set(bodies).size).toBe(1)
    expect((await echoOf(answer)).sha256).toBe(
      sha256(_name === 'string' ? Buffer.from(content.toString('latin1')) : content),
    )
  })

  it('form: whole, with the boundary that its header names', async () => {
    const server = await loopback(api('b'))
    const form = new FormData()
    form.append('file', new Blob([content]), 'x.bin')
    const answer = await bearerAgent(server, new ScriptedSource(['a', 'b'])).request(post(server, form))
    expect(answer.statusCode).toBe(200)
    for (const { headers, body } of server.hits) {
      const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1]
      expect(body?.includes(Buffer.from(`--${boundary}--`))).toBe(true)
      expect(body?.includes(content)).toBe(true)
    }
  })

  it.each([
    ['a Readable', () => Readable.from([])],
    ['an async generator', async function* () {}],
    ['a string', () => ''],
    ['a Buffer', () => Buffer.alloc(0)],
    ['nothing', () => undefined],
  ])('no bytes at all, as %s', async (_name, make) => {
    const server = await loopback(api('b'))
    const answer = await bearerAgent(server, new ScriptedSource(['a', 'b'])).request(post(server, make()))
    expect(await echoOf(answer)).toMatchObject({ token: 'b', length: 0 })
  })

  it('a stream of which the caller has read a part: the rest of it, twice', async () => {
    const server = await loopback(api('b'))
    const readable = Readable.from(['one ', 'two ', 'three'])
    await once(readable, 'readable')
    expect(readable.read()).toBe('one ')
    const answer = await bearerAgent(server, new ScriptedSource(['a', 'b'])).request(post(server, readable))
    expect((await echoOf(answer)).sha256).toBe(sha256('two three'))
  })

  it('just at the limit, and one byte beyond it', async () => {
    const server = await loopback(api('b'))
    for (const [limit, status] of [
      [40_000, 200],
      [39_999, 401],
      [0, 401],
    ] as const) {
      const source = new ScriptedSource(['a', 'b'])
      const dispatcher = bearerAgent(server, source, { maxReplayBytes: limit })
      const answer = await dispatcher.request(post(server, Readable.from(generator())))
      expect(answer.statusCode).toBe(status)
      expect(await answer.body.text()).toContain(status === 401 ? 'refused' : sha256(content))
      await until(() => source.asked.length === 1)
      expect(source.rejected).toEqual(['a'])
    }
    expect(server.hits.map(({ body }) => sha256(body ?? ''))).toEqual(Array(4).fill(sha256(content)))
  })

  it('64 KiB is the limit by default', async () => {
    const server = await loopback(api('b'))
    for (const [length, status] of [
      [65_536, 200],
      [65_537, 401],
    ] as const) {
      const body = Readable.from([Buffer.alloc(length)])
      const answer = await bearerAgent(server, new ScriptedSource(['a', 'b'])).request(post(server, body))
      await answer.body.dump()
      expect(answer.statusCode).toBe(status)
    }
  })

  it('a stream of the old kind is sent once: its 401 is the caller’s, and the token is reported', async () => {
    const server = await loopback(api('b'))
    const old = Object.assign(new Stream(), {
      resume: () => setImmediate(() => (old.emit('data', Buffer.from('form')), old.emit('end'))),
    })
    const source = new ScriptedSource(['a', 'b'])
    const answer = await bearerAgent(server, source).request(post(server, old))
    expect([answer.statusCode, await answer.body.text()]).toEqual([401, 'refused'])
    expect([server.hits.map(({ body }) => String(body)), source.rejected]).toEqual([['form'], ['a']])
  })

  it('a source that fails on the way fails the request, and ends no process', async () => {
    const server = await loopback(api('b'))
    const failing = () =>
      new Readable({
        construct(done) {
          this.push('part')
          setImmediate(() => this.destroy(new Error('disk')))
          done()
        },
        read() {},
      })
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']))
    await expect(dispatcher.request(post(server, failing()))).rejects.toThrow('disk')
    await expect(
      dispatcher.request(
        post(
          server,
          (async function* () {
            yield 'part'
            throw new Error('disk')
          })(),
        ),
      ),
    ).rejects.toThrow('disk')
  })

  it('closes a stream that nobody came to read, and one that is not read to its end', async () => {
    const unreachable = await loopback()
    closeServers()
    let cancelled = false
    const handler = new RecordingHandler()
    const unread = new ReadableStream({ cancel: () => void (cancelled = true) })
    bearerAgent(unreachable, new ScriptedSource(['a'])).dispatch(post(unreachable, unread), handler)
    await handler.ended
    await turn()
    expect([handler.events, cancelled]).toEqual([['error'], true])

    const server = await loopback(
      (_incoming, outgoing) => void outgoing.writeHead(413, { connection: 'close' }).end('no'),
    )
    let closed = 0
    async function* endless() {
      try {
        for (;;) {
          yield Buffer.alloc(10_000)
          await turn()
        }
      } finally {
        closed += 1
      }
    }
    const early = new RecordingHandler()
    bearerAgent(server, new ScriptedSource(['a'])).dispatch(post(server, endless()), early)
    await early.ended
    await until(() => closed === 1)
    expect(early.status).toBe(413)
  })

  it('closes the caller’s stream in the end, however it ends', async () => {
    const closed: string[] = []
    async function* source(name: string, chunks: number) {
      try {
        for (let i = 0; i < chunks; i++) yield 'x'.repeat(1_000)
      } finally {
        closed.push(name)
      }
    }
    const server = await loopback(api('b'))
    const replayed = await bearerAgent(server, new ScriptedSource(['a', 'b'])).request(
      post(server, source('replayed', 2)),
    )
    await replayed.body.dump()
    const refused = await bearerAgent(server, new ScriptedSource(['a'])).request(post(server, source('refused', 200)))
    await refused.body.dump()
    const cut = await loopback((_incoming, outgoing) => void outgoing.destroy())
    await expect(bearerAgent(cut, new ScriptedSource(['a'])).request(post(cut, source('cut', 1_000)))).rejects.toThrow()
    await until(() => closed.length === 3)
    const readable = Readable.from(['x'])
    await (await bearerAgent(server, new ScriptedSource(['b'])).request(post(server, readable))).body.dump()
    expect([closed, readable.destroyed]).toEqual([['replayed', 'refused', 'cut'], true])
  })
})

describe('every way to send a request [R29]', () => {
  const sources = () => new ScriptedSource(['a', 'b'])

  it('request', async () => {
    const server = await loopback(api('b'))
    const { statusCode } = await request(server.origin, { dispatcher: bearerAgent(server, sources()) })
    expect([statusCode, server.tokens()]).toEqual([200, ['a', 'b']])
  })

  it('stream', async () => {
    const server = await loopback(api('b'))
    const sink = new PassThrough()
    const options = { ...post(server, Readable.from(['text'])), opaque: null }
    const whole = text(sink)
    await bearerAgent(server, sources()).stream(options, () => sink)
    expect(JSON.parse(await whole)).toMatchObject({ sha256: sha256('text'), token: 'b' })
  })

  it('pipeline', async () => {
    const server = await loopback(api('b'))
    const out = new PassThrough()
    const whole = text(out)
    const duplex = bearerAgent(server, sources()).pipeline(
      { origin: server.origin, path: '/', method: 'PUT' },
      ({ body }) => body,
    )
    await pipeline(Readable.from(['te', 'xt']), duplex, out)
    expect(JSON.parse(await whole)).toMatchObject({ sha256: sha256('text'), token: 'b' })
  })

  it.each([
    ['the built-in fetch', builtInFetch],
    ["undici's fetch", undiciFetch],
  ])('%s, whose bodies can all be read only once', async (_name, fetchWith) => {
    const bodies = {
      string: 'text',
      bytes: Buffer.from('text'),
      blob: new Blob(['text']),
      stream: ReadableStream.from([Buffer.from('te'), Buffer.from('xt')]),
      parameters: new URLSearchParams({ a: 'b' }),
      none: undefined,
    }
    for (const [kind, body] of Object.entries(bodies)) {
      const server = await loopback(api('b'))
      const fetch = fetchWith(bearerAgent(server, sources()))
      const init = { method: 'POST', ...(body !== undefined && { body }), ...(kind === 'stream' && { duplex: 'half' }) }
      const response = await fetch(server.origin, init as RequestInit)
      const expected = { string: 'text', bytes: 'text', blob: 'text', stream: 'text', parameters: 'a=b', none: '' }[
        kind
      ]
      expect(await response.json()).toMatchObject({ token: 'b', sha256: sha256(expected ?? '') })
      expect(server.tokens()).toEqual(['a', 'b'])
    }
  })

  it.each([
    ['the built-in fetch', builtInFetch],
    ["undici's fetch", undiciFetch],
  ])('%s gets several values of one header as it does without bearer', async (_name, fetchWith) => {
    const server = await loopback((incoming, outgoing) => {
      outgoing.setHeader('set-cookie', ['a=1', 'b=2'])
      outgoing.writeHead(incoming.headers.authorization === 'Bearer b' ? 200 : 401).end()
    })
    const plain = await fetchWith(agent((dispatch) => (options, handler) => dispatch(options, handler)))(server.origin)
    const response = await fetchWith(bearerAgent(server, sources()))(server.origin)
    expect([plain.status, response.status]).toEqual([401, 200])
    expect(response.headers.getSetCookie()).toEqual(plain.headers.getSetCookie())
    expect(String(response.headers.getSetCookie())).toBe('a=1,b=2')
  })

  async function upgrading(): Promise<{ server: Loopback; tokens: string[] }> {
    const server = await loopback()
    const tokens: string[] = []
    server.server.on('upgrade', (incoming, socket: Duplex) => {
      const [token = ''] = hitOf(incoming).authorization
      tokens.push(token.slice(7))
      if (token !== 'Bearer b') {
        socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
        return
      }
      const key = incoming.headers['sec-websocket-key']
      const accept = key && `sec-websocket-accept: ${sha1(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)}\r\n`
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${incoming.headers.upgrade}\r\n${accept ?? ''}\r\n`,
      )
    })
    return { server, tokens }
  }

  it('upgrade: 401, then 101', async () => {
    const { server, tokens } = await upgrading()
    const dispatcher = bearerAgent(server, sources())
    const { socket } = await dispatcher.upgrade({ path: '/', origin: server.origin, protocol: 'echo' } as never)
    socket.destroy()
    expect(tokens).toEqual(['a', 'b'])
  })

  it('upgrade: closes a body in the end', async () => {
    const { dispatch, begin, attempts } = playedDispatch()
    const handler = new RecordingHandler()
    const body = new PassThrough()
    body.write('x')
    bearer(new ScriptedSource(['a']), { origins: [GET.origin] })(dispatch)({ ...GET, body, upgrade: 'echo' }, handler)
    const { controller, handler: inner } = begin(0)
    const sent = (attempts[0]?.options.body as unknown as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
    await sent.next()
    inner.onRequestUpgrade?.(controller, 101, {}, new PassThrough())
    await sent.return?.()
    expect([handler.events, body.destroyed]).toEqual([['start', 'upgrade'], true])
  })

  it('WebSocket: 401, then 101', async () => {
    const { server, tokens } = await upgrading()
    const socket = new WebSocket(server.origin.replace('http', 'ws'), { dispatcher: bearerAgent(server, sources()) })
    await once(socket, 'open')
    socket.close()
    expect(tokens).toEqual(['a', 'b'])
  })
})

describe('an answer [R29]', () => {
  it('is read as slowly as the caller reads it: 50 MB', async () => {
    const size = 50_000_000
    let written = 0
    const server = await loopback(async (_incoming, outgoing) => {
      const chunk = Buffer.alloc(100_000, 'x')
      for (; written < size; written += chunk.length) if (!outgoing.write(chunk)) await once(outgoing, 'drain')
      outgoing.end()
    })
    const { body } = await request(server.origin, { dispatcher: bearerAgent(server, new ScriptedSource(['a'])) })
    await soon(150)
    // The kernel's buffers on both sides take some megabytes.
    expect(written).toBeLessThan(20_000_000)
    let received = 0
    for await (const chunk of body) received += (chunk as Buffer).length
    expect(received).toBe(size)
  })

  it('can be paused and resumed by the handler, before and after a replay', async () => {
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization !== 'Bearer b') outgoing.writeHead(401).end('refused')
      else outgoing.end(Buffer.alloc(1_000_000))
    })
    const handler = new RecordingHandler()
    let pauses = 0
    handler.react = (event) => {
      if (event !== 'data') return
      pauses += 1
      handler.controller?.pause()
      setImmediate(() => handler.controller?.resume())
    }
    bearerAgent(server, new ScriptedSource(['a', 'b'])).dispatch(post(server, 'x'), handler)
    await handler.ended
    expect([Buffer.concat(handler.chunks).length, handler.violations]).toEqual([1_000_000, []])
    expect(pauses).toBeGreaterThan(1)
  })

  it('has its trailers', async () => {
    const server = await loopback((incoming, outgoing) => {
      if (incoming.headers.authorization !== 'Bearer b') return void outgoing.writeHead(401).end()
      outgoing.writeHead(200, { trailer: 'x-sum' }).write('body')
      outgoing.addTrailers({ 'x-sum': '4' })
      outgoing.end()
    })
    const answer = await request(server.origin, { dispatcher: bearerAgent(server, new ScriptedSource(['a', 'b'])) })
    await answer.body.dump()
    expect(answer.trailers).toEqual({ 'x-sum': '4' })
  })

  it('to HEAD is replayed as well', async () => {
    const server = await loopback((incoming, outgoing) => {
      const good = incoming.headers.authorization === 'Bearer b'
      outgoing.writeHead(good ? 200 : 401, { 'content-length': '5' }).end()
    })
    const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']))
    const answer = await request(server.origin, { dispatcher, method: 'HEAD' })
    expect([answer.statusCode, answer.headers['content-length'], await answer.body.text()]).toEqual([200, '5', ''])
  })

  it('may be preceded by informational ones', async () => {
    const server = await loopback((incoming, outgoing) => {
      outgoing.writeEarlyHints({ link: '</x>; rel=preload' })
      outgoing.writeHead(incoming.headers.authorization === 'Bearer b' ? 200 : 401).end('done')
    })
    const infos: number[] = []
    const answer = await request(server.origin, {
      dispatcher: bearerAgent(server, new ScriptedSource(['a', 'b'])),
      onInfo: ({ statusCode }: { statusCode: number }) => void infos.push(statusCode),
    })
    expect([answer.statusCode, await answer.body.text()]).toEqual([200, 'done'])
    expect(infos).toContain(103)
  })

  it('that is cut is an error, once, for a first attempt and for a replay', async () => {
    const server = await loopback((incoming, outgoing) => {
      if (incoming.url === '/' && incoming.headers.authorization === 'Bearer a')
        return void outgoing.writeHead(401).end()
      outgoing.writeHead(200, { 'content-length': 100 }).write('part')
      setTimeout(() => outgoing.destroy(), 5)
    })
    for (const path of ['/', '/first']) {
      const handler = new RecordingHandler()
      const dispatcher = bearerAgent(server, new ScriptedSource(['a', 'b']))
      dispatcher.dispatch({ origin: server.origin, path, method: 'GET' }, handler)
      await handler.ended
      await soon(5)
      expect([handler.events, handler.violations]).toEqual([['start', 'head', 'data', 'error'], []])
    }
  })
})

describe('the async context', () => {
  it('of a replay and of a late dispatch is the caller’s, for three requests on one connection', async () => {
    const storage = new AsyncLocalStorage<string>()
    const contexts: [string, string | undefined][] = []
    const probe: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
      contexts.push([options.path, storage.getStore()])
      return dispatch(options, handler)
    }
    const server = await loopback(api('t2'))
    let minted = 0
    const manager = new TokenManager(grantOf(async () => (await soon(5), `t${++minted}`)))
    const dispatcher = agentWith({ connections: 1 }, probe, bearer(manager, { origins: [server.origin] }))
    const send = (name: string) =>
      storage.run(name, async () => {
        const answer = await dispatcher.request({ origin: server.origin, path: `/${name}`, method: 'POST', body: 'x' })
        expect(storage.getStore()).toBe(name)
        return (await echoOf(answer)).token
      })
    expect(await Promise.all(['A', 'B', 'C'].map(send))).toEqual(['t2', 't2', 't2'])
    expect(minted).toBe(2)
    expect(contexts).toHaveLength(6)
    for (const [path, context] of contexts) expect(path).toBe(`/${context}`)
    await manager.close()
  })
})

describe('50 requests under way with one dead token', () => {
  it('exchange it once, though their 401s come late and one by one [R06]', async () => {
    let minted = 0
    const manager = new TokenManager(grantOf(() => `t${++minted}`))
    await manager.getToken()
    let arrived = 0
    const server = await loopback(async (incoming, outgoing, hit) => {
      if (hit.authorization[0] === 'Bearer t1') {
        const late = 2 * arrived++
        await until(() => arrived === 50)
        await soon(late)
        outgoing.writeHead(401).end()
      } else outgoing.end(String(await read(incoming)))
    })
    const dispatcher = bearerAgent(server, manager)
    const responses = Array.from({ length: 50 }, (_, i) => dispatcher.request(post(server, `body ${i}`)))
    const bodies = await Promise.all(responses.map(async (answer) => (await answer).body.text()))
    expect(bodies).toEqual(Array.from({ length: 50 }, (_, i) => `body ${i}`))
    expect([minted, server.hits.length]).toEqual([2, 100])
    await manager.close()
  })
})

describe('what stays behind', () => {
  it('after 1,000 requests with one signal: no listener and no timer [R37]', async () => {
    const server = await loopback((incoming, outgoing) => {
      outgoing.writeHead(incoming.headers.authorization?.endsWith('0') ? 401 : 200).end()
    })
    let serial = 0
    const source: TokenSource = {
      current: () => new AccessToken(`t${serial++}`),
      getToken: async () => new AccessToken(`t${serial++}x`),
    }
    const clock = new FakeClock()
    const dispatcher = agentWith({ connections: 8 }, bearer(source, { origins: [server.origin], clock }))
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: unknown[]) => (listeners++, addEventListener.apply(signal, args as never))
    signal.removeEventListener = (...args: unknown[]) => (listeners--, removeEventListener.apply(signal, args as never))
    for (let round = 0; round < 20; round++) {
      const responses = Array.from({ length: 50 }, () =>
        dispatcher.request({ origin: server.origin, path: '/', method: 'GET', signal }),
      )
      await Promise.all(responses.map(async (answer) => (await answer).body.dump()))
    }
    await soon()
    expect([listeners, clock.pendingTimers]).toEqual([0, 0])
  })
})

describe('a 401 whose body goes on while its exchange fails', () => {
  it('is handed over at once, and no other exchange is asked for', async () => {
    const { dispatch, begin } = playedDispatch()
    let asked = 0
    const source: TokenSource = {
      current: () => new AccessToken('a'),
      getToken: () => Promise.reject(new TokenError('token_denied', `Refused ${(asked += 1)}.`)),
    }
    const handler = new RecordingHandler()
    bearer(source, { origins: [GET.origin], clock: new FakeClock() })(dispatch)(GET, handler)
    const first = begin(0)
    first.handler.onResponseStart?.(first.controller, 401, {})
    await soon()
    expect([handler.status, asked]).toEqual([401, 1])
  })

  it('goes on only when the caller wants more of it', async () => {
    const { dispatch, begin } = playedDispatch()
    const source: TokenSource = {
      current: () => new AccessToken('a'),
      getToken: () => Promise.reject(new TokenError('token_denied', 'Refused.')),
    }
    const handler = new RecordingHandler()
    handler.react = (event) => {
      if (event === 'start') handler.controller?.pause()
    }
    bearer(source, { origins: [GET.origin], clock: new FakeClock() })(dispatch)(GET, handler)
    const first = begin(0)
    first.handler.onResponseStart?.(first.controller, 401, {})
    first.handler.onResponseData?.(first.controller, Buffer.alloc(64 * 1024))
    await soon()
    expect([handler.status, first.controller.paused]).toEqual([401, true])
    handler.controller?.resume()
    expect(first.controller.paused).toBe(false)
  })

  it('ends as it ends: with an error when the connection was cut meanwhile', async () => {
    const { dispatch, begin } = playedDispatch()
    const source: TokenSource = {
      current: () => new AccessToken('a'),
      getToken: () => Promise.reject(new TokenError('token_denied', 'Refused.')),
    }
    const handler = new RecordingHandler()
    bearer(source, { origins: [GET.origin], clock: new FakeClock() })(dispatch)(GET, handler)
    const first = begin(0)
    const cut = new Error('cut')
    first.handler.onResponseStart?.(first.controller, 401, {})
    first.handler.onResponseError?.(first.controller, cut)
    await soon()
    expect([handler.status, handler.error]).toEqual([401, cut])
  })
})

describe('a source without types', () => {
  it.each([null, {}, 'token'])('that has %p as its current token fails with token_malformed', async (current) => {
    const server = await loopback()
    const source = { current: () => current as never, getToken: () => Promise.reject(new Error('not asked')) }
    const dispatcher = agent(bearer(source, { origins: [server.origin] }))
    const response = dispatcher.request({ origin: server.origin, path: '/', method: 'GET' })
    await expect(response).rejects.toMatchObject({ code: 'token_malformed' })
    expect(server.hits).toEqual([])
  })
})

it('the nonce in a response to a bearer token is nobody’s', async () => {
  const server = await loopback((_incoming, outgoing) => void outgoing.setHeader('dpop-nonce', 'n').end('ok'))
  const dispatcher = agent(bearer(new ScriptedSource(['a']), { origins: [server.origin] }))
  const { statusCode } = await dispatcher.request({ origin: server.origin, path: '/', method: 'GET' })
  expect(statusCode).toBe(200)
})

it('a handler that hears of no response and no data gets the end of a 401 that was held back', async () => {
  const server = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end('no'))
  const dispatcher = agent(bearer(new ScriptedSource(['a']), { origins: [server.origin] }))
  const ended = new Promise((resolve, reject) => {
    const handler = {
      onRequestStart: () => undefined,
      onResponseEnd: () => resolve('ended'),
      onResponseError: (_controller: unknown, error: Error) => reject(error),
    }
    dispatcher.dispatch({ origin: server.origin, path: '/', method: 'GET' }, handler)
  })
  expect(await ended).toBe('ended')
})
