import { describe, expect, it } from '@jest/globals'
import { FakeClock, type GenesysSimulatorOptions } from '../../../src/testing/index.js'
import { Caller, JOBS, refusal, type Conversation } from './caller.js'

const NOW = new Date('2026-06-01T12:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR
const MARCH_3 = '2026-03-03T00:00Z/2026-03-04T00:00Z'
const iso = (time: number) => new Date(time).toISOString()
const ids = (rows: readonly Conversation[]) => rows.map(({ conversationId }) => conversationId)
const voice = { type: 'and', predicates: [{ dimension: 'mediaType', operator: 'matches', value: 'voice' }] }

/** Its jobs are fulfilled at once unless told otherwise. */
function signedIn(options: GenesysSimulatorOptions = {}): Promise<Caller> {
  return new Caller({ now: NOW, conversationsPerDay: 200, jobDuration: 0, ...options }).signIn()
}

async function status(caller: Caller, jobId: string): Promise<Record<string, string>> {
  return (await (await caller.get(`${JOBS}/${jobId}`)).json()) as Record<string, string>
}

describe('the life of a job', () => {
  it('goes from queued to pending to fulfilled to expired, and then nobody knows it', async () => {
    const clock = new FakeClock({ now: NOW.getTime() })
    const caller = await signedIn({ clock, jobDuration: 3_000, jobLifetime: HOUR })
    const accepted = await caller.submit({ interval: MARCH_3 })
    expect(accepted.status).toBe(202)
    const { jobId, ...rest } = (await accepted.json()) as { jobId: string }
    expect(rest).toEqual({})
    const submissionDate = NOW.toISOString()
    const over = { submissionDate, completionDate: iso(NOW.getTime() + 3_000) }
    const expirationDate = iso(NOW.getTime() + 3_000 + HOUR)

    expect(await status(caller, jobId)).toEqual({ state: 'QUEUED', submissionDate })
    await clock.advance(999)
    expect(await status(caller, jobId)).toEqual({ state: 'QUEUED', submissionDate })
    await clock.advance(1)
    expect(await status(caller, jobId)).toEqual({ state: 'PENDING', submissionDate })
    await clock.advance(1_999)
    expect(await status(caller, jobId)).toEqual({ state: 'PENDING', submissionDate })
    expect(await refusal(caller.get(`${JOBS}/${jobId}/results`))).toEqual({
      status: 400,
      code: 'bad.request',
      message: 'The results of a job that is PENDING cannot be had.',
    })
    await clock.advance(1)
    expect(await status(caller, jobId)).toEqual({ state: 'FULFILLED', expirationDate, ...over })
    await clock.advance(HOUR - 1)
    expect(await caller.exported(jobId)).toHaveLength(caller.simulator.truth.exportedCount(MARCH_3))
    await clock.advance(1)
    expect(await status(caller, jobId)).toEqual({ state: 'EXPIRED', expirationDate, ...over })
    expect(await refusal(caller.get(`${JOBS}/${jobId}/results`))).toMatchObject({ status: 400, code: 'bad.request' })
    await clock.advance(HOUR - 1)
    expect(await status(caller, jobId)).toMatchObject({ state: 'EXPIRED' })
    await clock.advance(1)
    for (const path of [`${JOBS}/${jobId}`, `${JOBS}/${jobId}/results`]) {
      expect(await refusal(caller.get(path))).toMatchObject({ status: 404, code: 'not.found' })
    }
  })

  it('ends when it is deleted: cancelled while unfinished, else gone', async () => {
    const clock = new FakeClock()
    const caller = await signedIn({ clock, jobDuration: 3_000 })
    const jobId = await caller.jobId({ interval: MARCH_3 })
    await clock.advance(100)
    expect((await caller.send('DELETE', `${JOBS}/${jobId}`)).status).toBe(200)
    expect(await status(caller, jobId)).toMatchObject({ state: 'CANCELLED' })
    await clock.advance(10_000)
    expect(await status(caller, jobId)).toMatchObject({ state: 'CANCELLED' })
    expect(await refusal(caller.get(`${JOBS}/${jobId}/results`))).toMatchObject({ status: 400 })
    caller.simulator.failJobs()
    caller.simulator.expireJobs()
    expect(await status(caller, jobId)).toMatchObject({ state: 'CANCELLED' })
    expect(caller.simulator.counts).toMatchObject({ jobsSubmitted: 1, jobsCancelled: 1 })
    expect((await caller.send('DELETE', `${JOBS}/${jobId}`)).status).toBe(200)
    expect((await caller.get(`${JOBS}/${jobId}`)).status).toBe(404)
    expect((await caller.send('DELETE', `${JOBS}/${jobId}`)).status).toBe(404)
    expect(caller.simulator.counts).toMatchObject({ jobsSubmitted: 1, jobsCancelled: 1 })
  })

  it('is told to have been cancelled for as long as one that was fulfilled is known', async () => {
    const clock = new FakeClock()
    const caller = await signedIn({ clock, jobDuration: 3_000, jobLifetime: HOUR })
    const jobId = await caller.jobId({ interval: MARCH_3 })
    await clock.advance(1_000)
    await caller.send('DELETE', `${JOBS}/${jobId}`)
    await clock.advance(2 * HOUR - 1)
    expect(await status(caller, jobId)).toMatchObject({ state: 'CANCELLED' })
    await clock.advance(1)
    expect((await caller.get(`${JOBS}/${jobId}`)).status).toBe(404)
  })

  it('can be ended from outside', async () => {
    const clock = new FakeClock()
    const caller = await signedIn({ clock, jobDuration: 3_000, jobLifetime: HOUR })
    const first = await caller.jobId({ interval: MARCH_3 })
    caller.simulator.cancelJobs()
    const second = await caller.jobId({ interval: MARCH_3 })
    caller.simulator.failJobs()
    const third = await caller.jobId({ interval: MARCH_3 })
    caller.simulator.expireJobs()
    await clock.advance(3_000)
    const fourth = await caller.jobId({ interval: MARCH_3 })
    expect(await status(caller, first)).toMatchObject({ state: 'CANCELLED' })
    expect(await status(caller, second)).toMatchObject({ state: 'FAILED', errorMessage: expect.any(String) })
    expect(await status(caller, third)).toMatchObject({ state: 'FULFILLED' })
    caller.simulator.expireJobs()
    const { state, expirationDate } = await status(caller, third)
    expect([state, expirationDate]).toEqual(['EXPIRED', iso(clock.now())])
    expect(await status(caller, fourth)).toMatchObject({ state: 'QUEUED' })
    await clock.advance(HOUR)
    expect((await caller.get(`${JOBS}/${third}`)).status).toBe(404)
    expect(caller.simulator.counts).toMatchObject({ jobsSubmitted: 4, jobsCancelled: 0 })
  })

  it('is shared by so many at once, and those that are over do not count', async () => {
    const clock = new FakeClock()
    const caller = await signedIn({ clock, jobDuration: 3_000, limits: { jobsAtOnce: 2 } })
    const first = await caller.jobId({ interval: MARCH_3 })
    await clock.advance(1_500)
    await caller.jobId({ interval: MARCH_3 })
    const response = await caller.submit({ interval: MARCH_3 })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2'])
    expect(await response.json()).toMatchObject({
      code: 'too.many.requests.retry.after',
      limit: { key: 'details.jobs.concurrent.access.max', namespace: 'analytics', value: 2 },
    })
    await clock.advance(1_500)
    expect((await caller.submit({ interval: MARCH_3 })).status).toBe(202)
    expect((await caller.submit({ interval: MARCH_3 })).status).toBe(429)
    expect(await status(caller, first)).toMatchObject({ state: 'FULFILLED' })
    caller.simulator.cancelJobs()
    expect((await caller.submit({ interval: MARCH_3 })).status).toBe(202)
  })

  it('is submitted so many times a second', async () => {
    const clock = new FakeClock()
    const caller = await signedIn({ clock, limits: { jobsPerSecond: 1 } })
    expect((await caller.submit({ interval: MARCH_3 })).status).toBe(202)
    const response = await caller.submit({ interval: MARCH_3 })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1'])
    const limit = { key: 'details.jobs.rate.per.second', namespace: 'analytics', value: 1 }
    expect(await response.json()).toMatchObject({ limit })
    await clock.advance(1_000)
    expect((await caller.submit({ interval: MARCH_3 })).status).toBe(202)
  })

  it('is unknown to another simulator', async () => {
    const [here, there] = [await signedIn(), await signedIn()]
    expect((await there.get(`${JOBS}/${await here.jobId({ interval: MARCH_3 })}`)).status).toBe(404)
  })
})

describe('what a job finds', () => {
  it('is all activity in the interval, whenever the conversation started, in the order of the starts', async () => {
    const caller = await signedIn({ conversationsPerDay: 500, limits: { requestsPerMinute: 1e6 } })
    const start = Date.parse('2026-03-03T01:00Z')
    const end = Date.parse('2026-03-03T01:30Z')
    const interval = `${iso(start)}/${iso(end)}`
    const days = await caller.rows({ interval: `${iso(start - 3 * DAY)}/${iso(end)}` })
    const active = days.filter(({ conversationStart, conversationEnd = '9' }) => {
      return conversationStart < iso(end) && conversationEnd > iso(start)
    })
    const rows = await caller.exported(await caller.jobId({ interval }))
    expect(ids(rows)).toEqual(ids(active))
    expect(ids(rows)).toEqual(caller.simulator.truth.exportedIds(interval))
    const startedOn = new Set(rows.map(({ conversationStart }) => conversationStart.slice(0, 10)))
    expect([...startedOn]).toEqual(['2026-03-01', '2026-03-02', '2026-03-03'])

    const matching = await caller.jobId({ interval, startOfDayIntervalMatching: true })
    expect(ids(await caller.exported(matching))).toEqual(caller.simulator.truth.conversationIds(interval))
  })

  it('is a conversation as a query shows it, and the attributes of its participants', async () => {
    const caller = await signedIn()
    const byQuery = await caller.rows({ interval: MARCH_3 })
    const rows = await caller.exported(await caller.jobId({ interval: MARCH_3, startOfDayIntervalMatching: true }))
    const attributes: Record<string, string>[] = []
    for (const { participants } of rows) {
      for (const participant of participants) {
        if (participant.attributes) attributes.push(participant.attributes)
        delete participant.attributes
      }
    }
    expect(rows).toEqual(byQuery)
    expect(attributes).toHaveLength(rows.flatMap(({ participants }) => participants).length)
    const named = attributes.filter((each) => Object.keys(each).length > 0)
    expect(named).toHaveLength(rows.length)
    expect(named[0]).toMatchObject({ 'Contact Reason': expect.any(String), language: expect.any(String) })
  })

  it('ends where the data end, at the time of its submission, and says so', async () => {
    const clock = new FakeClock({ now: NOW.getTime() })
    const caller = await new Caller({ clock, conversationsPerDay: 500, dataDelay: 2 * HOUR, jobDuration: 0 }).signIn()
    const dataAvailabilityDate = '2026-06-01T10:00:00.000Z'
    const availability = await (await caller.get(`${JOBS}/availability`)).json()
    expect(availability).toEqual({ dataAvailabilityDate })

    const interval = '2026-06-01T00:00Z/2026-06-02T00:00Z'
    const jobId = await caller.jobId({ interval })
    const expected = caller.simulator.truth.exportedIds(interval)
    await clock.advance(HOUR)
    const rows = await caller.exported(jobId)
    expect(ids(rows)).toEqual(expected)
    expect((await caller.results(jobId)).dataAvailabilityDate).toBe(dataAvailabilityDate)
    expect(rows.every(({ conversationStart }) => conversationStart <= dataAvailabilityDate)).toBe(true)
    const open = rows.filter(({ conversationEnd }) => conversationEnd === undefined)
    expect(open.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toMatch(/"2026-06-01T1[1-9]/)

    const later = await caller.jobId({ interval })
    expect((await caller.exported(later)).length).toBeGreaterThan(rows.length)
    const beyond = await caller.jobId({ interval: '2026-06-01T11:01Z/2026-06-02T00:00Z' })
    expect(await caller.results(beyond)).toEqual({ dataAvailabilityDate: '2026-06-01T11:00:00.000Z' })
  })

  it('is filtered, limited and turned round as asked for', async () => {
    const caller = await signedIn()
    const rows = async (query: object) => caller.exported(await caller.jobId({ interval: MARCH_3, ...query }), 7)
    const all = await rows({ order: 'asc', orderBy: 'conversationStart' })
    expect(ids(await rows({ order: 'desc' }))).toEqual(ids(all).reverse())
    expect(ids(await rows({ order: 'desc', limit: 10 }))).toEqual(ids(all).reverse().slice(0, 10))
    expect(ids(await rows({ limit: 7 }))).toEqual(ids(all).slice(0, 7))
    const ends = (await rows({ orderBy: 'conversationEnd' })).map(({ conversationEnd = '' }) => conversationEnd)
    expect(ends).toEqual(all.map(({ conversationEnd = '' }) => conversationEnd).sort())
    const spoken = all.filter(({ participants }) => participants[0]?.sessions[0]?.mediaType === 'voice')
    expect(ids(await rows({ segmentFilters: [voice] }))).toEqual(ids(spoken))
    const today = await rows({ segmentFilters: [voice], startOfDayIntervalMatching: true })
    expect(ids(today)).toEqual(ids(spoken.filter(({ conversationStart }) => conversationStart >= '2026-03-03')))
    expect(today.length).toBeLessThan(spoken.length)
  })

  it('is refused as a query is, with what only a query has', async () => {
    const caller = await signedIn({ limits: { jobDays: 31 } })
    const ask = (members: object) => refusal(caller.submit({ interval: MARCH_3, ...members }))
    for (const name of ['paging', 'aggregations', 'date_from']) {
      expect(await ask({ [name]: {} })).toMatchObject({ status: 400, code: 'invalid.property' })
    }
    for (const members of [{ order: 'up' }, { orderBy: 'mood' }, { startOfDayIntervalMatching: 'yes' }]) {
      expect(await ask(members)).toMatchObject({ status: 400, code: 'invalid.value' })
    }
    for (const limit of [0, 1.5, '5']) expect(await ask({ limit })).toMatchObject({ status: 400, code: 'bad.request' })
    expect(await refusal(caller.submit({}))).toMatchObject({ status: 400, message: 'The interval is missing.' })
    expect(await refusal(caller.submit([]))).toMatchObject({ status: 400, code: 'bad.request' })
    const start = Date.parse('2026-03-01T00:00Z')
    const month = `${iso(start)}/${iso(start + 31 * DAY)}`
    expect((await caller.submit({ interval: month })).status).toBe(202)
    const longer = await ask({ interval: `${iso(start)}/${iso(start + 31 * DAY + 1)}` })
    expect(longer).toMatchObject({ status: 400, message: expect.stringContaining('31 days') })
    expect(caller.simulator.counts.jobsSubmitted).toBe(1)
  })

  it('needs a permission, the availability one of the two', async () => {
    const agent = await signedIn({ permissions: ['analytics:agentConversationDetail:view'] })
    const jobId = await agent.jobId({ interval: MARCH_3 })
    expect((await agent.results(jobId)).conversations).toBeDefined()
    expect((await refusal(agent.get(`${JOBS}/availability`))).code).toBe('missing.any.permissions')
    const nobody = await signedIn({ permissions: [] })
    for (const response of [
      nobody.submit({ interval: MARCH_3 }),
      nobody.get(`${JOBS}/${jobId}`),
      nobody.get(`${JOBS}/${jobId}/results`),
      nobody.send('DELETE', `${JOBS}/${jobId}`),
    ]) {
      expect(await refusal(response)).toMatchObject({ status: 403, code: 'missing.any.permissions' })
    }
  })
})

describe('the pages of a job', () => {
  it('follow each other by cursors that must be encoded, up to one that has none', async () => {
    const caller = await signedIn()
    const jobId = await caller.jobId({ interval: MARCH_3, limit: 20 })
    const first = await caller.results(jobId, { pageSize: '10' })
    const { cursor = '' } = first
    expect([cursor.includes('+'), cursor.includes('/'), cursor.includes('=')]).toEqual([true, true, true])
    const last = await caller.results(jobId, { pageSize: '10', cursor })
    expect(last).not.toHaveProperty('cursor')
    expect(await caller.results(jobId, { pageSize: '10', cursor })).toEqual(last)
    const whole = await caller.results(jobId)
    expect(whole.conversations).toEqual([...(first.conversations ?? []), ...(last.conversations ?? [])])
    expect(whole).not.toHaveProperty('cursor')
    expect((await caller.get(`${JOBS}/${jobId}/results?cursor=${cursor}`)).status).toBe(400)
  })

  it('know a cursor of another job, and one that is none', async () => {
    const caller = await signedIn()
    const jobId = await caller.jobId({ interval: MARCH_3 })
    const other = await caller.jobId({ interval: MARCH_3 })
    const { cursor = '' } = await caller.results(other, { pageSize: '10' })
    for (const wrong of [cursor, '', 'x', cursor.slice(1), `${cursor}A`]) {
      const query = new URLSearchParams({ cursor: wrong })
      expect(await refusal(caller.get(`${JOBS}/${jobId}/results?${query.toString()}`))).toMatchObject({
        status: 400,
        code: 'bad.request',
      })
    }
  })

  it('have the size asked for, 1,000 by default and 10,000 at most', async () => {
    const caller = await signedIn({ conversationsPerDay: 1_500 })
    const jobId = await caller.jobId({ interval: MARCH_3 })
    expect((await caller.results(jobId)).conversations).toHaveLength(1_000)
    expect((await caller.get(`${JOBS}/${jobId}/results?pageSize=10000`)).status).toBe(200)
    for (const pageSize of ['10001', '0', '-1', 'all', '1.5']) {
      const response = caller.get(`${JOBS}/${jobId}/results?pageSize=${pageSize}`)
      expect(await refusal(response)).toMatchObject({ status: 400, code: 'invalid.query.param.value' })
    }
  })

  it('of a year with a million rows are read from anywhere without reading the rest', async () => {
    const caller = await signedIn({ conversationsPerDay: 2_740 })
    const year = '2025-03-01T00:00Z/2026-03-01T00:00Z'
    const jobId = await caller.jobId({ interval: year, order: 'desc' })
    const count = caller.simulator.truth.exportedCount(year)
    expect(count).toBeGreaterThan(1_000_000)
    const { conversations: newest = [] } = await caller.results(jobId, { pageSize: '1' })
    expect(newest[0]?.conversationStart).toMatch(/^2026-02-28T23/)
  })
})
