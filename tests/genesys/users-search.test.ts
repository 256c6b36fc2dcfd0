import { describe, expect, test } from '@jest/globals'
import type { SearchUsersOptions } from '../../src/genesys/index.js'
import { all, connect, connectTo, errorOf, first } from './connect.js'
import type { Sent } from './connect.js'

const query = [{ type: 'STARTS_WITH', fields: ['name', 'email'], value: 'an' }] as const

/** Answers these ids in pages of two. */
function searching(...ids: string[]) {
  return connectTo(async (request) => {
    const { pageNumber } = (await request.json()) as { pageNumber: number }
    const results = ids.slice((pageNumber - 1) * 2, pageNumber * 2).map((id) => ({ id }))
    return Response.json({ total: ids.length, pageCount: 1, pageSize: 2, pageNumber, types: ['users'], results })
  })
}

const searches = ({ sent }: { sent: readonly Sent[] }) => sent.filter(({ path }) => path.startsWith('/api'))

async function idsOf(rows: AsyncIterable<{ id: string }>): Promise<string> {
  return (await all(rows)).map(({ id }) => id).join('')
}

describe('a search for users', () => {
  test('hands out the results, page by page until an empty one, whatever the counts say', async () => {
    const { genesys, sent } = await searching('a', 'b', 'c')
    expect(await idsOf(genesys.users.search({ query, pageSize: 2 }))).toBe('abc')
    expect(searches({ sent })).toEqual(
      [1, 2, 3].map((pageNumber) => ({
        method: 'POST',
        path: '/api/v2/users/search',
        body: { query, pageSize: 2, pageNumber },
      })),
    )
  })

  test('hands out who moved to a later page once', async () => {
    const { genesys } = await searching('a', 'b', 'b', 'c', 'a', 'd')
    expect(await idsOf(genesys.users.search({ query }))).toBe('abcd')
  })

  test('sends its options as they are', async () => {
    const { genesys, sent } = await searching()
    const options = {
      query: [{ type: 'MATCH_ALL' }, { type: 'TERM', operator: 'NOT', group: [{ type: 'EXACT', value: 'x' }] }],
      sort: [{ sortBy: 'name', sortOrder: 'DESC' }],
      sortBy: 'email',
      sortOrder: 'SCORE',
      enforcePermissions: true,
      integrationPresenceSource: 'ZoomPhone',
    } as const satisfies SearchUsersOptions
    await all(genesys.users.search({ ...options, expand: ['presence', 'team'] }))
    expect(searches({ sent })[0]?.body).toEqual({
      ...options,
      expand: ['presence', 'team'],
      pageSize: 100,
      pageNumber: 1,
    })
    await all(genesys.users.search({ expand: [] }))
    expect(searches({ sent })[1]?.body).toEqual({ pageSize: 100, pageNumber: 1 })
  })

  test('does not hear what becomes of its criteria afterwards', async () => {
    const { genesys, sent } = await searching('a', 'b', 'c')
    const mine = [{ type: 'EXACT' as const, fields: ['name'], value: 'before' }]
    const search = genesys.users.search({ query: mine })
    await search[Symbol.asyncIterator]().next()
    mine[0]!.value = 'after'
    const checkpoint = search.checkpoint()
    mine[0]!.value = 'before'
    expect(await idsOf(genesys.users.search({ query: mine, checkpoint }))).toBe('bc')
    expect(JSON.stringify(searches({ sent }))).not.toContain('after')
  })

  test('is sent again after an answer that may pass: it only reads', async () => {
    let requests = 0
    const { genesys } = await connectTo(() =>
      ++requests === 1 ? Response.json({}, { status: 503 }) : Response.json({ results: [] }),
    )
    expect(await all(genesys.users.search({ query }))).toEqual([])
    expect(requests).toBe(2)
  })

  test('answered by another listing is an error, not the end', async () => {
    const { genesys } = await connectTo(() => Response.json({ entities: [{ id: 'a' }] }))
    expect(await errorOf(all(genesys.users.search()))).toMatchObject({ code: 'schema_mismatch', path: 'results' })
  })

  test('that goes too deep is the error of Genesys, not the end', async () => {
    const { genesys } = await connectTo(async (request) => {
      const { pageNumber } = (await request.json()) as { pageNumber: number }
      if (pageNumber > 1) return Response.json({ code: 'bad.request', message: 'too deep' }, { status: 400 })
      return Response.json({ results: [{ id: 'a' }] })
    })
    const search = genesys.users.search({ query })
    expect(await errorOf(all(search))).toMatchObject({ code: 'api_bad_request', checkpoint: search.checkpoint() })
  })

  test('goes on from a checkpoint of the same search, and of no other', async () => {
    const { genesys } = await searching('a', 'b', 'c', 'd', 'e')
    const search = genesys.users.search({ query })
    await first(3, search)
    const checkpoint = search.checkpoint()
    expect(await idsOf(genesys.users.search({ query, checkpoint }))).toBe('de')
    for (const other of [{}, { query, sortBy: 'name' }, { query, pageSize: 2 }, { query: [{ type: 'MATCH_ALL' }] }]) {
      const error = await errorOf(() => genesys.users.search({ ...other, checkpoint } as SearchUsersOptions))
      expect(error).toMatchObject({ code: 'invalid_checkpoint' })
    }
  })

  test('is of closed types', () => {
    const refused: SearchUsersOptions[] = [
      // @ts-expect-error no such type of criterion
      { query: [{ type: 'LIKE', value: 'x' }] },
      // @ts-expect-error a criterion has a type
      { query: [{ value: 'x' }] },
      // @ts-expect-error no such operator
      { query: [{ type: 'EXACT', operator: 'XOR' }] },
      // @ts-expect-error no such expansion
      { expand: ['presences'] },
      // @ts-expect-error no such order
      { sortOrder: 'up' },
      // @ts-expect-error no such source
      { integrationPresenceSource: 'Phone' },
      // @ts-expect-error pages are the iteration's own
      { pageNumber: 2 },
    ]
    expect(refused).toHaveLength(7)
  })
})

describe('in a whole organization, a search', () => {
  test('finds who fits, whatever the page size', async () => {
    const now = new Date('2026-01-05T12:00:00Z')
    const { genesys } = await connect({ users: 100, now }, { validate: 'full' })
    const everybody = await all(genesys.users.list({ expand: ['presence'] }))
    const adas = everybody.filter(({ name, department }) => name!.startsWith('Ada') && department !== 'Sales')
    expect(adas.length).toBeGreaterThan(2)
    for (const pageSize of [1, 2, 100]) {
      const found = genesys.users.search({
        query: [
          { type: 'STARTS_WITH', fields: ['name'], value: 'ada' },
          { type: 'EXACT', fields: ['department'], value: 'Sales', operator: 'NOT' },
        ],
        sortBy: 'id',
        expand: ['presence'],
        pageSize,
      })
      expect(await all(found)).toEqual(adas.toSorted((one, other) => (one.id < other.id ? -1 : 1)))
    }
  })

  test('without criteria finds everybody', async () => {
    const { genesys, running } = await connect({ users: 120 })
    const found = await idsOf(genesys.users.search())
    expect(found).toBe(running.truth.userIds().join(''))
  })

  test('is refused without the permission, by its name', async () => {
    const { genesys } = await connect({ permissions: [] })
    const error = await errorOf(all(genesys.users.search()))
    expect(error).toMatchObject({ code: 'api_forbidden', missingPermissions: ['directory:user:view'] })
  })
})
