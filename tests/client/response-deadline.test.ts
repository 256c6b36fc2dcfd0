import { afterEach, describe, expect, it, test } from '@jest/globals'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { responseDeadline } from '../../src/client/response-deadline.js'
import { bearer } from '../../src/http/bearer.js'
import { FakeClock } from '../../src/testing/index.js'
import { agent, closeAgents } from '../http/agents.js'
import { closeServers, loopback } from '../http/loopback.js'
import { RecordingHandler } from '../http/recording-handler.js'
import { ScriptedSource } from '../http/scripted-source.js'
import { until } from '../waiting.js'

afterEach(async () => {
  await closeAgents()
  closeServers()
})

const KIB = 1024

/** A request under way, and the server's side of it. */
async function setUp(tokens?: ScriptedSource) {
  const responses: ServerResponse[] = []
  const server = await loopback((_incoming, outgoing) => void responses.push(outgoing))
  const clock = new FakeClock()
  const deadline = responseDeadline(clock)
  const dispatcher = tokens ? agent(deadline, bearer(tokens, { origins: [server.origin], clock })) : agent(deadline)
  const handler = new RecordingHandler()
  dispatcher.dispatch({ origin: server.origin, path: '/things?secret=1', method: 'GET' }, handler)
  const response = async (number: number) => {
    await until(() => responses[number] !== undefined)
    return responses[number]!
  }
  return { server, clock, handler, response, received: () => Buffer.concat(handler.chunks).length }
}

const tooSlow = (text: string) => ({
  name: 'ApiError',
  code: 'api_unreachable',
  retryable: true,
  message: expect.stringMatching(
    new RegExp(
      `^GET /things got no whole answer from http://127\\.0\\.0\\.1:\\d+: it came too slowly \\(${text}\\)\\.$`,
    ),
  ) as unknown,
})

test('a handler may leave any call out, and an upgrade needs no start', () => {
  const clock = new FakeClock()
  let inner!: Required<Dispatcher.DispatchHandler>
  const dispatch = responseDeadline(clock)((_options, handler) => Boolean((inner = handler as typeof inner)))
  dispatch({ path: '/', method: 'GET' }, {})
  const controller = {} as Dispatcher.DispatchController
  inner.onRequestUpgrade(controller, 101, {}, new Duplex())
  inner.onResponseEnd(controller, {})
  inner.onRequestStart(controller, {})
  inner.onResponseStart(controller, 200, {})
  inner.onResponseData(controller, Buffer.from('x'))
  expect(clock.pendingTimers).toBe(1)
  inner.onResponseError(controller, new Error('cut'))
  expect(clock.pendingTimers).toBe(0)
})

describe('the beginning of an answer', () => {
  it('is waited for for 60 s, however many informational answers come first', async () => {
    const { clock, handler, response } = await setUp()
    const outgoing = await response(0)
    for (const at of [1, 2, 3]) {
      await clock.advance(15_000)
      outgoing.writeProcessing()
      await until(() => handler.events.filter((event) => event === 'head').length === at)
    }
    await clock.advance(14_999)
    expect(handler.error).toBeUndefined()
    const closed = once(outgoing, 'close')
    await clock.advance(1)
    await handler.ended
    expect(handler.error).toMatchObject(tooSlow('0 bytes in 60 s'))
    await closed
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('an answer that has begun [R18]', () => {
  it('gets 60 s anew, and a second more for each 16 KiB of it', async () => {
    const { clock, handler, response, received } = await setUp()
    const outgoing = await response(0)
    await clock.advance(59_999)
    outgoing.writeHead(200).flushHeaders()
    await until(() => handler.status === 200)
    await clock.advance(59_999)
    outgoing.write(Buffer.alloc(32 * KIB))
    await until(() => received() === 32 * KIB)
    await clock.advance(2_000)
    expect(handler.error).toBeUndefined()
    await clock.advance(1)
    await handler.ended
    expect(handler.error).toMatchObject(tooSlow('32768 bytes in 62 s'))
    expect(handler.violations).toEqual([])
    expect(clock.pendingTimers).toBe(0)
  })

  it('is never given up while it comes at that pace, however long it is', async () => {
    const { clock, handler, response, received } = await setUp()
    const outgoing = await response(0)
    for (let megabytes = 1; megabytes <= 20; megabytes++) {
      outgoing.write(Buffer.alloc(KIB * KIB))
      await until(() => received() === megabytes * KIB * KIB)
      await clock.advance(64_000)
    }
    outgoing.end()
    await handler.ended
    expect([handler.error, received(), clock.pendingTimers]).toEqual([undefined, 20 * KIB * KIB, 0])
  })

  it('leaves no timer when it breaks off, or becomes a connection of another protocol', async () => {
    const cut = await setUp()
    ;(await cut.response(0)).destroy()
    await cut.handler.ended
    expect([cut.handler.events.at(-1), cut.clock.pendingTimers]).toEqual(['error', 0])
    const clock = new FakeClock()
    const server = await loopback()
    server.server.on('upgrade', (_incoming, socket) =>
      socket.write('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    )
    const { socket } = await agent(responseDeadline(clock)).upgrade({
      origin: server.origin,
      path: '/',
      protocol: 'x',
    } as never)
    expect(clock.pendingTimers).toBe(0)
    socket.destroy()
  })
})

describe('inside bearer', () => {
  it('a replay has its own time', async () => {
    const { server, clock, handler, response } = await setUp(new ScriptedSource(['old', 'new']))
    const refused = await response(0)
    await clock.advance(50_000)
    refused.writeHead(401).end()
    const replayed = await response(1)
    await clock.advance(50_000)
    replayed.end('fine')
    await handler.ended
    expect([handler.text, server.tokens(), clock.pendingTimers]).toEqual(['fine', ['old', 'new'], 0])
  })
})
