import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Agent, interceptors } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import { TokenError } from '../../src/base/errors.js'
import { requestServer } from '../../src/server/authorization-server.js'
import type { ServerRequest } from '../../src/server/authorization-server.js'
import { reachableText } from '../base/reachable.js'
import { startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

const ENDPOINT = {
  name: 'the place',
  unreachable: 'token_endpoint_unreachable',
  unusable: 'token_response_invalid',
} as const
const FORM = { type: 'application/x-www-form-urlencoded', text: 'secret=canary' }

let server: AuthorizationServer
let other: AuthorizationServer
let dispatcher: Agent
beforeAll(async () => {
  server = await startAuthorizationServer()
  other = await startAuthorizationServer()
})
afterAll(() => {
  server.close()
  other.close()
})
beforeEach(() => {
  dispatcher = new Agent()
  server.arrived.splice(0)
})
afterEach(() => dispatcher.destroy())

function ask(request: Partial<ServerRequest> = {}) {
  return requestServer({
    endpoint: ENDPOINT,
    url: new URL(`${server.origin}/place?key=canary`),
    body: FORM,
    dispatcher,
    signal: new AbortController().signal,
    clock: systemClock,
    ...request,
  })
}

/** The error that a request ends with, in which no secret is to be found. */
async function failure(request: Partial<ServerRequest> = {}): Promise<TokenError> {
  const error: unknown = await ask(request).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TokenError)
  expect(reachableText(error)).not.toMatch(/canary/)
  return error as TokenError
}

describe('a request', () => {
  it('with a body is a POST of it, with the headers that were asked for', async () => {
    await ask({ body: { type: 'application/json', text: '{}' }, headers: { authorization: 'Basic x' } })
    expect(server.arrived).toMatchObject([
      {
        method: 'POST',
        url: '/place?key=canary',
        body: '{}',
        headers: { accept: 'application/json', 'content-type': 'application/json', authorization: 'Basic x' },
      },
    ])
  })

  it('without one is a GET', async () => {
    await ask({ body: undefined as never })
    expect(server.arrived).toMatchObject([{ method: 'GET', url: '/place?key=canary', body: '' }])
    expect(server.arrived[0]!.headers).not.toHaveProperty('content-type')
  })
})

describe('an error answer', () => {
  it('is handed over with its status, its text and how long to wait', async () => {
    server.response = (response) => response.writeHead(503, { 'retry-after': '7' }).end('busy')
    expect(await ask()).toEqual({ status: 503, text: 'busy', retryAfter: 7_000 })
    server.response = (response) => response.writeHead(404).end()
    expect(await ask()).toEqual({ status: 404, text: '', retryAfter: undefined })
  })

  it('is known by its status, however long its page is', async () => {
    server.response = (response) => response.writeHead(502).end('<p>'.repeat(30_000))
    expect(await ask()).toEqual({ status: 502, text: '', retryAfter: undefined })
  })
})

describe('a redirect [R13]', () => {
  it.each([301, 302, 303, 307, 308])(
    '%d is refused, with the dispatcher as it is or with a redirect interceptor',
    async (status) => {
      server.response = (response) => response.writeHead(status, { location: `${other.origin}/token` }).end()
      for (const one of [dispatcher, dispatcher.compose(interceptors.redirect({ maxRedirections: 5 }))]) {
        const error = await failure({ dispatcher: one })
        expect(error).toMatchObject({ code: 'token_response_invalid', status, retryable: false })
        expect(error.message).toContain(`answered ${status}, a redirect`)
      }
      expect(other.arrived).toEqual([])
      expect(server.arrived).toHaveLength(2)
    },
  )
})

describe('an answer without an end', () => {
  it('is cut off after 64 KiB, however long it is, and its connection is closed [R18]', async () => {
    let written = 0
    const ended = new Promise<void>((resolve) => {
      server.response = async (response) => {
        response.once('close', resolve)
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(2 ** 30) })
        const chunk = Buffer.alloc(64 * 1024, ' ')
        while (written < 2 ** 30 && !response.destroyed) {
          written += chunk.length
          if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')])
        }
      }
    })
    const before = process.memoryUsage().rss
    const error = await failure()
    await ended
    expect(error).toMatchObject({ code: 'token_response_invalid', status: 200, retryable: false })
    expect(error.message).toContain('more than 65536 bytes')
    expect(written).toBeLessThan(2 ** 25)
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20)
  })

  it('broken off in the middle may come whole next time', async () => {
    server.response = (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"access_token":"canary')
      setTimeout(() => response.destroy(), 5)
    }
    expect(await failure()).toMatchObject({ code: 'token_endpoint_unreachable', retryable: true, requestSent: true })
  })
})

describe('a server that cannot be reached', () => {
  it('because nobody listens', async () => {
    const gone = await startAuthorizationServer()
    gone.close()
    const error = await failure({ url: new URL(`${gone.origin}/place?key=canary`) })
    expect(error).toMatchObject({ code: 'token_endpoint_unreachable', retryable: true, requestSent: false })
    expect(error.message).toBe(
      `The place at ${gone.origin} could not be reached: connect ECONNREFUSED 127.0.0.1:${gone.port}. Check its host, then DNS, firewall and proxy.`,
    )
  })

  it('because it hangs up', async () => {
    server.response = (response) => response.destroy()
    expect(await failure()).toMatchObject({ code: 'token_endpoint_unreachable', retryable: true, requestSent: true })
  })

  it('is not blamed for an abort: that rejects with its own reason', async () => {
    const gone = new Error('gone')
    const controller = new AbortController()
    server.response = () => controller.abort(gone)
    await expect(ask({ signal: controller.signal })).rejects.toBe(gone)
    await expect(ask({ signal: controller.signal })).rejects.toBe(gone)
  })

  it('because the dispatcher was destroyed', async () => {
    await dispatcher.destroy()
    expect(await failure()).toMatchObject({ code: 'token_endpoint_unreachable', retryable: false })
  })
})

describe('TLS [R13]', () => {
  const folder = join(import.meta.dirname, '../docs/certificates')
  const cert = readFileSync(join(folder, 'example.com.pem'))
  const key = readFileSync(join(folder, 'example.com-key.pem'))
  let secure: AuthorizationServer
  beforeAll(async () => {
    secure = await startAuthorizationServer((listener) => createTlsServer({ cert, key }, listener))
  })
  afterAll(() => secure.close())
  const lookup = (_: string, __: object, found: (error: null, addresses: object[]) => void) =>
    void found(null, [{ address: '127.0.0.1', family: 4 }])

  it.each([
    ['nobody vouches for', 'login.example.com', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is for another host', 'login.example.org', { ca: cert }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('with a certificate that %s: nothing is sent', async (_, host, connect, code) => {
    const trusting = new Agent({ connect: { ...connect, lookup } as never })
    const error = await failure({ url: new URL(`https://${host}:${secure.port}/place`), dispatcher: trusting })
    expect(error).toMatchObject({ code: 'token_endpoint_unreachable', retryable: false, requestSent: false })
    expect(error.message).toContain(code)
    expect(secure.arrived).toEqual([])
    await trusting.destroy()
  })

  it('with a certificate of an own CA', async () => {
    const trusting = new Agent({ connect: { ca: cert, lookup } as never })
    const url = new URL(`https://login.example.com:${secure.port}/place`)
    expect(await ask({ url, dispatcher: trusting })).toMatchObject({ status: 200 })
    await trusting.destroy()
  })

  it('is HTTP/1.1 where that is asked for, although the server offers HTTP/2', async () => {
    const versions: string[] = []
    const both = createSecureServer({ cert, key, allowHTTP1: true }, (incoming, outgoing) => {
      versions.push(incoming.httpVersion)
      outgoing.end('{}')
    })
    await once(both.listen(0, '127.0.0.1'), 'listening')
    const trusting = new Agent({ connect: { ca: cert, lookup } as never })
    const url = new URL(`https://login.example.com:${(both.address() as AddressInfo).port}/place`)
    await ask({ url, dispatcher: trusting, allowH2: false })
    expect(versions).toEqual(['1.1'])
    await trusting.destroy()
    both.close()
  })
})
