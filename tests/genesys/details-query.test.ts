import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { conversationDetails, detailsPosition } from '../../src/genesys/details-query.js'
import type { DetailsPage } from '../../src/genesys/details-query.js'
import type { Interval } from '../../src/platform/interval.js'
import { errorOf } from './connect.js'
import { ConversationLedger, idsOf, read } from './conversation-ledger.js'
import type { Talk } from './conversation-ledger.js'

const MIDNIGHT = Date.UTC(2026, 0, 5)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const day: Interval = { start: MIDNIGHT, end: MIDNIGHT + DAY }

let number = 0
function talk(start: number, length = MINUTE): Talk {
  return { id: `c${String(++number).padStart(4, '0')}`, start: MIDNIGHT + start, end: MIDNIGHT + start + length }
}

/** So many, one every `step`. */
function talks(count: number, step = MINUTE, length = MINUTE): Talk[] {
  return Array.from({ length: count }, (_, index) => talk(index * step, length))
}

function withoutTotals(ledger: ConversationLedger): ConversationLedger {
  const fetchPage = ledger.fetchPage.bind(ledger)
  ledger.fetchPage = async (interval, pageNumber) => {
    const { conversations } = await fetchPage(interval, pageNumber)
    return { conversations }
  }
  return ledger
}

function chunksOf({ asked }: ConversationLedger): string[] {
  const hours = (moment: number) => String((moment - MIDNIGHT) / HOUR)
  return asked.map(({ interval, pageNumber }) => `${hours(interval.start)}-${hours(interval.end)} p${pageNumber}`)
}

describe('an interval', () => {
  test('is asked for day by day, until an empty page', async () => {
    const ledger = new ConversationLedger([talk(1 * HOUR), talk(2 * HOUR), talk(30 * HOUR)], {
      pageSize: 2,
      mostRows: 10,
    })
    const whole = { start: MIDNIGHT, end: MIDNIGHT + 2.5 * DAY }
    expect(idsOf(await read(ledger, whole))).toEqual(ledger.truth(whole))
    expect(chunksOf(ledger)).toEqual(['0-24 p1', '0-24 p2', '24-48 p1', '24-48 p2', '48-60 p1'])
  })

  test('that begins in the middle of a day keeps what started before and is still active, with its first part', async () => {
    const [over, active, inside, later] = [talk(1 * HOUR), talk(1 * HOUR, 12 * HOUR), talk(13 * HOUR), talk(25 * HOUR)]
    const ledger = new ConversationLedger([over, active, inside, later], { pageSize: 5, mostRows: 10 })
    const rows = await read(ledger, { start: MIDNIGHT + 12 * HOUR, end: MIDNIGHT + 36 * HOUR })
    expect(idsOf(rows)).toEqual([active.id, inside.id, later.id])
  })

  test('that touches a day leaves out what started on the day before, active or not', async () => {
    const yesterday = talk(-HOUR, 10 * HOUR)
    const ledger = new ConversationLedger([yesterday, talk(HOUR)], { pageSize: 5, mostRows: 10 })
    expect(idsOf(await read(ledger, day))).not.toContain(yesterday.id)
  })

  test('counts what goes on over midnight once, with the day that it started on', async () => {
    const night = talk(23 * HOUR, 20 * HOUR)
    const ledger = new ConversationLedger([night, talk(25 * HOUR)], { pageSize: 5, mostRows: 10 })
    const rows = await read(ledger, { start: MIDNIGHT, end: MIDNIGHT + 2 * DAY })
    expect(idsOf(rows)).toEqual(ledger.truth({ start: MIDNIGHT, end: MIDNIGHT + 2 * DAY }))
    expect(rows[0]!.position.end).toBe(MIDNIGHT + DAY)
  })

  test('whose ends the API counts in hands out what starts at a boundary once, and at its own end not at all', async () => {
    const boundary = [talk(0), talk(12 * HOUR), talk(24 * HOUR), talk(36 * HOUR)]
    const ledger = new ConversationLedger(boundary, { pageSize: 2, mostRows: 2 })
    const find = ledger.find.bind(ledger)
    ledger.find = ({ start, end }) => find({ start, end: end + 1 })
    const rows = await read(ledger, { start: MIDNIGHT, end: MIDNIGHT + 36 * HOUR })
    expect(idsOf(rows)).toEqual(idsOf(boundary.slice(0, 3)))
  })

  test('is not over with a short page', async () => {
    const pages: DetailsPage[] = [[1], [2, 3], [], [4]].map((ids) => ({
      conversations: ids.map((id) => ({
        conversationId: String(id),
        conversationStart: new Date(MIDNIGHT + id).toISOString(),
      })),
      totalHits: 4,
    }))
    const asked: number[] = []
    const query = {
      pageSize: 2,
      mostRows: 100,
      fetchPage: (_: Interval, pageNumber: number) => (asked.push(pageNumber), Promise.resolve(pages[pageNumber - 1]!)),
    }
    expect(idsOf(await read(query, day))).toEqual(['1', '2', '3'])
    expect(asked).toEqual([1, 2, 3])
  })

  test('with a start that is no date is an error, and not a conversation less', async () => {
    const fetchPage = () =>
      Promise.resolve({ conversations: [{ conversationId: 'x', conversationStart: 'soon' }], totalHits: 1 })
    const error = await errorOf(read({ pageSize: 1, mostRows: 9, fetchPage }, day))
    expect(error).toMatchObject({ code: 'api_response_invalid', retryable: false })
  })
})

describe('a day that is too full', () => {
  test('is asked for by halves, before any row of it is handed on', async () => {
    const ledger = new ConversationLedger(talks(9, 2 * HOUR), { pageSize: 2, mostRows: 6 })
    const pages: string[][] = []
    const rows = await read(
      {
        ...ledger,
        pageSize: 2,
        mostRows: 6,
        fetchPage: async (interval, pageNumber) => {
          const page = await ledger.fetchPage(interval, pageNumber)
          // A row that would come from a page which is to be discarded can be told from the same row read again.
          const mark = page.totalHits! > 6 ? 'discarded ' : ''
          pages.push(page.conversations.map(({ conversationId }) => mark + conversationId))
          return {
            ...page,
            conversations: page.conversations.map((row) => ({ ...row, conversationId: mark + row.conversationId })),
          }
        },
      },
      day,
    )
    expect(idsOf(rows)).toEqual(ledger.truth(day))
    expect(pages.flat().filter((id) => id.startsWith('discarded'))).toHaveLength(2)
    expect(chunksOf(ledger).slice(0, 2)).toEqual(['0-24 p1', '0-12 p1'])
    expect(chunksOf(ledger).filter((chunk) => chunk === '0-24 p1')).toHaveLength(1)
    expect(chunksOf(ledger)).not.toContain('0-24 p2')
  })

  test('does not hand out twice what was active in both halves', async () => {
    const ledger = new ConversationLedger(talks(8, 2 * HOUR, 5 * HOUR), { pageSize: 3, mostRows: 7 })
    expect(idsOf(await read(ledger, day))).toEqual(ledger.truth(day))
  })

  test('is halved down to a minute', async () => {
    const ledger = new ConversationLedger(talks(40, MINUTE, 1_000), { pageSize: 1, mostRows: 2 })
    expect(idsOf(await read(ledger, day))).toEqual(ledger.truth(day))
    const lengths = ledger.asked.map(({ interval }) => interval.end - interval.start)
    expect(Math.min(...lengths)).toBeLessThan(2 * MINUTE)
  })

  test('within less than a minute is an error that names the way out, with all before it handed out', async () => {
    const before = talks(3, 2 * HOUR)
    const crowd = Array.from({ length: 5 }, () => talk(12 * HOUR, 1_000))
    const ledger = new ConversationLedger([...before, ...crowd], { pageSize: 2, mostRows: 4 })
    const seen: string[] = []
    const error = await errorOf(async () => {
      for await (const { rows } of conversationDetails(ledger, day, undefined)) {
        seen.push(...rows.map(({ conversationId }) => conversationId))
      }
    })
    expect(seen).toEqual(idsOf(before))
    expect(error).toMatchObject({ code: 'query_too_full', retryable: false })
    expect(error.message).toMatch(
      /2026-01-05T12:00:00\.000Z\/2026-01-05T12:00:42.*add filters.*analytics\.conversations\.export/,
    )
    expect(ledger.asked.length).toBeLessThan(40)
  })

  test('costs one request too many a level, however full', async () => {
    const ledger = new ConversationLedger(talks(1_000, MINUTE), { pageSize: 100, mostRows: 300 })
    expect(idsOf(await read(ledger, day))).toEqual(ledger.truth(day))
    expect(ledger.asked.length).toBeLessThan(2 * 10 + 10)
  })
})

describe('exactly full', () => {
  test.each([
    ['as many rows as a query gives', 6, 2, 6],
    ['one row more', 7, 2, 6],
    ['one row less', 5, 2, 6],
    ['a page size that does not divide the limit', 6, 4, 6],
    ['exactly what whole pages give of it', 4, 4, 6],
    ['one page of all', 6, 6, 6],
    ['pages of one', 6, 1, 6],
  ])('%s', async (_what, count, pageSize, mostRows) => {
    const ledger = new ConversationLedger(talks(count, HOUR), { pageSize, mostRows })
    expect(idsOf(await read(ledger, day))).toEqual(ledger.truth(day))
  })

  test('a last day that ends early', async () => {
    const ledger = new ConversationLedger(talks(12, HOUR), { pageSize: 2, mostRows: 6 })
    const part = { start: MIDNIGHT, end: MIDNIGHT + 5.5 * HOUR }
    expect(idsOf(await read(ledger, part))).toEqual(ledger.truth(part))
  })

  test('of what began at one moment, and there may be more, whatever the total says: that is too full', async () => {
    const crowd = Array.from({ length: 4 }, () => talk(0, DAY))
    const ledger = new ConversationLedger(crowd, { pageSize: 2, mostRows: 4 })
    expect(await errorOf(read(ledger, day))).toMatchObject({ code: 'query_too_full' })
    expect(await errorOf(read(withoutTotals(ledger), day))).toMatchObject({ code: 'query_too_full' })
    const roomy = new ConversationLedger(crowd, { pageSize: 2, mostRows: 6 })
    expect(idsOf(await read(roomy, day))).toEqual(idsOf(crowd))
  })

  test.each([9, undefined])(
    'of pages that are short, up to the last one that can be had: too full, of %p hits',
    async (hits) => {
      const start = new Date(MIDNIGHT).toISOString()
      const query = {
        pageSize: 2,
        mostRows: 4,
        fetchPage: (_interval: Interval, pageNumber: number): Promise<DetailsPage> => {
          const conversations = [{ conversationId: `c${pageNumber}`, conversationStart: start }]
          return Promise.resolve({ conversations, totalHits: pageNumber === 1 ? 2 : hits })
        },
      }
      expect(await errorOf(read(query, day))).toMatchObject({ code: 'query_too_full' })
    },
  )

  test('without totals everything is read all the same, by going on from the last row', async () => {
    const ledger = withoutTotals(new ConversationLedger(talks(23, HOUR), { pageSize: 2, mostRows: 6 }))
    expect(idsOf(await read(ledger, day))).toEqual(ledger.truth(day))
  })
})

describe('live data', () => {
  test('that outgrow the depth of a query while it is read are read on from the last row', async () => {
    const everything = talks(30, 30 * MINUTE)
    const ledger = new ConversationLedger(everything.slice(0, 6), { pageSize: 2, mostRows: 6 })
    const fetchPage = ledger.fetchPage.bind(ledger)
    ledger.fetchPage = async (interval, pageNumber) => {
      const page = await fetchPage(interval, pageNumber)
      ledger.talks = everything.slice(0, ledger.talks.length + 2)
      return page
    }
    const rows = await read(ledger, day)
    expect(idsOf(rows)).toEqual(idsOf(everything))
  })

  test('that shift a row to the next page do not hand it out twice', async () => {
    const early = talk(HOUR)
    const rest = talks(6, 2 * HOUR).slice(1)
    const ledger = new ConversationLedger(rest, { pageSize: 2, mostRows: 100 })
    const fetchPage = ledger.fetchPage.bind(ledger)
    ledger.fetchPage = async (interval, pageNumber) => {
      const page = await fetchPage(interval, pageNumber)
      ledger.talks = [early, ...rest]
      return page
    }
    expect(idsOf(await read(ledger, day))).toEqual(idsOf(rest))
  })

  test('that come late, before the place that was reached, are handed out and move no checkpoint back', async () => {
    const rest = talks(9, 2 * HOUR)
    const late = { ...talk(0), start: rest[0]!.start + 1, end: MIDNIGHT + DAY }
    const ledger = new ConversationLedger(rest.slice(0, 6), { pageSize: 3, mostRows: 6 })
    const fetchPage = ledger.fetchPage.bind(ledger)
    ledger.fetchPage = async (interval, pageNumber) => {
      const page = await fetchPage(interval, pageNumber)
      if (pageNumber === 2) ledger.talks = [...rest, late]
      return page
    }
    const rows = await read(ledger, day)
    expect(idsOf(rows).sort()).toEqual([...idsOf(rest), late.id].sort())
    const quiet = new ConversationLedger(ledger.talks, { pageSize: 3, mostRows: 100 })
    for (const [index, { position }] of rows.entries()) {
      const handedOut = new Set(idsOf(rows.slice(0, index + 1)))
      const again = idsOf(await read(quiet, day, position)).filter((id) => handedOut.has(id))
      expect(again).toEqual([])
    }
  })
})

describe('a position', () => {
  test('within one millisecond knows who was handed out of it, over pages and over checkpoints', async () => {
    const crowd = [talk(0), ...Array.from({ length: 9 }, () => talk(HOUR)), talk(2 * HOUR)]
    const ledger = new ConversationLedger(crowd, { pageSize: 2, mostRows: 100 })
    const rows = await read(ledger, day)
    expect(idsOf(rows)).toEqual(idsOf(crowd))
    expect(rows[9]!.position.ids).toHaveLength(9)
    expect(rows[10]!.position.ids).toEqual([crowd[10]!.id])
    // From checkpoint to checkpoint, one row each time.
    const found: string[] = []
    for (let from = undefined as Parameters<typeof read>[2]; ;) {
      const [next] = await read(ledger, day, from)
      if (!next) break
      found.push(next.id)
      from = next.position
    }
    expect(found).toEqual(idsOf(crowd))
  })

  test('holds the ids of one millisecond, never all that were seen', async () => {
    const ledger = new ConversationLedger(talks(50, 10 * MINUTE), { pageSize: 7, mostRows: 100 })
    for (const { position, id } of await read(ledger, day)) expect(position.ids).toEqual([id])
  })

  test('at the end of it all has nothing after it', async () => {
    const ledger = new ConversationLedger(talks(3, HOUR), { pageSize: 2, mostRows: 100 })
    const rows = await read(ledger, day)
    expect(await read(ledger, day, rows.at(-1)!.position)).toEqual([])
  })

  test('is asked for from its own millisecond on, not from the beginning of the day', async () => {
    const ledger = new ConversationLedger(talks(5, HOUR), { pageSize: 5, mostRows: 100 })
    const rows = await read(ledger, day)
    ledger.asked.length = 0
    await read(ledger, day, rows[2]!.position)
    expect(ledger.asked[0]!.interval).toEqual({ start: MIDNIGHT + 2 * HOUR, end: day.end })
  })

  test.each([
    null,
    1,
    'text',
    [],
    {},
    { end: 2, after: 1 },
    { end: 2, after: 1, ids: 'x' },
    { end: 2, after: 1, ids: [1] },
    { end: 2.5, after: 1, ids: [] },
    { end: 2, after: '1', ids: [] },
    { end: NaN, after: 1, ids: [] },
    { after: 1, ids: [] },
    // Outside the interval, or before the day that it begins on.
    { end: 9e15, after: 1, ids: [] },
    { end: 10 * DAY + 1, after: 1, ids: [] },
    { end: 0, after: -1, ids: [] },
    { end: 2, after: 2, ids: [] },
    { end: 2, after: -DAY - 1, ids: [] },
  ])('that is damaged or forged is refused: %j', (value) => {
    expect(() => detailsPosition(value, { start: 0, end: 10 * DAY })).toThrow(
      expect.objectContaining({ code: 'invalid_checkpoint' }),
    )
  })
})

describe('whatever the days, the limits and the interval', () => {
  // Coarse times, so that starts, ends, midnights and the interval's own ends often coincide.
  const moment = fc.oneof(
    fc.integer({ min: 0, max: 12 }).map((index) => index * 6 * HOUR),
    fc.integer({ min: 0, max: 3 * 24 * 60 }).map((minutes) => minutes * MINUTE),
    fc.integer({ min: 0, max: 3 * DAY }),
  )
  const length = fc.oneof(
    fc.constantFrom(1, MINUTE, HOUR, 6 * HOUR, DAY, 2 * DAY),
    fc.integer({ min: 1, max: 30 * HOUR }),
    fc.constant(Infinity),
  )
  const world = fc.record({
    talks: fc
      .array(fc.record({ start: moment, length, twins: fc.integer({ min: 1, max: 3 }) }), { maxLength: 14 })
      .map((seeds) =>
        seeds.flatMap(({ start, length, twins }, seed) =>
          Array.from({ length: twins }, (_, twin) => ({
            id: `c${seed}.${twin}`,
            start: MIDNIGHT + start,
            end: MIDNIGHT + start + length,
          })),
        ),
      ),
    interval: fc
      .tuple(moment, moment)
      .map(([a, b]) => ({ start: MIDNIGHT + Math.min(a, b), end: MIDNIGHT + Math.max(a, b) }))
      .filter(({ start, end }) => start < end),
    mostRows: fc.integer({ min: 4, max: 40 }),
    pageSize: fc.integer({ min: 1, max: 7 }),
  })

  test('every conversation comes once, in order, and the rest of it after every checkpoint', async () => {
    let whole = 0
    await fc.assert(
      fc.asyncProperty(world, async ({ talks: theirs, interval, mostRows, pageSize: size }) => {
        const pageSize = Math.min(size, mostRows)
        const ledger = new ConversationLedger(theirs, { pageSize, mostRows })
        const truth = ledger.truth(interval)
        let rows
        try {
          rows = await read(ledger, interval)
        } catch (error) {
          // Right only where a moment alone has as many as a query gives.
          const { code, message } = error as { code: string; message: string }
          expect(code).toBe('query_too_full')
          const [start, end] = /(\S+Z)\/(\S+Z)/
            .exec(message)!
            .slice(1, 3)
            .map((text) => Date.parse(text))
          const depth = Math.floor(mostRows / pageSize) * pageSize
          expect(ledger.truth({ start: start!, end: end! }).length).toBeGreaterThanOrEqual(depth)
          return
        }
        whole += 1
        expect(idsOf(rows).sort()).toEqual([...truth].sort())
        expect(rows.map(({ start }) => start)).toEqual(rows.map(({ start }) => start).sort((a, b) => a - b))
        for (const [index, { position }] of rows.entries()) {
          const rest = await read(ledger, interval, position)
          expect(idsOf(rest)).toEqual(idsOf(rows.slice(index + 1)))
        }
      }),
      { numRuns: 400 },
    )
    expect(whole).toBeGreaterThan(200)
  })

  test('every conversation comes once, or the query is too full, however far off its totals are', async () => {
    const errors = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 9 })
    let whole = 0
    await fc.assert(
      fc.asyncProperty(world, errors, async (setting, wrong) => {
        const { talks: theirs, interval, mostRows } = setting
        const ledger = new ConversationLedger(theirs, { pageSize: Math.min(setting.pageSize, mostRows), mostRows })
        const fetchPage = ledger.fetchPage.bind(ledger)
        ledger.fetchPage = async (asked, pageNumber) => {
          const { conversations, totalHits = 0 } = await fetchPage(asked, pageNumber)
          const error = wrong[ledger.asked.length % wrong.length]!
          return { conversations, totalHits: totalHits === 0 ? 0 : Math.max(1, totalHits + error) }
        }
        try {
          const rows = await read(ledger, interval)
          expect(idsOf(rows).sort()).toEqual(ledger.truth(interval).sort())
          whole += 1
        } catch (error) {
          if ((error as { code?: string }).code !== 'query_too_full') throw error
        }
      }),
      { numRuns: 400 },
    )
    expect(whole).toBeGreaterThan(200)
  })

  test('what was there at the beginning comes once, whatever is added meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.array(fc.boolean(), { minLength: 1 }), async (setting, arrivals) => {
        const { interval, mostRows } = setting
        const pageSize = Math.min(setting.pageSize, mostRows)
        const sorted = [...setting.talks].sort((a, b) => a.start - b.start)
        const ledger = new ConversationLedger(sorted.slice(0, sorted.length / 2), { pageSize, mostRows })
        const before = ledger.truth(interval)
        const fetchPage = ledger.fetchPage.bind(ledger)
        let requests = 0
        ledger.fetchPage = async (asked, pageNumber) => {
          const page = await fetchPage(asked, pageNumber)
          const arrives = arrivals[requests++ % arrivals.length]!
          ledger.talks = sorted.slice(0, ledger.talks.length + Number(arrives))
          return page
        }
        try {
          const found = idsOf(await read(ledger, interval))
          expect(new Set(found).size).toBe(found.length)
          expect(found).toEqual(expect.arrayContaining(before))
        } catch (error) {
          if ((error as { code?: string }).code !== 'query_too_full') throw error
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('an answer that cannot be', () => {
  const row = (id: number) => ({ conversationId: `c${id}`, conversationStart: new Date(MIDNIGHT + id).toISOString() })
  const responding = (fetchPage: (pageNumber: number) => DetailsPage) => ({
    pageSize: 2,
    mostRows: 1_000,
    fetchPage: (_interval: Interval, pageNumber: number) => Promise.resolve(fetchPage(pageNumber)),
  })

  test('of hits without rows is an error, not an empty day', async () => {
    const error = await errorOf(() =>
      read(
        responding(() => ({ conversations: [], totalHits: 500 })),
        day,
      ),
    )
    expect(error).toMatchObject({ code: 'api_response_invalid' })
  })

  test('of the same rows on every page, in whatever order, ends with an error', async () => {
    let pages = 0
    const shuffled = responding((pageNumber) => {
      pages += 1
      return { conversations: pageNumber % 2 ? [row(1), row(2)] : [row(2), row(1)], totalHits: 900 }
    })
    expect(await errorOf(() => read(shuffled, day))).toMatchObject({ code: 'api_response_invalid' })
    expect(pages).toBe(4)
  })
})
