import { afterEach, describe, expect, test } from '@jest/globals'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { frozenOptions } from '../../src/http/frozen-options.js'
import { staticToken } from '../../src/token/static-token.js'
import { agent, closeAgents } from './agents.js'
import { api, closeServers, loopback } from './loopback.js'
import { RecordingHandler } from './recording-handler.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(async () => {
  await closeAgents()
  closeServers()
})

/** A dispatcher whose token is awaited first and then refused, so that every request is sent twice. */
async function waitingAgent() {
  const server = await loopback(api('two'))
  const source = new ScriptedSource(['one', 'two'], { ready: false })
  return { server, dispatcher: agent(bearer(source, { origins: [server.origin] })) }
}

test('an origin that the caller changes while the token is awaited stays the one that was checked', async () => {
  const { server, dispatcher } = await waitingAgent()
  const elsewhere = await loopback()
  const origin = new URL(server.origin)
  const response = dispatcher.request({ origin, path: '/', method: 'GET' })
  origin.port = String(elsewhere.port)
  expect((await response).statusCode).toBe(200)
  expect(elsewhere.hits).toEqual([])
  expect(server.tokens()).toEqual(['one', 'two'])
})

test('one query for several requests: each is sent, twice, as it was called', async () => {
  const { server, dispatcher } = await waitingAgent()
  const query = { page: 0, id: ['a'] }
  const requests = [1, 2, 3].map((page) => {
    query.page = page
    query.id[0] = `of ${page}`
    return dispatcher.request({ origin: server.origin, path: '/', method: 'GET', query })
  })
  await Promise.all(requests)
  const paths = new Set(server.hits.map(({ path }) => path))
  expect(paths).toEqual(new Set(['/?page=1&id=of%201', '/?page=2&id=of%202', '/?page=3&id=of%203']))
})

test('options are read once: what answers otherwise the next time does not count', () => {
  const responses = ['https://a.example', 'https://evil.example']
  const given = {
    path: '/',
    method: 'GET' as const,
    get origin() {
      return responses.shift()
    },
  }
  expect(frozenOptions(given as Dispatcher.DispatchOptions, given.origin!, given.method)).toEqual({
    origin: 'https://a.example',
    path: '/',
    method: 'GET',
  })
})

describe('the token goes where the origin led when it was asked first, and nowhere else: [R01]', () => {
  /** Two servers, and a text that names the listed one the first time only. */
  async function twoFaced() {
    const [listed, evil] = [await loopback(), await loopback()]
    const responses = [listed.origin]
    return { listed, evil, next: () => responses.shift() ?? evil.origin }
  }

  const OBJECTS: [name: string, make: (next: () => string) => unknown][] = [
    ['an object with toString', (next) => ({ toString: next })],
    [
      'a URL whose toString is another',
      (next) =>
        new (class extends URL {
          override toString() {
            return next()
          }
        })('https://evil.example'),
    ],
    ['an object with toPrimitive', (next) => ({ [Symbol.toPrimitive]: next })],
  ]

  test.each(OBJECTS)('%s', async (_name, make) => {
    const { listed, evil, next } = await twoFaced()
    const dispatcher = agent(bearer(staticToken('good'), { origins: [listed.origin] }))
    const options = { origin: make(next) as string, path: '/', method: 'GET' as const }
    await (await dispatcher.request(options)).body.dump()
    expect([listed.tokens(), evil.hits]).toEqual([['good'], []])
  })

  test('a getter of the options', async () => {
    const { listed, evil, next } = await twoFaced()
    const inner = agent()
    const dispatch = bearer(staticToken('good'), { origins: [listed.origin] })(inner.dispatch.bind(inner))
    const handler = new RecordingHandler()
    const options = {
      path: '/',
      method: 'GET' as const,
      get origin() {
        return next()
      },
    }
    dispatch(options, handler)
    await handler.ended
    expect([listed.tokens(), evil.hits]).toEqual([['good'], []])
  })

  test('a method that was no CONNECT when it was asked stays so', () => {
    const methods = ['GET', 'CONNECT']
    const sent: Dispatcher.DispatchOptions[] = []
    const dispatch = bearer(staticToken('good'), { origins: ['https://a.example'] })(
      (options) => sent.push(options) > 0,
    )
    const options = {
      origin: 'https://a.example',
      path: '/',
      get method() {
        return methods.shift()
      },
    }
    dispatch(options as Dispatcher.DispatchOptions, new RecordingHandler())
    expect(sent.map(({ method }) => method)).toEqual(['GET'])
  })
})
