import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../../src/testing/index.js'
import { ACTIVE_FIELDS, COMPLETED_FIELDS, CONTACT_FIELDS } from '../../../src/testing/cxone/contact-fields.js'
import { ACD, Caller, refusal } from './caller.js'

const NOW = new Date('2026-06-01T12:00:00Z')
const DAY = { startDate: '2026-03-03T00:00:00Z', endDate: '2026-03-04T00:00:00Z' }
const WEEK = { startDate: '2026-03-01T00:00:00Z', endDate: '2026-03-08T00:00:00Z' }
const TODAY = { startDate: '2026-06-01T00:00:00Z', endDate: '2026-06-02T00:00:00Z' }

const caller = await new Caller({ now: NOW, contactsPerDay: 200, agents: 20 }).signIn()

async function ids(path: string, parameters: Record<string, string>, from = caller): Promise<unknown[]> {
  const found: unknown[] = []
  for (;;) {
    const skip = String(found.length)
    const response = await from.get(`${ACD}${path}?${new URLSearchParams({ ...parameters, skip }).toString()}`)
    if (response.status === 204) return found
    const page = (await response.json()) as Record<string, { contactId: number }[]>
    const rows = page['completedContacts'] ?? page['contacts'] ?? []
    found.push(...rows.map(({ contactId }) => contactId))
  }
}

describe('GET /contacts/completed', () => {
  it('gives the contacts that started between two dates, page by page, and 204 after the last', async () => {
    const expected = caller.simulator.truth.contactIds(WEEK.startDate, WEEK.endDate)
    expect(expected).toHaveLength(7 * 200)
    expect(new Set(expected).size).toBe(expected.length)
    expect(await ids('/contacts/completed', { ...WEEK, top: '999' })).toEqual(expected)
    const { completedContacts, ...page } = await caller.page('/contacts/completed', { ...WEEK, top: '3' })
    expect(completedContacts).toHaveLength(3)
    expect(page).toMatchObject({ totalRecords: 1_400, lastPollTime: NOW.toISOString() })
  })

  it('has all of a day in the next one or in this one, and none in both', async () => {
    const [first, second] = [
      await ids('/contacts/completed', { startDate: '2026-03-03T00:00:00Z', endDate: '2026-03-03T12:34:56.789Z' }),
      await ids('/contacts/completed', { startDate: '2026-03-03T12:34:56.789Z', endDate: '2026-03-04T00:00:00Z' }),
    ]
    expect([...first, ...second]).toEqual(await ids('/contacts/completed', DAY))
  })

  it('gives only what has ended, and nothing of the future', async () => {
    const done = await ids('/contacts/completed', TODAY)
    const active = await ids('/contacts/active', {})
    expect(done.length).toBeGreaterThan(20)
    expect(active.length).toBeGreaterThan(3)
    expect(active).toEqual(caller.simulator.truth.activeContactIds())
    expect(done.filter((id) => active.includes(id))).toEqual([])
    const { completedContacts } = await caller.page('/contacts/completed', TODAY)
    for (const { contactStartDate, lastUpdateTime } of completedContacts) {
      expect(String(contactStartDate) <= String(lastUpdateTime)).toBe(true)
      expect(String(lastUpdateTime) <= NOW.toISOString()).toBe(true)
    }
    const tomorrow = await caller.get(
      `${ACD}/contacts/completed?startDate=2026-06-02T00:00:00Z&endDate=2026-06-03T00:00:00Z`,
    )
    expect(tomorrow.status).toBe(204)
  })

  it('gives a poller that goes on from lastPollTime each contact when it has ended', async () => {
    const clock = new FakeClock()
    const poller = await new Caller({ clock, contactsPerDay: 100, tokenLifetime: 10 * 86_400 }).signIn()
    const began = new Date(clock.now()).toISOString()
    let updatedSince = began
    const seen: unknown[] = []
    for (let poll = 0; poll < 12; poll++) {
      await clock.advance(7_200_000)
      const response = await poller.page('/contacts/completed', { updatedSince })
      seen.push(...response.completedContacts.map(({ contactId }) => contactId))
      updatedSince = response.lastPollTime
    }
    const truth = poller.simulator.truth.updatedContactIds(began)
    expect(truth.length).toBeGreaterThan(50)
    expect(seen.sort()).toEqual(truth.sort())
  })

  it('takes updatedSince of the last 30 days, and refuses an earlier one', async () => {
    const since = '2026-05-02T12:00:00Z'
    expect(await ids('/contacts/completed', { updatedSince: since })).toEqual(
      caller.simulator.truth.updatedContactIds(since),
    )
    const both = await ids('/contacts/completed', { ...TODAY, updatedSince: '2026-06-01T06:00:00Z' })
    expect(both.length).toBeGreaterThan(0)
    expect(both.length).toBeLessThan((await ids('/contacts/completed', TODAY)).length)
    const response = caller.get(`${ACD}/contacts/completed?updatedSince=2026-05-02T11:59:59Z`)
    expect(await refusal(response)).toMatchObject({ status: 400, reason: expect.stringContaining('updatedSince') })
  })

  it('can find by the other date, and include the end', async () => {
    const other = await new Caller({ now: NOW, contactsPerDay: 200, contactDate: 'lastUpdateTime' }).signIn()
    const { completedContacts } = await other.page('/contacts/completed', DAY)
    expect(completedContacts.some(({ contactStartDate }) => String(contactStartDate) < DAY.startDate)).toBe(true)
    for (const { lastUpdateTime } of completedContacts) expect(lastUpdateTime).toMatch(/^2026-03-03/)
    expect(completedContacts.map(({ contactId }) => contactId)).toEqual(
      other.simulator.truth.contactIds(DAY.startDate, DAY.endDate),
    )
    const [contact] = (await caller.page('/contacts/completed', { ...DAY, skip: '7', top: '1' })).completedContacts
    const startDate = String(contact?.['contactStartDate'])
    const including = await new Caller({ now: NOW, contactsPerDay: 200, endDateIncluded: true }).signIn()
    const parameters = { startDate: DAY.startDate, endDate: startDate }
    expect((await caller.page('/contacts/completed', parameters)).totalRecords).toBe(7)
    expect((await including.page('/contacts/completed', parameters)).totalRecords).toBe(8)
  })

  it('does not take for settled what is analyzed only later', async () => {
    const clock = new FakeClock()
    const other = await new Caller({ clock, contactDate: 'lastUpdateTime' }).signIn()
    const [startDate, endDate] = [new Date(clock.now() - 3_600_000).toISOString(), new Date(clock.now()).toISOString()]
    const path = `${ACD}/contacts/completed?${new URLSearchParams({ startDate, endDate }).toString()}`
    expect((await other.get(`${path}&analyticsProcessed=false`)).status).toBe(200)
    await clock.advance(1_800_000)
    expect((await other.get(`${path}&analyticsProcessed=false`)).status).toBe(204)
    expect((await other.get(`${path}&analyticsProcessed=true`)).status).toBe(200)
  })

  it('gives no more on a page, and no further, than it is told to', async () => {
    const limits = { contactPageSize: 50, contactRows: 120 }
    const limited = await new Caller({ now: NOW, contactsPerDay: 200, limits }).signIn()
    expect((await limited.page('/contacts/completed', { ...DAY, top: '10000' })).completedContacts).toHaveLength(50)
    expect((await limited.page('/contacts/completed', { ...DAY, skip: '100' })).completedContacts).toHaveLength(20)
    expect(await ids('/contacts/completed', DAY, limited)).toHaveLength(120)
    expect((await limited.page('/contacts/completed', { ...DAY, skip: '119' })).totalRecords).toBe(200)
  })

  it.each([
    ['mediaTypeId', 'mediaTypeId'],
    ['mediaSubTypeName', 'mediaSubTypeName'],
    ['skillId', 'skillId'],
    ['campaignId', 'campaignId'],
    ['agentId', 'agentId'],
    ['teamId', 'teamId'],
    ['toAddress', 'toAddress'],
    ['fromAddress', 'fromAddress'],
    ['isLogged', 'isLogged'],
    ['isRefused', 'isRefused'],
    ['isTakeover', 'isTakeover'],
    ['analyticsProcessed', 'isAnalyticsProcessed'],
  ])('finds by %s exactly those whose %s it is', async (parameter, field) => {
    const { completedContacts } = await caller.page('/contacts/completed', { ...TODAY, top: '10000' })
    const value = completedContacts[3]?.[field]
    const wanted = completedContacts.filter((contact) => contact[field] === value)
    const found = await ids('/contacts/completed', { ...TODAY, [parameter]: String(value) })
    expect(found).toEqual(wanted.map(({ contactId }) => contactId))
  })

  it('gives tags when it is asked for them, and the fields that are asked for', async () => {
    const [plain] = (await caller.page('/contacts/completed', DAY)).completedContacts
    expect(plain).not.toHaveProperty('tags')
    const { completedContacts } = await caller.page('/contacts/completed', { ...DAY, tags: 'true', top: '200' })
    const tagged = completedContacts.find(({ tags }) => (tags as unknown[]).length > 0)
    expect(tagged?.['tags']).toEqual([
      { contactId: tagged?.['contactId'], tagId: expect.any(Number), tagName: expect.any(String) },
    ])
    const parameters = { ...DAY, fields: 'contactId,agentSeconds', orderBy: 'contactStartDate desc', top: '2' }
    const few = (await caller.page('/contacts/completed', parameters)).completedContacts
    expect(few).toEqual([
      { contactId: expect.any(Number), agentSeconds: expect.any(Number) },
      { contactId: expect.any(Number), agentSeconds: expect.any(Number) },
    ])
    const expected = caller.simulator.truth.contactIds(DAY.startDate, DAY.endDate).slice(-2).reverse()
    expect(few.map(({ contactId }) => contactId)).toEqual(expected)
  })

  it('has every field, with seconds that add up', async () => {
    const { completedContacts } = await caller.page('/contacts/completed', { ...WEEK, tags: 'true' })
    const names = new Set(completedContacts.flatMap((contact) => Object.keys(contact)))
    expect([...names].sort()).toEqual([...COMPLETED_FIELDS].sort())
    for (const contact of completedContacts.slice(0, 500)) {
      const seconds = (name: string) => Math.round(1_000 * Number(contact[name]))
      const parts = ['preQueueSeconds', 'inQueueSeconds', 'agentSeconds', 'postQueueSeconds', 'acwSeconds'].map(seconds)
      const total = Date.parse(String(contact['lastUpdateTime'])) - Date.parse(String(contact['contactStartDate']))
      expect([parts.reduce((sum, part) => sum + part), seconds('totalDurationSeconds')]).toEqual([total, total])
    }
  })

  it('refuses by name what is missing, wrong or not known', async () => {
    for (const [parameters, name] of [
      ['', 'startDate'],
      ['startDate=2026-03-03T00:00:00Z', 'endDate'],
      ['startDate=2026-03-03T00:00:00Z&endDate=2026-03-03T00:00:00Z', 'endDate'],
      ['startDate=2026-02-30T00:00:00Z&endDate=2026-03-03T00:00:00Z', 'startDate'],
      ['updateSince=2026-06-01T00:00:00Z', 'updateSince'],
      ['updatedSince=2026-06-01T00:00:00Z&skillId=one', 'skillId'],
      ['updatedSince=2026-06-01T00:00:00Z&fields=stateId', 'stateId'],
      ['updatedSince=2026-06-01T00:00:00Z&orderBy=agentSeconds', 'orderBy'],
    ] as const) {
      const refused = await refusal(caller.get(`${ACD}/contacts/completed?${parameters}`))
      expect(refused).toEqual({ status: 400, error: 'invalid_request', reason: expect.stringContaining(name) })
    }
  })
})

describe('GET /contacts/active and /contacts/{id}', () => {
  it('give what goes on, as far as it has come', async () => {
    const { contacts, totalRecords } = await caller.page('/contacts/active')
    expect(totalRecords).toBe(contacts.length)
    const states = new Set(contacts.map(({ stateName }) => stateName))
    expect([...states].every((state) => state === 'Active' || state === 'InQueue')).toBe(true)
    for (const contact of contacts) {
      expect(Object.keys(contact).filter((name) => !ACTIVE_FIELDS.includes(name))).toEqual([])
      expect(String(contact['contactStartDate']) <= NOW.toISOString()).toBe(true)
      expect('agentId' in contact).toBe(contact['stateName'] === 'Active')
      const one = await caller.get(`${ACD}/contacts/${String(contact['contactId'])}`)
      expect(await one.json()).toMatchObject({ ...contact, isActive: true })
    }
  })

  it('give what has ended the same as the list does', async () => {
    const [contact] = (await caller.page('/contacts/completed', { ...DAY, tags: 'true', top: '1' })).completedContacts
    const { divisionNo, ...listed } = contact ?? {}
    expect(divisionNo).toBe(0)
    const response = await caller.get(`${ACD}/contacts/${String(contact?.['contactId'])}`)
    const one = (await response.json()) as Record<string, unknown>
    expect(one).toMatchObject({ ...listed, isActive: false, isWarehoused: true, stateName: 'EndContact' })
    expect(Object.keys(one).filter((name) => !CONTACT_FIELDS.includes(name))).toEqual([])
    const some = await caller.get(`${ACD}/contacts/${String(contact?.['contactId'])}?fields=isActive`)
    expect(await some.json()).toEqual({ isActive: false })
  })

  it('know no other ids', async () => {
    const [first = 0] = caller.simulator.truth.contactIds(DAY.startDate, DAY.endDate)
    const [coming = 0] = caller.simulator.truth.contactIds(TODAY.startDate, TODAY.endDate)
    for (const id of [0, first + 200, coming + 199, 'x', '1'.repeat(20)]) {
      expect(await refusal(caller.get(`${ACD}/contacts/${id}`))).toMatchObject({ status: 404, error: 'not_found' })
    }
  })
})
