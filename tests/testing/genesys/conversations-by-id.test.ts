import { describe, expect, it } from '@jest/globals'
import { Caller, refusal, type Conversation } from './caller.js'

const NOW = new Date('2026-06-01T12:00:00Z')
const ROOT = '/api/v2/analytics/conversations'

async function conversations(caller: Caller, ids: readonly string[]): Promise<Conversation[] | undefined> {
  const response = await caller.get(`${ROOT}/details?id=${ids.join(',')}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { conversations?: Conversation[] }).conversations
}

describe('a conversation by its id', () => {
  it('is what the details query gives, whenever it started', async () => {
    const caller = await new Caller({
      now: NOW,
      conversationsPerDay: 40,
      limits: { requestsPerMinute: 1_000 },
    }).signIn()
    for (const interval of [
      '1969-12-30T00:00Z/1969-12-31T00:00Z',
      '2026-03-03T00:00Z/2026-03-04T00:00Z',
      '2026-06-01T00:00Z/2026-06-02T00:00Z',
    ]) {
      const rows = await caller.rows({ interval })
      for (const row of rows) {
        const response = await caller.get(`${ROOT}/${row.conversationId}/details`)
        expect([response.status, await response.json()]).toEqual([200, row])
      }
      expect(rows.length).toBeGreaterThan(15)
    }
  })

  it('is not there when nothing has it, when another seed has it, and before it starts', async () => {
    const caller = await new Caller({ now: NOW }).signIn()
    const later = new Caller({ now: new Date('2026-06-01T13:00Z') })
    const other = new Caller({ now: NOW, seed: 2 })
    const busier = new Caller({ now: NOW, conversationsPerDay: 2_500 })
    const ids = (of: Caller) => of.simulator.truth.conversationIds('2026-06-01T00:00Z/2026-06-01T13:00Z')
    const future = ids(later).at(-1) ?? ''
    const known = ids(caller)[0] ?? ''
    const surplus = busier.simulator.truth.conversationIds('2026-03-03T00:00Z/2026-03-04T00:00Z').at(-1) ?? ''
    for (const id of [
      'x',
      '0',
      '5d1e7a52-9c1b-4f0e-8a3d-2b6c4e8f1a07',
      known.toUpperCase(),
      surplus,
      ids(other)[0] ?? '',
      future,
    ]) {
      const refused = await refusal(caller.get(`${ROOT}/${id}/details`))
      expect(refused).toMatchObject({ status: 404, code: 'not.found' })
    }
  })

  it('comes along with others, in no order of the asker, without those that are not there', async () => {
    const caller = await new Caller({ now: NOW }).signIn()
    const rows = await caller.rows({ interval: '2026-03-03T00:00Z/2026-03-03T04:00Z' })
    const ids = rows.map(({ conversationId }) => conversationId).slice(0, 30)
    expect(await conversations(caller, [...ids, 'unknown', ids[3] ?? ''].reverse())).toEqual(rows.slice(0, 30))
    const repeated = await caller.get(`${ROOT}/details?id=${String(ids[0])}&id=${String(ids[1])}`)
    expect(await repeated.json()).toEqual({ conversations: rows.slice(0, 2) })
    expect(await conversations(caller, ['unknown'])).toBeUndefined()
    expect(await conversations(caller, [])).toBeUndefined()
    const many = caller.get(`${ROOT}/details?id=${Array.from({ length: 101 }, (_, i) => i).join()}`)
    expect((await refusal(many)).status).toBe(400)
  })

  it('asks for the permission of the details query', async () => {
    const caller = await new Caller({ permissions: [] }).signIn()
    expect((await refusal(caller.get(`${ROOT}/x/details`))).code).toBe('missing.any.permissions')
    expect((await refusal(caller.get(`${ROOT}/details?id=x`))).code).toBe('missing.any.permissions')
  })
})
