import { describe, expect, it } from '@jest/globals'
import { Caller, refusal, type Conversation } from './caller.js'

const DAY = 86_400_000
const NOW = new Date('2026-06-01T12:00:00Z')
const TODAY = '2026-06-01T00:00Z/2026-06-02T00:00Z'
const iso = (time: number) => new Date(time).toISOString()
const between = (start: number, end: number) => `${iso(start)}/${iso(end)}`
const ids = (rows: readonly Conversation[]) => rows.map(({ conversationId }) => conversationId)
const unlimited = { requestsPerMinute: 1e6 }

const voice = { type: 'and', predicates: [{ dimension: 'mediaType', operator: 'matches', value: 'voice' }] }

describe('the conversation details query', () => {
  it('pages through exactly the conversations of the truth, in the order of their starts', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 330 }).signIn()
    const interval = '2026-03-03T00:00:00.000Z/2026-03-04T00:00:00.000Z'
    const rows = await caller.rows({ interval })
    expect(rows).toHaveLength(330)
    expect(ids(rows)).toEqual(caller.simulator.truth.conversationIds(interval))
    expect(caller.simulator.truth.conversationCount(interval)).toBe(330)
    const starts = rows.map(({ conversationStart }) => conversationStart)
    expect(starts).toEqual([...starts].sort())
    expect(ids(await caller.rows({ interval, order: 'desc' }))).toEqual(ids(rows).reverse())
  })

  it('orders by starts or by ends, either way, and has no order when none is asked for', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 90, limits: unlimited }).signIn()
    for (const interval of ['2026-03-03T00:00Z/2026-03-05T00:00Z', '2026-06-01T00:00Z/2026-06-02T00:00Z']) {
      const rows = await caller.rows({ interval })
      const ask = async (order: string, orderBy: string) => ids(await caller.rows({ interval, order, orderBy }, 40))
      // What is in progress comes after all that has ended.
      const end = ({ conversationEnd = '9' }: Conversation) => conversationEnd
      const byEnd = ids([...rows].sort((a, b) => (end(a) < end(b) ? -1 : end(a) > end(b) ? 1 : 0)))
      expect(byEnd).not.toEqual(ids(rows))
      for (const orderBy of ['conversationEnd', 'segmentEnd']) {
        expect(await ask('asc', orderBy)).toEqual(byEnd)
        expect(await ask('desc', orderBy)).toEqual([...byEnd].reverse())
      }
      for (const orderBy of ['conversationStart', 'segmentStart']) {
        expect(await ask('asc', orderBy)).toEqual(ids(rows))
        expect(await ask('desc', orderBy)).toEqual(ids(rows).reverse())
        const unordered = await ask('unordered', orderBy)
        expect([...unordered].sort()).toEqual(ids(rows).sort())
        expect(unordered).not.toEqual(ids(rows))
        expect(unordered).not.toEqual(ids(rows).reverse())
      }
    }
  })

  it('counts what is past exactly, and what is live nearly', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 400, limits: unlimited }).signIn()
    const hits = async (interval: string, pageNumber: number) => {
      const response = await caller.query({ interval, paging: { pageSize: 10, pageNumber } })
      return ((await response.json()) as { totalHits: number }).totalHits
    }
    const errors = async (start: string, end: string) => {
      const interval = `${start}/${end}`
      const exact = caller.simulator.truth.conversationCount(interval)
      return Promise.all(Array.from({ length: 30 }, async (_, page) => (await hits(interval, page + 1)) - exact))
    }
    const past = await errors('2026-06-01T00:00Z', '2026-06-01T11:00Z')
    expect(new Set(past)).toEqual(new Set([0]))
    const live = await errors('2026-06-01T00:00Z', '2026-06-01T11:01Z')
    expect([Math.min(...live), Math.max(...live)]).toEqual([-3, 3])
    expect(await errors('2026-06-01T00:00Z', '2026-06-01T11:01Z')).toEqual(live)

    const [value = ''] = ids(await caller.rows({ interval: TODAY }))
    const predicates = [{ dimension: 'conversationId', value }]
    const one = { interval: TODAY, conversationFilters: [{ type: 'and', predicates }] }
    for (let pageNumber = 1; pageNumber <= 20; pageNumber++) {
      const response = await caller.query({ ...one, paging: { pageSize: 1, pageNumber } })
      expect(((await response.json()) as { totalHits: number }).totalHits).toBeGreaterThan(0)
    }
  })

  it('leaves conversations out of an empty page, and counts the hits all the same', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 200 }).signIn()
    const interval = '2026-03-03T00:00Z/2026-03-04T00:00Z'
    const beyond = await caller.query({ interval, paging: { pageSize: 100, pageNumber: 3 } })
    expect(await beyond.json()).toEqual({ totalHits: 200 })
    const future = await caller.query({ interval: '2026-07-01T00:00Z/2026-07-02T00:00Z' })
    expect(await future.json()).toEqual({ totalHits: 0 })
    const standard = (await (await caller.query({ interval })).json()) as { conversations: unknown[] }
    expect(standard.conversations).toHaveLength(25)
  })

  it('answers what started on a touched day and was active in the interval', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 500, limits: unlimited }).signIn()
    const start = Date.parse('2026-03-03T10:00Z')
    const end = Date.parse('2026-03-03T11:30Z')
    const days = await caller.rows({ interval: between(start - 10 * 3_600_000, end + 12.5 * 3_600_000) })
    const expected = days.filter(({ conversationStart, conversationEnd = '9' }) => {
      return Date.parse(conversationStart) < end && conversationEnd > iso(start)
    })
    const rows = await caller.rows({ interval: between(start, end) })
    expect(ids(rows)).toEqual(ids(expected))
    expect(rows.some(({ conversationStart }) => conversationStart < iso(start))).toBe(true)
    expect(rows.every(({ conversationStart }) => conversationStart.startsWith('2026-03-03'))).toBe(true)
  })

  it('gives overlapping answers for adjoining intervals, whose union misses nothing', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 120, limits: unlimited }).signIn()
    const month = '2026-03-01T00:00Z/2026-04-01T00:00Z'
    const seen = new Set<string>()
    for (let day = Date.parse('2026-03-01T00:00Z'); day < Date.parse('2026-04-01T00:00Z'); day += DAY) {
      for (const id of ids(await caller.rows({ interval: between(day, day + DAY) }))) seen.add(id)
    }
    const truth = caller.simulator.truth.conversationIds(month)
    expect(truth).toHaveLength(31 * 120)
    expect([...seen].sort()).toEqual([...truth].sort())

    const noon = Date.parse('2026-03-10T12:00Z')
    const morning = ids(await caller.rows({ interval: between(noon - DAY / 2, noon) }))
    const afternoon = ids(await caller.rows({ interval: between(noon, noon + DAY / 2) }))
    const both = morning.filter((id) => afternoon.includes(id))
    expect(both.length).toBeGreaterThan(0)
    expect(new Set([...morning, ...afternoon]).size).toBe(120)
  })

  it('shows what is in progress without an end, and nothing of the future', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 1_000 }).signIn()
    const rows = await caller.rows({ interval: '2026-06-01T00:00Z/2026-06-02T00:00Z' })
    const now = NOW.toISOString()
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.every(({ conversationStart }) => conversationStart <= now)).toBe(true)
    const open = rows.filter(({ conversationEnd }) => conversationEnd === undefined)
    expect(open.length).toBeGreaterThan(0)
    expect(rows.every(({ conversationEnd = now }) => conversationEnd <= now)).toBe(true)
    for (const { participants } of open) {
      const moments = participants.flatMap(({ sessions }) =>
        sessions.flatMap(({ segments, metrics }) => [
          ...segments.flatMap(({ segmentStart, segmentEnd = segmentStart }) => [segmentStart, segmentEnd]),
          ...metrics.map(({ emitDate }) => emitDate),
        ]),
      )
      expect(moments.every((moment) => moment <= now)).toBe(true)
      expect(participants.length).toBeGreaterThan(0)
    }
    const later = await caller.rows({ interval: '2026-06-01T13:00Z/2026-06-01T14:00Z' })
    expect(ids(later)).toEqual(ids(open))
  })

  it('allows 7 days without a filter, 31 with one', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 10 }).signIn()
    const start = Date.parse('2026-03-01T00:00Z')
    const ask = (length: number, query: object = {}) =>
      caller.query({ interval: between(start, start + length), ...query })
    expect((await ask(7 * DAY)).status).toBe(200)
    expect((await refusal(ask(7 * DAY + 1))).message).toContain('7 days')
    expect((await ask(8 * DAY)).status).toBe(400)
    expect((await ask(31 * DAY, { segmentFilters: [voice] })).status).toBe(200)
    expect((await refusal(ask(31 * DAY + 1, { segmentFilters: [voice] }))).message).toContain('31 days')
    expect((await ask(8 * DAY, { segmentFilters: [] })).status).toBe(400)
    const wider = await new Caller({ now: NOW, limits: { queryDays: 62 } }).signIn()
    expect((await wider.query({ interval: between(start, start + 62 * DAY) })).status).toBe(200)
  })

  it('refuses intervals that are missing, reversed, empty or not ISO-8601', async () => {
    const caller = await new Caller({ now: NOW }).signIn()
    for (const interval of [
      ...[undefined, 5, '', '/', 'yesterday', '2026-03-01T00:00Z', '2026-03-01T00:00Z/', '2026-03-01T00:00Z/P1D'],
      ...[
        '2026-03-02T00:00Z/2026-03-01T00:00Z',
        '2026-03-01T00:00Z/2026-03-01T00:00Z',
        '2026-02-30T00:00Z/2026-03-02T00:00Z',
      ],
      ...[
        '2026-13-01T00:00Z/2026-13-02T00:00Z',
        '2026-03-01T25:00Z/2026-03-02T00:00Z',
        '1/2',
        '2026-03-01/2026-03-02/3',
      ],
    ]) {
      expect(await refusal(caller.query({ interval }))).toMatchObject({ status: 400, code: 'bad.request' })
    }
    expect((await caller.query({ interval: '2026-03-01T00:00:00/2026-03-02T01:00:00.123+01:00' })).status).toBe(200)
  })

  it('allows pages of at most 100, and 100,000 rows', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 120_000 }).signIn()
    const interval = '2026-03-03T00:00Z/2026-03-04T00:00Z'
    const page = (pageSize: unknown, pageNumber: unknown) =>
      caller.query({ interval, paging: { pageSize, pageNumber } })
    const last = (await (await page(100, 1_000)).json()) as { conversations: unknown[]; totalHits: number }
    expect(last.conversations).toHaveLength(100)
    expect(last.totalHits).toBe(120_000)
    const beyond = await refusal(page(100, 1_001))
    expect(beyond).toMatchObject({ status: 400, code: 'bad.request' })
    expect(beyond.message).toMatch(
      /^Pagination may not exceed 100000 results\.\n\nTip: When extracting large chunks of data/,
    )
    for (const [size, number] of [
      [101, 1],
      [0, 1],
      [10, 0],
      ['10', 1],
      [10, 1.5],
    ]) {
      expect((await refusal(page(size, number))).status).toBe(400)
    }
  })

  it('filters by what it models', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 400 }).signIn()
    const interval = '2026-03-03T00:00Z/2026-03-04T00:00Z'
    const all = await caller.rows({ interval })
    const media = (row: Conversation) => row.participants[0]?.sessions[0]?.mediaType
    const is = (dimension: string, value: string) => ({ type: 'dimension', dimension, operator: 'matches', value })
    const filtered = async (query: object) => ids(await caller.rows({ interval, ...query }))
    const those = (test: (row: Conversation) => boolean) => ids(all.filter(test))

    expect(await filtered({ segmentFilters: [voice] })).toEqual(those((row) => media(row) === 'voice'))
    const written = { type: 'or', predicates: [is('mediaType', 'email'), is('mediaType', 'message')] }
    expect(await filtered({ segmentFilters: [written] })).toEqual(
      those((row) => media(row) === 'email' || media(row) === 'message'),
    )
    const outboundVoice = { type: 'and', clauses: [voice, { type: 'or', predicates: [is('direction', 'outbound')] }] }
    const outbound = await filtered({ segmentFilters: [outboundVoice] })
    expect(outbound).toEqual(those((row) => row.originatingDirection === 'outbound'))
    expect(outbound.length).toBeGreaterThan(0)
    const divisionId = all[0]?.divisionIds[0] ?? ''
    const inDivision = [{ type: 'and', predicates: [is('divisionId', divisionId)] }]
    expect(await filtered({ conversationFilters: inDivision, segmentFilters: [voice] })).toEqual(
      those((row) => row.divisionIds[0] === divisionId && media(row) === 'voice'),
    )
    const one = [{ type: 'and', predicates: [is('conversationId', all[123]?.conversationId ?? '')] }]
    expect(await filtered({ conversationFilters: one })).toEqual([all[123]?.conversationId])
  })

  it('refuses what it does not model, and what nobody knows', async () => {
    const caller = await new Caller({ now: NOW }).signIn()
    const ask = (query: object) => refusal(caller.query({ interval: '2026-03-03T00:00Z/2026-03-04T00:00Z', ...query }))
    const predicate = (members: object) => ({ segmentFilters: [{ type: 'and', predicates: [members] }] })
    for (const query of [predicate({ dimension: 'ani', range: { gt: 5 } })]) {
      expect(await ask(query)).toMatchObject({
        status: 400,
        message: expect.stringContaining('not modelled by the simulator'),
      })
    }
    for (const query of [
      predicate({ dimension: 'mediaType', value: 'fax' }),
      predicate({ dimension: 'toString', value: 'x' }),
      predicate({ dimension: 'originatingDirection', value: 'inbound' }),
      predicate({ type: 'metric', metric: 'tTalk', range: { gt: 5 } }),
      predicate({ dimension: 'mediaType', operator: 'like', value: 'voice' }),
      predicate({ dimension: 'mediaType', value: 5 }),
      predicate({ dimension: 'mediaType' }),
      predicate({ dimension: 'segmentEnd', value: 'yesterday' }),
      predicate({ dimension: 'mediaCount', value: 'many' }),
      predicate({ dimension: 'mediaCount', range: { gt: '1' } }),
      predicate({ dimension: 'mediaCount', range: 1 }),
      predicate({ property: 'tier', propertyType: 'text', value: 'gold' }),
      predicate({ type: 'attribute', value: 'gold' }),
      predicate({ value: 'gold' }),
      predicate([]),
      {
        conversationFilters: [{ type: 'and', predicates: [{ property: 'tier', propertyType: 'string', value: 'x' }] }],
      },
      { surveyFilters: [{ type: 'and', predicates: [] }] },
      { segmentFilters: [{ type: 'xor', predicates: [{ dimension: 'mediaType', value: 'voice' }] }] },
      { segmentFilters: [{ type: 'and' }] },
      { segmentFilters: voice },
      { order: 'sideways' },
      { orderBy: 'mood' },
    ]) {
      expect(await ask(query)).toMatchObject({ status: 400, code: 'invalid.value' })
    }
    expect(await ask({ pageSize: 100 })).toMatchObject({ status: 400, code: 'invalid.property' })
    expect(await ask({ paging: { size: 100 } })).toMatchObject({ status: 400, code: 'invalid.property' })
    expect(await ask(predicate({ dimensions: 'mediaType' }))).toMatchObject({ status: 400, code: 'invalid.property' })
    const range = { dimension: 'mediaCount', range: { above: 1 } }
    expect(await ask(predicate(range))).toMatchObject({ status: 400, code: 'invalid.property' })
  })
})
