import { describe, expect, it } from '@jest/globals'
import { FakeClock, type CxoneSimulatorOptions } from '../../../src/testing/index.js'
import { Caller, refusal } from './caller.js'
import { csvRows } from './csv-rows.js'

const JOBS = '/data-extraction/v1/jobs'
const NOW = new Date('2026-06-01T12:00:00Z')
const HOUR = 3_600_000
const MARCH_3 = { entityName: 'contacts', version: '1', startDate: '2026-03-03', endDate: '2026-03-03' }

interface JobStatus {
  id: string
  status: string
  result?: { url?: string; errorMessage?: string }
}

/** Its jobs have succeeded at once unless told otherwise. */
function signedIn(options: CxoneSimulatorOptions = {}): Promise<Caller> {
  return new Caller({ now: NOW, contactsPerDay: 60, jobDuration: 0, ...options }).signIn()
}

async function submit(caller: Caller, body: unknown = MARCH_3): Promise<string> {
  const response = await caller.sendJson('POST', JOBS, body)
  expect(response.status).toBe(202)
  return (await response.json()) as string
}

async function status(caller: Caller, jobId: string): Promise<JobStatus> {
  const response = await caller.get(`${JOBS}/${jobId}`)
  const { jobStatus, ...rest } = (await response.json()) as { jobStatus: JobStatus }
  expect(rest).toEqual({})
  return jobStatus
}

async function listed(caller: Caller): Promise<unknown> {
  return (await caller.get(JOBS)).json()
}

function download(caller: Caller, { result }: JobStatus): Promise<Response> {
  return caller.simulator.fetch(new Request(result!.url!))
}

/** What a job brings, by a client that is quick. */
async function extracted(caller: Caller, body: unknown = MARCH_3): Promise<Record<string, string>[]> {
  const response = await download(caller, await status(caller, await submit(caller, body)))
  expect(response.headers.get('content-type')).toBe('text/csv')
  return csvRows(await response.text())
}

describe('the life of an extraction', () => {
  it('is running, succeeds, expires, and then nobody knows it', async () => {
    const clock = new FakeClock({ now: NOW.getTime() })
    const options = { clock, jobDuration: 3_000, jobLifetime: HOUR, tokenLifetime: 86_400 }
    const caller = await signedIn(options)
    const id = await submit(caller)
    expect(id).toMatch(/^[\da-f-]{36}$/)
    expect(await status(caller, id)).toEqual({ id, status: 'RUNNING' })
    await clock.advance(2_999)
    expect(await listed(caller)).toEqual({ jobs: [{ id, status: 'RUNNING' }] })
    await clock.advance(1)
    const succeeded = await status(caller, id)
    expect(succeeded).toEqual({ id, status: 'SUCCEEDED', result: { url: succeeded.result!.url } })
    expect(await listed(caller)).toEqual({ jobs: [{ id, status: 'SUCCEEDED' }] })
    await clock.advance(HOUR)
    expect(await status(caller, id)).toEqual({ id, status: 'EXPIRED' })
    await clock.advance(HOUR - 1)
    expect(await listed(caller)).toEqual({ jobs: [{ id, status: 'EXPIRED' }] })
    await clock.advance(1)
    expect(await refusal(caller.get(`${JOBS}/${id}`))).toMatchObject({ status: 404 })
    expect(await listed(caller)).toEqual({ jobs: [] })
  })

  it('ends early when it fails or is cancelled, and its file goes when it expires', async () => {
    const clock = new FakeClock({ now: NOW.getTime() })
    const caller = await signedIn({ clock, jobDuration: 3_000 })
    const failing = await submit(caller)
    caller.simulator.addFault({ kind: 'job-failed' })
    expect(await status(caller, failing)).toEqual({
      id: failing,
      status: 'FAILED',
      result: { errorMessage: 'The job was made to fail.' },
    })
    const cancelled = await submit(caller)
    caller.simulator.cancelJobs()
    expect(await status(caller, cancelled)).toEqual({ id: cancelled, status: 'CANCELLED' })
    const expiring = await submit(caller)
    await clock.advance(3_000)
    const succeeded = await status(caller, expiring)
    caller.simulator.addFault({ kind: 'job-expired' })
    expect(await status(caller, expiring)).toEqual({ id: expiring, status: 'EXPIRED' })
    expect((await download(caller, succeeded)).status).toBe(404)
    expect(caller.simulator.counts.jobsSubmitted).toBe(3)
  })
})

describe('what is extracted', () => {
  it('is every contact that started on the days, both dates included, with its quotes and line breaks', async () => {
    const caller = await signedIn()
    const body = { ...MARCH_3, endDate: '2026-03-05' }
    const rows = await extracted(caller, body)
    const ids = caller.simulator.truth.contactIds('2026-03-03T00:00:00Z', '2026-03-06T00:00:00Z')
    expect(rows.map(({ contactId }) => Number(contactId))).toEqual(ids)
    expect(rows).toEqual(caller.simulator.truth.extraction('contacts', '2026-03-03', '2026-03-05'))
    const notes = rows.map(({ dispositionNotes }) => dispositionNotes)
    expect(notes).toEqual(expect.arrayContaining(['Called back, twice', 'Said "never again"']))
    expect(notes.some((note) => note!.includes('\r\n'))).toBe(true)
  })

  it('agrees with the contacts themselves', async () => {
    const caller = await signedIn({ contactsPerDay: 10 })
    const dates = { startDate: '2026-03-03T00:00:00Z', endDate: '2026-03-04T00:00:00Z' }
    const { completedContacts } = await caller.page('/contacts/completed', dates)
    for (const [index, row] of (await extracted(caller)).entries()) {
      const contact = completedContacts[index] as Record<string, string | number | boolean | undefined>
      for (const [name, text] of Object.entries(row)) expect(text).toBe(`${contact[name] ?? ''}`)
    }
  })

  it('has a row for each tag as the other entity', async () => {
    const caller = await signedIn()
    const rows = await extracted(caller, { ...MARCH_3, entityName: 'contact-tags' })
    expect(rows).toEqual(caller.simulator.truth.extraction('contact-tags', '2026-03-03', '2026-03-03'))
    expect(Object.keys(rows[0]!)).toEqual(['contactId', 'tagId', 'tagName'])
  })

  it('is as far as the data reached when the job was submitted', async () => {
    const clock = new FakeClock({ now: NOW.getTime() })
    const caller = await new Caller({ clock, contactsPerDay: 500, jobDuration: HOUR, tokenLifetime: 86_400 }).signIn()
    const today = { ...MARCH_3, startDate: '2026-06-01', endDate: '2026-06-01' }
    const before = caller.simulator.truth.extraction('contacts', '2026-06-01', '2026-06-01')
    const id = await submit(caller, today)
    await clock.advance(2 * HOUR)
    const rows = csvRows(await (await download(caller, await status(caller, id))).text())
    expect(rows).toEqual(before)
    const delay = 30 * 60_000
    for (const { contactStartDate, totalDurationSeconds } of rows) {
      const end = Date.parse(contactStartDate!) + Number(totalDurationSeconds) * 1_000
      expect(end).toBeLessThanOrEqual(NOW.getTime() - delay)
    }
    expect(caller.simulator.truth.extraction('contacts', '2026-06-01', '2026-06-01').length).toBeGreaterThan(
      rows.length,
    )
  })

  it('may be of two weeks', async () => {
    const rows = await extracted(await signedIn({ contactsPerDay: 1 }), { ...MARCH_3, endDate: '2026-03-16' })
    expect(rows).toHaveLength(14)
  })

  it('is a header alone where there is nothing', async () => {
    const caller = await signedIn({ contactsPerDay: 0 })
    const response = await download(caller, await status(caller, await submit(caller)))
    expect(await response.text()).toMatch(/^contactId,.*,dispositionNotes\r\n$/)
  })
})

describe('an extraction is refused', () => {
  it.each([
    [{ ...MARCH_3, startDate: '2026-03-03T00:00:00Z' }, 400],
    [{ ...MARCH_3, startDate: '2026-02-29' }, 400],
    [{ ...MARCH_3, endDate: '2026-3-4' }, 400],
    [{ ...MARCH_3, endDate: '2026-03-02' }, 400],
    [{ ...MARCH_3, endDate: '2026-03-17' }, 400],
    [{ ...MARCH_3, endDate: undefined }, 400],
    [{ ...MARCH_3, version: 1 }, 400],
    [{ ...MARCH_3, filter: 'x' }, 400],
    [[], 400],
    [{ ...MARCH_3, entityName: 'nobody-knows' }, 404],
    [{ ...MARCH_3, version: '2' }, 404],
  ])('%j: %d', async (body, expected) => {
    const caller = await signedIn()
    expect((await refusal(caller.sendJson('POST', JOBS, body))).status).toBe(expected)
    expect(caller.simulator.counts.jobsSubmitted).toBe(0)
  })

  it('for as long as another one is running', async () => {
    const clock = new FakeClock({ now: NOW.getTime() })
    const caller = await signedIn({ clock, jobDuration: 3_000 })
    await submit(caller)
    await clock.advance(2_999)
    const expected = { status: 400, reason: 'Another job of this tenant is running.' }
    expect(await refusal(caller.sendJson('POST', JOBS, MARCH_3))).toMatchObject(expected)
    await clock.advance(1)
    await submit(caller)
  })

  it('when it comes too soon after any other call, without a Retry-After', async () => {
    const clock = new FakeClock({ now: NOW.getTime() })
    const caller = await signedIn({ clock, dataExtractionPause: 30_000 })
    const id = await submit(caller)
    await clock.advance(29_999)
    const response = await caller.get(`${JOBS}/${id}`)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBeNull()
    await clock.advance(1)
    await status(caller, id)
    expect((await caller.get(JOBS)).status).toBe(429)
  })

  it.each([
    { resultOrigin: 'https://results.cxone.test/' },
    { resultOrigin: 'results' },
    { resultLifetime: 0 },
    { jobDuration: -1 },
    { jobLifetime: 0 },
    { dataDelay: NaN },
    { dataExtractionPause: -1 },
    { limits: { jobsAtOnce: 0 } },
    { limits: { extractionDays: 0 } },
  ])('at once when the simulator is told %j', (options) => {
    const [name] = Object.keys(options.limits ?? options)
    expect(() => new Caller(options)).toThrow(name)
  })

  it('without a token', async () => {
    const caller = await signedIn()
    caller.simulator.revokeTokens()
    expect((await refusal(caller.sendJson('POST', JOBS, MARCH_3))).status).toBe(401)
  })
})
