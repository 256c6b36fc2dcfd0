import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { ApiError } from '../../src/base/errors.js'
import { exportPosition } from '../../src/genesys/export-position.js'
import type { ExportPosition } from '../../src/genesys/export-position.js'
import { errorOf } from './connect.js'
import { conversation, idsOf, JobLedger, scope, steps } from './job-ledger.js'
import type { Fate, Read, Talk } from './job-ledger.js'

const MIDNIGHT = Date.UTC(2026, 0, 5)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const day = { start: MIDNIGHT, end: MIDNIGHT + DAY }
const week = { start: MIDNIGHT, end: MIDNIGHT + 7 * DAY }

/** Hours since midnight, of an interval or a spell. */
const hours = ({ start, end }: { start: number; end: number }) => [(start - MIDNIGHT) / HOUR, (end - MIDNIGHT) / HOUR]

function talk(id: string, ...spells: readonly (readonly [from: number, to: number])[]): Talk {
  return { id, spells: spells.map(([from, to]) => [MIDNIGHT + from * HOUR, MIDNIGHT + to * HOUR]) }
}

/** So many, one an hour, named by letters. */
function talks(count: number): Talk[] {
  return Array.from({ length: count }, (_, hour) => talk(String.fromCharCode(97 + hour), [hour, hour + 0.5]))
}

async function read(steps: AsyncIterable<Read>): Promise<Read[]> {
  const reads: Read[] = []
  for await (const step of steps) reads.push(step)
  return reads
}

/** Up to this row. */
async function positionAfter(id: string, reads: AsyncIterable<Read>): Promise<ExportPosition> {
  for await (const read of reads) if (read.id === id) return read.position
  throw new Error(`no row ${id}`)
}

describe('an interval', () => {
  test('is one job: submitted, looked at until it is fulfilled, and read page by page', async () => {
    const ledger = new JobLedger(talks(5), { fates: [{ states: ['QUEUED', 'PENDING'] }] })
    expect(await idsOf(steps(ledger, scope(day)))).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(ledger.asked).toEqual([
      'submit',
      'status j1',
      'status j1',
      'status j1',
      'results j1',
      'results j1 +/=2',
      'results j1 +/=4',
    ])
    expect(ledger.jobs.map(({ interval }) => interval)).toEqual([day])
  })

  test('may hold nothing', async () => {
    const ledger = new JobLedger([])
    expect(await idsOf(steps(ledger, scope(day)))).toEqual([])
    expect(ledger.jobs).toHaveLength(1)
  })

  test('that is longer than a job may span is done part by part, and each conversation comes with the part it started in', async () => {
    const [inside, over, next] = [talk('inside', [1, 2]), talk('over', [47, 60]), talk('next', [48, 49])]
    const ledger = new JobLedger([inside, over, next, talk('last', [167, 168])])
    const reads = await read(steps(ledger, scope(week, { jobDays: 2 })))
    expect(reads.flatMap(({ id }) => id ?? [])).toEqual(['inside', 'over', 'next', 'last'])
    // The parts tell by their starts where they belong.
    for (const { position } of reads) expect(position.long).toEqual([])
    expect(ledger.jobs.map(({ interval }) => hours(interval))).toEqual([
      [0, 48],
      [48, 96],
      [96, 144],
      [144, 168],
    ])
    expect(ledger.jobs.map(({ isFirstPart }) => isFirstPart)).toEqual([true, false, false, false])
  })

  test('has what started before it, with the first part that it shows in', async () => {
    const early = talk('early', [-5, 60])
    const dormant = talk('dormant', [-9, -8], [50, 51], [100, 101])
    const brief = talk('brief', [-1, 1])
    const ledger = new JobLedger([early, dormant, brief, talk('late', [49, 52])])
    const reads = await read(steps(ledger, scope(week, { jobDays: 2 })))
    expect(reads.flatMap(({ id }) => id ?? [])).toEqual(['early', 'brief', 'dormant', 'late'])
    const after = Object.fromEntries(reads.map(({ id = '', position }) => [id, position.long]))
    // What has ended by the end of its part cannot show again.
    expect(after).toMatchObject({ early: ['early'], brief: ['early'], dormant: ['early', 'dormant'] })
  })

  test('of one part remembers none of what started before it', async () => {
    const ledger = new JobLedger([talk('early', [-5, 60])])
    const reads = await read(steps(ledger, scope(day)))
    expect(reads.map(({ id, position }) => [id, position.long])).toEqual([
      [undefined, []],
      ['early', []],
    ])
  })

  test('whose ends Genesys counts in has what started at a boundary once, and at its own end not at all', async () => {
    const ledger = new JobLedger([
      talk('a', [24, 25]),
      talk('b', [48, 49]),
      talk('early', [-1, 24]),
      talk('end', [72, 73]),
    ])
    const find = ledger.find.bind(ledger)
    ledger.find = ({ start, end }) => find({ start: start - 1, end: end + 1 })
    const three = { start: MIDNIGHT, end: MIDNIGHT + 3 * DAY }
    expect(await idsOf(steps(ledger, scope(three, { jobDays: 1 })))).toEqual(['early', 'a', 'b'])
  })

  test('leaves out what started before the day of its start, when that is asked for', async () => {
    const ledger = new JobLedger([talk('yesterday', [-1, 60]), talk('same day', [1, 60]), talk('in it', [7, 8])])
    const afternoon = { start: MIDNIGHT + 6 * HOUR, end: MIDNIGHT + 3 * DAY }
    const found = await idsOf(steps(ledger, scope(afternoon, { startedFrom: MIDNIGHT, jobDays: 1 })))
    expect(found).toEqual(['same day', 'in it'])
  })

  test('with a start that is no date is an error, and not a conversation less', async () => {
    const ledger = new JobLedger(talks(1))
    const broken = { conversations: [{ conversationId: 'x', conversationStart: 'soon' }] }
    ledger.results = () => Promise.resolve(broken)
    expect(await errorOf(idsOf(steps(ledger, scope(day))))).toMatchObject({ code: 'api_response_invalid' })
  })
})

describe('a position', () => {
  test('names the job before its first row, so that another process waits for the same one', async () => {
    const ledger = new JobLedger(talks(3))
    const [first] = await read(steps(ledger, scope(day)))
    expect(first).toEqual({ position: expect.objectContaining({ job: 'j1', cursor: null, row: 0, place: null }) })
    ledger.asked.length = 0
    expect(await idsOf(steps(ledger, scope(day), first!.position))).toEqual(['a', 'b', 'c'])
    expect(ledger.asked).toEqual(['status j1', 'results j1', 'results j1 +/=2'])
  })

  test('after a row goes on with the same page of the same job', async () => {
    const ledger = new JobLedger(talks(5))
    const position = await positionAfter('c', steps(ledger, scope(day)))
    ledger.asked.length = 0
    expect(await idsOf(steps(ledger, scope(day), position))).toEqual(['d', 'e'])
    expect(ledger.asked).toEqual(['status j1', 'results j1 +/=2', 'results j1 +/=4'])
  })

  test('counts the rows of a page that were not handed out', async () => {
    const ledger = new JobLedger([talk('before', [-9, 90]), ...talks(30)], { pageSize: 7 })
    const twoDays = { start: MIDNIGHT, end: MIDNIGHT + 2 * DAY }
    const reads = await read(steps(ledger, scope(twoDays, { jobDays: 1 })))
    const ids = reads.flatMap(({ id }) => id ?? [])
    expect(ids).toEqual(ledger.truth(twoDays))
    for (const [index, { id, position }] of reads.entries()) {
      const rest = reads.slice(index + 1).flatMap((read) => read.id ?? [])
      expect([id, await idsOf(steps(ledger, scope(twoDays, { jobDays: 1 }), position))]).toEqual([id, rest])
    }
  })

  test('at the end of it all has nothing after it', async () => {
    const ledger = new JobLedger(talks(3))
    const reads = await read(steps(ledger, scope(day)))
    expect(await idsOf(steps(ledger, scope(day), reads.at(-1)!.position))).toEqual([])
  })

  test('holds the ids of one millisecond, never all that were seen', async () => {
    const ledger = new JobLedger([...talks(20), talk('twin', [19, 20])], { pageSize: 6 })
    const reads = await read(steps(ledger, scope(day)))
    expect(reads.map(({ position }) => position.place?.ids ?? [])).toEqual([
      [],
      ...talks(20).map(({ id }) => [id]),
      ['twin', 't'],
    ])
  })

  const whole = {
    part: day,
    job: 'j',
    cursor: null,
    row: 0,
    floor: null,
    place: { after: MIDNIGHT, ids: ['a'] },
    isOrdered: true,
    long: [],
    gap: null,
  }

  test('is read as it was written', () => {
    for (const gap of [null, MIDNIGHT - DAY, MIDNIGHT + 1]) {
      expect(exportPosition(JSON.parse(JSON.stringify({ ...whole, gap })), week)).toEqual({ ...whole, gap })
    }
  })

  test.each([
    null,
    7,
    'text',
    [],
    {},
    { ...whole, part: undefined },
    { ...whole, part: { start: MIDNIGHT, end: MIDNIGHT }, place: null },
    { ...whole, part: { start: MIDNIGHT - 1, end: MIDNIGHT + 1 } },
    { ...whole, part: { start: MIDNIGHT, end: MIDNIGHT + 7 * DAY + 1 } },
    { ...whole, part: { start: MIDNIGHT + 0.5, end: MIDNIGHT + 1 } },
    { ...whole, part: { start: MIDNIGHT, end: MIDNIGHT + 1.5 } },
    { ...whole, part: { start: String(MIDNIGHT), end: MIDNIGHT + 1 } },
    { ...whole, job: 7 },
    { ...whole, job: '' },
    { ...whole, job: '..' },
    { ...whole, job: '\ud800' },
    { ...whole, job: undefined },
    { ...whole, cursor: 7 },
    { ...whole, row: -1 },
    { ...whole, place: undefined },
    { ...whole, place: 7 },
    { ...whole, place: { after: 'x', ids: [] } },
    { ...whole, place: { after: day.end, ids: [] } },
    { ...whole, place: { after: MIDNIGHT, ids: [7] } },
    { ...whole, place: { after: MIDNIGHT } },
    { ...whole, floor: {} },
    { ...whole, isOrdered: 1 },
    { ...whole, long: [7] },
    { ...whole, long: 'x' },
    { ...whole, gap: undefined },
    { ...whole, gap: 'x' },
    { ...whole, gap: week.end },
    { ...whole, gap: -9e15 },
  ])('that is damaged or forged is refused: %j', (value) => {
    expect(() => exportPosition(value, week)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
  })
})

describe('a job of which the results are gone', () => {
  const gone: Fate['gone'][] = ['not found', 'EXPIRED', 'CANCELLED', 'FAILED']

  test.each(gone)('(%s) while they are read is submitted again, for what is missing', async (how) => {
    const events: unknown[] = []
    const listen = (event: unknown) => events.push(event)
    subscribe('everbearer:job-resubmitted', listen)
    const ledger = new JobLedger(talks(6), { fates: [{ pages: 2, gone: how! }] })
    expect(await idsOf(steps(ledger, scope(day)))).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    unsubscribe('everbearer:job-resubmitted', listen)
    // From the start of the last row on.
    expect(ledger.jobs.map(({ interval }) => hours(interval))).toEqual([
      [0, 24],
      [3, 24],
    ])
    expect(events).toEqual([{ jobId: 'j1' }])
  })

  test.each(gone)('(%s) while nobody looked is submitted again, for what is missing', async (how) => {
    const ledger = new JobLedger(talks(6), { fates: [{ pages: 1, gone: how! }] })
    const position = await positionAfter('b', steps(ledger, scope(day)))
    expect(await idsOf(steps(ledger, scope(day), position))).toEqual(['c', 'd', 'e', 'f'])
    expect(ledger.jobs.map(({ interval }) => hours(interval))).toEqual([
      [0, 24],
      [1, 24],
    ])
  })

  test('before its first row is submitted again as it was', async () => {
    const ledger = new JobLedger(talks(2), { fates: [{ states: ['QUEUED', 'EXPIRED'] }, { pages: 0 }] })
    expect(await idsOf(steps(ledger, scope(day)))).toEqual(['a', 'b'])
    expect(ledger.jobs.map(({ interval }) => interval)).toEqual([day, day, day])
  })

  test('is submitted again from what started first in the part, not before it', async () => {
    const ledger = new JobLedger([talk('early', [-9, 9]), ...talks(3)], { fates: [{ pages: 1 }], pageSize: 1 })
    expect(await idsOf(steps(ledger, scope(day)))).toEqual(['early', 'a', 'b', 'c'])
    expect(ledger.jobs.map(({ interval }) => interval)).toEqual([day, day])
  })

  test('is submitted again three times without a new row, and then it is an error', async () => {
    const ledger = new JobLedger(talks(6), { fates: [{ pages: 1 }, ...Array<Fate>(9).fill({ pages: 0 })] })
    const found: string[] = []
    const error = await errorOf(async () => {
      for await (const { id } of steps(ledger, scope(day))) if (id !== undefined) found.push(id)
    })
    expect(found).toEqual(['a', 'b'])
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_expired', retryable: true })
    expect(ledger.jobs).toHaveLength(4)
  })

  test('is submitted again without end while each brings a new row', async () => {
    const ledger = new JobLedger(talks(20), { fates: Array<Fate>(30).fill({ pages: 1 }) })
    expect(await idsOf(steps(ledger, scope(day)))).toEqual(ledger.truth(day))
    expect(ledger.jobs.length).toBeGreaterThan(10)
  })

  test('whose rows were out of order cannot be told what is missing of: that is an error', async () => {
    const shuffled = { order: ([a, b, c, ...rest]: readonly Talk[]) => [b!, c!, a!, ...rest], pages: 3 }
    const ledger = new JobLedger(talks(8), { fates: [shuffled] })
    const reads: Read[] = []
    const error = await errorOf(async () => {
      for await (const step of steps(ledger, scope(day))) reads.push(step)
    })
    expect(reads.map(({ id, position }) => [id, position.isOrdered])).toEqual([
      [undefined, true],
      ['b', true],
      ['c', true],
      ['a', false],
      ['d', false],
      ['e', false],
      ['f', false],
    ])
    expect(error).toMatchObject({ code: 'job_expired', retryable: false })
    expect(error.message).toContain('Start again without the checkpoint')
    expect(ledger.jobs).toHaveLength(1)
  })

  test('whose cursor has died before it is submitted again for what is missing', async () => {
    const ledger = new JobLedger(talks(6))
    const position = await positionAfter('d', steps(ledger, scope(day)))
    const results = ledger.results.bind(ledger)
    ledger.results = (job, cursor) => {
      if (job === 'j1' && cursor !== undefined)
        throw new ApiError('api_bad_request', 'No such cursor.', { status: 400 })
      return results(job, cursor)
    }
    expect(await idsOf(steps(ledger, scope(day), position))).toEqual(['e', 'f'])
    expect(ledger.jobs.map(({ interval }) => hours(interval))).toEqual([
      [0, 24],
      [3, 24],
    ])
  })
})

describe('results', () => {
  test('out of order come whole all the same, while their job lives', async () => {
    const ledger = new JobLedger(talks(6), { fates: [{ order: (rows) => [...rows].reverse() }] })
    const reads = await read(steps(ledger, scope(day)))
    expect(reads.flatMap(({ id }) => id ?? [])).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
    expect(reads.map(({ position }) => position.isOrdered)).toEqual([true, true, false, false, false, false, false])
    for (const [index, { position }] of reads.entries()) {
      const rest = reads.slice(index + 1).flatMap(({ id }) => id ?? [])
      expect(await idsOf(steps(ledger, scope(day), position))).toEqual(rest)
    }
    expect(ledger.jobs).toHaveLength(1)
  })

  test('out of order in one part put nothing in doubt in the next', async () => {
    const found = ['a', 'b', 'c', 'd'].map((id, index) => talk(id, [12 * index, 12 * index + 1]))
    const ledger = new JobLedger(found, {
      fates: [{ order: (rows) => [...rows].reverse() }, { pages: 1 }],
      pageSize: 1,
    })
    const twoDays = { start: MIDNIGHT, end: MIDNIGHT + 2 * DAY }
    expect(await idsOf(steps(ledger, scope(twoDays, { jobDays: 1 })))).toEqual(['b', 'a', 'c', 'd'])
    expect(ledger.jobs).toHaveLength(3)
  })

  test.each(['api_bad_request', 'api_forbidden', 'api_server_error'] as const)(
    'that Genesys refuses (%s) of a job that lives are its error',
    async (code) => {
      const ledger = new JobLedger(talks(3))
      const refusal = new ApiError(code, 'No.')
      ledger.results = () => Promise.reject(refusal)
      expect(await errorOf(idsOf(steps(ledger, scope(day))))).toBe(refusal)
      // Only a bad request may mean that they are gone.
      expect(ledger.asked).toHaveLength(code === 'api_bad_request' ? 3 : 2)
    },
  )

  test('of a part that has all its data are not warned of, whatever the next one has', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const ledger = new JobLedger([talk('a', [1, 2]), talk('b', [25, 26]), talk('c', [49, 50])])
    ledger.availableUntil = new Date(MIDNIGHT + 1.5 * DAY).toISOString()
    const threeDays = scope({ start: MIDNIGHT, end: MIDNIGHT + 3 * DAY }, { jobDays: 1 })
    const warnings: number[] = []
    const gaps: (number | null)[] = []
    for await (const { id, position } of steps(ledger, threeDays)) {
      gaps.push(position.gap)
      if (id !== undefined) warnings.push(warn.mock.calls.length)
      // What comes later mends no gap.
      if (id === 'b') ledger.availableUntil = new Date(MIDNIGHT + 9 * DAY).toISOString()
    }
    warn.mockRestore()
    expect(warnings).toEqual([0, 1, 1])
    const gap = MIDNIGHT + 1.5 * DAY
    expect(gaps).toEqual([null, null, null, gap, gap, gap])
    expect(threeDays.availability.until).toEqual(new Date(MIDNIGHT + 1.5 * DAY))
  })

  test('that hold a conversation twice, on a page or from one to the next, give it once', async () => {
    const [a, b, c] = talks(3) as [Talk, Talk, Talk]
    const ledger = new JobLedger([a, b, c], { fates: [{ order: () => [a, a, b, b, b, c] }] })
    expect(await idsOf(steps(ledger, scope(day)))).toEqual(['a', 'b', 'c'])
  })

  test.each([
    ['to hand out', talk('a', [1, 2]), day],
    ['of an earlier part', talk('a', [1, 30]), week],
  ])(
    'whose pages are always the same, each with another cursor, are an error, not for ever: %s',
    async (_what, a, of) => {
      const ledger = new JobLedger([a])
      let pages = 0
      ledger.results = () => Promise.resolve({ conversations: [conversation(a)], cursor: `c${++pages}` })
      const found: (string | undefined)[] = []
      const position = { part: { start: of.end - DAY, end: of.end }, job: 'j1', cursor: 'c', row: 0 }
      const from =
        of === day ? undefined : { ...position, floor: null, place: null, isOrdered: true, long: [], gap: null }
      if (from) await ledger.submit(of, true)
      const error = await errorOf(async () => {
        for await (const { id } of steps(ledger, scope(of), from)) if (id !== undefined) found.push(id)
      })
      expect(error).toMatchObject({ code: 'api_response_invalid' })
      expect(found).toEqual(from ? [] : ['a'])
      expect(pages).toBe(4)
    },
  )

  test('with a gap leave it known to whoever goes on from a checkpoint, though another job has no gap', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const ledger = new JobLedger(talks(4), { fates: [{ pages: 1 }] })
    ledger.availableUntil = new Date(MIDNIGHT + 3 * HOUR).toISOString()
    const from = await positionAfter('b', steps(ledger, scope(day)))
    ledger.availableUntil = new Date(day.end).toISOString()
    const rest = scope(day)
    expect(await idsOf(steps(ledger, rest, from))).toEqual(['c', 'd'])
    warn.mockRestore()
    expect(rest.availability.until).toEqual(new Date(MIDNIGHT + 3 * HOUR))
  })

  test('whose pages name each other as the next are an error, not for ever', async () => {
    const ledger = new JobLedger(talks(3))
    const results = ledger.results.bind(ledger)
    ledger.results = async (job) => ({ ...(await results(job, undefined)), cursor: '+/=2' })
    expect(await errorOf(idsOf(steps(ledger, scope(day))))).toMatchObject({ code: 'api_response_invalid' })
  })
})

describe('whatever the parts, the pages, the jobs and the kills', () => {
  // Coarse times, so that starts, ends, parts and the interval's own ends often coincide.
  const moment = fc.integer({ min: 0, max: 32 }).map((index) => MIDNIGHT + index * 6 * HOUR)
  const spell = fc.record({
    quiet: fc.constantFrom(0, 1, 7 * HOUR, 30 * HOUR),
    length: fc.constantFrom(1, HOUR, 6 * HOUR, DAY, 3 * DAY),
  })
  const talk = fc.record({
    start: moment,
    spells: fc.array(spell, { minLength: 1, maxLength: 3 }),
    goesOn: fc.boolean(),
    twins: fc.integer({ min: 1, max: 3 }),
  })
  const talks = fc.array(talk, { maxLength: 12 }).map((seeds) =>
    seeds.flatMap(({ start, spells, goesOn, twins }, seed) => {
      let at = start
      const times = spells.map(({ quiet, length }, index): [number, number] => {
        const from = index === 0 ? at : at + quiet
        at = goesOn && index === spells.length - 1 ? Infinity : from + length
        return [from, at]
      })
      return Array.from({ length: twins }, (_, twin) => ({ id: `c${seed}.${twin}`, spells: times }))
    }),
  )
  const fate = fc.record(
    {
      states: fc.array(fc.constantFrom('QUEUED', 'PENDING', 'FAILED', 'CANCELLED', 'EXPIRED', 'RESTING'), {
        maxLength: 3,
      }),
      pages: fc.integer({ min: 0, max: 4 }),
      gone: fc.constantFrom('not found', 'EXPIRED', 'CANCELLED', 'FAILED'),
    },
    { requiredKeys: [] },
  )
  const world = fc.record({
    talks,
    interval: fc
      .tuple(moment, moment)
      .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }))
      .filter(({ start, end }) => start < end),
    jobDays: fc.integer({ min: 1, max: 9 }),
    pageSize: fc.integer({ min: 1, max: 6 }),
    fates: fc.array(fate, { maxLength: 8 }),
    // Steps (a row, or a place before one) after which the process is killed.
    kills: fc.array(fc.nat({ max: 8 }), { maxLength: 5 }),
  })

  test('each conversation comes exactly once, however often it is gone on from a checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ talks, interval, jobDays, pageSize, fates, kills }) => {
        const ledger = new JobLedger(talks, { pageSize, fates })
        const found: string[] = []
        let from: ExportPosition | undefined
        for (let process = 0; ; process++) {
          expect(process).toBeLessThan(30)
          let left = kills[process] ?? Infinity
          let isWhole = true
          try {
            for await (const { id, position } of steps(ledger, scope(interval, { jobDays }), from)) {
              from = position
              if (id !== undefined) found.push(id)
              if (left-- > 0) continue
              isWhole = false
              break
            }
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^job_(failed|cancelled|expired)$/) })
            isWhole = false
          }
          if (isWhole) break
        }
        expect(found.sort()).toEqual(ledger.truth(interval).sort())
      }),
      { numRuns: 1_000 },
    )
  })
})
