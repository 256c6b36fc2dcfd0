import { afterEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { PassThrough } from 'node:stream'
import { inspect } from 'node:util'
import { Agent, interceptors, MockAgent, fetch as undiciFetch } from 'undici'
import type { Dispatcher } from 'undici'

import { bearer, createFetch, EverbearerError, staticToken } from '../../src/index.js'
import { reachableText } from '../base/reachable.js'

const TOKEN = 'c4n4ry.t0ken/+~=='

/** How an API may write what it was sent. */
const ECHOES: readonly ((token: string) => string)[] = [
  (token) => token,
  (token) => token.toUpperCase(),
  encodeURIComponent,
  (token) => token.replaceAll('/', '\\/').replaceAll('=', '\\u003d'),
]

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A server that answers each request with these bytes, made of the `Authorization` that it was sent. */
async function responding(bytes: (authorization: string) => string): Promise<string> {
  const server: Server = createServer((socket) => {
    let request = ''
    socket.setEncoding('latin1').on('error', () => undefined)
    socket.on('data', (chunk: string) => {
      request += chunk
      if (!request.includes('\r\n\r\n')) return
      const [, authorization = ''] = /^authorization: (.*)\r$/im.exec(request) ?? []
      socket.end(bytes(authorization))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({ close: () => void server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function composed(origin: string, ...inside: Dispatcher.DispatcherComposeInterceptor[]): Dispatcher {
  const agent = new Agent()
  open.push({ close: () => agent.destroy() })
  return agent.compose(...inside, bearer(staticToken(TOKEN), { origins: [origin] }))
}

/** What a call rejects with, if there is no secret in it. */
async function failureOf(call: () => Promise<unknown>): Promise<Error> {
  const error: unknown = await call().then(
    () => new Error('It did not fail'),
    (error: unknown) => error,
  )
  const text = [reachableText(error), inspect(error, { depth: Infinity })].join('\n').toLowerCase()
  expect(text).not.toContain('c4n4ry')
  return error as Error
}

const CALLS: readonly [name: string, call: (origin: string) => Promise<unknown>][] = [
  ['request() through bearer', (origin) => composed(origin).request({ origin, path: '/', method: 'GET' }).then(whole)],
  [
    'stream() through bearer',
    (origin) =>
      composed(origin).stream({ origin, path: '/', method: 'GET', opaque: null }, () => new PassThrough().resume()),
  ],
  ['fetch() of undici through bearer', (origin) => undiciFetch(origin, { dispatcher: composed(origin) }).then(whole)],
  ['createFetch() over the built-in fetch', (origin) => createFetch(staticToken(TOKEN), { origins: [origin] })(origin)],
  [
    'createFetch() over the fetch of undici',
    (origin) => createFetch(staticToken(TOKEN), { origins: [origin], fetch: undiciFetch })(origin),
  ],
]

function whole(response: { body: unknown; text?: () => Promise<string> }): Promise<unknown> {
  return response.text?.() ?? (response.body as { text(): Promise<string> }).text()
}

describe('an error that everbearer passes on holds no token and no bytes of the response [R14]', () => {
  it.each(CALLS)('%s rejects without the token if the response is not HTTP', async (_, call) => {
    for (const echo of ECHOES) {
      const origin = await responding(
        (authorization) => `HTTP/1.1 nonsense ${echo(authorization)} c4n4ry-of-another\r\n`,
      )
      const error = await failureOf(() => call(origin))
      // What is wrong is told all the same.
      expect(inspect(error)).toMatch(/does not match the HTTP|HPE_/)
    }
  })

  it.each(CALLS.slice(0, 3))('%s rejects without the token if the body breaks off in nonsense', async (_, call) => {
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'
    const origin = await responding((authorization) => `${head}${authorization}\r\n`)
    await failureOf(() => call(origin))
  })

  it('request() rejects without the token if the body of a 401 breaks off in nonsense', async () => {
    const head = 'HTTP/1.1 401 Unauthorized\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'
    const origin = await responding((authorization) => `${head}${authorization}\r\n`)
    await failureOf(() => composed(origin).request({ origin, path: '/', method: 'GET' }).then(whole))
  })

  it.each(['application/json', 'text/plain'])(
    'an error of responseError inside bearer holds no token if a body of %s quotes it',
    async (type) => {
      const body = JSON.stringify({ message: `Not with Bearer ${TOKEN}`, code: 7 })
      const head = `HTTP/1.1 403 Forbidden\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n`
      const origin = await responding((authorization) => `${head}x-echo: ${authorization}\r\n\r\n${body}`)
      const dispatcher = composed(origin, interceptors.responseError())
      const error = await failureOf(() => dispatcher.request({ origin, path: '/', method: 'GET' }))
      expect(error).toMatchObject({ statusCode: 403, headers: { 'x-echo': 'Bearer [redacted]' } })
      const hidden = { message: 'Not with Bearer [redacted]', code: 7 }
      expect(error).toHaveProperty('body', type === 'text/plain' ? JSON.stringify(hidden) : hidden)
    },
  )

  it('an error of retry inside bearer holds no token if a header quotes it', async () => {
    const origin = await responding(
      (authorization) => `HTTP/1.1 503 Down\r\ncontent-length: 0\r\nx-echo: ${authorization}\r\n\r\n`,
    )
    const dispatcher = composed(origin, interceptors.retry({ maxRetries: 0 }))
    await failureOf(() => dispatcher.request({ origin, path: '/', method: 'GET' }).then(whole))
  })

  it('an error of a MockAgent inside bearer holds no token if no header fits', async () => {
    const mock = new MockAgent()
    mock.disableNetConnect()
    open.push(mock)
    const origin = 'https://api.example.com'
    mock
      .get(origin)
      .intercept({ path: '/', headers: { 'x-a': '1' } })
      .reply(200)
    const dispatcher = mock.compose(bearer(staticToken(TOKEN), { origins: [origin] }))
    const error = await failureOf(() => dispatcher.request({ origin, path: '/', method: 'GET' }))
    expect(error.message).toContain('[redacted]')
  })
})

describe('an EverbearerError', () => {
  it('takes no cause that is not an EverbearerError', async () => {
    const foreign = Object.assign(new Error('Parse Error'), { data: TOKEN })
    await failureOf(() => Promise.reject(new EverbearerError('closed', 'm', { cause: foreign as never })))
  })
})
