import { afterEach, describe, expect, test } from '@jest/globals'
import { FormData as UndiciForm } from 'undici'
import { createFetch } from '../../src/http/create-fetch.js'
import { fetchCall } from '../../src/http/fetch-call.js'
import { api, closeServers, loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(closeServers)

/** A fetch whose token is awaited first and then refused, so that every call is sent twice. */
async function waitingFetch() {
  const server = await loopback(api('two'))
  const elsewhere = await loopback()
  const source = new ScriptedSource(['one', 'two'], { ready: false })
  return { server, elsewhere, fetch: createFetch(source, { origins: [server.origin] }) }
}

describe('what the caller changes after the call changes nothing of it:', () => {
  test('a URL that points elsewhere by then', async () => {
    const { server, elsewhere, fetch } = await waitingFetch()
    const url = new URL('/things', server.origin)
    const response = fetch(url)
    url.port = String(elsewhere.port)
    expect((await response).status).toBe(200)
    expect(elsewhere.hits).toEqual([])
    expect(server.hits.map(({ path }) => path)).toEqual(['/things', '/things'])
  })

  test('one URL and one init for several calls', async () => {
    const { server, fetch } = await waitingFetch()
    const [url, init] = [new URL(server.origin), { method: 'PUT', body: '' }]
    const calls = ['a', 'b', 'c'].map((name) => {
      url.searchParams.set('name', name)
      init.body = `body of ${name}`
      return fetch(url, init)
    })
    await Promise.all(calls)
    const seen = server.hits.map(({ path, body }) => `${path} ${String(body)}`)
    expect(new Set(seen)).toEqual(new Set(['/?name=a body of a', '/?name=b body of b', '/?name=c body of c']))
  })

  const bytes = Buffer.from('abcdef')
  test.each([
    ['a Buffer', () => Buffer.from(bytes), (body: Buffer) => body.fill('z')],
    ['a part of one', () => Buffer.from(`-${String(bytes)}-`).subarray(1, 7), (body: Buffer) => body.fill('z')],
    [
      'a view of another kind',
      () => new DataView(Uint8Array.from(bytes).buffer),
      (body: DataView) => body.setInt8(0, 1),
    ],
    ['an ArrayBuffer', () => Uint8Array.from(bytes).buffer, (body: ArrayBuffer) => new Uint8Array(body).fill(0)],
  ])('%s', async (_name, made: () => unknown, change: (body: never) => unknown) => {
    const { server, fetch } = await waitingFetch()
    const body = made() as Buffer
    const response = fetch(server.origin, { method: 'POST', body })
    change(body as never)
    await response
    expect(server.hits.map((hit) => String(hit.body))).toEqual(['abcdef', 'abcdef'])
  })

  test('URLSearchParams', async () => {
    const { server, fetch } = await waitingFetch()
    const body = new URLSearchParams({ name: 'a' })
    const response = fetch(server.origin, { method: 'POST', body })
    body.set('name', 'b')
    await response
    expect(server.hits.map((hit) => String(hit.body))).toEqual(['name=a', 'name=a'])
    expect(server.hits[0]?.headers['content-type']).toMatch('application/x-www-form-urlencoded')
  })

  test.each([
    ['a form', FormData],
    ['a form of undici', UndiciForm as unknown as typeof FormData],
  ])('%s', (_name, Form) => {
    const body = new Form()
    body.append('file', new Blob(['one']), 'one.txt')
    body.append('name', 'a')
    const copy = fetchCall('https://a.example', { body }).init?.body as FormData
    body.set('name', 'b')
    expect(copy).toBeInstanceOf(Form)
    expect(copy.get('name')).toBe('a')
    expect(copy.get('file')).toMatchObject({ name: 'one.txt', size: 3 })
  })
})

test('a stream that calls itself a form, as the package form-data does, is left as it is', () => {
  const body = { pipe: () => undefined, [Symbol.toStringTag]: 'FormData' } as unknown as FormData
  expect(fetchCall('https://a.example', { body }).init?.body).toBe(body)
})

test('a Request counts as an init with all that it has', async () => {
  const { server, fetch } = await waitingFetch()
  const init = new Request('https://elsewhere.example', { method: 'POST', body: 'hello', headers: { 'x-name': 'a' } })
  expect((await fetch(`${server.origin}/things`, init)).status).toBe(200)
  for (const { method, path, headers, body } of server.hits) {
    expect([method, path, headers['x-name'], String(body)]).toEqual(['POST', '/things', 'a', 'hello'])
  }
  expect(server.hits).toHaveLength(2)
})

test('what a fetch of its own adds to an init reaches it, under a symbol too', () => {
  const tag = Symbol('tag')
  expect(fetchCall('https://a.example', { redirect: 'error', [tag]: 2 } as RequestInit).init).toStrictEqual({
    redirect: 'error',
    [tag]: 2,
  })
})

describe('the token goes where the input led when it was asked first, and nowhere else: [R01]', () => {
  const NEXT: [name: string, make: (next: () => string, listed: string, evil: string) => unknown][] = [
    ['an object with toString', (next) => ({ toString: next })],
    ['an object with toPrimitive', (next) => ({ [Symbol.toPrimitive]: next })],
    ['an object with a url, and a toString', (_, listed, evil) => ({ url: listed, toString: () => evil })],
    ['an object with a url', (_, listed) => ({ url: listed })],
    [
      'an instance with a url, and a toString',
      (_, listed, evil) =>
        new (class {
          get url() {
            return listed
          }
          toString() {
            return evil
          }
        })(),
    ],
    [
      'a URL whose toString is another',
      (next, _, evil) =>
        new (class extends URL {
          override toString() {
            return next()
          }
        })(evil),
    ],
    [
      'a Request whose url is another',
      (next, _, evil) => {
        class Other extends Request {}
        Object.defineProperty(Other.prototype, 'url', { get: next })
        return new Other(evil)
      },
    ],
    [
      'a Request with a url of its own',
      (next, _, evil) => Object.defineProperty(new Request(evil), 'url', { get: next }),
    ],
    [
      'a proxy of a Request',
      (next, _, evil) =>
        new Proxy(new Request(evil), {
          get: (target, name) => (name === 'url' ? next() : (Reflect.get(target, name, target) as unknown)),
        }),
    ],
  ]

  test.each(NEXT)('%s', async (_name, make) => {
    const [listed, evil] = [await loopback(), await loopback()]
    const responses = [listed.origin]
    const input = make(() => responses.shift() ?? evil.origin, listed.origin, evil.origin)
    const fetch = createFetch(new ScriptedSource(['good']), { origins: [listed.origin], unlisted: 'pass' })
    await fetch(input as string).catch(() => undefined)
    expect(evil.tokens().filter((token) => token !== '')).toEqual([])
  })

  test('a subclass of Request that is meant well is sent, and sent again, with its body', async () => {
    const { server, fetch } = await waitingFetch()
    class ApiRequest extends Request {
      constructor(path: string) {
        super(server.origin + path, { method: 'POST', body: 'hello' })
      }
    }
    expect((await fetch(new ApiRequest('/things'))).status).toBe(200)
    expect(server.hits.map(({ path, body }) => `${path} ${String(body)}`)).toEqual(['/things hello', '/things hello'])
  })

  test('headers that answer otherwise the next time are read once', async () => {
    const { server, fetch } = await waitingFetch()
    const values = ['a', 'b', 'c']
    const headers = {
      get 'x-name'() {
        return values.shift()
      },
    }
    await fetch(server.origin, { headers: headers as unknown as Record<string, string> })
    expect(server.hits.map(({ headers }) => headers['x-name'])).toEqual(['a', 'a'])
  })
})

describe('the call of fetch with', () => {
  test('a Request hands that very Request on', () => {
    const request = new Request('https://api.example/things')
    const call = fetchCall(request, undefined)
    expect([call.url, call.request?.()]).toEqual(['https://api.example/things', request])
    expect(call.request?.()).toBe(request)
  })

  test('a Request that says another URL of itself hands a copy on', () => {
    const request = new Request('https://api.example/things')
    Object.defineProperty(request, 'url', { value: 'https://evil.example/' })
    const call = fetchCall(request, undefined)
    expect(call.url).toBe('https://api.example/things')
    expect(call.request?.()).not.toBe(request)
    expect(call.request?.().url).toBe('https://api.example/things')
  })

  test('a Request of a subclass hands a copy on', () => {
    class Misleading extends Request {}
    Object.defineProperty(Misleading.prototype, 'url', { get: () => 'https://evil.example/' })
    const request = new Misleading('https://api.example/things')
    const call = fetchCall(request, undefined)
    expect(call.url).toBe('https://api.example/things')
    expect(Object.getPrototypeOf(call.request?.())).toBe(Request.prototype)
  })

  test.each([
    ['a proxy of a Request', new Proxy(new Request('https://api.example/'), {}), '[object Request]'],
    [
      'an object with a getter of its own',
      {
        get url() {
          return 'https://api.example/'
        },
      },
      '[object Object]',
    ],
  ])('%s takes what it is as a text', (_name, input, text) => {
    const call = fetchCall(input as never, undefined)
    expect([call.url, call.request]).toEqual([text, undefined])
  })
})

test('a call with null is a call with its text, which fetch rejects', () => {
  expect(fetchCall(null as never, undefined)).toMatchObject({ url: 'null', request: undefined })
})
