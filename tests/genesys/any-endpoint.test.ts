import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import type { HttpMethod, RequestOptions } from '../../src/genesys/index.js'
import { all, connect, connectTo, errorOf } from './connect.js'

const QUEUES = '/api/v2/routing/queues'
const METHODS: readonly HttpMethod[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']

describe('a request to any endpoint', () => {
  test('answers with its JSON, as it came', async () => {
    const { genesys } = await connect()
    const response = await genesys.request('GET', QUEUES, { query: { pageSize: 2, expand: ['a', 'b'], flag: true } })
    expect(response).toMatchObject({
      pageSize: 2,
      pageNumber: 1,
      entities: [{ id: expect.any(String) as unknown }, {}],
    })
    const { genesys: other, sent } = await connectTo(() => Response.json({ next: null }))
    expect(await other.request('GET', '/api/v2/x?a=1', { query: { b: ['x', 'y'], c: 7, d: undefined } })).toEqual({
      next: null,
    })
    expect(sent.at(-1)).toMatchObject({ method: 'GET', path: '/api/v2/x?a=1&b=x&b=y&c=7' })
  })

  test('with a schema answers with what that makes of it, and has its type', async () => {
    const { genesys } = await connect()
    const schema = z.object({ total: z.number().transform((total) => ({ queues: total })) })
    const response = await genesys.request('GET', QUEUES, { schema })
    // The compiler looks here.
    const { queues }: { queues: number } = response.total
    expect(queues).toBeGreaterThan(0)
    const other = z.object({ total: z.string() })
    expect(await errorOf(genesys.request('GET', QUEUES, { schema: other }))).toMatchObject({
      code: 'schema_mismatch',
      path: 'total',
    })
  })

  test('sends a body as JSON, at the moment of the call', async () => {
    const { genesys, sent } = await connectTo(() => Response.json({ fine: true }))
    const body = { name: 'one' }
    const response = genesys.request('POST', QUEUES, { body })
    body.name = 'two'
    expect(await response).toEqual({ fine: true })
    expect(sent.at(-1)).toMatchObject({ method: 'POST', body: { name: 'one' } })
  })

  test.each(METHODS)('can be a %s; nothing answered is undefined', async (method) => {
    const { genesys, sent } = await connectTo(() => new Response(null, { status: 204 }))
    expect(await genesys.request(method, '/api/v2/x')).toBeUndefined()
    expect(sent.at(-1)).toMatchObject({ method })
  })

  test.each<[HttpMethod, RequestOptions, number]>([
    ['GET', {}, 2],
    ['PUT', { body: {} }, 2],
    ['DELETE', {}, 2],
    ['POST', { body: {} }, 1],
    ['PATCH', { body: {} }, 1],
    ['POST', { body: {}, idempotent: true }, 2],
    ['GET', { idempotent: false }, 1],
  ])('that meets a 503 is sent again only where that is safe: %s %j', async (method, options, times) => {
    let answered = 0
    const { genesys } = await connectTo(() => Response.json({}, { status: ++answered === 1 ? 503 : 200 }))
    await genesys.request(method, '/api/v2/x', options).catch(() => undefined)
    expect(answered).toBe(times)
  })

  test('is of the session: its token is renewed on the way', async () => {
    const { genesys, running } = await connect()
    await all(genesys.users.list())
    running.simulator.revokeTokens()
    const body = { interval: '2026-01-05T00:00:00Z/2026-01-06T00:00:00Z' }
    const response = await genesys.request('POST', '/api/v2/analytics/conversations/details/query', { body })
    expect(response).toMatchObject({ totalHits: 50 })
    expect(running.simulator.counts.tokensMinted).toBe(2)
  })

  test('fails as every other does', async () => {
    const { genesys } = await connect({ permissions: [] })
    expect(await errorOf(genesys.request('GET', QUEUES))).toMatchObject({
      code: 'api_forbidden',
      missingPermissions: ['routing:queue:view'],
    })
    expect(await errorOf(genesys.request('GET', '/api/v2/nothing'))).toMatchObject({ code: 'api_not_found' })
    const controller = new AbortController()
    controller.abort('enough')
    expect(await errorOf(genesys.request('GET', QUEUES, { signal: controller.signal }))).toBe('enough')
    await genesys.close()
    expect(await errorOf(genesys.request('GET', QUEUES))).toMatchObject({ code: 'closed' })
  })
})

describe('nothing is sent', () => {
  test.each([
    ['https://elsewhere.example/api/v2/users'],
    ['//elsewhere.example/api/v2/users'],
    ['blob:https://elsewhere.example/x'],
    ['javascript:alert(1)'],
  ])('out of this API: %s', async (path) => {
    const { genesys, sent } = await connect()
    expect(await errorOf(genesys.request('GET', path))).toMatchObject({ code: 'unsafe_link' })
    expect(sent).toEqual([])
  })

  const circle: { self?: unknown } = {}
  circle.self = circle

  test.each<[option: string, args: readonly unknown[]]>([
    ['method', ['get', QUEUES]],
    ['body', ['GET', QUEUES, { body: {} }]],
    ['body', ['HEAD', QUEUES, { body: null }]],
    ['body', ['POST', QUEUES, { body: circle }]],
    ['query', ['GET', QUEUES, { query: new URLSearchParams('a=1') }]],
    ['query.a', ['GET', QUEUES, { query: { a: null } }]],
  ])('for a wrong %s (%#)', async (option, args) => {
    const { genesys, sent } = await connect()
    const error = await errorOf(Reflect.apply(genesys.request, genesys, args) as Promise<unknown>)
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toContain(`\`${option}\``)
    expect(sent).toEqual([])
  })
})
