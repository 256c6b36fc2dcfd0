/**
 * A POST with a stream meets a 401, the client refreshes and sends the spent stream again: an empty body, and the server
 * answers 200. Nobody sees that data was lost: axios-auth-refresh 5.0.2 with a stream, undici-oidc-interceptor 0.6.0 with
 * an async generator, any naive interceptor on undici 7 (a2aproject/a2a-js#735).
 *
 * everbearer sends the whole body again, byte for byte, or hands over the API's own 401.
 */
import { describe, expect, it } from '@jest/globals'
import { Readable } from 'node:stream'
import { FormData as FormDataOfUndici, Request as RequestOfUndici, request } from 'undici'
import type { Dispatcher } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { agent, builtInFetch, undiciFetch } from '../http/agents.js'
import { api, loopback, sha256 } from '../http/loopback.js'
import type { Echo } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

/** No two kilobytes of it are alike, so that a part that is missing, doubled or out of order changes the hash. */
function text(bytes: number): string {
  let made = ''
  for (let line = 0; made.length < bytes; line++) made += `${line}: ${'x'.repeat(line % 100)}\n`
  return made.slice(0, bytes)
}

/** A thousand bytes at a time, or a hundredth. */
async function* pieces(whole: string) {
  const size = Math.max(1_000, whole.length / 100)
  for (let i = 0; i < whole.length; i += size) {
    yield Buffer.from(whole.slice(i, i + size))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function form(Form: typeof FormData, whole: string) {
  const made = new Form()
  made.append('field', 'value')
  made.append('file', new Blob([whole]), 'file.txt')
  return made
}

const SMALL = text(5_000)
const LARGE = text(10 * 1024 * 1024)
const KEPT = 64 * 1024

/** token-1 is dead, token-2 is good. */
async function scene() {
  const issuer = await loopback(mints())
  const things = await loopback(api('token-2'))
  const tokens = tokensFrom(issuer)
  const options = { origins: [things.origin] }
  return { things, dispatcher: agent(bearer(tokens, options)), fetch: createFetch(tokens, options) }
}

type Body = Dispatcher.DispatchOptions['body']

describe('an interceptor that dispatches the same options again', () => {
  const naive: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    const attempt = (token: string, again: boolean): boolean =>
      dispatch(
        { ...options, headers: { authorization: `Bearer ${token}` } },
        {
          onRequestStart: (controller, context) => again && handler.onRequestStart?.(controller, context),
          onResponseStart: (controller, status, headers) =>
            again && handler.onResponseStart?.(controller, status, headers),
          onResponseData: (controller, chunk) => again && handler.onResponseData?.(controller, chunk),
          onResponseEnd(controller, trailers) {
            if (again) handler.onResponseEnd?.(controller, trailers)
            else attempt('token-2', true)
          },
          onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
        },
      )
    return attempt('token-1', false)
  }

  it('sends an async generator again as nothing, and is told 200', async () => {
    const { things } = await scene()
    const body = pieces(SMALL) as unknown as Body
    const answer = await request(things.origin, { dispatcher: agent(naive), method: 'POST', body: body! })
    expect([answer.statusCode, ((await answer.body.json()) as Echo).length]).toEqual([200, 0])
  })
})

describe('request', () => {
  const bodies: [name: string, body: () => unknown, whole: string][] = [
    ['a string', () => SMALL, SMALL],
    ['an empty string', () => '', ''],
    ['a string of 10 MB', () => LARGE, LARGE],
    ['a Buffer', () => Buffer.from(SMALL), SMALL],
    ['a Buffer of 10 MB', () => Buffer.from(LARGE), LARGE],
    ['a Uint8Array', () => new TextEncoder().encode(SMALL), SMALL],
    ['a Blob', () => new Blob([SMALL]), SMALL],
    ['a Readable', () => Readable.from(pieces(SMALL)), SMALL],
    ['a Readable that ends at once', () => Readable.from([]), ''],
    ['an async generator', () => pieces(SMALL), SMALL],
    ['a generator', () => [Buffer.from(SMALL)][Symbol.iterator](), SMALL],
    ['as much of a stream as is kept', () => Readable.from(pieces(LARGE.slice(0, KEPT))), LARGE.slice(0, KEPT)],
  ]

  it.each(bodies)('with %s arrives whole with the new token', async (_name, make, whole) => {
    const { things, dispatcher } = await scene()
    const answer = await request(things.origin, { dispatcher, method: 'POST', body: make() as never })
    expect(answer.statusCode).toBe(200)
    expect(await answer.body.json()).toMatchObject({ token: 'token-2', sha256: sha256(whole) })
    expect(things.hits.map(({ body }) => sha256(body!))).toEqual([sha256(whole), sha256(whole)])
  })

  it('with a FormData arrives whole with the new token', async () => {
    const { things, dispatcher } = await scene()
    const body = form(FormDataOfUndici, SMALL)
    const answer = await request(things.origin, { dispatcher, method: 'POST', body: body as never })
    expect(answer.statusCode).toBe(200)
    await answer.body.dump()
    const [first, second] = things.hits.map(({ body }) => String(body).replace(/--+\S+/g, '--boundary'))
    expect(first).toContain(SMALL)
    expect(second).toBe(first)
  })
})

describe.each([
  ['createFetch', (fetch: typeof globalThis.fetch) => fetch],
  ["undici's fetch over bearer", (_: unknown, dispatcher: Dispatcher) => undiciFetch(dispatcher)],
  ['the built-in fetch over bearer', (_: unknown, dispatcher: Dispatcher) => builtInFetch(dispatcher)],
])('%s', (name, choose) => {
  const Form = name.startsWith('undici') ? (FormDataOfUndici as unknown as typeof FormData) : FormData
  const bodies: [name: string, body: () => unknown, whole: string][] = [
    ['a string', () => SMALL, SMALL],
    ['an empty string', () => '', ''],
    ['a Buffer', () => Buffer.from(SMALL), SMALL],
    ['a Blob', () => new Blob([SMALL]), SMALL],
    ['URLSearchParams', () => new URLSearchParams({ a: 'b c', d: 'é' }), 'a=b+c&d=%C3%A9'],
    ['a ReadableStream', () => ReadableStream.from(pieces(SMALL)), SMALL],
    ['an async generator', () => pieces(SMALL), SMALL],
  ]
  const post = async (body: unknown) => {
    const { things, dispatcher, fetch } = await scene()
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    return { things, response: await choose(fetch, dispatcher)(things.origin, init) }
  }

  it.each(bodies)('with %s arrives whole with the new token', async (_name, make, whole) => {
    const { response } = await post(make())
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ token: 'token-2', sha256: sha256(whole) })
  })

  it('with a FormData arrives whole with the new token', async () => {
    const { things, response } = await post(form(Form, SMALL))
    expect(response.status).toBe(200)
    const [first, second] = things.hits.map(({ body }) => String(body).replace(/--+\S+/g, '--boundary'))
    expect(first).toContain(SMALL)
    expect(second).toBe(first)
  })

  it('with a Request made of a string arrives whole with the new token', async () => {
    const { things, dispatcher, fetch } = await scene()
    const Request = name.startsWith('undici')
      ? (RequestOfUndici as unknown as typeof globalThis.Request)
      : globalThis.Request
    const response = await choose(fetch, dispatcher)(new Request(things.origin, { method: 'POST', body: SMALL }))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ token: 'token-2', sha256: sha256(SMALL) })
  })

  it('with a string of 10 MB arrives whole where it can be told from a stream, or is answered 401', async () => {
    const { things, response } = await post(LARGE)
    expect(response.status).toBe(name === 'createFetch' ? 200 : 401)
    const hashes = things.hits.map(({ body }) => sha256(body!))
    expect(hashes).toEqual(Array(name === 'createFetch' ? 2 : 1).fill(sha256(LARGE)))
  })
})

describe('what cannot be sent again', () => {
  it.each([
    ['a Readable of 10 MB', () => Readable.from(pieces(LARGE))],
    ['one byte more than is kept', () => Readable.from(pieces(LARGE.slice(0, KEPT + 1)))],
  ])('%s: the API’s own 401, whole, and one sending', async (_name, make) => {
    const { things, dispatcher, fetch } = await scene()
    const answer = await request(things.origin, { dispatcher, method: 'POST', body: make() })
    expect([answer.statusCode, answer.headers['x-original'], await answer.body.text()]).toEqual([401, 'yes', 'refused'])
    // The refusal was told to the manager all the same: the next request is well.
    expect(things.tokens()).toEqual(['token-1'])
    expect((await fetch(things.origin)).status).toBe(200)
  })

  it('a stream that somebody has begun to read is never sent twice with different ends', async () => {
    const { things, dispatcher } = await scene()
    const body = Readable.from(pieces(SMALL))
    await body[Symbol.asyncIterator]().next()
    const status = await request(things.origin, { dispatcher, method: 'POST', body }).then(
      (answer) => answer.statusCode,
      (error: unknown) => (error as Error).name,
    )
    const hashes = new Set(things.hits.map((hit) => sha256(hit.body!)))
    expect([status, hashes.size]).not.toEqual([200, 2])
  })
})

it.each([
  ['a Buffer of 10 MB', () => Buffer.from(LARGE), LARGE],
  ['a small Readable', () => Readable.from(pieces(SMALL)), SMALL],
  ['a Readable of 10 MB', () => Readable.from(pieces(LARGE)), LARGE],
])('%s, refused before it was read, is sent again whole or not at all', async (name, make, whole) => {
  const { things, dispatcher } = await scene()
  const reading = api('token-2')
  things.listener = (incoming, outgoing, hit) => {
    if (hit.authorization[0] === 'Bearer token-2') return reading(incoming, outgoing, hit)
    outgoing.writeHead(401, { 'www-authenticate': 'Bearer' }).end('refused')
    incoming.resume()
  }
  const answer = await request(things.origin, { dispatcher, method: 'POST', body: make() as Readable })
  // Which of the two depends for a long stream on how much of it was read when the new token came.
  if (answer.statusCode === 401) expect(things.tokens()).toEqual(['token-1'])
  else expect(await answer.body.json()).toMatchObject({ token: 'token-2', sha256: sha256(whole) })
  if (name !== 'a Readable of 10 MB') expect(answer.statusCode).toBe(200)
  await answer.body.dump()
})
