import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../../src/testing/index.js'
import { ACD, Caller, refusal, type AcdPage } from './caller.js'

const NOW = new Date('2026-06-01T12:00:00Z')
const DAY = 86_400_000

describe('GET /agents', () => {
  it('gives all agents by skip and top, and 204 after the last', async () => {
    const caller = await new Caller({ agents: 230, now: NOW }).signIn()
    const ids: unknown[] = []
    for (let skip = 0; ; skip += 100) {
      const response = await caller.get(`${ACD}/agents?skip=${skip}&top=100`)
      if (response.status === 204) {
        expect(await response.text()).toBe('')
        break
      }
      const page = (await response.json()) as { agents: { agentId: number }[]; totalRecords: number }
      expect(page.totalRecords).toBe(242)
      ids.push(...page.agents.map(({ agentId }) => agentId))
    }
    expect(ids).toHaveLength(242)
    expect(ids).toEqual(caller.simulator.truth.agentIds())
  })

  it('says where a page stands, and gives no more than a page holds', async () => {
    const caller = await new Caller({ agents: 20, now: NOW, limits: { agentPageSize: 10 } }).signIn()
    const first = await caller.page('/agents', { top: '50' })
    expect(first).toMatchObject({ businessUnitId: expect.any(Number), hiddenAgents: 0, totalRecords: 21 })
    expect(first.lastPollTime).toBe('2026-06-01T12:00:00.000Z')
    expect(first.agents).toHaveLength(10)
    expect(first._links.previous).toBeUndefined()
    const next = await caller.get(String(first._links.next).replace('https://cxone.test', ''))
    const second = (await next.json()) as AcdPage
    expect(second.agents).toHaveLength(10)
    expect(new URL(second._links.previous ?? '').searchParams.get('skip')).toBe('0')
    expect((await caller.page('/agents', { skip: '20' }))._links.next).toBeUndefined()
    expect((await caller.get(`${ACD}/agents?top=0`)).status).toBe(204)
  })

  it('finds by state, by lock, by name and by when they were changed', async () => {
    const caller = await new Caller({ agents: 200, now: NOW }).signIn()
    const find = async (parameters: Record<string, string>) => (await caller.page('/agents', parameters)).agents
    const active = await caller.page('/agents', { isActive: 'true' })
    const inactive = await caller.page('/agents', { isActive: 'False' })
    expect([active.totalRecords, inactive.totalRecords]).toEqual([200, 10])
    expect(
      inactive.agents.every(({ isActive, inactiveDate }) => isActive === false && inactiveDate !== undefined),
    ).toBe(true)
    for (const { locked } of await find({ isLocked: 'true' })) expect(locked).toBe(true)
    const [ada] = await find({ searchString: 'aDa' })
    expect(ada).toMatchObject({ firstName: 'Ada' })
    const since = new Date(NOW.getTime() - 7 * DAY)
    const changed = await caller.page('/agents', { updateSince: since.toISOString() })
    expect(changed.totalRecords).toBeGreaterThan(5)
    expect(changed.totalRecords).toBeLessThan(100)
    for (const { lastUpdated } of changed.agents)
      expect(Date.parse(String(lastUpdated))).toBeGreaterThanOrEqual(Number(since))
  })

  it('has agents that are changed as time goes by', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ agents: 200, clock, tokenLifetime: 40 * 86_400 }).signIn()
    const { agents, lastPollTime: before } = await caller.page('/agents', { fields: 'agentId,lastUpdated' })
    expect((await caller.get(`${ACD}/agents?updateSince=${before}`)).status).toBe(204)
    await clock.advance(10 * DAY)
    const changed = (await caller.page('/agents', { updateSince: before })).agents.map(({ agentId }) => agentId)
    expect(changed.length).toBeGreaterThan(5)
    const untouched = agents.filter(({ agentId }) => !changed.includes(agentId))
    expect(untouched.length).toBeGreaterThan(5)
    const later = (await caller.page('/agents', { fields: 'agentId,lastUpdated' })).agents
    expect(later).toEqual(expect.arrayContaining(untouched))
  })

  it('gives the fields that are asked for, in the order that is asked for', async () => {
    const caller = await new Caller({ agents: 20, now: NOW }).signIn()
    const { agents } = await caller.page('/agents', { fields: 'agentId,lastName', orderBy: 'lastName desc' })
    expect(agents[0]).toEqual({ agentId: expect.any(Number), lastName: expect.any(String) })
    const names = agents.map(({ lastName }) => String(lastName))
    expect(names).toEqual([...names].sort().reverse())
    const reversed = await caller.page('/agents', { orderBy: 'agentId DESC' })
    expect(reversed.agents.map(({ agentId }) => agentId)).toEqual(caller.simulator.truth.agentIds().reverse())
  })

  it('refuses by name what it does not know', async () => {
    const caller = await new Caller().signIn()
    for (const [parameters, name] of [
      ['updatedSince=2026-01-01T00:00:00Z', 'updatedSince'],
      ['updateSince=yesterday', 'updateSince'],
      ['isActive=1', 'isActive'],
      ['skip=-1', 'skip'],
      ['top=many', 'top'],
      ['fields=agentId,agentid', 'agentid'],
      ['orderBy=teamName', 'orderBy'],
      ['orderBy=agentId upwards', 'orderBy'],
    ] as const) {
      const response = await caller.get(`${ACD}/agents?${parameters}`)
      const reason = response.headers.get('icStatusDescription')
      expect(reason).toContain(name)
      expect(await refusal(response)).toEqual({ status: 400, error: 'invalid_request', reason })
    }
  })

  it('has the reason of a 400 in the header alone when it is told to', async () => {
    const caller = await new Caller({ reasonOnlyInHeader: true }).signIn()
    const response = await caller.get(`${ACD}/agents?skip=x`)
    expect([response.status, await response.text()]).toEqual([400, ''])
    expect(response.headers.get('icStatusDescription')).toContain('skip')
    expect((await refusal(caller.get(`${ACD}/nothing`))).reason).not.toBe('')
  })

  it('needs a token, JSON to be accepted, and a version that is there; letters may be of any case', async () => {
    const caller = await new Caller({ versions: ['v33.0'] }).signIn()
    expect((await caller.get('/inContactAPI/services/V33.0/Agents')).status).toBe(200)
    expect(await refusal(caller.get(`${ACD}/agents`))).toMatchObject({ status: 404 })
    const header = { accept: 'text/html' }
    expect(await refusal(caller.send('GET', '/incontactapi/services/v33.0/agents', header))).toEqual({
      status: 406,
      error: 'not_acceptable',
      reason: 'No known way to render data',
    })
    caller.token = 'unknown'
    expect(await refusal(caller.get(`${ACD}/agents`))).toMatchObject({ status: 401, error: 'invalid_token' })
    expect((await new Caller().signIn().then((other) => other.get('/incontactapi/services/v27.0/agents'))).status).toBe(
      200,
    )
  })
})

describe('GET /agents/{id}', () => {
  it('gives the row of the list', async () => {
    const caller = await new Caller({ agents: 5, now: NOW }).signIn()
    const { agents } = await caller.page('/agents')
    expect(await (await caller.get(`${ACD}/agents/1003`)).json()).toEqual(agents[2])
    expect(await (await caller.get(`${ACD}/agents/1003?fields=agentId`)).json()).toEqual({ agentId: 1003 })
    for (const id of ['9999', 'x', '1003.5'])
      expect(await refusal(caller.get(`${ACD}/agents/${id}`))).toMatchObject({ status: 404 })
  })
})
