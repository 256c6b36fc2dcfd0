import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import type { PagesOptions } from '../../src/genesys/index.js'
import { writeCheckpoint } from '../../src/paging/checkpoint.js'
import { all, connect, connectTo, errorOf, first } from './connect.js'

const QUEUES = '/api/v2/routing/queues'
const LIST = '/api/v2/list'

type Answer = Readonly<Record<string, unknown>>

/** A client of an API that answers every GET by its query. */
function listing(response: (query: URLSearchParams, asked: number) => Answer) {
  let asked = 0
  return connectTo((request) => Response.json(response(new URL(request.url).searchParams, ++asked)))
}

const rowsOf = (...ids: (string | number)[]) => ids.map((id) => ({ id }))
const paths = (sent: readonly { path: string }[]) => sent.slice(1).map(({ path }) => path)
const pageOf = (query: URLSearchParams) => Number(query.get('pageNumber') ?? 1)

/** Each style with five rows in pages of two, and what is asked for. */
const STYLES: Readonly<Record<string, { response: (query: URLSearchParams) => Answer; asked: readonly string[] }>> = {
  number: {
    response(query) {
      const page = pageOf(query)
      const entities = rowsOf(1, 2, 3, 4, 5).slice(page * 2 - 2, page * 2)
      return { entities, pageNumber: page, pageSize: 2, total: 5, pageCount: 3, nextUri: `${LIST}?wrong` }
    },
    asked: ['?x=y', '?x=y&pageNumber=2', '?x=y&pageNumber=3', '?x=y&pageNumber=4'],
  },
  cursor: {
    response(query) {
      const at = Number(query.get('cursor')?.replace('a+/=', '') ?? 0)
      const next = at < 4 ? { cursor: `a+/=${at + 2}`, nextUri: `${LIST}?wrong` } : { cursor: at === 4 ? null : '' }
      return { entities: rowsOf(1, 2, 3, 4, 5).slice(at, at + 2), ...next }
    },
    asked: ['?x=y', '?x=y&cursor=a%2B%2F%3D2', '?x=y&cursor=a%2B%2F%3D4'],
  },
  nextUri: {
    response(query) {
      const at = Number(query.get('after') ?? 0)
      const nextUri = at < 4 ? `${LIST}?after=${at + 2}` : null
      return { results: rowsOf(1, 2, 3, 4, 5).slice(at, at + 2), nextUri }
    },
    asked: ['?x=y', '?after=2', '?after=4'],
  },
  'all at once': {
    response: () => ({ conversations: rowsOf(1, 2, 3, 4, 5) }),
    asked: ['?x=y'],
  },
}

describe.each(Object.entries(STYLES))('a listing by %s', (_style, { response, asked }) => {
  test('is read to its end', async () => {
    const { genesys, sent } = await listing(response)
    expect(await all(genesys.pages(LIST, { query: { x: 'y' } }))).toEqual(rowsOf(1, 2, 3, 4, 5))
    expect(paths(sent)).toEqual(asked.map((query) => LIST + query))
  })

  test('goes on from the checkpoint after any row', async () => {
    const { genesys } = await listing(response)
    const pages = genesys.pages(LIST)
    const checkpoints = [pages.checkpoint()]
    for await (const _ of pages) checkpoints.push(pages.checkpoint())
    expect(checkpoints).toHaveLength(6)
    for (const [count, checkpoint] of checkpoints.entries()) {
      expect(await all(genesys.pages(LIST, { checkpoint }))).toEqual(rowsOf(1, 2, 3, 4, 5).slice(count))
    }
  })

  test('is left without asking for more', async () => {
    const { genesys, sent } = await listing(response)
    await first(1, genesys.pages(LIST, { query: { x: 'y' } }))
    expect(paths(sent)).toEqual([`${LIST}?x=y`])
  })
})

describe('against the simulator', () => {
  test('queues come as they are, and typed by a schema', async () => {
    const { genesys, sent } = await connect()
    const schema = z.object({ id: z.string(), name: z.string().transform((name) => name.length) })
    const pages = genesys.pages(QUEUES, { pageSize: 3, schema })
    const lengths: number[] = []
    // The compiler looks here: a number.
    for await (const { name } of pages) lengths.push(name)
    const queues = await all(genesys.pages<{ name: string }>(QUEUES))
    expect(lengths).toEqual(queues.map(({ name }) => name.length))
    expect(sent[1]?.path).toBe(`${QUEUES}?pageSize=3`)
  })

  test('users come by page number and by cursor, each once, as the modelled calls give them', async () => {
    const { genesys, running } = await connect()
    for (const path of ['/api/v2/users', '/api/v2/users/query']) {
      const ids = (await all(genesys.pages(path, { pageSize: 7 }))).map((user) => (user as { id: string }).id)
      expect(ids.sort()).toEqual([...running.truth.userIds()].sort())
    }
  })

  test('a token that is revoked on the way is replaced', async () => {
    const { genesys, running } = await connect({ faults: [{ kind: 'revoked', at: 3 }] })
    expect(await all(genesys.pages('/api/v2/users', { pageSize: 7 }))).toHaveLength(30)
    expect(running.simulator.counts.tokensMinted).toBe(2)
  })
})

describe('each row comes once', () => {
  test('also one that moves to a later page', async () => {
    const { genesys } = await listing((query) => {
      const rows = pageOf(query) === 1 ? rowsOf('b', 'c', 'd') : rowsOf('a', 'b', 'c', 'd')
      return { entities: rows.slice(pageOf(query) * 2 - 2, pageOf(query) * 2), pageNumber: pageOf(query) }
    })
    expect(await all(genesys.pages(LIST))).toEqual(rowsOf('b', 'c', 'd'))
  })

  test('by another member, if `rowId` says so', async () => {
    const rows = [
      { key: 1, id: 'same' },
      { key: 2, id: 'same' },
      { key: 1, id: 'other' },
    ]
    const { genesys } = await listing(() => ({ entities: rows }))
    expect(await all(genesys.pages(LIST, { rowId: 'key' }))).toEqual(rows.slice(0, 2))
    const error = await errorOf(all(genesys.pages(LIST, { rowId: 'name' })))
    expect(error).toMatchObject({ code: 'schema_mismatch', path: 'entities.0.name' })
  })

  test('and an id is its own, whatever stands in for one where there is none', async () => {
    const rows = [{ n: 1 }, { id: '0 of 1', n: 2 }, { id: '0 of ', n: 3 }]
    const { genesys } = await listing((query) => ({
      entities: pageOf(query) === 1 ? rows : [],
      pageNumber: pageOf(query),
    }))
    expect(await all(genesys.pages(LIST))).toEqual(rows)
    const { genesys: other } = await listing(() => ({ entities: rows }))
    expect(await all(other.pages(LIST))).toEqual(rows)
  })

  test('and two that share an `id` are two, which it takes `rowId` to tell', async () => {
    const rows = [{ id: 1, key: 1 }, { id: 2 }, { id: 1, key: 2 }]
    const { genesys } = await listing(() => ({ entities: rows }))
    const error = await errorOf(all(genesys.pages(LIST)))
    expect(error).toMatchObject({ code: 'schema_mismatch', path: 'entities.2.id' })
    expect(error.message).toContain('rowId')
  })

  test.each([
    ['empty', '{"id":""}', '{"id":""}'],
    ['a number that JavaScript cannot tell from another', '{"id":9007199254740993}', '{"id":9007199254740992}'],
  ])('and an id that is %s makes no doubles', async (_what, ...rows) => {
    const { genesys } = await connectTo(
      () => new Response(`{"entities":[${rows.join()}]}`, { headers: { 'content-type': 'application/json' } }),
    )
    expect(await all(genesys.pages(LIST))).toHaveLength(2)
    expect(await errorOf(all(genesys.pages(LIST, { rowId: 'id' })))).toMatchObject({ path: 'entities.0.id' })
  })

  test('and what has no id is no double', async () => {
    const row = { count: 1 }
    const { genesys } = await listing((query) => ({
      entities: [[row, row], [row], []][pageOf(query) - 1],
      pageNumber: pageOf(query),
    }))
    expect(await all(genesys.pages(LIST))).toEqual([row, row, row])
  })

  test.each<[string, PagesOptions]>([
    ['its id taken off by the schema', { schema: z.object({ n: z.number() }) }],
    ['rows that are no JSON any more', { schema: z.object({ n: z.number().transform((n) => BigInt(n)) }) }],
  ])('also with %s', async (_what, options) => {
    const rows = [{ id: 'a', n: 1 }, { id: 'b', n: 2 }, { id: 'a', n: 1 }, { n: 3 }]
    const { genesys } = await listing((query) => ({
      entities: pageOf(query) === 1 ? rows : [],
      pageNumber: pageOf(query),
    }))
    const found = (await all(genesys.pages(LIST, options))) as { n: unknown }[]
    expect(found.map(({ n }) => Number(n))).toEqual([1, 2, 3])
  })
})

describe('an endpoint that ignores the page number', () => {
  test('and says so ends without doubles, also from a checkpoint', async () => {
    const response = { entities: rowsOf(1, 2, 3), pageNumber: 1, pageSize: 3, pageCount: 1, total: 3 }
    const { genesys } = await listing(() => response)
    const clients = genesys.pages('/api/v2/oauth/clients')
    expect(await all(clients)).toEqual(rowsOf(1, 2, 3))
    const checkpoint = clients.checkpoint()
    expect(await all(genesys.pages('/api/v2/oauth/clients', { checkpoint }))).toEqual([])
  })

  test.each<[string, Answer]>([
    ['page count', { pageCount: 1 }],
    ['page number', { pageNumber: 1 }],
    ['page number, with no page count and no link,', { pageNumber: 1, pageCount: null, nextUri: null }],
  ])('is read on when only its %s is wrong', async (_what, wrong) => {
    const { response } = STYLES['number']!
    const { genesys } = await listing((query) => ({ ...response(query), ...wrong }))
    expect(await all(genesys.pages(LIST))).toEqual(rowsOf(1, 2, 3, 4, 5))
  })

  test.each<[string, (page: number) => Answer]>([
    ['by its page count', (pageNumber) => ({ pageNumber, pageCount: 1 })],
    ['by its page number', () => ({ pageNumber: 1 })],
  ])('and says so %s ends with what came meanwhile', async (_what, told) => {
    const { genesys } = await listing((query, asked) => ({
      ...told(pageOf(query)),
      entities: rowsOf(...[1, 2, 3].slice(0, asked + 1)),
    }))
    expect(await all(genesys.pages(LIST))).toEqual(rowsOf(1, 2, 3))
  })

  test('and says so ends, in whatever order its rows come', async () => {
    const { genesys } = await listing((_query, asked) => ({
      entities: asked % 2 === 0 ? rowsOf(3, 1, 2) : rowsOf(1, 2, 3),
      pageNumber: 1,
      pageCount: 1,
    }))
    expect(await all(genesys.pages(LIST))).toEqual(rowsOf(1, 2, 3))
  })

  test.each([['nextUri'], ['cursor']])('and says so, but names a next page by a %s, is an error', async (name) => {
    const next = name === 'cursor' ? 'c' : `${LIST}?after=2`
    const { genesys } = await listing(() => ({ entities: rowsOf(1, 2), pageNumber: 1, [name]: next }))
    expect(await errorOf(all(genesys.pages(LIST)))).toMatchObject({ code: 'api_response_invalid' })
  })

  test.each([
    ['rows with ids', rowsOf(1, 2)],
    ['rows without', [{ n: 1 }, { n: 2 }]],
  ])('and says otherwise is an error, not an endless loop: %s', async (_what, entities) => {
    const { genesys } = await listing((query) => ({ entities, pageNumber: pageOf(query), pageCount: 9 }))
    const error = await errorOf(all(genesys.pages(LIST)))
    expect(error).toMatchObject({ code: 'api_response_invalid', checkpoint: expect.any(String) as unknown })
    expect(error.message).toContain('would never end')
  })
})

describe.each([
  ['cursor', (asked: number) => ({ cursor: `c${asked}` })],
  ['nextUri', (asked: number) => ({ nextUri: `${LIST}?after=${asked}` })],
])('an endpoint that ignores the %s that it gave, and gives another', (_style, next) => {
  test.each([
    ['rows with ids', rowsOf(1, 2)],
    ['rows without', [{ n: 1 }, { n: 2 }]],
  ])('is an error, not an endless loop: %s', async (_what, entities) => {
    const { genesys } = await listing((_query, asked) => ({ entities, ...next(asked) }))
    const found: unknown[] = []
    const error = await errorOf(async () => {
      for await (const row of genesys.pages(LIST)) found.push(row)
    })
    expect(error).toMatchObject({ code: 'api_response_invalid', checkpoint: expect.any(String) as unknown })
    expect(error.message).toContain('would never end')
    expect(found).toEqual(entities)
  })
})

describe('the end', () => {
  test.each<[string, Answer]>([
    ['an empty list', { entities: [], pageNumber: 1, total: 0 }],
    ['nothing at all', {}],
    ['a total of 0', { total: 0, pageSize: 25, pageNumber: 1 }],
    ['0 hits', { totalHits: 0 }],
    ['0 results', { totalResults: 0 }],
    ['no rows and no more', { entities: null, results: [], cursor: null, nextUri: null }],
  ])('may be the beginning: %s', async (_what, response) => {
    const { genesys, sent } = await listing(() => response)
    expect(await all(genesys.pages(LIST))).toEqual([])
    expect(sent).toHaveLength(2)
  })

  test.each<[string, Answer]>([
    ['total', { total: 3 }],
    ['totalHits', { totalHits: 3 }],
    ['totalResults', { totalResults: 3 }],
    ['page count', { pageCount: 2 }],
  ])('is not a page that names no next one, when its %s says that there is more', async (_what, told) => {
    const { genesys } = await listing(() => ({ entities: rowsOf(1, 2), ...told }))
    const error = await errorOf(all(genesys.pages(LIST)))
    expect(error).toMatchObject({ code: 'api_response_invalid' })
    expect(error.message).toContain('request()')
  })

  test('is the last page, whatever the total', async () => {
    const { genesys } = await listing((query) => ({
      entities: rowsOf(query.has('cursor') ? 2 : 1),
      total: 9,
      ...(!query.has('cursor') && { cursor: 'c' }),
    }))
    expect(await all(genesys.pages(LIST))).toEqual(rowsOf(1, 2))
  })

  test('is not an empty page that names a next one', async () => {
    const { genesys } = await listing((query) =>
      query.has('cursor') ? { entities: rowsOf(1) } : { entities: [], cursor: 'c' },
    )
    expect(await all(genesys.pages(LIST))).toEqual(rowsOf(1))
  })

  test.each<[string, Answer, string]>([
    ['no rows', { id: 'a user', name: 'x' }, ''],
    ['rows that are no list', { entities: 'none' }, 'entities'],
    ['a link that is none', { entities: rowsOf(1), nextUri: 7 }, 'nextUri'],
    ['a cursor that is none', { entities: rowsOf(1), cursor: {} }, 'cursor'],
    ['a page number that is none', { entities: rowsOf(1), pageNumber: '1' }, 'pageNumber'],
    ['pages from 0', { entities: rowsOf(1), pageNumber: 0 }, 'pageNumber'],
    ['a page count that is none', { entities: rowsOf(1), pageNumber: 1, pageCount: 1.5 }, 'pageCount'],
  ])('is not an answer that cannot be read: %s', async (_what, response, path) => {
    const { genesys } = await listing(() => response)
    expect(await errorOf(all(genesys.pages(LIST)))).toMatchObject({ code: 'schema_mismatch', path })
  })

  test.each([['text'], [7], [null], [['x']]])('nor one that is no object: %j', async (response) => {
    const { genesys } = await connectTo(() => Response.json(response))
    expect(await errorOf(all(genesys.pages(LIST)))).toMatchObject({ code: 'schema_mismatch' })
  })

  test('nor one that is later without rows', async () => {
    const { genesys } = await listing((query) =>
      pageOf(query) === 1 ? { entities: rowsOf(1), pageNumber: 1 } : { x: 1 },
    )
    const error = await errorOf(all(genesys.pages(LIST)))
    expect(error).toMatchObject({ code: 'schema_mismatch', checkpoint: expect.any(String) as unknown })
    expect(error.message).toContain('entities, results, conversations')
  })

  test('nor a cursor that comes again', async () => {
    const { genesys } = await listing((_query, asked) => ({ entities: rowsOf(asked), cursor: 'same' }))
    expect(await errorOf(all(genesys.pages(LIST)))).toMatchObject({ code: 'api_response_invalid' })
  })
})

test('rows that nest without an end come as they are', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const { genesys } = await connectTo(({ url }) => {
    const entities = pageOf(new URL(url).searchParams) > 2 ? '' : deep
    return new Response(`{"entities":[${entities}],"pageNumber":1}`, {
      headers: { 'content-type': 'application/json' },
    })
  })
  expect(await all(genesys.pages(LIST))).toHaveLength(2)
})

test('rows of one id that nest too deep to be compared are not taken for the same', async () => {
  const row = (depth: number) => `{"id":"a","tree":${'['.repeat(depth)}${']'.repeat(depth)}}`
  const { genesys } = await connectTo(() => {
    const body = `{"entities":[${row(100_000)},${row(100_001)}],"pageNumber":1}`
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  })
  expect(await errorOf(all(genesys.pages(LIST)))).toMatchObject({ code: 'schema_mismatch', path: 'entities.1.id' })
})

test('rows are under the member that `rows` names', async () => {
  const { genesys } = await listing(() => ({ entities: 'not these', divisions: rowsOf(1, 2) }))
  expect(await all(genesys.pages(LIST, { rows: 'divisions' }))).toEqual(rowsOf(1, 2))
  const error = await errorOf(all(genesys.pages(LIST, { rows: 'others' })))
  expect(error).toMatchObject({ code: 'schema_mismatch' })
  expect(error.message).toContain('others')
})

test('a row that does not fit its schema is told by its place, and not what it held', async () => {
  const { genesys } = await listing(() => ({
    entities: [
      { id: 'a', deep: { n: 1 } },
      { id: 'b', deep: { n: 'canary' } },
    ],
  }))
  const schema = z.object({ deep: z.object({ n: z.number() }) })
  const error = await errorOf(all(genesys.pages(LIST, { schema })))
  expect(error).toMatchObject({ code: 'schema_mismatch', path: 'entities.1.deep.n' })
  expect(error.message).not.toContain('canary')
})

describe('a link out of this API is not followed', () => {
  test.each(['https://elsewhere.example/api/v2/list?page=2', '//elsewhere.example/x', 'file:///etc/passwd'])(
    '%s',
    async (nextUri) => {
      const { genesys, sent } = await listing(() => ({ entities: rowsOf(1, 2), nextUri }))
      const found: unknown[] = []
      const error = await errorOf(async () => {
        for await (const row of genesys.pages(LIST)) found.push(row)
      })
      expect(error).toMatchObject({ code: 'unsafe_link', checkpoint: expect.any(String) as unknown })
      expect(found).toHaveLength(2)
      expect(sent).toHaveLength(2)
    },
  )

  test('a whole URL of this API is', async () => {
    const { genesys, origin } = await listing((query) =>
      query.has('after') ? { entities: rowsOf(2) } : { entities: rowsOf(1), nextUri: `${origin}${LIST}?after=1` },
    )
    expect(await all(genesys.pages(LIST))).toEqual(rowsOf(1, 2))
  })

  test('nor a path, which is told at once', async () => {
    const { genesys } = await connect()
    expect(await errorOf(() => genesys.pages('https://elsewhere.example/x'))).toMatchObject({ code: 'unsafe_link' })
  })
})

describe('a checkpoint', () => {
  test.each<[string, string, PagesOptions]>([
    ['of another path', '/api/v2/other', {}],
    ['of another query', LIST, { query: { a: 2 } }],
    ['of another page size', LIST, { query: { a: 1 }, pageSize: 7 }],
    ['of other rows', LIST, { query: { a: 1 }, rows: 'other' }],
    ['of another id', LIST, { query: { a: 1 }, rowId: 'other' }],
  ])('%s is refused', async (_what, path, options) => {
    const { genesys } = await connect()
    const checkpoint = genesys.pages(LIST, { query: { a: 1 } }).checkpoint()
    expect(genesys.pages(LIST, { query: { a: 1 }, checkpoint })).toBeDefined()
    const error = await errorOf(() => genesys.pages(path, { ...options, checkpoint }))
    expect(error).toMatchObject({ code: 'invalid_checkpoint' })
  })

  test('of a page without paging goes on where the endpoint has begun to count its pages', async () => {
    const { response } = STYLES['number']!
    const { genesys } = await listing((query, asked) => (asked === 1 ? { entities: rowsOf(1, 2) } : response(query)))
    const pages = genesys.pages(LIST)
    await first(1, pages)
    expect(await all(genesys.pages(LIST, { checkpoint: pages.checkpoint() }))).toEqual(rowsOf(2, 3, 4, 5))
  })

  test.each<[string, unknown]>([
    ['no position', 'x'],
    ['page 0', { page: 0, row: 0 }],
    ['half a row', { page: 1, row: 0.5 }],
    ['no cursor', { row: 0 }],
    ['a row before the first', { cursor: null, row: -1 }],
    ['a link out of this API', { cursor: 'https://elsewhere.example/x', row: 0 }],
    ['a link that is none', { cursor: 'http://', row: 0 }],
  ])('that somebody wrote himself is refused: %s', async (_what, position) => {
    const { genesys } = await connect()
    const subject = { endpoint: `pages of ${LIST}`, query: { search: '' } }
    const good = writeCheckpoint(subject, { page: 2, row: 1 })
    expect(genesys.pages(LIST, { checkpoint: good })).toBeDefined()
    const checkpoint = writeCheckpoint(subject, position)
    expect(await errorOf(() => genesys.pages(LIST, { checkpoint }))).toMatchObject({ code: 'invalid_checkpoint' })
  })
})

test('an abort ends the wait for the next page', async () => {
  const { genesys, running } = await connect({ faults: [{ kind: 'slow', at: 2, delay: 60_000 }] })
  const controller = new AbortController()
  const pending = errorOf(all(genesys.pages('/api/v2/users', { pageSize: 7, signal: controller.signal })))
  while (running.simulator.counts.faults < 1) await new Promise((resolve) => setImmediate(resolve))
  controller.abort('enough')
  expect(await pending).toBe('enough')
})

test('a path may have a query, but none that the pages have themselves', async () => {
  const { genesys, sent } = await listing(STYLES['number']!.response)
  expect(await first(3, genesys.pages(`${LIST}?a=1`, { query: { b: 2 }, pageSize: 2 }))).toHaveLength(3)
  expect(paths(sent)).toEqual([`${LIST}?a=1&b=2&pageSize=2`, `${LIST}?a=1&b=2&pageSize=2&pageNumber=2`])
  const error = await errorOf(() => genesys.pages(`${LIST}?pageNumber=2`))
  expect(error).toMatchObject({ code: 'invalid_option' })
})

test('a page size may be in the query or in the path too, and is sent once', async () => {
  const { genesys, sent } = await listing(() => ({ entities: [] }))
  await all(genesys.pages(LIST, { query: { pageSize: 7 } }))
  await all(genesys.pages(`${LIST}?pageSize=7`, { pageSize: 8 }))
  expect(paths(sent)).toEqual([`${LIST}?pageSize=7`, `${LIST}?pageSize=8`])
})
