import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import type { PagesOptions } from '../../src/cxone/index.js'
import { writeCheckpoint } from '../../src/paging/checkpoint.js'
import { all, connectTo, errorOf, first } from './connect.js'

const LIST = '/incontactapi/services/v34.0/list'

type Answer = Readonly<Record<string, unknown>>

/** A client of an API that answers every GET by what is to be skipped; undefined: with a 204. */
function listing(response: (skip: number, asked: number, top: number) => Answer | undefined) {
  let asked = 0
  return connectTo((request) => {
    const query = new URL(request.url).searchParams
    const body = response(Number(query.get('skip') ?? 0), ++asked, Number(query.get('top') ?? 2))
    return body ? Response.json(body) : new Response(null, { status: 204 })
  })
}

const rowsOf = (...ids: (string | number)[]) => ids.map((id) => ({ id }))
const FIVE = rowsOf(1, 2, 3, 4, 5)
const paths = (sent: readonly { path: string }[]) => sent.map(({ path }) => path.slice(LIST.length))

/** Five rows in pages of two, and how they end. */
const STYLES: Readonly<Record<string, (skip: number) => Answer | undefined>> = {
  'an empty list': (skip) => ({ things: FIVE.slice(skip, skip + 2) }),
  'a 204': (skip) =>
    skip < 5 ? { businessUnitId: 4, totalRecords: 5, agents: FIVE.slice(skip, skip + 2) } : undefined,
  'an empty list, whatever the total and the links': (skip) => ({
    totalRecords: 3,
    _links: { self: LIST, next: '' },
    users: FIVE.slice(skip, skip + 2),
  }),
  'rows that are left out': (skip) => (skip < 5 ? { users: FIVE.slice(skip, skip + 2) } : { totalRecords: 0 }),
}

describe.each(Object.entries(STYLES))('a listing that ends with %s', (_style, response) => {
  test('is read to its end', async () => {
    const { cxone, sent } = await listing(response)
    expect(await all(cxone.pages(LIST, { query: { x: 'y' } }))).toEqual(FIVE)
    expect(paths(sent)).toEqual(['?x=y', '?x=y&skip=2', '?x=y&skip=4', '?x=y&skip=5'])
  })

  test('goes on from the checkpoint after any row', async () => {
    const { cxone } = await listing(response)
    const pages = cxone.pages(LIST)
    const checkpoints = [pages.checkpoint()]
    for await (const _ of pages) checkpoints.push(pages.checkpoint())
    expect(checkpoints).toHaveLength(6)
    for (const [count, checkpoint] of checkpoints.entries()) {
      expect(await all(cxone.pages(LIST, { checkpoint }))).toEqual(FIVE.slice(count))
    }
  })

  test('is left without asking for more', async () => {
    const { cxone, sent } = await listing(response)
    await first(1, cxone.pages(LIST))
    expect(paths(sent)).toEqual([''])
  })
})

test('`pageSize` is what `top` says, and an API that gives fewer rows gives all the same', async () => {
  const { cxone, sent } = await listing((skip, _asked, top) => ({ rows: FIVE.slice(skip, skip + Math.min(top, 3)) }))
  expect(await all(cxone.pages(`${LIST}?a=1`, { query: { b: 2 }, pageSize: 100 }))).toEqual(FIVE)
  expect(paths(sent)).toEqual(['', '&skip=3', '&skip=5'].map((skip) => `?a=1&b=2&top=100${skip}`))
})

describe('each row comes once', () => {
  test('also one that moves to a later page', async () => {
    const { cxone } = await listing((skip) => {
      const rows = skip === 0 ? rowsOf('b', 'c', 'd') : rowsOf('a', 'b', 'c', 'd')
      return { rows: rows.slice(skip, skip + 2) }
    })
    expect(await all(cxone.pages(LIST))).toEqual(rowsOf('b', 'c', 'd'))
  })

  test('by another member, if `rowId` says so', async () => {
    const rows = [
      { agentId: 1, id: 'same' },
      { agentId: 2, id: 'same' },
      { agentId: 1, id: 'other' },
    ]
    const { cxone } = await listing((skip) => ({ agents: rows.slice(skip) }))
    expect(await all(cxone.pages(LIST, { rowId: 'agentId' }))).toEqual(rows.slice(0, 2))
    const error = await errorOf(all(cxone.pages(LIST, { rowId: 'name' })))
    expect(error).toMatchObject({ code: 'schema_mismatch', path: 'agents.0.name' })
    expect(await errorOf(all(cxone.pages(LIST)))).toMatchObject({ code: 'schema_mismatch', path: 'agents.1.id' })
  })

  test('and what has no id is known by its place, so that it is no double', async () => {
    const row = { count: 1 }
    const { cxone } = await listing((skip) => ({ counts: [row, row, row].slice(skip, skip === 0 ? 2 : 3) }))
    expect(await all(cxone.pages(LIST))).toEqual([row, row, row])
  })
})

describe('an endpoint that knows no `skip`', () => {
  test.each<[string, Answer]>([
    ['the count of its rows', { totalRecords: 3 }],
    ['the count of its rows, whatever its links', { totalRecords: 3, _links: { next: LIST } }],
    ['links that lead to no other page', { _links: { self: LIST } }],
    ['a link to the next page that is empty', { _links: { next: '' } }],
  ])('and says by %s that this is all ends without doubles, also from a checkpoint', async (_what, told) => {
    const { cxone } = await listing(() => ({ jobs: rowsOf(1, 2, 3), ...told }))
    const jobs = cxone.pages(LIST)
    expect(await all(jobs)).toEqual(rowsOf(1, 2, 3))
    expect(await all(cxone.pages(LIST, { checkpoint: jobs.checkpoint() }))).toEqual([])
  })

  describe.each<[string, Answer]>([
    ['says nothing', {}],
    ['says by its count that there is more', { totalRecords: 9 }],
    ['has a link to a next page', { _links: { next: `${LIST}?skip=2` } }],
    ['has links that are none', { _links: 'x' }],
  ])('and %s', (_what, told) => {
    test.each([
      ['with ids', rowsOf(1, 2)],
      ['without', [{ n: 1 }, { n: 2 }]],
    ])('is an error, no endless loop, and not taken for one page: rows %s', async (_ids, rows) => {
      const { cxone } = await listing(() => ({ rows, ...told }))
      const found: unknown[] = []
      const error = await errorOf<{ checkpoint: string }>(async () => {
        for await (const row of cxone.pages(LIST)) found.push(row)
      })
      expect(found).toEqual(rows)
      expect(error).toMatchObject({ code: 'api_response_invalid', checkpoint: expect.any(String) as unknown })
      const again = cxone.pages(LIST, { checkpoint: error.checkpoint })[Symbol.asyncIterator]()
      const next = await errorOf(again.next())
      expect(next).toMatchObject({ code: 'api_response_invalid' })
      expect(next.message).toContain('request()')
    })
  })
})

describe('the end', () => {
  test.each<[string, Answer | undefined]>([
    ['a 204', undefined],
    ['an empty list', { totalRecords: 0, agents: [] }],
    ['nothing at all', {}],
    ['a total of 0', { businessUnitId: 4, totalRecords: 0 }],
    ['a list that is null, of 0', { agents: null, totalRecords: 0 }],
  ])('may be the beginning: %s', async (_what, response) => {
    const { cxone, sent } = await listing(() => response)
    expect(await all(cxone.pages(LIST))).toEqual([])
    expect(sent).toHaveLength(1)
  })

  test.each([0, 2])('is no empty page that speaks of rows after %d', async (at) => {
    const { cxone } = await listing((skip) => ({ totalRecords: 5, rows: FIVE.slice(skip, at) }))
    const error = await errorOf(all(cxone.pages(LIST)))
    expect(error).toMatchObject({ code: 'api_response_invalid', checkpoint: expect.any(String) as unknown })
  })

  test.each<[string, unknown, string]>([
    ['no rows', { id: 'a user', name: 'x' }, ''],
    ['two lists', { agents: [], teams: [] }, ''],
    ['a list in a list', [{ contacts: rowsOf(1) }], ''],
    ['no object', 'text', ''],
  ])('is not an answer that cannot be read: %s', async (_what, response, path) => {
    const { cxone } = await connectTo(() => Response.json(response))
    const error = await errorOf(all(cxone.pages(LIST)))
    expect(error).toMatchObject({ code: 'schema_mismatch', path })
    // What to do about it.
    if (!Array.isArray(response) && typeof response === 'object') expect(error.message).toContain('option `rows`')
  })
})

test('rows are under the member that `rows` names', async () => {
  const { cxone } = await listing((skip) => ({ teams: [{}], agents: FIVE.slice(skip) }))
  expect(await all(cxone.pages(LIST, { rows: 'agents' }))).toEqual(FIVE)
  const error = await errorOf(all(cxone.pages(LIST, { rows: 'others' })))
  expect(error).toMatchObject({ code: 'schema_mismatch' })
  expect(error.message).toContain('under others')
})

test('rows are checked against a schema, and typed by it', async () => {
  const { cxone } = await listing((skip) => ({ rows: [{ n: '1' }, { n: '22' }, { n: 3 }].slice(skip, skip + 2) }))
  const schema = z.object({ n: z.string().transform((n) => n.length) })
  const lengths: number[] = []
  const error = await errorOf(async () => {
    // The compiler looks here: a number.
    for await (const { n } of cxone.pages(LIST, { schema })) lengths.push(n)
  })
  expect(lengths).toEqual([1, 2])
  expect(error).toMatchObject({ code: 'schema_mismatch', path: 'rows.0.n' })
})

test('no link is followed, wherever it leads', async () => {
  const { cxone, sent } = await listing((skip) => ({
    rows: FIVE.slice(skip, skip + 2),
    _links: { next: 'https://elsewhere.example/x' },
  }))
  expect(await all(cxone.pages(LIST))).toEqual(FIVE)
  expect(sent).toHaveLength(4)
})

describe('a checkpoint', () => {
  test.each<[string, string, PagesOptions]>([
    ['of another path', `${LIST}s`, {}],
    ['of another query', LIST, { query: { a: 2 } }],
    ['of another page size', LIST, { query: { a: 1 }, pageSize: 7 }],
    ['of other rows', LIST, { query: { a: 1 }, rows: 'other' }],
    ['of another id', LIST, { query: { a: 1 }, rowId: 'other' }],
  ])('%s is refused', async (_what, path, options) => {
    const { cxone } = await listing(() => undefined)
    const checkpoint = cxone.pages(LIST, { query: { a: 1 } }).checkpoint()
    expect(cxone.pages(LIST, { query: { a: 1 }, checkpoint })).toBeDefined()
    const error = await errorOf(() => cxone.pages(path, { ...options, checkpoint }))
    expect(error).toMatchObject({ code: 'invalid_checkpoint' })
  })

  test('that somebody wrote himself is refused', async () => {
    const { cxone } = await listing(() => undefined)
    const subject = { endpoint: `pages of ${LIST}`, query: { search: '' } }
    for (const position of [{ skip: -1 }, { page: 1, row: 0 }, 'x']) {
      const checkpoint = writeCheckpoint(subject, position)
      expect(await errorOf(() => cxone.pages(LIST, { checkpoint }))).toMatchObject({ code: 'invalid_checkpoint' })
    }
  })
})

test('nobody else says what is skipped, and no path leads elsewhere', async () => {
  const { cxone } = await listing(() => undefined)
  for (const call of [() => cxone.pages(`${LIST}?skip=2`), () => cxone.pages(LIST, { query: { skip: 2 } })]) {
    const error = await errorOf(call)
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toContain('must not hold skip:')
  }
  expect(await errorOf(() => cxone.pages('https://elsewhere.example/x'))).toMatchObject({ code: 'unsafe_link' })
})
