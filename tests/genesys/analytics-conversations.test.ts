import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ConversationDetailsQuery } from '../../src/genesys/index.js'
import { FakeClock, GenesysSimulator } from '../../src/testing/index.js'
import { all, CANARY, connect, connectTo, errorOf, everythingOf, first } from './connect.js'
import type { Connection, Sent } from './connect.js'

const PATH = '/api/v2/analytics/conversations/details/query'
const january = '2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z'
const oneDay = '2026-01-05T00:00:00.000Z/2026-01-06T00:00:00.000Z'

interface Query {
  interval: string
  order: string
  orderBy: string
  paging: { pageSize: number; pageNumber: number }
}

function queries({ sent }: { sent: readonly Sent[] }): Query[] {
  return sent.filter(({ path }) => path === PATH).map(({ body }) => body as Query)
}

async function idsOf(rows: AsyncIterable<{ conversationId: string }>): Promise<string[]> {
  return (await all(rows)).map(({ conversationId }) => conversationId)
}

function idsIn({ genesys }: Connection, options: ConversationDetailsQuery): Promise<string[]> {
  return idsOf(genesys.analytics.conversations.query(options))
}

describe('a month', () => {
  test('is read day by day, and is exactly the truth, in order', async () => {
    const connection = await connect({ conversationsPerDay: 120 })
    const rows = await all(connection.genesys.analytics.conversations.query({ interval: january }))
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(connection.running.truth.conversationIds(january))
    const starts = rows.map(({ conversationStart }) => conversationStart)
    expect(starts).toEqual([...starts].sort())
    expect(new Set(queries(connection).map(({ interval }) => interval)).size).toBe(31)
  })

  test('comes whole through everything that can go wrong on the way', async () => {
    const connection = await connect({
      conversationsPerDay: 120,
      tokenLifetime: 1,
      faults: [
        { kind: 'rate-limited', at: 3, retryAfter: 1 },
        { kind: 'unauthorized', at: 9 },
        { kind: 'bad-gateway', at: 15, times: 2 },
        { kind: 'revoked', at: 21 },
        { kind: 'unavailable', at: 27, retryAfter: 1 },
        { kind: 'cut', at: 33 },
        { kind: 'gateway-timeout', at: 39 },
        { kind: 'cut-body', at: 45 },
        { kind: 'revoked', at: 51 },
        { kind: 'bad-gateway', to: 'token', at: 2, times: 4 },
      ],
    })
    const { genesys, running } = connection
    const found = await idsOf(genesys.analytics.conversations.query({ interval: january }))
    expect(found).toEqual(running.truth.conversationIds(january))
    expect(running.simulator.counts).toMatchObject({ rateLimited: 1, serverErrors: 8, faults: 14 })
    expect(running.simulator.counts.unauthorized).toBeGreaterThanOrEqual(3)
  })

  test('is asked for in the order of its starts, 100 conversations a page', async () => {
    const connection = await connect()
    await first(1, connection.genesys.analytics.conversations.query({ interval: january }))
    expect(queries(connection)).toEqual([
      {
        interval: '2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z',
        order: 'asc',
        orderBy: 'conversationStart',
        paging: { pageSize: 100, pageNumber: 1 },
      },
    ])
  })
})

describe('an interval', () => {
  test.each([
    ['with part of its first and last day', '2026-01-05T11:11:11.111Z/2026-01-08T03:03:03.003Z'],
    ['within one day', '2026-01-05T11:00:00Z/2026-01-05T12:30:00Z'],
    ['of one millisecond', '2026-01-05T12:00:00.000Z/2026-01-05T12:00:00.001Z'],
    ['with offsets', '2026-01-05T23:00:00+02:00/2026-01-06T23:00:00-05:00'],
    ['around midnight', '2026-01-05T23:59:00Z/2026-01-06T00:01:00Z'],
    ['before there was anything', '1969-12-31T12:00:00Z/1970-01-01T12:00:00Z'],
    ['in the future', '2100-01-01T00:00:00Z/2100-01-03T00:00:00Z'],
  ])('%s is exactly the truth', async (_what, interval) => {
    const connection = await connect({ conversationsPerDay: 300 })
    expect(await idsIn(connection, { interval })).toEqual(connection.running.truth.conversationIds(interval))
  })

  test('that begins in the middle of a day keeps what was active then, from before it', async () => {
    const connection = await connect({ conversationsPerDay: 500 })
    const interval = '2026-01-05T12:00:00.000Z/2026-01-06T12:00:00.000Z'
    const rows = await all(connection.genesys.analytics.conversations.query({ interval }))
    const earlier = rows.filter(({ conversationStart }) => conversationStart < '2026-01-05T12')
    expect(earlier.length).toBeGreaterThan(5)
    expect(rows.slice(0, earlier.length)).toEqual(earlier)
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(connection.running.truth.conversationIds(interval))
  })

  test('up to now has what is still going on, without an end', async () => {
    const now = new Date('2026-01-05T15:00:00Z')
    const connection = await connect({ conversationsPerDay: 400, now })
    const rows = await all(connection.genesys.analytics.conversations.query({ interval: oneDay }))
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(connection.running.truth.conversationIds(oneDay))
    expect(rows.some(({ conversationEnd }) => conversationEnd === undefined)).toBe(true)
  })

  test.each([
    ['reversed', '2026-02-01T00:00:00Z/2026-01-01T00:00:00Z'],
    ['not ISO 8601', 'yesterday/today'],
    ['of a date that does not exist', '2026-02-30T00:00:00Z/2026-03-01T00:00:00Z'],
  ])('%s is refused at once, and nothing is sent', async (_what, interval) => {
    const connection = await connect()
    const error = await errorOf(() => connection.genesys.analytics.conversations.query({ interval }))
    expect(error).toMatchObject({ code: 'invalid_interval' })
    expect(connection.sent).toEqual([])
  })
})

describe('a day that is too full', () => {
  const limits = { queryRows: 200, conversationPageSize: 25 }

  test('is split into halves by its first page', async () => {
    const connection = await connect({ conversationsPerDay: 900, limits }, { limits })
    expect(await idsIn(connection, { interval: oneDay })).toEqual(connection.running.truth.conversationIds(oneDay))
    const asked = queries(connection).map(({ interval, paging }) => `${interval} ${paging.pageNumber}`)
    expect(asked.filter((text) => text.startsWith(oneDay))).toEqual([`${oneDay} 1`])
    expect(new Set(asked).size).toBe(asked.length)
    expect(running(connection).requests).toBeLessThan(90)
  })

  test.each([199, 200, 201])('or exactly full, or nearly so, with %i conversations', async (conversationsPerDay) => {
    const connection = await connect({ conversationsPerDay, limits }, { limits })
    const interval = '2026-01-05T00:00:00.000Z/2026-01-07T00:00:00.000Z'
    expect(await idsIn(connection, { interval })).toEqual(connection.running.truth.conversationIds(interval))
  })

  test.each([
    [24, 200],
    [7, 50],
    [1, 30],
    [30, 30],
  ])('with pages of %i, and %i rows a query', async (pageSize, queryRows) => {
    const some = { queryRows, conversationPageSize: 100 }
    const connection = await connect({ conversationsPerDay: 150, limits: some }, { limits: { queryRows } })
    const found = await idsIn(connection, { interval: oneDay, pageSize })
    expect(found).toEqual(connection.running.truth.conversationIds(oneDay))
  })

  test('even within a minute is an error with the place to go on from', async () => {
    const most = { queryRows: 1, conversationPageSize: 1 }
    const connection = await connect({ conversationsPerDay: 40_000, limits: most }, { limits: most })
    const query = connection.genesys.analytics.conversations.query({ interval: oneDay })
    const error = await errorOf<Error & { checkpoint: string }>(all(query))
    expect(error).toMatchObject({ code: 'query_too_full', retryable: false, checkpoint: query.checkpoint() })
    expect(error.message).toContain('analytics.conversations.export')
  })

  function running(connection: Connection) {
    return connection.running.simulator.counts
  }
})

test.each([0, 1])('a day that goes on comes once, %i more than a query gives, though nearly counted', async (more) => {
  const noon = Date.parse('2026-01-05T12:00:00Z')
  const split = new Set<boolean>()
  for (const seed of [1, 2, 3, 4]) {
    const options = { seed, conversationsPerDay: 50 }
    const { truth } = new GenesysSimulator({ ...options, now: new Date(noon) })
    const limits = { queryRows: truth.conversationCount(oneDay) - more }
    const clock = new FakeClock({ now: noon })
    const connection = await connect({ ...options, limits, clock }, { limits })
    const before = connection.running.truth.conversationIds(oneDay)
    const found: string[] = []
    const query = connection.genesys.analytics.conversations.query({ interval: oneDay, pageSize: 1 })
    for await (const { conversationId } of query) {
      found.push(conversationId)
      clock.jump(120_000)
    }
    expect(new Set(found).size).toBe(found.length)
    expect(found).toEqual(expect.arrayContaining(before))
    expect(connection.running.truth.conversationIds(oneDay)).toEqual(expect.arrayContaining(found))
    expect(found.length).toBeGreaterThan(before.length)
    split.add(queries(connection).filter(({ interval }) => interval === oneDay).length === 1)
  }
  // The number of hits was wrong in both directions.
  expect(split).toEqual(new Set([true, false]))
})

test('whatever the days, the limits, the page size and the interval, each conversation comes once', async () => {
  const minute = 60_000
  const midnight = Date.UTC(2026, 0, 5)
  const settings = fc.record({
    seed: fc.nat({ max: 1_000 }),
    perDay: fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 4, maxLength: 4 }),
    queryRows: fc.integer({ min: 20, max: 120 }),
    pageSize: fc.integer({ min: 5, max: 100 }),
    ends: fc
      .uniqueArray(fc.integer({ min: 0, max: 4 * 1_440 }), { minLength: 2, maxLength: 2 })
      .map((ends) => ends.sort((a, b) => a - b).map((end) => new Date(midnight + end * minute).toISOString())),
    stop: fc.nat({ max: 200 }),
  })
  let whole = 0
  await fc.assert(
    fc.asyncProperty(settings, async ({ seed, perDay, queryRows, pageSize: size, ends, stop }) => {
      const conversationsPerDay = (date: Date) => perDay[(date.getTime() - midnight) / (1_440 * minute)] ?? 3
      const connection = await connect({ seed, conversationsPerDay, limits: { queryRows } }, { limits: { queryRows } })
      const pageSize = Math.min(size, queryRows)
      const { conversations } = connection.genesys.analytics
      const interval = ends.join('/')
      const truth = connection.running.truth.conversationIds(interval)
      try {
        const query = conversations.query({ interval, pageSize })
        const begun = stop === 0 ? [] : await first(stop, query)
        const rest = await idsOf(conversations.query({ interval, pageSize, checkpoint: query.checkpoint() }))
        expect([...begun.map(({ conversationId }) => conversationId), ...rest]).toEqual(truth)
        whole += 1
      } catch (error) {
        if ((error as { code?: string }).code !== 'query_too_full') throw error
        // Long conversations pile up: there may be more of them at one moment than a query gives.
        expect(truth.length).toBeGreaterThanOrEqual(Math.floor(queryRows / pageSize) * pageSize)
      } finally {
        await connection.genesys.close()
        await connection.running.close()
      }
    }),
    { numRuns: 40 },
  )
  expect(whole).toBeGreaterThan(30)
}, 30_000)

describe('a checkpoint', () => {
  test('after every so many rows gives exactly the rest, in another client', async () => {
    const options = { conversationsPerDay: 60, limits: { queryRows: 40 } }
    const { genesys, running } = await connect(options, { limits: { queryRows: 40 } })
    const interval = '2026-01-05T06:00:00.000Z/2026-01-06T18:00:00.000Z'
    const truth = running.truth.conversationIds(interval)
    const query = genesys.analytics.conversations.query({ interval, pageSize: 8 })
    const checkpoints = [query.checkpoint()]
    for await (const _ of query) checkpoints.push(query.checkpoint())
    expect(checkpoints).toHaveLength(truth.length + 1)
    for (let count = 0; count <= truth.length; count += 5) {
      const elsewhere = await connect(options, { limits: { queryRows: 40 } })
      const rest = await idsIn(elsewhere, { interval, pageSize: 9, checkpoint: checkpoints[count]! })
      expect(rest).toEqual(truth.slice(count))
    }
  })

  test('is in the error that ends an iteration, and goes on after the last row', async () => {
    const fault = { kind: 'internal-error', at: 4 } as const
    const { genesys, running } = await connect({ conversationsPerDay: 90, faults: [fault] })
    const { conversations } = genesys.analytics
    const interval = '2026-01-05T00:00:00.000Z/2026-01-08T00:00:00.000Z'
    const begun: string[] = []
    const error = await errorOf<Error & { checkpoint: string }>(async () => {
      for await (const { conversationId } of conversations.query({ interval })) begun.push(conversationId)
    })
    expect(error).toMatchObject({ code: 'api_server_error', status: 500 })
    const rest = await idsOf(conversations.query({ interval, checkpoint: error.checkpoint }))
    expect([...begun, ...rest]).toEqual(running.truth.conversationIds(interval))
    expect(begun.length).toBeGreaterThan(0)
  })

  test.each<[string, Partial<ConversationDetailsQuery>]>([
    ['interval', { interval: january }],
    ['filter', { segmentFilters: [{ type: 'and', predicates: [{ dimension: 'mediaType', value: 'chat' }] }] }],
    ['kind of filter', { conversationFilters: [{ type: 'and', predicates: [{ metric: 'tHandle', value: '1' }] }] }],
  ])('of another %s is refused', async (_what, other) => {
    const { genesys } = await connect()
    const query = genesys.analytics.conversations.query({ interval: oneDay })
    await first(3, query)
    const checkpoint = query.checkpoint()
    const error = await errorOf(() => genesys.analytics.conversations.query({ interval: oneDay, ...other, checkpoint }))
    expect(error).toMatchObject({ code: 'invalid_checkpoint' })
  })

  test('of the same interval, written another way, is taken', async () => {
    const { genesys, running } = await connect()
    const query = genesys.analytics.conversations.query({ interval: oneDay })
    await first(3, query)
    const interval = '2026-01-05T02:00+02:00/2026-01-05T19:00-05:00'
    const rest = await idsOf(genesys.analytics.conversations.query({ interval, checkpoint: query.checkpoint() }))
    expect(rest).toEqual(running.truth.conversationIds(oneDay).slice(3))
  })

  test.each(['', 'x', 'e30', '{}', 'null', 42])('that is %p is refused', async (checkpoint) => {
    const { genesys } = await connect()
    const query = () => genesys.analytics.conversations.query({ interval: oneDay, checkpoint: checkpoint as string })
    expect(await errorOf(query)).toMatchObject({ code: 'invalid_checkpoint' })
  })

  test('of the users is no checkpoint of the conversations', async () => {
    const { genesys } = await connect()
    const checkpoint = genesys.users.list().checkpoint()
    const query = () => genesys.analytics.conversations.query({ interval: oneDay, checkpoint })
    expect(await errorOf(query)).toMatchObject({ code: 'invalid_checkpoint' })
  })
})

describe('filters', () => {
  const voice = { type: 'and', predicates: [{ dimension: 'mediaType', value: 'voice' }] } as const
  const outbound = { type: 'or', predicates: [{ dimension: 'originatingDirection', value: 'outbound' }] } as const

  test('are passed on with every query, over 31 days', async () => {
    const connection = await connect({ conversationsPerDay: 40 })
    const filters = { segmentFilters: [voice], conversationFilters: [outbound] }
    const rows = await all(connection.genesys.analytics.conversations.query({ interval: january, ...filters }))
    expect(rows.length).toBeGreaterThan(50)
    expect(new Set(rows.map(({ originatingDirection }) => originatingDirection))).toEqual(new Set(['outbound']))
    for (const query of queries(connection)) expect(query).toMatchObject(filters)

    const everything = await all(connection.genesys.analytics.conversations.query({ interval: january }))
    const expected = everything.filter(
      ({ originatingDirection, participants }) =>
        originatingDirection === 'outbound' &&
        participants?.some(({ sessions }) => sessions?.some(({ mediaType }) => mediaType === 'voice')),
    )
    expect(rows).toEqual(expected)
  })

  test('are those of the call, whatever becomes of the object', async () => {
    const connection = await connect()
    const segmentFilters: object[] = [voice]
    const query = connection.genesys.analytics.conversations.query({
      interval: oneDay,
      segmentFilters: segmentFilters as [],
    })
    segmentFilters[0] = outbound
    await all(query)
    expect(queries(connection)[0]).toMatchObject({ segmentFilters: [voice] })
  })

  test('that Genesys refuses are its error, with the first query', async () => {
    const { genesys } = await connect()
    const predicates = [{ dimension: 'mediaType', value: 'telegram' }] as const
    const query = genesys.analytics.conversations.query({
      interval: oneDay,
      segmentFilters: [{ type: 'and', predicates }],
    })
    const error = await errorOf(all(query))
    expect(error).toMatchObject({ code: 'api_bad_request', status: 400, platformCode: 'invalid.value' })
    expect(error.message).toContain('mediaType')
  })

  test('and everything else are of closed types', () => {
    const accepted = { interval: oneDay } satisfies ConversationDetailsQuery
    const refused: ConversationDetailsQuery[] = [
      // @ts-expect-error an interval is required
      {},
      // @ts-expect-error the order is the iteration's own
      { interval: oneDay, order: 'desc' },
      // @ts-expect-error so is what it goes by
      { interval: oneDay, orderBy: 'segmentStart' },
      // @ts-expect-error so is paging
      { interval: oneDay, paging: { pageSize: 10, pageNumber: 1 } },
      // @ts-expect-error aggregations are of one query, not of many
      { interval: oneDay, aggregations: [] },
      // @ts-expect-error a dimension of segments that does not exist
      { interval: oneDay, segmentFilters: [{ type: 'and', predicates: [{ dimension: 'media', value: 'voice' }] }] },
      // @ts-expect-error neither and nor or
      { interval: oneDay, conversationFilters: [{ type: 'xor', predicates: [] }] },
      // @ts-expect-error misspelt
      { interval: oneDay, segmentFilter: [] },
    ]
    expect(refused).not.toContain(accepted)
  })
})

describe('pages', () => {
  test.each([0, -1, 101, 1.5, NaN, Infinity, '50'])('of %p are refused at once', async (pageSize) => {
    const { genesys, sent } = await connect()
    const query = () => genesys.analytics.conversations.query({ interval: oneDay, pageSize: pageSize as number })
    const error = await errorOf(query)
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toContain('from 1 to 100')
    expect(sent).toEqual([])
  })

  test('are not larger than a query is deep', async () => {
    const { genesys } = await connect({ limits: { queryRows: 40 } }, { limits: { queryRows: 40 } })
    const { conversations } = genesys.analytics
    const error = await errorOf(() => conversations.query({ interval: oneDay, pageSize: 41 }))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(await all(conversations.query({ interval: oneDay }))).toHaveLength(50)
  })

  test('without `conversations` are the end of a day, not of everything', async () => {
    const starts = ['2026-01-05T01:00:00.000Z', undefined, undefined, '2026-01-06T01:00:00.000Z', undefined]
    let request = 0
    const { genesys } = await connectTo(() => {
      const start = starts[request++]
      if (start === undefined) return Response.json(request === 2 ? {} : { totalHits: 0, conversations: null })
      return Response.json({ totalHits: 1, conversations: [{ conversationId: start, conversationStart: start }] })
    })
    const interval = '2026-01-05T00:00:00Z/2026-01-08T00:00:00Z'
    // 5 January, its end; 6 January is empty; 7 January, its end.
    starts[3] = '2026-01-07T01:00:00.000Z'
    const found = await idsOf(genesys.analytics.conversations.query({ interval }))
    expect(found).toEqual(['2026-01-05T01:00:00.000Z', '2026-01-07T01:00:00.000Z'])
    expect(request).toBe(5)
  })
})

describe('an answer that does not fit', () => {
  test.each(['envelope', 'full'] as const)('names the path, with validate: %s', async (validate) => {
    const { genesys, sent } = await connect({ faults: [{ kind: 'schema', at: 2 }] }, { validate })
    const query = genesys.analytics.conversations.query({ interval: oneDay })
    const error = await errorOf(all(query))
    expect(error).toMatchObject({
      name: 'SchemaError',
      code: 'schema_mismatch',
      path: 'conversations',
      retryable: false,
    })
    expect(error.message).toContain(`POST ${PATH}`)
    expect(error).toHaveProperty('checkpoint', query.checkpoint())
    expect(queries({ sent })).toHaveLength(2)
  })

  const damaged = [
    { conversationId: 'a', conversationStart: '2026-01-05T01:00:00.000Z' },
    { conversationId: 'b', conversationStart: '2026-01-05T02:00:00.000Z', divisionIds: 'Home' },
  ]

  test('in a field that we do not read ourselves passes by the envelope and not in full', async () => {
    let calls = 0
    const response = () => Response.json(calls++ % 2 === 0 ? { conversations: damaged, totalHits: 2 } : {})
    const easy = await connectTo(response)
    expect(await all(easy.genesys.analytics.conversations.query({ interval: oneDay }))).toEqual(damaged)
    const strict = await connectTo(response, { validate: 'full' })
    const error = await errorOf(all(strict.genesys.analytics.conversations.query({ interval: oneDay })))
    expect(error).toMatchObject({ code: 'schema_mismatch', path: 'conversations.1.divisionIds' })
  })

  test.each(['conversationId', 'conversationStart'])('without %s is refused even by the envelope', async (name) => {
    const { [name]: _, ...rest } = damaged[0] as Record<string, unknown>
    const { genesys } = await connectTo(() => Response.json({ conversations: [rest], totalHits: 1 }))
    const error = await errorOf(all(genesys.analytics.conversations.query({ interval: oneDay })))
    expect(error).toMatchObject({ code: 'schema_mismatch', path: `conversations.0.${name}` })
  })

  test.each<[string, string | null]>([
    ['nothing', null],
    ['a page of HTML', '<html>Welcome</html>'],
    ['half of it', '{"conversations":[{"conversationId":'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a string', '"x"'],
  ])('because it is %s is a typed error, and not the end', async (_what, body) => {
    const { genesys } = await connectTo(() => new Response(body))
    const error = await errorOf(all(genesys.analytics.conversations.query({ interval: oneDay })))
    expect(error).toMatchObject({ code: expect.stringMatching(/^(api_response_invalid|schema_mismatch)$/) })
    expect(error.message).toContain(PATH)
  })

  test('validate: full hands out the same as the envelope', async () => {
    const options = { conversationsPerDay: 80 }
    const easy = await connect(options)
    const strict = await connect(options, { validate: 'full' })
    const rows = await all(strict.genesys.analytics.conversations.query({ interval: oneDay }))
    expect(rows).toEqual(await all(easy.genesys.analytics.conversations.query({ interval: oneDay })))
  })
})

describe('an abort', () => {
  test('in the middle rejects with its reason, and sends no more', async () => {
    const { genesys, sent } = await connect({ conversationsPerDay: 10 })
    const controller = new AbortController()
    const reason = new Error('enough')
    const query = genesys.analytics.conversations.query({ interval: january, signal: controller.signal })
    let count = 0
    const error = await errorOf(async () => {
      for await (const _ of query) if (++count === 15) controller.abort(reason)
    })
    expect(error).toBe(reason)
    expect(count).toBe(15)
    const before = sent.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent).toHaveLength(before)
    const rest = await all(genesys.analytics.conversations.query({ interval: january, checkpoint: query.checkpoint() }))
    expect(rest).toHaveLength(31 * 10 - 15)
  })

  test('ends a request under way', async () => {
    const { genesys } = await connect({ faults: [{ kind: 'slow', delay: 3_600_000 }] })
    const controller = new AbortController()
    const pending = errorOf(all(genesys.analytics.conversations.query({ interval: oneDay, signal: controller.signal })))
    setTimeout(() => controller.abort('enough'), 50)
    expect(await pending).toBe('enough')
  })

  test('of the client ends its iterations', async () => {
    const controller = new AbortController()
    const { genesys } = await connect({}, { signal: controller.signal })
    controller.abort()
    expect(await errorOf(all(genesys.analytics.conversations.query({ interval: oneDay })))).toMatchObject({
      name: 'AbortError',
    })
  })
})

test('an error holds nothing secret, whatever went wrong', async () => {
  const kinds = ['internal-error', 'html', 'not-json', 'schema', 'ip-not-authorized', 'cut-body', 'cut'] as const
  for (const kind of kinds) {
    const { genesys, secrets } = await connect({ faults: [{ kind, at: 2, times: Infinity }] }, { patience: 100 })
    const error = await errorOf(all(genesys.analytics.conversations.query({ interval: oneDay })))
    expect(error).toMatchObject({ code: expect.stringMatching(/^(api_|schema_mismatch)/) })
    expect(secrets.size).toBeGreaterThanOrEqual(2)
    const text = everythingOf(error)
    for (const secret of [CANARY, ...secrets]) expect(text).not.toContain(secret)
  }
})
