import { describe, expect, it } from '@jest/globals'
import { all, connect } from './connect.js'

const ids = (users: readonly { id: string }[]) => users.map(({ id }) => id)

describe('the users of a simulated tenant', () => {
  it('are all found, page by page, through revoked tokens, 503 and a cut connection', async () => {
    const { running, cxone } = await connect({
      agents: 100,
      faults: [
        { kind: 'revoked', to: '/user-management', at: 2 },
        { kind: 'unavailable', to: '/user-management', at: 4, retryAfter: 1 },
        { kind: 'cut', to: '/user-management', at: 6 },
      ],
    })
    const users = await all(cxone.users.search({ pageSize: 20 }))
    expect(ids(users)).toEqual(running.truth.userIds())
    expect(users).toHaveLength(105)
    expect(running.simulator.counts).toMatchObject({ faults: 3, unauthorized: 1 })
  })

  it('go on after a checkpoint, and can be filtered', async () => {
    const { running, cxone } = await connect()
    const search = cxone.users.search({ filter: { status: ['ACTIVE', 'BLOCKED'] }, pageSize: 7 })
    const before = []
    for await (const user of search) if (before.push(user) === 10) break
    const checkpoint = search.checkpoint()
    const after = await all(cxone.users.search({ filter: { status: ['ACTIVE', 'BLOCKED'] }, pageSize: 7, checkpoint }))
    expect(ids([...before, ...after])).toEqual(running.truth.userIds().slice(0, 30))
  })

  it('are had by id, with every field that the schema knows', async () => {
    const { running, cxone } = await connect({}, { validate: 'full' })
    const [id] = running.truth.userIds()
    const [found] = await all(cxone.users.search({ filter: { id } }))
    expect(await cxone.users.get(id!)).toMatchObject({ id, fullName: found!.fullName!, status: 'ACTIVE' })
    await expect(cxone.users.get('nobody')).rejects.toMatchObject({ code: 'api_not_found', platformCode: 'not_found' })
  })
})
