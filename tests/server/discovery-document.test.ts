import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { Agent } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import { TokenError } from '../../src/base/errors.js'
import { namedPlace, readDiscoveryDocument } from '../../src/server/discovery-document.js'
import { parseOrigin } from '../../src/protocol/url.js'
import { thrownBy } from '../protocol/thrown-by.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

let server: AuthorizationServer
const dispatcher = new Agent()
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(async () => {
  server.close()
  await dispatcher.destroy()
})
beforeEach(() => void server.arrived.splice(0))

function read(origin = server.origin) {
  const { signal } = new AbortController()
  const transport = { dispatcher, signal, clock: systemClock }
  return readDiscoveryDocument({ ...transport, url: new URL(`${origin}/.well-known/x?a=b`), name: 'the document' })
}

describe('readDiscoveryDocument', () => {
  it('asks for JSON, and gives its members', async () => {
    server.response = (response) => json(response, 200, { a: 1 })
    expect(await read()).toEqual({ a: 1 })
    expect(server.arrived).toMatchObject([{ method: 'GET', url: '/.well-known/x?a=b' }])
    expect(server.arrived[0]!.headers).toMatchObject({ accept: 'application/json' })
  })

  it.each<[string, (response: ServerResponse) => unknown, object, string]>([
    [
      'a 404',
      (response) => response.writeHead(404).end(),
      { status: 404, retryable: false },
      'was 404. Check the issuer',
    ],
    ['a 500', (response) => response.writeHead(500).end(), { status: 500, retryable: true }, 'may succeed later'],
    [
      'a 429',
      (response) => response.writeHead(429, { 'retry-after': '3' }).end(),
      { status: 429, retryable: true, retryAfter: 3_000 },
      'may succeed later',
    ],
    ['HTML', (response) => response.end('<html>canary'), { status: 200, retryable: false }, 'not a JSON object'],
    ['a list', (response) => response.end('[]'), { retryable: false }, 'not a JSON object'],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'https://evil.example.com/canary' }).end(),
      { status: 302, retryable: false },
      'answered 302, a redirect',
    ],
    [
      'a document of more than 64 KiB',
      (response) => json(response, 200, { a: 'canary'.repeat(20_000) }),
      { retryable: false },
      'more than 65536 bytes',
    ],
    ['a cut connection', (response) => response.destroy(), { retryable: true }, 'could not be reached'],
  ])('fails with discovery_failed for %s', async (_, answer, members, words) => {
    server.response = answer
    const error = (await read().catch((reason: unknown) => reason)) as TokenError
    expect(error).toBeInstanceOf(TokenError)
    expect(error).toMatchObject({ code: 'discovery_failed', ...members })
    expect(error.message).toContain(words)
    expect(error.message).toContain(server.origin)
    expect(error.message).not.toContain('canary')
  })

  it('fails with discovery_failed where nobody listens', async () => {
    const gone = await startAuthorizationServer()
    gone.close()
    await expect(read(gone.origin)).rejects.toMatchObject({
      code: 'discovery_failed',
      retryable: true,
      message: expect.stringContaining('The document at http'),
    })
  })
})

describe('namedPlace', () => {
  const origin = (value: unknown) => namedPlace(value, 'The document', (text) => parseOrigin(text, 'api_endpoint'))

  it('is what the parser makes of it', () => {
    expect(origin('https://API.example.com:443/')).toBe('https://api.example.com')
  })

  it.each<unknown>([
    undefined,
    null,
    5,
    {},
    { toString: 1 },
    '',
    'api',
    'http://api.example.com',
    'https://api.example.com/v1',
  ])('%j is the fault of the document', (value) => {
    expect(thrownBy(() => origin(value), TokenError)).toMatchObject({
      code: 'discovery_failed',
      retryable: false,
      message: expect.stringMatching(/^The document leads nowhere\. api_endpoint /),
    })
  })
})
