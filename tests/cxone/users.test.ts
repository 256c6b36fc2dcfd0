import { describe, expect, test } from '@jest/globals'
import { all, connectTo, errorOf, first } from './connect.js'

/** Answers these users, at most two a page. */
function searching(...ids: string[]) {
  return connectTo(async (request) => {
    const { skip, top } = (await request.json()) as { skip: number; top: number }
    const users = ids.slice(skip, skip + Math.min(top, 2)).map((id) => ({ id }))
    return Response.json({ totalRecords: ids.length, skip, top, users })
  })
}

async function idsOf(rows: AsyncIterable<{ id: string }>): Promise<string> {
  return (await all(rows)).map(({ id }) => id).join('')
}

describe('a search for users', () => {
  test('hands out all that fit, page by page, each skipping what came', async () => {
    const { cxone, sent } = await searching('a', 'b', 'c')
    expect(await idsOf(cxone.users.search())).toBe('abc')
    expect(sent).toEqual(
      [0, 2, 3].map((skip) => ({ method: 'POST', path: '/user-management/v2/users/search', body: { skip, top: 100 } })),
    )
  })

  test('sends its options as they are when it is called, and asks for the ids', async () => {
    const { cxone, sent } = await searching('a', 'b', 'c')
    const filter = { status: ['ACTIVE'] }
    const options = { filter, operations: { status: 'in' }, orderBy: { fullName: 'asc' }, fields: ['fullName'] }
    const search = cxone.users.search({ ...options, pageSize: 2 })
    filter.status = ['BLOCKED']
    const [row] = await first(1, search)
    expect(row).toEqual({ id: 'a' })
    filter.status = ['ACTIVE']
    expect(sent[0]!.body).toEqual({ ...options, fields: ['fullName', 'id'], skip: 0, top: 2 })
    expect(await idsOf(cxone.users.search({ ...options, checkpoint: search.checkpoint() }))).toBe('bc')
  })

  test('is sent again after an answer that may pass: it only reads', async () => {
    let requests = 0
    const { cxone } = await connectTo(() =>
      ++requests === 1 ? Response.json({}, { status: 503 }) : Response.json({ users: [] }),
    )
    expect(await all(cxone.users.search())).toEqual([])
    expect(requests).toBe(2)
  })

  test('of an API that ignores what is to be skipped is an error', async () => {
    const { cxone } = await connectTo(() => Response.json({ totalRecords: 9, users: [{ id: 'a' }] }))
    expect(await errorOf(all(cxone.users.search()))).toMatchObject({ code: 'api_response_invalid' })
  })

  test('may have no content', async () => {
    const { cxone } = await connectTo(() => new Response(null, { status: 204 }))
    expect(await all(cxone.users.search())).toEqual([])
  })
})

describe('one user', () => {
  test('is asked for by an id that stays one, and by the version that was set', async () => {
    const { cxone, sent } = await connectTo(() => Response.json({ user: { id: 'x', role: 'Agent' } }), {
      versions: { user: 'v4', userSearch: 'v5' },
    })
    expect(await cxone.users.get('../x?y')).toEqual({ id: 'x', role: 'Agent' })
    expect(sent).toMatchObject([{ method: 'GET', path: '/user-management/v4/users/..%2Fx%3Fy' }])
    await errorOf(all(cxone.users.search()))
    expect(sent[1]!.path).toBe('/user-management/v5/users/search')
  })

  test.each(['envelope', 'full'] as const)('without an id is none: %s', async (validate) => {
    for (const [response, path] of [
      [{ user: {} }, 'user.id'],
      [{ id: 'x' }, 'user'],
    ] as const) {
      const { cxone } = await connectTo(() => Response.json(response), { validate })
      expect(await errorOf(cxone.users.get('x'))).toMatchObject({ code: 'schema_mismatch', path })
    }
  })
})
