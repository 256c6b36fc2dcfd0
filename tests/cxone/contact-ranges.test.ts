import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contactsPosition } from '../../src/cxone/contact-ranges.js'
import type { ContactsPosition } from '../../src/cxone/contact-ranges.js'
import type { Interval } from '../../src/platform/interval.js'
import { errorOf } from '../platform/connection.js'
import { ContactLedger, idsOf, read } from './contact-ledger.js'
import type { Contact, Manners } from './contact-ledger.js'

const MIDNIGHT = Date.UTC(2026, 0, 5)
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const day: Interval = { start: MIDNIGHT, end: MIDNIGHT + DAY }
const twoDays: Interval = { start: MIDNIGHT, end: MIDNIGHT + 2 * DAY }
const ROOMY = { pageSize: 100, mostRows: 1_000 }

/** Contacts at these moments after midnight. */
function at(...moments: number[]): Contact[] {
  return moments.map((moment, index) => ({ contactId: index + 1, at: MIDNIGHT + moment }))
}

/** So many, one every `step`. */
function every(step: number, count: number): Contact[] {
  return at(...Array.from({ length: count }, (_, index) => index * step))
}

const truth = (ledger: ContactLedger, range: Interval | null) => ledger.find(range).map(({ contactId }) => contactId)
const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b)

/** What was asked for, in hours since midnight; `-1s` where a second before is asked for too. */
function chunksOf({ asked }: ContactLedger): string[] {
  return asked.map(({ range, skip }) => {
    if (range === null) return `all +${skip}`
    const start = range.start - MIDNIGHT
    const [from, lead] = start % MINUTE === MINUTE - SECOND ? [start + SECOND, '-1s'] : [start, '']
    return `${from / HOUR}${lead} to ${(range.end - MIDNIGHT) / HOUR} +${skip}`
  })
}

describe('completed contacts of an interval', () => {
  test('are asked for day by day, with a second of the day before, until an empty page', async () => {
    const ledger = new ContactLedger(every(6 * HOUR, 7), { pageSize: 3, mostRows: 10 })
    expect(idsOf(await read(ledger, { start: MIDNIGHT, end: MIDNIGHT + 2.5 * DAY }))).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(chunksOf(ledger)).toEqual([
      '0 to 24 +0',
      '0 to 24 +3',
      '0 to 24 +4',
      '24-1s to 48 +0',
      '24-1s to 48 +3',
      '48-1s to 60 +0',
    ])
  })

  test('come once where days meet, whether a range holds its ends or not', async () => {
    const contacts = at(0, DAY - SECOND, DAY - 1, DAY, DAY + 1, 2 * DAY)
    for (const ends of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const ledger = new ContactLedger(contacts, ROOMY, { ends })
      expect(sorted(idsOf(await read(ledger, twoDays)))).toEqual(truth(ledger, twoDays))
    }
  })

  test('that an API gives fewer of than it is asked for are all read', async () => {
    const ledger = new ContactLedger(every(HOUR, 24), ROOMY, { mostTop: 5 })
    expect(idsOf(await read(ledger, day))).toEqual(truth(ledger, day))
    expect(ledger.asked.map(({ skip }) => skip)).toEqual([0, 5, 10, 15, 20, 24])
  })

  test('need no total, and one that is too low is no end', async () => {
    for (const totalOff of [undefined, -3, -99]) {
      const ledger = new ContactLedger(every(HOUR, 24), { pageSize: 7, mostRows: 50 }, { totalOff })
      expect(idsOf(await read(ledger, day))).toEqual(truth(ledger, day))
    }
  })

  test('that end before as many came as there are said to be are an error, with what to set', async () => {
    const ledger = new ContactLedger(every(HOUR, 24), { pageSize: 7, mostRows: 50 }, { depth: 20 })
    expect(await errorOf(read(ledger, day))).toMatchObject({
      code: 'api_response_invalid',
      message:
        'The completed contacts within 2026-01-05T00:00:00.000Z/2026-01-06T00:00:00.000Z end after 20, although there ' +
        'are said to be 24: when NICE CXone gives no more of one range, set limits.contactRows to 20.',
    })
    const advised = new ContactLedger(every(HOUR, 24), { pageSize: 7, mostRows: 20 }, { depth: 20 })
    expect(sorted(idsOf(await read(advised, day)))).toEqual(truth(advised, day))
  })

  test('that are none although there are said to be some are an error', async () => {
    const ledger = new ContactLedger([], ROOMY)
    ledger.fetchPage = () => Promise.resolve({ rows: [], total: 4 })
    expect(await errorOf(read(ledger, day))).toMatchObject({ code: 'api_response_invalid' })
  })

  test('of an API that ignores what is to be skipped are an error', async () => {
    const ledger = new ContactLedger(every(HOUR, 4), ROOMY)
    const fetchPage = ledger.fetchPage.bind(ledger)
    ledger.fetchPage = (range, _skip, top) => fetchPage(range, 0, top)
    expect(await errorOf(read(ledger, day))).toMatchObject({ code: 'api_response_invalid' })
  })

  test('that come while they are read move none out of sight', async () => {
    const everything = every(HOUR, 24)
    const ledger = new ContactLedger(everything.slice(12), { pageSize: 5, mostRows: 50 })
    const fetchPage = ledger.fetchPage.bind(ledger)
    ledger.fetchPage = async (range, skip, top) => {
      const page = await fetchPage(range, skip, top)
      ledger.contacts = everything.slice(8)
      return page
    }
    expect(sorted(idsOf(await read(ledger, day)))).toEqual(expect.arrayContaining(truth(ledger, day).slice(4)))
  })
})

describe('a day with more contacts than one range is paged through', () => {
  test('is asked for by halves, before any row of it is handed on', async () => {
    const ledger = new ContactLedger(every(2 * HOUR, 12), { pageSize: 5, mostRows: 9 })
    expect(idsOf(await read(ledger, day))).toEqual(truth(ledger, day))
    expect(chunksOf(ledger)).toEqual([
      '0 to 24 +0',
      '0 to 12 +0',
      '0 to 12 +5',
      '0 to 12 +6',
      '12-1s to 24 +0',
      '12-1s to 24 +5',
      '12-1s to 24 +6',
    ])
  })

  test('hands out what lies where its halves meet once', async () => {
    const contacts = at(0, DAY / 2 - SECOND, DAY / 2 - 1, DAY / 2, DAY / 2 + 1, DAY - 1)
    const ledger = new ContactLedger(contacts, { pageSize: 2, mostRows: 6 }, { ends: [true, true] })
    expect(idsOf(await read(ledger, day))).toEqual(truth(ledger, day))
  })

  test('only when part of it was handed out is an error, and none comes twice', async () => {
    const ledger = new ContactLedger(every(2 * HOUR, 8), { pageSize: 4, mostRows: 9 })
    const [row] = await read(ledger, day)
    ledger.contacts = every(2 * HOUR, 12)
    expect(await errorOf(read(ledger, day, row!.position))).toMatchObject({ code: 'query_too_full' })
  })

  test('is told by its last row when there is no total', async () => {
    const ledger = new ContactLedger(every(2 * HOUR, 12), { pageSize: 5, mostRows: 12 }, { totalOff: undefined })
    expect(idsOf(await read(ledger, day))).toEqual(truth(ledger, day))
    expect(ledger.asked.slice(0, 3)).toMatchObject([
      { skip: 0 },
      { skip: 11, top: 1 },
      { skip: 0, range: { end: MIDNIGHT + DAY / 2 } },
    ])
  })

  test('is never asked for rows beyond that', async () => {
    const ledger = new ContactLedger(every(HOUR, 8), { pageSize: 5, mostRows: 9 })
    await read(ledger, day)
    expect(ledger.asked.map(({ skip, top }) => [skip, top])).toEqual([
      [0, 5],
      [5, 4],
      [8, 1],
    ])
  })

  test('is an error when a minute alone is too full, or its total was too low to tell', async () => {
    const crowd = new ContactLedger(at(...Array.from({ length: 9 }, () => HOUR)), { pageSize: 5, mostRows: 9 })
    const error = await errorOf(read(crowd, day))
    expect(error).toMatchObject({ code: 'query_too_full' })
    expect(error.message).toMatch(
      /^There are 9 completed contacts within 2026-01-05T00:5\S+ or more, .*limits\.contactRows/,
    )
    expect(crowd.asked.length).toBeLessThan(20)
    const liar = new ContactLedger(every(HOUR, 12), { pageSize: 5, mostRows: 9 }, { totalOff: -9 })
    expect(await errorOf(read(liar, day))).toMatchObject({ code: 'query_too_full' })
  })
})

describe('contacts that changed since a moment', () => {
  test('are one range, to the end of its pages', async () => {
    const ledger = new ContactLedger(every(DAY, 7), { pageSize: 3, mostRows: 10 })
    const rows = await read(ledger, null)
    expect(idsOf(rows)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(chunksOf(ledger)).toEqual(['all +0', 'all +3', 'all +6', 'all +7'])
    for (const [index, { position }] of rows.entries()) {
      expect(idsOf(await read(ledger, null, position))).toEqual(idsOf(rows.slice(index + 1)))
    }
  })

  test('cannot be cut, so that too many are an error', async () => {
    const error = await errorOf(read(new ContactLedger(every(DAY, 7), { pageSize: 3, mostRows: 7 }), null))
    expect(error).toMatchObject({ code: 'query_too_full' })
    expect(error.message).toMatch(/^There are 7 completed contacts or more, .*by startDate and endDate/)
  })

  test('that end early are an error as well', async () => {
    const error = await errorOf(read(new ContactLedger(every(DAY, 7), ROOMY, { depth: 5 }), null))
    expect(error.message).toMatch(/^The completed contacts end after 5, although there are said to be 7/)
  })
})

describe('a position', () => {
  test('is a range and so many rows of it, whatever the number of rows', async () => {
    const ledger = new ContactLedger(every(2 * HOUR, 12), { pageSize: 5, mostRows: 9 })
    const rows = await read(ledger, day)
    expect(rows[10]!.position).toEqual({
      range: { start: MIDNIGHT + 12 * HOUR, end: MIDNIGHT + 24 * HOUR },
      skip: 5,
      lastPollTime: null,
    })
  })

  test('asks for the overlap with what was read before, and for the next one', async () => {
    const ledger = new ContactLedger(every(12 * HOUR, 6), ROOMY)
    const rows = await read(ledger, { start: MIDNIGHT, end: MIDNIGHT + 3 * DAY })
    ledger.asked.length = 0
    await read(ledger, { start: MIDNIGHT, end: MIDNIGHT + 3 * DAY }, rows[2]!.position)
    expect(chunksOf(ledger)).toEqual([
      '24-1s to 24 +0',
      '24-1s to 48 +1',
      '24-1s to 48 +2',
      '48-1s to 48 +0',
      '48-1s to 72 +0',
      '48-1s to 72 +2',
    ])
  })

  const good = { range: { start: MIDNIGHT, end: MIDNIGHT + DAY }, skip: 1, lastPollTime: null }

  test.each([
    null,
    1,
    'text',
    [],
    {},
    { ...good, skip: -1 },
    { ...good, skip: undefined },
    { ...good, range: null },
    { ...good, range: undefined },
    { ...good, range: { start: MIDNIGHT - 1, end: MIDNIGHT + 1 } },
    { ...good, range: { start: MIDNIGHT, end: MIDNIGHT + DAY + 1 } },
    { ...good, range: { start: MIDNIGHT + 2 * DAY, end: MIDNIGHT + 2 * DAY + 1 } },
    { ...good, range: { start: MIDNIGHT, end: MIDNIGHT } },
    { ...good, range: { start: MIDNIGHT + 0.5, end: MIDNIGHT + 1 } },
    { ...good, range: { start: MIDNIGHT, end: String(MIDNIGHT + DAY) } },
    { ...good, lastPollTime: 5 },
    { ...good, lastPollTime: undefined },
    { ...good, lastPollTime: 'x'.repeat(101) },
  ])('that is damaged or forged is refused: %j', (value) => {
    expect(() => contactsPosition(value, twoDays)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
  })

  test('of dates is none of what changed since a moment', () => {
    expect(contactsPosition(good, twoDays)).toEqual(good)
    expect(contactsPosition({ ...good, range: null }, null)).toEqual({ ...good, range: null })
    expect(() => contactsPosition(good, null)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
  })
})

describe('whatever the contacts, and however the API goes about it', () => {
  // Coarse times, so that contacts, midnights, cuts and the interval's own ends often coincide, or are just apart.
  const moment = fc
    .tuple(
      fc.oneof(
        fc.integer({ min: 0, max: 12 }).map((index) => index * 6 * HOUR),
        fc.integer({ min: 0, max: 3 * 24 * 60 }).map((minutes) => minutes * MINUTE),
      ),
      fc.constantFrom(0, 0, 1, -1, SECOND, -SECOND, SECOND / 2, -SECOND / 2),
    )
    .map(([coarse, fine]) => MIDNIGHT + coarse + fine)
  const manners: fc.Arbitrary<Omit<Manners, 'depth'>> = fc.record({
    ends: fc.tuple(fc.boolean(), fc.boolean()),
    totalOff: fc.constantFrom(0, 0, undefined, -1, -3, -100),
    mostTop: fc.constantFrom(Infinity, 1, 2, 3),
    order: fc.constantFrom('at', 'contactId', 'descending'),
  })
  const world = fc.record({
    manners,
    contacts: fc
      .array(fc.tuple(moment, fc.integer({ min: 1, max: 3 })), { maxLength: 14 })
      .chain((seeds) => fc.shuffledSubarray(seeds.flatMap(([at, twins]) => Array<number>(twins).fill(at))))
      .map((moments) => moments.map((at, index): Contact => ({ contactId: index + 1, at }))),
    interval: fc
      .tuple(moment, moment)
      .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }))
      .filter(({ start, end }) => start < end),
    mostRows: fc.integer({ min: 2, max: 40 }),
    pageSize: fc.integer({ min: 1, max: 7 }),
  })

  test('every contact comes once, and the rest of them after every checkpoint; or it is an error', async () => {
    let whole = 0
    await fc.assert(
      fc.asyncProperty(world, async ({ contacts, interval, mostRows, pageSize, manners }) => {
        const ledger = new ContactLedger(
          contacts,
          { pageSize: Math.min(pageSize, mostRows), mostRows },
          { ...manners, depth: mostRows },
        )
        const isExact = !(Number(manners.totalOff) < 0)
        let rows
        try {
          rows = await read(ledger, interval)
        } catch (error) {
          const { code, message } = error as { code: string; message: string }
          expect(code).toBe('query_too_full')
          const [start, end] = /(\S+Z)\/(\S+Z)/
            .exec(message)!
            .slice(1, 3)
            .map((text) => Date.parse(text))
          const range = { start: start!, end: end! }
          expect(truth(ledger, range).length).toBeGreaterThanOrEqual(mostRows)
          // Right only where a minute alone is too full, or where totals lie.
          if (isExact) expect(range.end - range.start).toBeLessThanOrEqual(MINUTE + SECOND)
          return
        }
        whole += 1
        expect(sorted(idsOf(rows))).toEqual(sorted(truth(ledger, interval)))
        for (const [index, { position }] of rows.entries()) {
          // What is left of a day is asked for at once, so that halves of it may come in another order.
          const rest = await read(ledger, interval, position).catch((error: unknown) => {
            // What is left of a day may be too much for one range, and a total that is too low does not tell.
            if (isExact || (error as { code?: string }).code !== 'query_too_full') throw error
          })
          if (rest) expect(sorted(idsOf(rest))).toEqual(sorted(idsOf(rows.slice(index + 1))))
        }
      }),
      { numRuns: 300 },
    )
    expect(whole).toBeGreaterThan(150)
  })

  test('from checkpoint to checkpoint, one row each time, all come', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ contacts, interval, pageSize, manners }) => {
        const ledger = new ContactLedger(contacts, { pageSize, mostRows: 50 }, manners)
        const found: number[] = []
        for (let from: ContactsPosition | undefined; ;) {
          const [next] = await read(ledger, interval, from)
          if (!next) break
          found.push(next.id)
          from = next.position
        }
        expect(sorted(found)).toEqual(sorted(truth(ledger, interval)))
      }),
      { numRuns: 30 },
    )
  })
})
