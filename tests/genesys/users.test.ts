import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { systemClock } from '../../src/base/clock.js'
import type { ListUsersOptions } from '../../src/genesys/index.js'
import { all, connect, connectTo, errorOf, first } from './connect.js'
import type { Sent } from './connect.js'

function pages({ sent }: { sent: readonly Sent[] }): string[] {
  return sent.filter(({ path }) => path.startsWith('/api/v2/users')).map(({ path }) => decodeURIComponent(path))
}

async function idsOf(rows: AsyncIterable<{ id: string }>): Promise<string[]> {
  return (await all(rows)).map(({ id }) => id)
}

describe('users', () => {
  test('are listed page by page until an empty one, each once', async () => {
    const { genesys, running, sent } = await connect({ users: 250 })
    expect(await idsOf(genesys.users.list())).toEqual(running.truth.userIds())
    expect(pages({ sent })).toEqual([1, 2, 3, 4].map((page) => `/api/v2/users?pageSize=100&pageNumber=${page}`))
  })

  test.each([1, 7, 30, 500])('come whole in pages of %i', async (pageSize) => {
    const { genesys, running } = await connect()
    expect(await idsOf(genesys.users.list({ pageSize }))).toEqual(running.truth.userIds())
  })

  test('are all there when one moves to a page that was answered before the page that it was on', async () => {
    const users = ['a', 'b', 'c', 'd', 'e', 'f']
    let tries = 0
    let laterPages = 0
    const { genesys } = await connectTo(async (request) => {
      const page = Number(new URL(request.url).searchParams.get('pageNumber'))
      if (page === 2 && tries++ === 0) {
        while (laterPages < 2) await new Promise((resolve) => setImmediate(resolve))
        users.unshift('new')
        return new Response(null, { status: 503 })
      }
      const entities = users.slice(2 * (page - 1), 2 * page).map((id) => ({ id }))
      if (page > 2) laterPages += 1
      return Response.json({ entities, pageCount: Math.ceil(users.length / 2), total: users.length })
    })
    expect(await idsOf(genesys.users.list({ pageSize: 2 }))).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('may be none', async () => {
    const { genesys } = await connect({ users: 0 })
    expect(await all(genesys.users.list())).toEqual([])
  })

  test.each([0, -1, 501, 1.5, NaN, '100'])('in pages of %p are refused at once', async (pageSize) => {
    const { genesys, sent } = await connect()
    const error = await errorOf(() => genesys.users.list({ pageSize: pageSize as number }))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toContain('from 1 to 500')
    expect(sent).toEqual([])
  })

  test('come in pages as large as the organization allows', async () => {
    const limits = { userPageSize: 20 }
    const { genesys, sent, running } = await connect({ limits }, { limits })
    expect(await idsOf(genesys.users.list())).toEqual(running.truth.userIds())
    expect(pages({ sent })[0]).toContain('pageSize=20&')
    expect(await errorOf(() => genesys.users.list({ pageSize: 21 }))).toMatchObject({ code: 'invalid_option' })
  })
})

describe('options', () => {
  test('expand is sent as one list with commas, and is answered', async () => {
    const { genesys, sent } = await connect()
    const [user] = await all(genesys.users.list({ expand: ['presence', 'routingStatus'] }))
    expect(user).toMatchObject({ presence: { source: 'PURECLOUD' }, routingStatus: { userId: user!.id } })
    expect(pages({ sent })[0]).toContain('expand=presence,routingStatus&')
  })

  test('expand of nothing is not sent', async () => {
    const { genesys, sent } = await connect()
    const [user] = await all(genesys.users.list({ expand: [] }))
    expect(user).not.toHaveProperty('presence')
    expect(pages({ sent })[0]).not.toContain('expand')
  })

  test('id asks for these alone', async () => {
    const { genesys, running, sent } = await connect()
    const [one, , other] = running.truth.userIds()
    expect(await idsOf(genesys.users.list({ id: [other!, one!] }))).toEqual([one, other])
    expect(pages({ sent })[0]).toContain(`id=${other},${one}`)
  })

  test('no id at all means nobody, not everybody', async () => {
    const { genesys, sent } = await connect()
    expect(await all(genesys.users.list({ id: [] }))).toEqual([])
    expect(sent).toEqual([])
  })

  test('state and sortOrder reach Genesys', async () => {
    const { genesys, running } = await connect({ users: 100 })
    const inactive = await all(genesys.users.list({ state: 'inactive' }))
    expect(inactive.map(({ state }) => state)).toEqual(Array(5).fill('inactive'))
    expect(await idsOf(genesys.users.list({ sortOrder: 'DESC' }))).toEqual(running.truth.userIds().reverse())
  })

  test('are of closed types', () => {
    const refused: ListUsersOptions[] = [
      // @ts-expect-error no such expansion
      { expand: ['presences'] },
      // @ts-expect-error no such state
      { state: 'gone' },
      // @ts-expect-error no such order
      { sortOrder: 'up' },
      // @ts-expect-error pages are the iteration's own
      { pageNumber: 2 },
    ]
    expect(refused).toHaveLength(4)
  })

  test('that Genesys refuses are its error', async () => {
    const { genesys } = await connect()
    const error = await errorOf(all(genesys.users.list({ state: 'gone' as 'any' })))
    expect(error).toMatchObject({ code: 'api_bad_request', platformCode: 'invalid.value' })
  })

  test('inactive users beyond what Genesys lists are its error, not the end', async () => {
    const { genesys } = await connectTo((request) => {
      const page = Number(new URL(request.url).searchParams.get('pageNumber'))
      if (page > 2) return Response.json({ code: 'bad.request', message: 'too deep', status: 400 }, { status: 400 })
      return Response.json({ entities: [{ id: `u${page}` }], pageCount: 2 })
    })
    const found: string[] = []
    const error = await errorOf(async () => {
      for await (const { id } of genesys.users.list({ state: 'inactive' })) found.push(id)
    })
    expect(found).toEqual(['u1', 'u2'])
    expect(error).toMatchObject({ code: 'api_bad_request', status: 400 })
  })
})

describe('a set that moves while it is listed', () => {
  /** Answers pages of two out of a list that `change` may have replaced by then. */
  function moving(change: (page: number) => readonly string[]) {
    return connectTo((request) => {
      const page = Number(new URL(request.url).searchParams.get('pageNumber'))
      const ids = change(page).slice((page - 1) * 2, page * 2)
      return Response.json({
        entities: ids.map((id) => ({ id })),
        pageCount: 1,
        total: 1,
        pageSize: 2,
        pageNumber: page,
      })
    })
  }

  test('gives who moved to a later page once', async () => {
    const { genesys } = await moving((page) => (page === 1 ? ['b', 'c', 'd', 'e'] : ['a', 'b', 'c', 'd', 'e']))
    expect(await idsOf(genesys.users.list({ pageSize: 2 }))).toEqual(['b', 'c', 'd', 'e'])
  })

  test('goes on over a page of which everybody is known', async () => {
    const { genesys } = await moving((page) => (page === 1 ? ['b', 'c', 'd', 'e'] : ['x', 'y', 'c', 'b', 'd', 'e']))
    expect(await idsOf(genesys.users.list({ pageSize: 2 }))).toEqual(['b', 'c', 'd', 'e'])
  })

  test('is read to an empty page, whatever the counts say', async () => {
    const { genesys, sent } = await moving(() => ['a', 'b', 'c', 'd', 'e'])
    expect(await idsOf(genesys.users.list({ pageSize: 2 }))).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(pages({ sent })).toHaveLength(4)
  })

  test('goes on after a short page in the middle', async () => {
    const listings = [['a', 'b'], ['c'], ['d', 'e'], []]
    const { genesys } = await connectTo((request) => {
      const page = Number(new URL(request.url).searchParams.get('pageNumber'))
      return Response.json({ entities: listings[page - 1]!.map((id) => ({ id })) })
    })
    expect(await idsOf(genesys.users.list({ pageSize: 2 }))).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('that is one page again and again is an error, not an endless loop', async () => {
    const { genesys } = await connectTo(() => Response.json({ entities: [{ id: 'a' }, { id: 'b' }] }))
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'api_response_invalid' })
  })
})

describe('a checkpoint', () => {
  test('after any user gives exactly the rest', async () => {
    const { genesys, running } = await connect()
    const truth = running.truth.userIds()
    const users = genesys.users.list({ pageSize: 4 })
    const checkpoints = [users.checkpoint()]
    for await (const _ of users) checkpoints.push(users.checkpoint())
    for (const [count, checkpoint] of checkpoints.entries()) {
      expect(await idsOf(genesys.users.list({ pageSize: 4, checkpoint }))).toEqual(truth.slice(count))
    }
  })

  test('in the middle of a page goes on in another process', async () => {
    const { genesys, running } = await connect()
    const users = genesys.users.list({ pageSize: 10 })
    await first(13, users)
    const program = `
      import { GenesysCloud } from ${JSON.stringify(new URL('../../dist/genesys/index.js', import.meta.url).href)}
      const genesys = GenesysCloud.fromEnv()
      const ids = []
      for await (const { id } of genesys.users.list({ pageSize: 10, checkpoint: process.env.CHECKPOINT })) ids.push(id)
      console.log(ids.join())
      await genesys.close()`
    const env = { ...process.env, ...running.env, CHECKPOINT: users.checkpoint() }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env })
    expect(stdout.trim().split(',')).toEqual(running.truth.userIds().slice(13))
  })

  test.each<[string, ListUsersOptions]>([
    ['page size', { pageSize: 11 }],
    ['expansion', { pageSize: 10, expand: ['presence'] }],
    ['state', { pageSize: 10, state: 'any' }],
    ['order', { pageSize: 10, sortOrder: 'DESC' }],
    ['list of ids', { pageSize: 10, id: ['x'] }],
  ])('of another %s is refused', async (_what, other) => {
    const { genesys } = await connect()
    const checkpoint = genesys.users.list({ pageSize: 10 }).checkpoint()
    const error = await errorOf(() => genesys.users.list({ ...other, checkpoint }))
    expect(error).toMatchObject({ code: 'invalid_checkpoint' })
  })
})

describe('a loop', () => {
  test('that is left early asks for no more', async () => {
    const { genesys, sent } = await connect()
    const users = genesys.users.list({ pageSize: 10 })
    await first(5, users)
    expect(pages({ sent })).toHaveLength(1)
    expect(await errorOf(() => all(users))).toMatchObject({ code: 'iteration_reused' })
  })

  test('ends with the signal, by its reason', async () => {
    const { genesys } = await connect()
    const controller = new AbortController()
    let count = 0
    const error = await errorOf(async () => {
      for await (const _ of genesys.users.list({ pageSize: 10, signal: controller.signal })) {
        if (++count === 12) controller.abort('enough')
      }
    })
    expect(error).toBe('enough')
    expect(count).toBe(12)
  })
})

test.each(['list', 'query', 'search'] as const)(
  'users.%s is left while its next page is waited for, and the request with it',
  async (name) => {
    let asked = (_signal: AbortSignal) => {}
    const waiting = new Promise<AbortSignal>((resolve) => (asked = resolve))
    const response = (request: Request) => {
      if (request.method === 'GET' && !/pageNumber=2|cursor=/.test(request.url)) {
        return Response.json({ entities: [{ id: 'a' }], cursor: 'second' })
      }
      asked(request.signal)
      return new Promise<Response>(() => {})
    }
    // The fast clock would end the wait by its own deadline.
    const { genesys } = await connectTo(response, { clock: systemClock })
    const users = genesys.users[name]()[Symbol.asyncIterator]()
    if (name !== 'search') expect((await users.next()).value).toEqual({ id: 'a' })
    const next = users.next()
    const gone = once(await waiting, 'abort')
    await users.return()
    expect(await next).toEqual({ done: true, value: undefined })
    await gone
  },
)

describe('an answer that does not fit', () => {
  test.each(['envelope', 'full'] as const)('names the path, with validate: %s', async (validate) => {
    const { genesys } = await connect({ faults: [{ kind: 'schema' }] }, { validate })
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'schema_mismatch', path: 'entities' })
  })

  test('deep inside names the way there', async () => {
    const { genesys } = await connectTo(
      () => Response.json({ entities: [{ id: 'a' }, { id: 'b', chat: { jabberId: 1 } }] }),
      { validate: 'full' },
    )
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'schema_mismatch', path: 'entities.1.chat.jabberId' })
  })

  test('validate: full hands out the same', async () => {
    const expand = ['presence', 'routingStatus', 'skills', 'station'] as const
    const now = new Date('2026-01-05T12:00:00Z')
    const strict = await connect({ now }, { validate: 'full' })
    const easy = await connect({ now })
    expect(await all(strict.genesys.users.list({ expand }))).toEqual(await all(easy.genesys.users.list({ expand })))
  })
})
