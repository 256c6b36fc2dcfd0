import { describe, expect, test } from '@jest/globals'
import type { QueryUsersOptions } from '../../src/genesys/index.js'
import { all, connect, connectTo, errorOf, first } from './connect.js'
import type { Sent } from './connect.js'

interface Listing {
  readonly entities?: readonly { id: string }[]
  readonly cursor?: string
}

const users = (...ids: string[]) => ids.map((id) => ({ id }))

/** Opaque, with what needs an escape in a query. */
const SECOND = 'c2Vjb25k+/=='

const THREE_PAGES: Readonly<Record<string, Listing>> = {
  first: { entities: users('a', 'b', 'c'), cursor: SECOND },
  [SECOND]: { entities: users('d', 'e'), cursor: 'third' },
  third: { entities: users('f') },
}

function listing(pages: Readonly<Record<string, Listing>>) {
  return connectTo((request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/api/v2/users/query') return Response.json({}, { status: 404 })
    return Response.json(pages[searchParams.get('cursor') ?? 'first'])
  })
}

const queries = ({ sent }: { sent: readonly Sent[] }) =>
  sent
    .filter(({ path }) => path.startsWith('/api'))
    .map(({ path }) => Object.fromEntries(new URL(path, 'http://x').searchParams))

async function idsOf(rows: AsyncIterable<{ id: string }>): Promise<string> {
  return (await all(rows)).map(({ id }) => id).join('')
}

describe('users by cursor', () => {
  test('come page by page, until one that names no next', async () => {
    const { genesys, sent } = await listing(THREE_PAGES)
    expect(await idsOf(genesys.users.query())).toBe('abcdef')
    expect(queries({ sent })).toEqual([
      { pageSize: '100' },
      { pageSize: '100', cursor: SECOND },
      { pageSize: '100', cursor: 'third' },
    ])
  })

  test('are each handed out once, also those that come again', async () => {
    const { genesys } = await listing({
      ...THREE_PAGES,
      [SECOND]: { entities: users('c', 'd', 'a', 'e'), cursor: 'third' },
    })
    expect(await idsOf(genesys.users.query())).toBe('abcdef')
  })

  test('go on after an empty page that names a next one', async () => {
    const { genesys } = await listing({ ...THREE_PAGES, [SECOND]: { entities: [], cursor: 'third' } })
    expect(await idsOf(genesys.users.query())).toBe('abcf')
  })

  test('may be none', async () => {
    const { genesys } = await listing({ first: { entities: [] } })
    expect(await idsOf(genesys.users.query())).toBe('')
  })

  test('are asked for with the options, lists with commas', async () => {
    const { genesys, sent } = await listing(THREE_PAGES)
    await all(genesys.users.query({ expand: ['presence', 'station'], state: 'any', sortOrder: 'DESC', pageSize: 500 }))
    const options = { pageSize: '500', expand: 'presence,station', state: 'any', sortOrder: 'DESC' }
    expect(queries({ sent })).toEqual([options, { ...options, cursor: SECOND }, { ...options, cursor: 'third' }])
  })

  test('that circle are an error, not an endless loop', async () => {
    const { genesys } = await listing({ ...THREE_PAGES, third: { entities: users('x'), cursor: SECOND } })
    expect(await errorOf(all(genesys.users.query()))).toMatchObject({ code: 'api_response_invalid' })
  })

  test('of which each page is the first once more, with another cursor, are an error too', async () => {
    let asked = 0
    const { genesys } = await connectTo(() => Response.json({ entities: users('a', 'b'), cursor: `c${++asked}` }))
    expect(await errorOf(all(genesys.users.query()))).toMatchObject({ code: 'api_response_invalid' })
    expect(asked).toBe(4)
  })

  test('without entities are no listing', async () => {
    const { genesys } = await listing({ first: {} })
    expect(await errorOf(all(genesys.users.query()))).toMatchObject({ code: 'schema_mismatch', path: 'entities' })
  })
})

describe('in a whole organization, users by cursor', () => {
  test.each([1, 40, 500])('are all that are listed, in pages of %i, each whole', async (pageSize) => {
    const now = new Date('2026-01-05T12:00:00Z')
    const { genesys, running } = await connect({ users: 45, now }, { validate: 'full' })
    const expand = ['presence', 'routingStatus', 'skills'] as const
    const found = await all(genesys.users.query({ pageSize, expand }))
    expect(found.map(({ id }) => id)).toEqual(running.truth.userIds())
    expect(found).toEqual(await all(genesys.users.list({ pageSize, expand })))
  })

  test('are of the state, and in the order, that was asked for', async () => {
    const { genesys } = await connect({ users: 100 })
    const options = { state: 'inactive', sortOrder: 'DESC' } as const
    const found = await all(genesys.users.query({ ...options, pageSize: 2 }))
    expect(found).toHaveLength(5)
    expect(found).toEqual(await all(genesys.users.list(options)))
  })

  test('are refused without the permission, by its name', async () => {
    const { genesys } = await connect({ permissions: [] })
    const error = await errorOf(all(genesys.users.query()))
    expect(error).toMatchObject({ code: 'api_forbidden', missingPermissions: ['directory:user:view'] })
  })
})

describe('a checkpoint of users by cursor', () => {
  test('after any user gives exactly the rest', async () => {
    const { genesys } = await listing({ ...THREE_PAGES, third: { entities: users('b', 'f') } })
    const query = genesys.users.query()
    const checkpoints = [query.checkpoint()]
    for await (const _ of query) checkpoints.push(query.checkpoint())
    const rests = await Promise.all(
      checkpoints.map((checkpoint) => idsOf(genesys.users.query({ checkpoint, pageSize: 100 }))),
    )
    // Who came before the checkpoint is not known after it: better twice than never.
    expect(rests).toEqual(['abcdef', 'bcdef', 'cdebf', 'debf', 'ebf', 'bf', ''])
  })

  test('is on the error that broke the listing off', async () => {
    const { genesys } = await listing({ ...THREE_PAGES, third: {} })
    const error = await errorOf<Error & { checkpoint: string }>(all(genesys.users.query()))
    expect(error).toMatchObject({ code: 'schema_mismatch' })
    const { genesys: mended } = await listing(THREE_PAGES)
    expect(await idsOf(mended.users.query({ checkpoint: error.checkpoint }))).toBe('f')
  })

  test.each<[string, QueryUsersOptions]>([
    ['page size', { pageSize: 11 }],
    ['expansion', { expand: ['presence'] }],
    ['state', { state: 'any' }],
    ['order', { sortOrder: 'DESC' }],
  ])('of another %s is refused', async (_what, other) => {
    const { genesys } = await listing(THREE_PAGES)
    const query = genesys.users.query()
    await first(4, query)
    const checkpoint = query.checkpoint()
    expect(await errorOf(() => genesys.users.query({ ...other, checkpoint }))).toMatchObject({
      code: 'invalid_checkpoint',
    })
    expect(await errorOf(() => genesys.users.list({ checkpoint }))).toMatchObject({ code: 'invalid_checkpoint' })
  })
})
