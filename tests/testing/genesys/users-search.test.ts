import { beforeAll, describe, expect, it } from '@jest/globals'
import { Caller, refusal } from './caller.js'

const PATH = '/api/v2/users/search'

interface User {
  id: string
  name: string
  email: string
  department: string
  title: string
  state: string
  skills?: { name: string }[]
}

interface Found {
  total: number
  pageCount: number
  pageSize: number
  pageNumber: number
  previousPage?: string
  currentPage: string
  nextPage?: string
  types: string[]
  results: User[]
}

let caller: Caller
let everybody: User[]

beforeAll(async () => {
  caller = await new Caller({ users: 200 }).signIn()
  const { entities } = (await (await caller.get('/api/v2/users?pageSize=500&state=any')).json()) as { entities: User[] }
  everybody = entities
})

function post(search: unknown, by = caller): Promise<Response> {
  return by.send('POST', PATH, { 'content-type': 'application/json' }, JSON.stringify(search))
}

async function search(body: object): Promise<Found> {
  const response = await post(body)
  expect(response.status).toBe(200)
  return (await response.json()) as Found
}

/** Whom a query finds, against those of the active users for whom a test holds. */
async function expectFound(
  query: object[],
  test: (user: User) => boolean,
  of = (user: User) => user.state === 'active',
) {
  const { results, total } = await search({ query, pageSize: 100 })
  const expected = everybody.filter(of).filter(test)
  expect(expected.length).toBeGreaterThan(0)
  expect(total).toBe(expected.length)
  expect(results.map(({ id }) => id)).toEqual(expected.slice(0, 100).map(({ id }) => id))
}

describe('a search of users', () => {
  it('answers `results` and nine members, 25 a page, by name', async () => {
    const found = await search({ pageNumber: 2 })
    expect(Object.keys(found).sort()).toEqual([
      ...[
        'currentPage',
        'nextPage',
        'pageCount',
        'pageNumber',
        'pageSize',
        'previousPage',
        'results',
        'total',
        'types',
      ],
    ])
    expect(found).toMatchObject({ total: 200, pageCount: 8, pageSize: 25, pageNumber: 2 })
    expect(found.results.map(({ id }) => id)).toEqual(caller.simulator.truth.userIds().slice(25, 50))
  })

  it('leads to its pages by values for q64, and ends without a next one', async () => {
    const query = [{ type: 'EXACT', fields: ['department'], value: 'Sales' }]
    let page = await search({ query, pageSize: 20, sortBy: 'email', sortOrder: 'DESC', expand: ['skills'] })
    expect(page.previousPage).toBeUndefined()
    const found = [...page.results]
    while (page.nextPage !== undefined) {
      const response = await caller.get(`${PATH}?q64=${encodeURIComponent(page.nextPage)}`)
      page = (await response.json()) as Found
      found.push(...page.results)
    }
    expect(found).toHaveLength(page.total)
    expect(page.pageNumber).toBe(page.pageCount)
    const emails = found.map(({ email }) => email)
    expect(emails).toEqual([...emails].sort().reverse())
    expect(found.every(({ skills, department }) => skills && department === 'Sales')).toBe(true)
    const again = await caller.get(`${PATH}?q64=${encodeURIComponent(page.currentPage)}&expand=presence`)
    const [user] = ((await again.json()) as Found).results
    expect([user]).toMatchObject([{ id: page.results[0]?.id, presence: {} }])
    expect(user?.skills).toBeUndefined()
  })

  it('compares whole texts, beginnings, parts, words and expressions, in any of its fields', async () => {
    await expectFound([{ type: 'EXACT', fields: ['name'], value: 'ada costa' }], ({ name }) => name === 'Ada Costa')
    await expectFound([{ type: 'STARTS_WITH', fields: ['name'], value: 'Ad' }], ({ name }) => name.startsWith('Ad'))
    await expectFound([{ type: 'CONTAINS', fields: ['name', 'email'], value: 'r1' }], ({ email }) =>
      email.includes('r1'),
    )
    await expectFound([{ type: 'TERM', fields: ['name'], value: 'costa' }], ({ name }) => name.endsWith(' Costa'))
    const two = ['Costa', 'Ito']
    await expectFound([{ type: 'TERMS', fields: ['name'], values: two }], ({ name }) => /Costa|Ito/.test(name))
    await expectFound([{ type: 'REGEX', fields: ['name'], value: '[AB].*o' }], ({ name }) => /^[AB].*o$/i.test(name))
    await expectFound([{ type: 'QUERY_STRING', fields: ['name'], value: 'ada ha*' }], ({ name }) =>
      /^Ada| Ha/.test(name),
    )
    await expectFound([{ type: 'MATCH_ALL' }], () => true)
    const withSkill = [{ type: 'EXACT', fields: ['skills.name'], value: 'german' }]
    const { total } = await search({ query: withSkill })
    expect(total).toBeGreaterThan(0)
    expect(total).toBeLessThan(200)
    expect((await search({ query: [{ type: 'REQUIRED_FIELDS', fields: ['email', 'title'] }] })).total).toBe(200)
    expect((await search({ query: [{ type: 'REQUIRED_FIELDS', fields: ['chat.nothing'] }] })).total).toBe(0)
  })

  it('joins its criteria by AND, OR and NOT, in groups', async () => {
    const is = (field: string, value: string, operator = 'AND') => ({ type: 'EXACT', fields: [field], value, operator })
    await expectFound(
      [is('department', 'Sales'), is('title', 'Agent', 'NOT')],
      ({ department, title }) => department === 'Sales' && title !== 'Agent',
    )
    await expectFound(
      [is('department', 'Sales', 'OR'), is('department', 'Support', 'OR')],
      ({ department }) => department !== 'Back office',
    )
    await expectFound(
      [
        is('department', 'Sales'),
        { type: 'EXACT', group: [is('title', 'Agent', 'OR'), is('title', 'Supervisor', 'OR')], operator: 'NOT' },
      ],
      ({ department, title }) => department === 'Sales' && title === 'Senior agent',
    )
  })

  it('finds those who have left only by their state', async () => {
    const states = { type: 'EXACT', fields: ['state'], values: ['inactive', 'deleted'] }
    await expectFound(
      [states],
      ({ state }) => state !== 'active',
      () => true,
    )
    expect((await search({ query: [{ type: 'REQUIRED_FIELDS', fields: ['id'] }] })).total).toBe(200)
  })

  it('sorts by several fields', async () => {
    const sort = [{ sortBy: 'department', sortOrder: 'DESC' }, { sortBy: 'title' }]
    const { results } = await search({ sort, pageSize: 100 })
    const departments = results.map(({ department }) => department)
    expect(departments).toEqual([...departments].sort().reverse())
    const titles = results.filter(({ department }) => department === departments[0]).map(({ title }) => title)
    expect(titles).toEqual([...titles].sort())
    expect(new Set(titles).size).toBe(3)
  })

  it('refuses what it cannot evaluate', async () => {
    const sales = { fields: ['department'], value: 'Sales' }
    for (const body of [
      { query: [{ type: 'EXACT', fields: ['manager'], value: 'x' }] },
      { query: [{ type: 'EXACT', ...sales, startValue: '2026-01-01' }] },
      { query: [{ type: 'QUERY_STRING', fields: ['name'], value: 'ada AND costa' }] },
      { query: [{ type: 'QUERY_STRING', fields: ['name'], value: 'name:ada' }] },
      { sortOrder: 'SCORE' },
      { sortBy: 'division' },
      { integrationPresenceSource: 'ZoomPhone' },
    ]) {
      expect((await refusal(post(body))).message).toContain('not modelled by the simulator')
    }
  })

  it('refuses what nobody knows', async () => {
    const sales = { fields: ['department'], value: 'Sales' }
    for (const body of [
      { query: [{ type: 'FUZZY', ...sales }] },
      { query: [{ ...sales }] },
      { query: [{ type: 'EXACT', ...sales, operator: 'XOR' }] },
      { query: [{ type: 'REGEX', fields: ['name'], value: '(' }] },
      { expand: ['presense'] },
      { sortOrder: 'UP' },
    ]) {
      expect(await refusal(post(body))).toMatchObject({ status: 400, code: 'invalid.value' })
    }
    for (const body of [
      ...[
        { query: {} },
        { query: ['x'] },
        { query: [{ type: 'EXACT', value: 'x' }] },
        { query: [{ type: 'EXACT', fields: ['name'] }] },
      ],
      ...[{ pageSize: 101 }, { pageSize: 0 }, { pageNumber: '1' }, { expand: 'skills' }, { sort: [null] }, [], 'x'],
    ]) {
      expect(await refusal(post(body))).toMatchObject({ status: 400, code: 'bad.request' })
    }
    expect(await refusal(post({ size: 5 }))).toMatchObject({ status: 400, code: 'invalid.property' })
    expect(await refusal(caller.get(`${PATH}?q64=x`))).toMatchObject({ code: 'invalid.query.param.value' })
    expect(await refusal(caller.get(PATH))).toMatchObject({ code: 'invalid.query.param.value' })
  })

  it('asks for directory:user:view', async () => {
    const unpermitted = await new Caller({ permissions: [] }).signIn()
    expect((await refusal(post({}, unpermitted))).status).toBe(403)
    expect((await refusal(unpermitted.get(`${PATH}?q64=e30=`))).status).toBe(403)
  })
})
