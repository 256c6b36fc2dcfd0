import { describe, expect, test } from '@jest/globals'
import type { CompletedContactsOptions, CxoneOptions } from '../../src/cxone/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { all, connectTo, errorOf, first, noContent, numbersOf } from './connect.js'

const MIDNIGHT = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const COMPLETED = '/incontactapi/services/v34.0/contacts/completed'
const dates = { startDate: '2026-01-05T01:00:00+01:00', endDate: '2026-01-08T00:00:00Z' }
const since = { updatedSince: '2026-01-05T00:00Z' }
const clock = () => new FakeClock({ now: MIDNIGHT + 3 * 24 * HOUR })

/**
 * Answers contacts 1, 2, … that started so many hours after midnight, those of the dates or all, and a later
 * `lastPollTime` each time.
 */
function contacts(hours: readonly number[], options: CxoneOptions = {}) {
  let polls = 0
  return connectTo((request) => {
    const { searchParams } = new URL(request.url)
    const [skip, top] = numbersOf(request, 'skip', 'top') as [number, number]
    const start = Date.parse(searchParams.get('startDate') ?? '1970-01-01')
    const end = Date.parse(searchParams.get('endDate') ?? '2970-01-01')
    const found = hours
      .map((hour, index) => ({ contactId: index + 1, at: MIDNIGHT + hour * HOUR }))
      .filter(({ at }) => at >= start && at <= end)
    const lastPollTime = new Date(MIDNIGHT + 30 * 24 * HOUR + ++polls).toISOString()
    const completedContacts = found.slice(skip, skip + top).map(({ contactId }) => ({ contactId }))
    if (completedContacts.length === 0) return noContent()
    return Response.json({ totalRecords: found.length, lastPollTime, completedContacts })
  }, options)
}

const POLL = (number: number) => new Date(MIDNIGHT + 30 * 24 * HOUR + number).toISOString()

async function idsOf(rows: AsyncIterable<{ contactId: number }>): Promise<number[]> {
  return (await all(rows)).map(({ contactId }) => contactId)
}

const query = (path: string) => Object.fromEntries(new URL(path, 'http://x').searchParams)

describe('completed contacts of some dates', () => {
  test('come once, day by day, with dates in UTC', async () => {
    const { cxone, sent } = await contacts([0, 5, 24, 30, 48, 72])
    expect(await idsOf(cxone.contacts.completed(dates))).toEqual([1, 2, 3, 4, 5, 6])
    expect(sent[0]!.path.split('?')[0]).toBe(COMPLETED)
    expect(sent.map(({ path }) => query(path))).toEqual(
      [
        ['2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z', 0],
        ['2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z', 3],
        ['2026-01-05T23:59:59.000Z', '2026-01-07T00:00:00.000Z', 0],
        ['2026-01-05T23:59:59.000Z', '2026-01-07T00:00:00.000Z', 3],
        ['2026-01-06T23:59:59.000Z', '2026-01-08T00:00:00.000Z', 0],
        ['2026-01-06T23:59:59.000Z', '2026-01-08T00:00:00.000Z', 2],
      ].map(([startDate, endDate, skip]) => ({ startDate, endDate, skip: String(skip), top: '10000' })),
    )
  })

  test('are cut where a day has more than the limit, and read with pages as set', async () => {
    const { cxone, sent } = await contacts([0, 5, 10, 15, 20], { limits: { contactRows: 5 } })
    expect(await idsOf(cxone.contacts.completed({ ...dates, pageSize: 2 }))).toEqual([1, 2, 3, 4, 5])
    expect(query(sent[1]!.path)).toMatchObject({ endDate: '2026-01-05T12:00:00.000Z', skip: '0', top: '2' })
    expect(await errorOf(() => cxone.contacts.completed({ ...dates, pageSize: 6 }))).toMatchObject({
      code: 'invalid_option',
    })
  })

  test('go on after any checkpoint, also with another page size', async () => {
    const { cxone } = await contacts([0, 5, 24, 30, 48, 72])
    for (const count of [1, 2, 3, 4, 5, 6]) {
      const reading = cxone.contacts.completed({ ...dates, pageSize: 2 })
      await first(count, reading)
      const rest = cxone.contacts.completed({ ...dates, checkpoint: reading.checkpoint() })
      expect(await idsOf(rest)).toEqual([1, 2, 3, 4, 5, 6].slice(count))
      expect(rest.lastPollTime).toBe(reading.lastPollTime)
    }
  })

  test('have a checkpoint that is good for the same dates and filters alone, and not when it is forged', async () => {
    const { cxone } = await contacts([0, 5])
    const reading = cxone.contacts.completed({ ...dates, agentId: 7 })
    await first(1, reading)
    const checkpoint = reading.checkpoint()
    expect(await idsOf(cxone.contacts.completed({ ...dates, agentId: '7', checkpoint }))).toEqual([2])
    const other = [{ ...dates }, { ...since, agentId: 7 }, { ...dates, agentId: 7, endDate: '2026-01-09T00:00Z' }]
    const content = JSON.parse(Buffer.from(checkpoint, 'base64url').toString()) as { position: { skip: number } }
    content.position.skip = -1
    const forged = Buffer.from(JSON.stringify(content)).toString('base64url')
    const refused: CompletedContactsOptions[] = [
      ...other.map((options) => ({ ...options, checkpoint })),
      { ...dates, agentId: 7, checkpoint: forged },
    ]
    const recent = await contacts([], { clock: clock() })
    for (const options of refused) {
      expect(await errorOf(() => recent.cxone.contacts.completed(options))).toMatchObject({
        code: 'invalid_checkpoint',
      })
    }
  })

  test('are asked for with their filters, and always with their ids', async () => {
    const { cxone, sent } = await contacts([])
    const filters = {
      orderBy: 'contactId',
      mediaTypeId: 1,
      mediaSubTypeId: 2,
      mediaSubTypeName: 'WhatsApp',
      skillId: 3,
      campaignId: 4,
      agentId: '9007199254740993',
      teamId: 0,
      toAddress: '+431',
      fromAddress: '+432',
      isLogged: true,
      isRefused: false,
      isTakeover: true,
      tags: true,
      analyticsProcessed: false,
    }
    await all(cxone.contacts.completed({ ...dates, ...filters, fields: ['skillName', 'contactStartDate'] }))
    const { startDate, endDate, skip, top, fields, ...rest } = query(sent[0]!.path)
    expect([startDate, endDate, skip, top]).not.toContain(undefined)
    expect(fields).toBe('skillName,contactStartDate,contactId')
    expect(rest).toEqual(Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)])))
  })

  test.each(['envelope', 'full'] as const)('have ids that can be told apart: %s', async (validate) => {
    const { cxone } = await connectTo(
      () =>
        new Response('{"completedContacts":[{"contactId":9007199254740993}]}', {
          headers: { 'content-type': 'application/json' },
        }),
      { validate },
    )
    expect(await errorOf(all(cxone.contacts.completed(dates)))).toMatchObject({
      code: 'schema_mismatch',
      path: 'completedContacts.0.contactId',
    })
  })

  test('are those of two moments, the earlier one first', async () => {
    const { cxone } = await contacts([])
    for (const wrong of [
      { startDate: dates.startDate },
      { endDate: dates.endDate },
      { startDate: dates.endDate, endDate: dates.startDate },
      { startDate: '2026-01-05', endDate: '2026-01-06' },
      { startDate: new Date(0) as never, endDate: dates.endDate },
    ]) {
      expect(await errorOf(() => cxone.contacts.completed(wrong))).toMatchObject({ code: 'invalid_interval' })
    }
    for (const wrong of [{}, { ...dates, ...since }, { startDate: dates.startDate, ...since }]) {
      expect(await errorOf(() => cxone.contacts.completed(wrong))).toMatchObject({ code: 'invalid_option' })
    }
  })
})

describe('contacts that changed since a moment', () => {
  test('are one listing, and asked for in UTC', async () => {
    const { cxone, sent } = await contacts([0, 24, 72], { clock: clock() })
    const reading = cxone.contacts.completed({ updatedSince: '2026-01-05T01:00:00.5+01:00', pageSize: 2 })
    expect(await idsOf(reading)).toEqual([1, 2, 3])
    expect(sent.map(({ path }) => query(path))).toEqual(
      [0, 2, 3].map((skip) => ({ updatedSince: '2026-01-05T00:00:00.500Z', skip: String(skip), top: '2' })),
    )
  })

  test('go back as many days as the limit says', async () => {
    const now = clock()
    const { cxone } = await contacts([], { clock: now, limits: { updatedSinceDays: 3 } })
    expect(await all(cxone.contacts.completed(since))).toEqual([])
    const early = { updatedSince: '2026-01-04T23:59:59.999Z' }
    expect(await errorOf(() => cxone.contacts.completed(early))).toMatchObject({
      code: 'invalid_option',
      message: expect.stringMatching(/Option `updatedSince` must not lie back more than 3 days/),
    })
  })
})

describe('the time to poll from', () => {
  test('is that of the first answer, and unknown before', async () => {
    const { cxone } = await contacts([0, 30])
    const reading = cxone.contacts.completed(dates)
    expect(reading.lastPollTime).toBeUndefined()
    await first(1, reading)
    expect(reading.lastPollTime).toBe(POLL(1))
    const whole = cxone.contacts.completed(dates)
    await all(whole)
    expect(whole.lastPollTime).toBe(POLL(2))
  })

  test('is what was asked from when nothing changed since', async () => {
    const { cxone } = await contacts([], { clock: clock() })
    const reading = cxone.contacts.completed(since)
    await all(reading)
    expect(reading.lastPollTime).toBe('2026-01-05T00:00:00.000Z')
  })

  test('is the end of the dates when the first of them were empty, and unknown when all were', async () => {
    const { cxone } = await contacts([30])
    const reading = cxone.contacts.completed(dates)
    await all(reading)
    expect(reading.lastPollTime).toBe('2026-01-08T00:00:00.000Z')
    const empty = cxone.contacts.completed({ startDate: '2025-01-05T00:00Z', endDate: '2025-01-06T00:00Z' })
    await all(empty)
    expect(empty.lastPollTime).toBeUndefined()
  })

  test('serves as the next updatedSince', async () => {
    const { cxone, sent } = await contacts([0], { clock: clock() })
    const reading = cxone.contacts.completed(dates)
    await all(reading)
    await all(cxone.contacts.completed({ updatedSince: reading.lastPollTime }))
    expect(query(sent.at(-1)!.path)).toMatchObject({ updatedSince: POLL(1) })
  })
})
