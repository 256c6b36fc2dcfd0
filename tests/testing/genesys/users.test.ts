import { describe, expect, it } from '@jest/globals'
import { Caller, refusal } from './caller.js'

interface Listing {
  entities: { id: string; name: string; state: string; [name: string]: unknown }[]
  pageSize: number
  pageNumber: number
  total: number
  pageCount: number
  firstUri: string
  selfUri: string
  nextUri?: string
  previousUri?: string
  lastUri: string
}

async function list(caller: Caller, query = ''): Promise<Listing> {
  const response = await caller.get(`/api/v2/users${query}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Listing
}

describe('GET /api/v2/users', () => {
  it('gives 25 a page, and ten members', async () => {
    const caller = await new Caller().signIn()
    const page = await list(caller, '?pageNumber=2')
    expect(page.entities).toHaveLength(25)
    expect(Object.keys(page).sort()).toEqual([
      'entities',
      'firstUri',
      'lastUri',
      'nextUri',
      'pageCount',
      'pageNumber',
      'pageSize',
      'previousUri',
      'selfUri',
      'total',
    ])
    expect(page).toMatchObject({ pageSize: 25, pageNumber: 2, total: 1_000, pageCount: 40 })
  })

  it('links its pages by relative addresses that keep the question, and ends without a next one', async () => {
    const caller = await new Caller({ users: 130 }).signIn()
    const ids: string[] = []
    const pages: Listing[] = []
    let next: string | undefined = '?pageSize=50&expand=presence,routingStatus&sortOrder=DESC'
    while (next !== undefined) {
      const page: Listing = await list(caller, next)
      pages.push(page)
      ids.push(...page.entities.map(({ id }) => id))
      expect(page.entities.every((user) => user['presence'] && user['routingStatus'] && !user['skills'])).toBe(true)
      expect(page.nextUri?.startsWith('/api/v2/users?') ?? true).toBe(true)
      next = page.nextUri?.slice('/api/v2/users'.length)
    }
    expect(pages.map(({ entities }) => entities.length)).toEqual([50, 50, 30])
    expect(pages[2]).not.toHaveProperty('nextUri')
    expect(pages[0]).not.toHaveProperty('previousUri')
    expect(ids).toEqual([...caller.simulator.truth.userIds()].reverse())
    expect(new Set(ids).size).toBe(130)
  })

  it('is empty beyond its end', async () => {
    const caller = await new Caller({ users: 50 }).signIn()
    for (const pageNumber of [3, 4, 1_000]) {
      const page = await list(caller, `?pageNumber=${pageNumber}`)
      expect(page.entities).toEqual([])
      expect(page).not.toHaveProperty('nextUri')
      expect(page.total).toBe(50)
    }
    const none = await new Caller({ users: 0 }).signIn()
    expect(await list(none)).toMatchObject({ entities: [], total: 0, pageCount: 0 })
  })

  it('allows pages of 1 to 500', async () => {
    const caller = await new Caller().signIn()
    expect((await list(caller, '?pageSize=500')).entities).toHaveLength(500)
    expect((await list(caller, '?pageSize=1')).entities).toHaveLength(1)
    for (const query of [
      'pageSize=501',
      'pageSize=0',
      'pageSize=-1',
      'pageSize=ten',
      'pageNumber=0',
      'pageNumber=1.5',
    ]) {
      expect((await refusal(caller.get(`/api/v2/users?${query}`))).status).toBe(400)
    }
  })

  it('takes lists comma-separated, repeated, or both', async () => {
    const caller = await new Caller({ users: 20 }).signIn()
    const [a, b, c] = caller.simulator.truth.userIds() as [string, string, string]
    for (const query of [`id=${a},${b},${c}`, `id=${a}&id=${b}&id=${c}`, `id=${a},${b}&id=${c}`]) {
      expect((await list(caller, `?${query}`)).entities.map(({ id }) => id)).toEqual([a, b, c])
    }
    const repeated = await list(caller, '?expand=presence&expand=skills')
    expect(repeated.entities.every((user) => user['presence'] && user['skills'])).toBe(true)
  })

  it('selects by state, active by default', async () => {
    const caller = await new Caller({ users: 100 }).signIn()
    const totals = await Promise.all(
      ['active', 'inactive', 'deleted', 'any'].map(async (state) => {
        const { total, entities } = await list(caller, `?state=${state}`)
        if (state !== 'any') expect(entities.every((user) => user.state === state)).toBe(true)
        return total
      }),
    )
    expect(totals).toEqual([100, 5, 2, 107])
    expect((await list(caller)).total).toBe(100)
    const deep = caller.get('/api/v2/users?state=inactive&pageSize=500&pageNumber=21')
    expect((await refusal(deep)).status).toBe(400)
  })

  it('refuses what it does not know instead of ignoring it', async () => {
    const caller = await new Caller().signIn()
    expect(await refusal(caller.get('/api/v2/users?state=gone'))).toMatchObject({ status: 400, code: 'invalid.value' })
    expect(await refusal(caller.get('/api/v2/users?expand=presense'))).toMatchObject({ code: 'invalid.value' })
    expect(await refusal(caller.get('/api/v2/users?sortOrder=up'))).toMatchObject({ code: 'invalid.value' })
    const jabber = await refusal(caller.get('/api/v2/users?jabberId=x'))
    expect(jabber.message).toContain('not modelled by the simulator')
  })

  it('gives one user by id', async () => {
    const caller = await new Caller({ users: 3 }).signIn()
    const [id = ''] = caller.simulator.truth.userIds()
    const user = await (await caller.get(`/api/v2/users/${id}?expand=presence`)).json()
    expect(user).toMatchObject({ id, state: 'active', presence: { source: 'PURECLOUD' } })
    expect(await refusal(caller.get('/api/v2/users/nobody'))).toMatchObject({ status: 404, code: 'not.found' })
    expect((await refusal(caller.get(`/api/v2/users/${id}?integrationPresenceSource=ZoomPhone`))).status).toBe(400)
  })

  it('gives a deleted one only to those who ask for deleted ones', async () => {
    const caller = await new Caller({ users: 50 }).signIn()
    const inactive = (await list(caller, '?state=inactive')).entities[0]?.id ?? ''
    const deleted = (await list(caller, '?state=deleted')).entities[0]?.id ?? ''
    const [active = ''] = caller.simulator.truth.userIds()
    const status = async (id: string, state = '') => (await caller.get(`/api/v2/users/${id}${state}`)).status
    expect(await Promise.all([active, inactive, deleted].map((id) => status(id)))).toEqual([200, 200, 404])
    const asked = await Promise.all([active, inactive, deleted].map((id) => status(id, '?state=deleted')))
    expect(asked).toEqual([404, 404, 200])
    expect(await status(active, '?state=any')).toBe(400)
  })

  it('gives the same users for the same seed', async () => {
    const ids = (seed: number) => new Caller({ seed, users: 40 }).simulator.truth.userIds()
    expect(ids(7)).toEqual(ids(7))
    expect(ids(7)).not.toEqual(ids(8))
  })
})
