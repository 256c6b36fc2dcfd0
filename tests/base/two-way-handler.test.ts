import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import type { Dispatcher } from 'undici'
import { interceptors } from 'undici'
import { asPeerDispatcher } from '../../src/base/foreign-dispatcher.js'
import { TwoWayHandler } from '../../src/base/two-way-handler.js'
import { bearer } from '../../src/http/bearer.js'
import { closeServers, loopback } from '../http/loopback.js'
import type { Listener, Loopback } from '../http/loopback.js'
import { RecordingHandler } from '../http/recording-handler.js'
import { ScriptedSource } from '../http/scripted-source.js'
import { copy, older } from './other-undici.js'
import { until } from '../waiting.js'

const MIB = 1024 * 1024

describe.each([
  ['undici 6', older],
  ['another copy of the installed undici', copy],
])('through an Agent of %s', (_name, { Agent, MockAgent }) => {
  let agent: Dispatcher
  let dispatcher: Dispatcher
  let server: Loopback
  beforeEach(async () => {
    agent = new Agent()
    dispatcher = asPeerDispatcher(agent)
    server = await loopback()
  })
  afterEach(async () => {
    await agent.destroy()
    closeServers()
  })

  function get(options: object = {}) {
    return dispatcher.request({ origin: server.origin, path: '/', method: 'GET', ...options })
  }

  function response(listener: Listener): void {
    server.listener = listener
  }

  it('sends the body, and returns status, repeated headers, bytes of Latin-1, body and trailers', async () => {
    response((incoming, outgoing) => {
      outgoing.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'x-name': 'Zoë', trailer: 'x-sum' })
      outgoing.addTrailers({ 'x-sum': '42' })
      incoming.pipe(outgoing)
    })
    const { statusCode, headers, body, trailers } = await get({ method: 'POST', body: 'hello', path: '/things?a=b' })
    expect(await body.text()).toBe('hello')
    expect(statusCode).toBe(201)
    expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-name': 'Zoë' })
    expect(trailers).toEqual({ 'x-sum': '42' })
    expect(server.hits).toMatchObject([{ method: 'POST', path: '/things?a=b' }])
  })

  it('passes informational responses on before the response', async () => {
    response((_incoming, outgoing) => {
      outgoing.writeEarlyHints({ link: '</style.css>; rel=preload' })
      outgoing.end('done')
    })
    const seen: number[] = []
    const { statusCode, body } = await get({ onInfo: (info: { statusCode: number }) => seen.push(info.statusCode) })
    expect(await body.text()).toBe('done')
    expect([...seen, statusCode]).toEqual([103, 200])
  })

  it('reads no more than the caller takes, and all of it in the end', async () => {
    let sent = 0
    response(async (_incoming, outgoing) => {
      const chunk = Buffer.alloc(MIB, 'x')
      for (; sent < 64; sent += 1) if (!outgoing.write(chunk)) await once(outgoing, 'drain')
      outgoing.end()
    })
    const { body } = await get()
    await until(() => sent > 0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sent).toBeLessThan(32)
    let bytes = 0
    for await (const chunk of body) bytes += (chunk as Buffer).length
    expect(bytes).toBe(64 * MIB)
  })

  it('aborts with the reason of the signal before it sends, while it waits and in the middle of a body', async () => {
    const reason = new Error('enough')
    await expect(get({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(server.hits).toEqual([])

    const closed: Promise<unknown>[] = []
    response((incoming, outgoing) => {
      closed.push(once(outgoing, 'close'))
      if (incoming.url === '/begin') outgoing.write('begin')
    })
    const waiting = new AbortController()
    const request = get({ signal: waiting.signal })
    await until(() => server.hits.length === 1)
    waiting.abort(reason)
    await expect(request).rejects.toBe(reason)

    const reading = new AbortController()
    const { body } = await get({ signal: reading.signal, path: '/begin' })
    reading.abort(reason)
    await expect(body.text()).rejects.toBe(reason)
    expect(closed).toHaveLength(2)
    await Promise.all(closed)
  })

  it('rejects if there is no connection, if it breaks, and if the dispatcher is closed', async () => {
    const unused = await loopback()
    unused.server.close()
    await expect(get({ origin: unused.origin })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    response((incoming) => void incoming.socket.destroy())
    await expect(get()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    response((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '10' })
      outgoing.write('half', () => outgoing.destroy())
    })
    await expect(get().then(({ body }) => body.text())).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    await agent.close()
    await expect(get()).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' })
  })

  it('upgrades a connection', async () => {
    server.server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n')
      socket.pipe(socket)
    })
    const { headers, socket } = await dispatcher.upgrade({
      origin: server.origin,
      path: '/',
      method: 'GET',
      protocol: 'echo',
    } as never)
    expect(headers).toMatchObject({ upgrade: 'echo' })
    socket.write('hello')
    const [echo] = (await once(socket, 'data')) as [Buffer]
    expect(String(echo)).toBe('hello')
    socket.destroy()
  })

  it('lets the retry interceptor of undici, which throws inside of callbacks, send a request again', async () => {
    response((_incoming, outgoing) => {
      const { length } = server.hits
      outgoing.writeHead(length < 3 ? 503 : 200, { etag: '"1"', 'content-length': '10' })
      if (length === 3) outgoing.write('half', () => outgoing.destroy())
      else outgoing.end('0123456789')
    })
    const retry = interceptors.retry({ minTimeout: 1, maxTimeout: 1, timeoutFactor: 1 })
    const { statusCode, body } = await dispatcher
      .compose(retry)
      .request({ origin: server.origin, path: '/', method: 'GET' })
    expect(statusCode).toBe(200)
    await body.text().catch(() => undefined)
    expect(server.hits.length).toBeGreaterThan(3)
  })

  it('lets bearer replay a request after a 401, with the body', async () => {
    response((incoming, outgoing, { authorization }) => {
      const isGood = authorization[0] === 'Bearer two'
      outgoing.writeHead(isGood ? 200 : 401, isGood ? {} : { 'www-authenticate': 'Bearer error="invalid_token"' })
      incoming.pipe(outgoing)
    })
    const { statusCode, body } = await dispatcher
      .compose(bearer(new ScriptedSource(['one', 'two']), { origins: [server.origin] }))
      .request({ origin: server.origin, path: '/', method: 'POST', body: 'hello' })
    expect([statusCode, await body.text()]).toEqual([200, 'hello'])
    expect(server.tokens()).toEqual(['one', 'two'])
  })

  it('is answered by a mock, also if the request was aborted before', async () => {
    const mock = new MockAgent()
    mock.disableNetConnect()
    mock
      .get(server.origin)
      .intercept({ path: '/' })
      .reply(200, 'mocked', { headers: { 'x-from': 'mock' } })
      .persist()
    dispatcher = asPeerDispatcher(mock)
    const { headers, body } = await get()
    expect([headers['x-from'], await body.text()]).toEqual(['mock', 'mocked'])
    await expect(get({ path: '/unknown' })).rejects.toMatchObject({ code: 'UND_MOCK_ERR_MOCK_NOT_MATCHED' })

    const handler = new RecordingHandler()
    handler.react = (event) => event === 'start' && handler.controller!.abort(new Error('enough'))
    mock.dispatch({ origin: server.origin, path: '/', method: 'GET' }, new TwoWayHandler(handler))
    await handler.ended
    expect(handler.events).toEqual(['start', 'error'])
    expect(server.hits).toEqual([])
    await mock.close()
  })
})

describe('called in the way of undici 6', () => {
  function called(react: RecordingHandler['react'] = () => undefined) {
    const inner = new RecordingHandler()
    inner.react = react
    return { inner, handler: new TwoWayHandler(inner) }
  }

  it('starts again on each onConnect, with the context and another controller', () => {
    const { inner, handler } = called()
    const reasons: unknown[] = []
    handler.onConnect((reason) => reasons.push(['one', reason]))
    const first = inner.controller!
    expect(inner.context).toEqual({})
    const history = [new URL('https://api.example.com')]
    handler.onConnect((reason) => reasons.push(['two', reason]), { history })
    expect(inner.context).toEqual({ history })
    const reason = new Error('enough')
    inner.controller!.abort(reason)
    inner.controller!.abort(new Error('again'))
    expect(reasons).toEqual([['two', reason]])
    expect([inner.controller!.aborted, inner.controller!.reason]).toEqual([true, reason])
    expect([first.aborted, first.reason]).toEqual([false, null])
  })

  it('pauses by returning false, from onHeaders too, and resumes once', () => {
    const { inner, handler } = called()
    let resumed = 0
    handler.onConnect(() => undefined)
    inner.controller!.resume()
    inner.controller!.pause()
    const raw = [Buffer.from('X-A'), Buffer.from('1'), Buffer.from('X-A'), Buffer.from('2')]
    expect(handler.onHeaders(200, raw, () => (resumed += 1), 'OK')).toBe(false)
    expect(inner.headers).toEqual({ 'x-a': ['1', '2'] })
    expect(inner.controller!.rawHeaders).toBe(raw)
    expect(handler.onData(Buffer.from('a'))).toBe(false)
    inner.controller!.resume()
    inner.controller!.resume()
    expect(resumed).toBe(1)
    expect(handler.onData(Buffer.from('b'))).toBe(true)
    handler.onComplete(null)
    expect([inner.text, inner.trailers]).toEqual(['ab', {}])
  })

  it('passes on what the handler throws', () => {
    for (const event of ['start', 'head', 'data', 'end', 'error']) {
      const { handler } = called((what) => {
        if (what === event) throw new Error(`thrown at ${event}`)
      })
      const calls = () => {
        handler.onConnect(() => undefined)
        handler.onHeaders(200, [], () => undefined)
        handler.onData(Buffer.from('a'))
        if (event === 'error') handler.onError(new Error('broken'))
        handler.onComplete([])
      }
      expect(calls).toThrow(`thrown at ${event}`)
    }
  })

  it('reports an error after the end, because a retry that was asked for there comes as one', () => {
    const { inner, handler } = called()
    handler.onConnect(() => undefined)
    handler.onHeaders(200, [], () => undefined)
    handler.onComplete([])
    handler.onError(new Error('asked for'))
    expect(inner.events).toEqual(['start', 'head', 'end', 'error'])
  })

  it('reports an error that comes before the start', () => {
    const { inner, handler } = called()
    handler.onError(new Error('no connection'))
    expect(inner.events).toEqual(['error'])
    expect(inner.error).toMatchObject({ message: 'no connection' })
  })

  it('tells of the body that was sent', () => {
    const seen: unknown[] = []
    const handler = new TwoWayHandler({
      onBodySent: (...args: unknown[]) => seen.push(args),
      onRequestSent: () => seen.push('sent'),
      onResponseStarted: () => seen.push('started'),
    } as never)
    const chunk = Buffer.from('a')
    handler.onBodySent(chunk)
    handler.onRequestSent()
    handler.onResponseStarted()
    expect(seen).toEqual([[chunk], 'sent', 'started'])
    const { handler: deaf } = called()
    expect(() => [deaf.onBodySent(chunk), deaf.onRequestSent(), deaf.onResponseStarted()]).not.toThrow()
  })
})
