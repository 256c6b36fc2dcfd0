import { afterEach, describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'
import { Headers } from 'undici'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import * as stamp from '../../src/http/stamp.js'
import { staticToken } from '../../src/token/static-token.js'
import { agent, closeAgents } from './agents.js'
import { closeServers, loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

type Given = NonNullable<Dispatcher.DispatchOptions['headers']>

afterEach(async () => {
  await closeAgents()
  closeServers()
})

/** For a method whose response no cache stores, so that `Cache-Control` stays as it is. */
function stampHeaders(headers: unknown, authorization: string, proof?: string): unknown {
  const options = { path: '/', method: 'POST', headers } as Dispatcher.DispatchOptions
  stamp.stampOptions(options, authorization, proof)
  return options.headers
}

function hasAuthorization(headers: unknown): boolean {
  return stamp.hasAuthorization(stamp.ownHeaders(headers as Given) ?? {})
}

function* generated(): Generator<[string, string]> {
  yield ['x-a', '1']
  yield ['AUTHORIZATION', 'own']
}

const failing = () => ({
  [Symbol.iterator]() {
    throw new Error('the headers failed')
  },
})

/** The same headers in every form that undici takes, each time anew. */
const FORMS: [name: string, make: () => unknown][] = [
  ['an object', () => ({ 'x-a': '1', Authorization: 'own' })],
  ['an object with it twice', () => ({ authorization: 'own', AUTHORIZATION: 'own too', 'x-a': '1' })],
  [
    'an object without a prototype',
    () => Object.assign(Object.create(null) as object, { 'x-a': '1', authorization: 'own' }),
  ],
  ['a flat array', () => ['x-a', '1', 'aUthorization', 'own']],
  ['a flat array with it twice', () => ['Authorization', 'own', 'x-a', '1', 'authorization', 'own too']],
  [
    'a flat array of Buffers',
    () => [Buffer.from('x-a'), Buffer.from('1'), Buffer.from('Authorization'), Buffer.from('own')].map(String),
  ],
  [
    'an array of pairs',
    () => [
      ['x-a', '1'],
      ['Authorization', 'own'],
    ],
  ],
  ['Headers of undici', () => new Headers({ 'x-a': '1', authorization: 'own' })],
  ['Headers of Node', () => new globalThis.Headers({ 'x-a': '1', authorization: 'own' })],
  [
    'a Map',
    () =>
      new Map([
        ['x-a', '1'],
        ['Authorization', 'own'],
      ]),
  ],
  ['a generator', generated],
]

/** Frozen as deep as it goes, so that any change throws. */
function frozen(headers: unknown): unknown {
  if (Array.isArray(headers)) for (const header of headers as unknown[]) Object.freeze(header)
  if (Array.isArray(headers) || (headers as object).constructor === Object) Object.freeze(headers)
  return headers
}

describe('headers [R30]', () => {
  it.each(FORMS)('as %s reach the server with one Authorization, ours', async (_name, make) => {
    const server = await loopback()
    const dispatcher = agent(bearer(staticToken('good'), { origins: [server.origin] }))
    const headers = frozen(make()) as Given
    const { body } = await dispatcher.request({ origin: server.origin, path: '/', method: 'GET', headers })
    await body.dump()
    expect(server.hits.map(({ authorization }) => authorization)).toEqual([['Bearer good']])
    expect(server.hits[0]?.headers['x-a']).toBe('1')
  })

  it.each([undefined, null, {}, [], new Headers(), new Map()])('that are %p: ours alone', async (headers) => {
    const server = await loopback()
    const dispatcher = agent(bearer(staticToken('good'), { origins: [server.origin] }))
    const options = { origin: server.origin, path: '/', method: 'GET' as const, headers: headers as never }
    await (await dispatcher.request(options)).body.dump()
    expect(server.hits.map(({ authorization }) => authorization)).toEqual([['Bearer good']])
  })

  it.each(FORMS)('as %s are the caller’s own afterwards', (_name, make) => {
    const headers = make()
    if (headers instanceof Headers || headers instanceof globalThis.Headers) {
      stampHeaders(headers, 'x')
      expect(headers.get('authorization')).toBe('own')
    } else if (!(Symbol.iterator in (headers as object)) || Array.isArray(headers) || headers instanceof Map) {
      stampHeaders(headers, 'x')
      expect(headers).toEqual(make())
    }
  })

  it.each([
    ['an object', { DPoP: 'own', 'x-a': '1' }],
    ['a flat array', ['dpop', 'own', 'x-a', '1']],
    ['a Map', new Map(Object.entries({ dpoP: 'own', 'x-a': '1' }))],
    ['nothing', undefined],
  ])('as %s hold one proof beside a DPoP token, ours', (_name, headers) => {
    const other = headers === undefined ? {} : { 'x-a': '1' }
    expect(stampHeaders(headers, 'DPoP t', 'proof')).toEqual({ ...other, authorization: 'DPoP t', dpop: 'proof' })
  })

  it('keep a proof of the caller’s own beside another token', () => {
    expect(stampHeaders({ dpop: 'own' }, 'Bearer t')).toEqual({ dpop: 'own', authorization: 'Bearer t' })
  })

  it('keep several values of one name, and leave out what is undefined', async () => {
    const server = await loopback()
    const dispatcher = agent(bearer(staticToken('good'), { origins: [server.origin] }))
    for (const headers of [
      { 'x-a': ['1', '2'], 'x-b': undefined },
      ['x-a', '1', 'x-a', '2'],
      [
        ['x-a', ['1', '2']],
        ['x-b', undefined],
      ],
      new Map<string, unknown>([
        ['x-a', ['1', '2']],
        ['x-b', undefined],
      ]),
    ]) {
      const options = { origin: server.origin, path: '/', method: 'GET' as const, headers: headers as never }
      await (await dispatcher.request(options)).body.dump()
    }
    expect(server.hits.map(({ headers }) => [headers['x-a'], headers['x-b']])).toEqual(
      Array(4).fill(['1, 2', undefined]),
    )
  })

  it('in a flat array of an odd length are refused by undici, as without us', async () => {
    const server = await loopback()
    const dispatcher = agent(bearer(staticToken('good'), { origins: [server.origin] }))
    const options = { origin: server.origin, path: '/', method: 'GET' as const, headers: ['x-a', '1', 'x-b'] }
    await expect(dispatcher.request(options)).rejects.toThrow('headers array must be even')
  })

  it.each([
    ['text', 'x-a: 1', 'headers must be an object or an array'],
    ['entries that are no pairs', new Set(['x-a']), 'headers must give pairs'],
    ['entries of three', [['x-a', '1', '2']], 'headers must give pairs'],
    ['an iterator that fails', failing(), 'the headers failed'],
  ])('that are %s fail the request, and nothing is sent, with a token at hand or not', async (_, headers, message) => {
    const server = await loopback()
    for (const [ready, keepAuthorization] of [
      [true, false],
      [false, false],
      [true, true],
    ] as const) {
      const source = new ScriptedSource(['good'], { ready })
      const dispatcher = agent(bearer(source, { origins: [server.origin], keepAuthorization }))
      const asked = dispatcher.request({ origin: server.origin, path: '/', method: 'GET', headers: headers as never })
      await expect(asked).rejects.toThrow(message)
    }
    expect(server.hits).toEqual([])
  })

  it('are not iterated because of a polluted prototype', async () => {
    const server = await loopback()
    const dispatcher = agent(bearer(staticToken('good'), { origins: [server.origin] }))
    const polluted = Object.prototype as unknown as Partial<Iterable<unknown>>
    polluted[Symbol.iterator] = function* () {}
    try {
      for (const headers of [{ 'x-a': '1' }, Object.assign(Object.create(null) as object, { 'x-a': '1' })]) {
        const asked = dispatcher.request({ origin: server.origin, path: '/', method: 'GET', headers: headers as Given })
        await (await asked).body.dump()
      }
    } finally {
      delete polluted[Symbol.iterator]
    }
    expect(server.hits.map(({ headers }) => [headers['x-a'], headers.authorization])).toEqual(
      Array(2).fill(['1', 'Bearer good']),
    )
  })

  it('of any names keep all but Authorization', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[a-z-]{1,16}$/),
      fc.constantFrom(
        'authorization',
        'Authorization',
        'AUTHORIZATION',
        'proxy-authorization',
        'x-authorization',
        'authorizations',
      ),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ maxLength: 3 })), { maxLength: 8 }), (pairs) => {
        const rest = pairs.filter(([name]) => name.toLowerCase() !== 'authorization')
        const expected = { authorization: 'Bearer x' } as Record<string, string | string[]>
        for (const [name] of rest) {
          const values = rest.filter(([other]) => other === name).map(([, value]) => value)
          expected[name] = values.length === 1 ? values[0]! : values
        }
        expect(stampHeaders(pairs.flat(), 'Bearer x')).toEqual(expected)
        expect(stampHeaders(pairs, 'Bearer x')).toEqual(expected)
        expect(stampHeaders(new Map(pairs).entries(), 'Bearer x')).toMatchObject({ authorization: 'Bearer x' })
        const record = Object.fromEntries(pairs)
        const has = pairs.length > rest.length
        expect(stampHeaders(record, 'Bearer x')).toEqual({ ...Object.fromEntries(rest), authorization: 'Bearer x' })
        expect([hasAuthorization(pairs.flat()), hasAuthorization(record), hasAuthorization(new Map(pairs))]).toEqual([
          has,
          has,
          has,
        ])
      }),
    )
  })

  it.each(['proxy-authorization', 'x-correlation', 'authorizatioN', 'authorizations', 'author'])(
    'named %s are told from Authorization by the whole name, whatever its case',
    (name) => {
      expect(hasAuthorization({ [name]: 'x' })).toBe(name === 'authorizatioN')
      expect(hasAuthorization([name, 'x'])).toBe(name === 'authorizatioN')
      expect(hasAuthorization(new Map([[name, 'x']]))).toBe(name === 'authorizatioN')
    },
  )

  it('that are no pairs fail as an option does', () => {
    expect(() => stampHeaders(new Set(['x-a']) as never, 'x')).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: 'headers must give pairs of a name and a value when they are iterated.',
      }),
    )
  })

  it('a value that reads authorization is no name', () => {
    expect(hasAuthorization(['x-a', 'authorization'])).toBe(false)
    expect(stampHeaders(['x-a', 'authorization'], 'x')).toEqual({ 'x-a': 'authorization', authorization: 'x' })
  })

  it('in raw Buffers are known by their names', () => {
    expect(hasAuthorization([Buffer.from('Authorization'), Buffer.from('x')] as never)).toBe(true)
  })
})

test('a header that is called __proto__ is one like any other', () => {
  const stamped = stampHeaders(['__proto__', 'x'], 'Bearer t')
  expect(Object.entries(stamped as object)).toEqual([
    ['__proto__', 'x'],
    ['authorization', 'Bearer t'],
  ])
})

describe('Cache-Control', () => {
  const cacheControl = (headers: unknown, method = 'GET') => {
    const options = { path: '/', method, headers } as Dispatcher.DispatchOptions
    stamp.stampOptions(options, 'Bearer t')
    stamp.stampOptions(options, 'Bearer another')
    return (options.headers as Record<string, string>)['cache-control']
  }

  it.each([
    ['nothing', undefined, 'no-store'],
    ['an object', { 'Cache-Control': 'max-age=0' }, 'no-store, max-age=0'],
    ['an object with it twice', { 'Cache-Control': 'max-age=0', 'cache-control': 'a' }, 'no-store, max-age=0,a'],
    [
      'a flat array',
      ['cache-control', 'max-age=0', 'CACHE-CONTROL', 'no-transform'],
      'no-store, max-age=0,no-transform',
    ],
    ['pairs', [['cache-control', 'max-age=0']], 'no-store, max-age=0'],
    ['Headers', new Headers({ 'cache-control': 'max-age=0' }), 'no-store, max-age=0'],
    ['an object with a quote that never ends', { 'cache-control': 'private="a' }, 'no-store, private="a'],
    ['an object that forbids it already', { 'cache-control': 'No-Store, max-age=0' }, 'No-Store, max-age=0'],
    ['an object with an empty one', { 'cache-control': '' }, 'no-store'],
  ])('of headers as %s forbids to store the response, once, before all else', (_name, headers, expected) => {
    expect(cacheControl(headers)).toBe(expected)
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('of a %s stays as it is: no cache stores its response', (method) => {
    expect(cacheControl({ 'cache-control': 'max-age=0' }, method)).toBe('max-age=0')
    expect(cacheControl({}, method)).toBeUndefined()
  })

  it('that every object has because of a polluted prototype is not sent', () => {
    const polluted = Object.prototype as Record<string, unknown>
    polluted['cache-control'] = 'polluted'
    try {
      expect(cacheControl({})).toBe('no-store')
    } finally {
      delete polluted['cache-control']
    }
  })
})

it('headers of four letters stay beside a proof', () => {
  const stamped = stampHeaders({ from: 'me@example.com', DPoP: 'own' }, 'DPoP t', 'proof')
  expect(stamped).toEqual({ from: 'me@example.com', authorization: 'DPoP t', dpop: 'proof' })
})

it('no-store counts as added only to a request whose response a cache could store', () => {
  const options = (method: string, headers = {}) => ({ path: '/', method, headers }) as Dispatcher.DispatchOptions
  expect(stamp.stampOptions(options('GET'), 'Bearer t')).toBe(true)
  expect(stamp.stampOptions(options('GET', { 'cache-control': 'no-store' }), 'Bearer t')).toBe(false)
  expect(stamp.stampOptions(options('POST', { 'cache-control': 'no-store' }), 'Bearer t')).toBe(false)
})

it('a name that comes again without a value keeps its first value', () => {
  const pairs = [
    ['x-a', 'a'],
    ['x-a', undefined],
    ['x-b', undefined],
    ['x-b', 'b'],
  ]
  expect({ ...stamp.ownHeaders(pairs as never) }).toEqual({ 'x-a': 'a', 'x-b': 'b' })
})
