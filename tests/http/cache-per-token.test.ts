import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { cacheStores, Headers, interceptors } from 'undici'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { cachePerToken } from '../../src/http/cache-per-token.js'
import { staticToken } from '../../src/token/static-token.js'
import { agent, closeAgents } from './agents.js'
import { closeServers, loopback } from './loopback.js'
import type { Loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

let server: Loopback
let answered: Record<string, string>

beforeEach(async () => {
  answered = { 'cache-control': 'public, max-age=60' }
  server = await loopback((incoming, outgoing) => {
    if (incoming.headers['if-none-match'] !== undefined) outgoing.writeHead(304, answered).end()
    else outgoing.writeHead(200, answered).end(`data of ${incoming.headers.authorization}`)
  })
})

afterEach(async () => {
  await closeAgents()
  closeServers()
})

type Given = Dispatcher.DispatchOptions['headers']

async function get(dispatcher: Dispatcher, headers?: Given, path = '/me'): Promise<string> {
  const { body } = await dispatcher.request({ origin: server.origin, path, method: 'GET', headers: headers ?? null })
  return body.text()
}

/** Dispatchers of several users who share one cache. */
function users(options?: Parameters<typeof cachePerToken>[0]) {
  const shared = agent(cachePerToken(options))
  return (token: string) => shared.compose(bearer(staticToken(token), { origins: [server.origin] }))
}

describe('a cache per token [R03]', () => {
  it.each([
    [{ 'cache-control': 'public, max-age=60' }],
    [{ 'cache-control': 'max-age=60' }],
    [{ 'cache-control': 'private, max-age=60' }],
    [{ 'cache-control': 'max-age=60, must-revalidate' }],
    [{ 'cache-control': 'public, max-age=60', vary: 'authorization' }],
    [{ 'cache-control': 'public, max-age=60', vary: 'accept' }],
  ])('serves each token what it got itself, and sends each request once: %j', async (headers) => {
    answered = headers
    const of = users()
    for (const token of ['alice', 'bob', 'alice', 'bob']) expect(await get(of(token))).toBe(`data of Bearer ${token}`)
    expect(server.tokens()).toEqual(['alice', 'bob'])
  })

  it.each([
    ['an object', { accept: '*/*' }],
    ['a flat array', ['accept', '*/*']],
    ['pairs', [['accept', '*/*']] as never],
    ['Headers', new Headers({ accept: '*/*' })],
    ['a Map', new Map([['accept', '*/*']])],
  ])('takes headers as %s', async (_name, headers) => {
    const of = users()
    for (const token of ['alice', 'bob', 'alice', 'bob']) {
      expect(await get(of(token), headers as Given)).toBe(`data of Bearer ${token}`)
    }
    expect(server.hits.map(({ headers }) => headers.accept)).toEqual(['*/*', '*/*'])
  })

  it('revalidates with the caller’s own token', async () => {
    answered = { 'cache-control': 'public, max-age=0', etag: '"one"', vary: 'authorization' }
    const of = users()
    for (const token of ['alice', 'alice', 'bob']) expect(await get(of(token))).toBe(`data of Bearer ${token}`)
    expect(server.tokens()).toEqual(['alice', 'alice', 'bob'])
    expect(server.hits.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"one"', undefined])
  })

  it('keeps what is asked for without a token apart, also under a path that names a partition', async () => {
    const store = new cacheStores.MemoryCacheStore()
    const paths: string[] = []
    const get_ = store.get.bind(store)
    store.get = (key) => (paths.push(key.path), get_(key))
    const shared = agent(cachePerToken({ store }))
    const alice = shared.compose(bearer(staticToken('alice'), { origins: [server.origin] }))
    await get(alice)
    expect(await get(shared)).toBe('data of undefined')
    expect(await get(shared, undefined, paths[0])).toBe('data of undefined')
    expect(await get(shared, { 'Everbearer-Partition': paths[0]!.split('#')[1] })).toBe('data of undefined')
    expect(await get(alice)).toBe('data of Bearer alice')
  })

  it('sends no header of its own, and what a caller says about caching counts', async () => {
    const of = users()
    await get(of('a'))
    await get(of('a'), { 'cache-control': 'no-store' })
    await get(of('a'), { 'Cache-Control': 'no-cache' })
    const seen = server.hits.map(({ headers }) => [headers['everbearer-partition'], headers['cache-control']])
    expect(seen).toEqual([
      [undefined, undefined],
      [undefined, 'no-store'],
      [undefined, 'no-cache'],
    ])
  })

  it('tells its store no token', async () => {
    const kept: unknown[] = []
    const store = new cacheStores.MemoryCacheStore()
    const createWriteStream = store.createWriteStream.bind(store)
    store.createWriteStream = (key, value) => (kept.push(key, value), createWriteStream(key, value))
    answered = { 'cache-control': 'public, max-age=60', vary: 'authorization' }
    await get(users({ store })('the-token'))
    expect(kept).toHaveLength(2)
    expect(JSON.stringify(kept)).not.toContain('the-token')
    expect(JSON.stringify(kept)).not.toContain('artition')
  })

  it('waits for a store that answers by a promise', async () => {
    const store = new cacheStores.MemoryCacheStore()
    const later = {
      get: async (key: Parameters<typeof store.get>[0]) => store.get(key),
      createWriteStream: store.createWriteStream.bind(store),
      delete: async (key: Parameters<typeof store.get>[0]) => store.delete(key),
    }
    const of = users({ store: later })
    for (const token of ['alice', 'bob', 'alice']) expect(await get(of(token))).toBe(`data of Bearer ${token}`)
    expect(server.tokens()).toEqual(['alice', 'bob'])
  })

  it('lets its store delete what belongs to the token', async () => {
    const store = new cacheStores.MemoryCacheStore()
    const deleted: string[] = []
    const remove = store.delete.bind(store)
    store.delete = (key) => {
      deleted.push(key.path)
      return remove(key)
    }
    const of = users({ store })
    await get(of('alice'))
    answered = { 'cache-control': 'no-store' }
    await of('alice').request({ origin: server.origin, path: '/me', method: 'DELETE' })
    expect(deleted.every((path) => /^\/me#[\w-]{43}$/.test(path))).toBe(true)
    expect(deleted.length).toBeGreaterThan(0)
  })

  it('does not send what a caller calls a partition, whatever its case', async () => {
    const of = users()
    await get(of('alice'), { 'Everbearer-Partition': 'of bob' })
    expect(server.hits[0]!.headers).not.toHaveProperty('everbearer-partition')
  })

  it('names itself if an option is unknown', () => {
    expect(() => cachePerToken({ stores: [] } as never)).toThrow('Unknown option `stores` in cachePerToken.')
  })

  it('begins empty for a new token, which a replay brings', async () => {
    const unauthorized = { 'www-authenticate': 'Bearer error="invalid_token"' }
    server.listener = (incoming, outgoing) => {
      const { authorization } = incoming.headers
      if (authorization === 'Bearer two') outgoing.writeHead(200, answered).end(authorization)
      else outgoing.writeHead(401, unauthorized).end()
    }
    const source = new ScriptedSource(['one', 'two'])
    const dispatcher = agent(cachePerToken(), bearer(source, { origins: [server.origin] }))
    expect([await get(dispatcher), await get(dispatcher)]).toEqual(['Bearer two', 'Bearer two'])
    expect(server.tokens()).toEqual(['one', 'two'])
  })

  it('caches nothing that a DPoP proof goes with', async () => {
    const prover = { thumbprint: 'jkt', prove: async () => 'proof', remember: () => undefined }
    const dispatcher = agent(
      cachePerToken(),
      bearer(new ScriptedSource(['a'], { prover }), { origins: [server.origin] }),
    )
    for (const _ of [1, 2]) expect(await get(dispatcher)).toBe('data of DPoP a')
    expect(server.hits.map(({ headers }) => headers['dpop'])).toEqual(['proof', 'proof'])
  })

  it('leaves headers that undici rejects to undici', async () => {
    await expect(get(agent(cachePerToken()), ['x'])).rejects.toThrow('headers array must be even')
  })

  it('outside bearer is rejected', async () => {
    const dispatcher = agent(bearer(staticToken('t'), { origins: [server.origin] }), cachePerToken())
    await expect(get(dispatcher)).rejects.toMatchObject({ code: 'unsafe_composition' })
  })

  it('with redirect and retry outside keeps each hop apart', async () => {
    const final = server.listener
    server.listener = (incoming, outgoing, hit) => {
      if (incoming.url === '/final') return final(incoming, outgoing, hit)
      outgoing.writeHead(302, { location: '/final' }).end()
    }
    const cache = cachePerToken()
    for (const token of ['alice', 'bob']) {
      const outer = [interceptors.redirect({ maxRedirections: 1 }), interceptors.retry()]
      const dispatcher = agent(cache, bearer(staticToken(token), { origins: [server.origin] }), ...outer)
      expect([await get(dispatcher), await get(dispatcher)]).toEqual(Array(2).fill(`data of Bearer ${token}`))
    }
  })
})
