import { describe, expect, it } from '@jest/globals'
import type { CxoneSimulatorOptions } from '../../../src/testing/index.js'
import { Caller } from './caller.js'

const SEARCH = '/user-management/v2/users/search'

type User = Record<string, unknown>

interface Found {
  totalRecords: number
  skip: number
  top: number
  users: User[]
}

/** 60 who are there and 3 who have left. */
function signedIn(options: CxoneSimulatorOptions = {}): Promise<Caller> {
  return new Caller({ agents: 60, ...options }).signIn()
}

async function search(caller: Caller, body: unknown = {}): Promise<Found> {
  const response = await caller.sendJson('POST', SEARCH, body)
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`)
  return (await response.json()) as Found
}

/** What an error answer of UserHub says. */
async function refusal(pending: Promise<Response>): Promise<{ status: number; details: string }> {
  const response = await pending
  const body = (await response.json()) as { details: string }
  expect(Object.keys(body)).toEqual(['code', 'details', 'hostname', 'entityType', 'errors'])
  return { status: response.status, details: body.details }
}

describe("UserHub's search", () => {
  it('gives 50 users by itself, and every one of them by skip and top', async () => {
    const caller = await signedIn()
    const ids = caller.simulator.truth.userIds()
    expect(ids).toHaveLength(63)
    const first = await search(caller)
    expect(first).toMatchObject({ totalRecords: 63, skip: 0, top: 50 })
    const second = await search(caller, { skip: 50, top: 50 })
    expect([...first.users, ...second.users].map(({ id }) => id)).toEqual(ids)
    expect(await search(caller, { skip: 63 })).toEqual({ totalRecords: 63, skip: 63, top: 50, users: [] })
  })

  it('gives no more on a page than it allows, whatever is asked for', async () => {
    const caller = await signedIn({ limits: { userPageSize: 20 } })
    expect((await search(caller, { top: 1_000 })).users).toHaveLength(20)
  })

  it('filters by fields, and gives those that are asked for', async () => {
    const caller = await signedIn()
    const deleted = await search(caller, { filter: { status: 'DELETED' }, fields: ['id', 'status'] })
    expect(deleted.totalRecords).toBe(3)
    expect(deleted.users).toEqual(
      caller.simulator.truth
        .userIds()
        .slice(60)
        .map((id) => ({ id, status: 'DELETED' })),
    )
    const living = await search(caller, { filter: { status: ['ACTIVE', 'BLOCKED'], impersonated: false }, top: 100 })
    expect(living.users.map(({ id }) => id)).toEqual(caller.simulator.truth.userIds().slice(0, 60))
  })

  it('finds of every user what the agent of the same id is', async () => {
    const caller = await signedIn()
    const { agents } = await caller.page('/agents')
    const { users } = await search(caller, { top: 100 })
    const identity = ({ firstName, lastName, emailAddress }: User) => ({ firstName, lastName, emailAddress })
    expect(users.map(identity)).toEqual(agents.map(identity))
    expect(users.map(({ id }) => id)).toEqual(agents.map(({ userID }) => userID))
  })

  it.each([
    [{ skip: -1 }, 'skip must be a whole number from 0.'],
    [{ top: 0 }, 'top must be a whole number from 1.'],
    [{ top: '50' }, 'top must be a whole number from 1.'],
    [{ fields: 'id' }, 'fields must be a list of texts.'],
    [{ fields: ['shoeSize'] }, 'There is no field [shoeSize].'],
    [{ filter: [] }, 'filter must be an object.'],
    [{ filter: { shoeSize: 42 } }, 'There is no field [shoeSize].'],
    [{ filter: { id: { in: [] } } }, "A filter's id that is not a plain value is not modelled by the simulator."],
    [{ operations: { count: true } }, 'operations is not modelled by the simulator.'],
    [{ orderBy: { fullName: 'ASC' } }, 'orderBy is not modelled by the simulator.'],
    [{ searchString: 'Ada' }, 'The member searchString is not modelled by the simulator.'],
    [[], 'The request body is not an object.'],
  ])('refuses %j', async (body, details) => {
    const caller = await signedIn()
    expect(await refusal(caller.sendJson('POST', SEARCH, body))).toEqual({ status: 400, details })
  })
})

describe('one user', () => {
  it('is what the search found, in an envelope', async () => {
    const caller = await signedIn()
    const { users } = await search(caller, { filter: { status: 'DELETED' } })
    const response = await caller.get(`/user-management/v3/users/${String(users[0]!['id'])}`)
    const { user, ...rest } = (await response.json()) as { user: User }
    expect(rest).toEqual({})
    const { fullName, deletedDate } = users[0]!
    expect(user).toMatchObject({ fullName, deletedDate, status: 'DELETED' })
    expect(user).not.toHaveProperty('creationDate')
  })

  it('is 404 when nobody has the id', async () => {
    const caller = await signedIn()
    const pending = caller.get('/user-management/v3/users/7f3ce1b0-0000-4000-8000-000000000000')
    expect(await refusal(pending)).toEqual({ status: 404, details: 'There is no such user.' })
  })
})

describe('the list of users', () => {
  const list = async (caller: Caller, query: string) => {
    const response = await caller.get(`/user-management/v1/users${query}`)
    return ((await response.json()) as { users: User[] }).users
  }

  it('has everybody but the deleted, and these when they are asked for', async () => {
    const caller = await signedIn()
    const ids = caller.simulator.truth.userIds()
    expect((await list(caller, '')).map(({ id }) => id)).toEqual(ids.slice(0, 60))
    expect((await list(caller, '?includeDeleted=true')).map(({ id }) => id)).toEqual(ids)
  })

  it('finds a part of a name, and refuses what is not modelled', async () => {
    const caller = await signedIn()
    const all = await list(caller, '')
    const found = await list(caller, '?fullNameContains=ada')
    expect(found).toEqual(all.filter(({ fullName }) => String(fullName).startsWith('Ada ')))
    expect(found.length).toBeGreaterThan(0)
    expect((await refusal(caller.get('/user-management/v1/users?onlyImpersonated=true'))).status).toBe(400)
  })
})

describe('a request to UserHub', () => {
  it('whose token is bad gets the body that UserHub has for 401', async () => {
    const caller = await signedIn()
    caller.simulator.revokeTokens()
    const response = await caller.sendJson('POST', SEARCH, {})
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ status: 401, error: 'Unauthorized', path: SEARCH })
  })

  it('gets 503 with a Retry-After in the words of UserHub', async () => {
    const caller = await signedIn()
    caller.simulator.addFault({ kind: 'unavailable', retryAfter: 7 })
    const response = caller.sendJson('POST', SEARCH, {})
    expect((await response).headers.get('retry-after')).toBe('7')
    expect((await refusal(response)).status).toBe(503)
  })
})
