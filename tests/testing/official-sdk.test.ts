import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRequire } from 'node:module'
import { FakeClock, startGenesysSimulator, type RunningGenesysSimulator } from '../../src/testing/index.js'

type Call = (...args: readonly unknown[]) => Promise<unknown>
type Api<Name extends string> = new (client: SdkClient) => Record<Name, Call>

/** The few parts of the official SDK that are used here: its own types do not cover all of them. */
interface Sdk {
  ApiClient: { instance: { constructor: new () => SdkClient } }
  UsersApi: Api<'getUsers' | 'getUsersQuery' | 'getUser' | 'getUsersMe' | 'postUsersSearch' | 'getUsersSearch'>
  AnalyticsApi: Api<
    | 'postAnalyticsConversationsDetailsQuery'
    | 'getAnalyticsConversationDetails'
    | 'getAnalyticsConversationsDetails'
    | 'postAnalyticsConversationsDetailsJobs'
    | 'getAnalyticsConversationsDetailsJob'
    | 'getAnalyticsConversationsDetailsJobResults'
    | 'deleteAnalyticsConversationsDetailsJob'
    | 'getAnalyticsConversationsDetailsJobsAvailability'
  >
  TokensApi: Api<'headTokensMe' | 'getTokensMe' | 'deleteTokensMe'>
  RoutingApi: Api<'getRoutingQueues' | 'getRoutingWrapupcodes'>
}
interface SdkClient {
  config: { live_reload_config: boolean }
  setGateway(gateway: { host: string; protocol: string; port: string }): void
  setReturnExtendedResponses(returnExtended: boolean): void
  loginClientCredentialsGrant(id: string, secret: string): Promise<{ accessToken: string }>
}
interface User {
  id: string
  presence?: object
}
interface Conversation {
  conversationId: string
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'all_proxy']
const INTERVAL = '2026-03-03T00:00:00.000Z/2026-03-04T00:00:00.000Z'
const POWERLESS = { clientId: 'powerless', clientSecret: 'secret', permissions: [] }
const environment = { ...process.env }
const clock = new FakeClock({ now: Date.parse('2026-06-01T12:00Z') })
let sdk: Sdk
let running: RunningGenesysSimulator
let users: InstanceType<Sdk['UsersApi']>
let analytics: InstanceType<Sdk['AnalyticsApi']>

beforeAll(async () => {
  // It would send even what is for 127.0.0.1 through them.
  for (const name of PROXIES) Reflect.deleteProperty(process.env, name)
  sdk = createRequire(import.meta.url)('purecloud-platform-client-v2') as Sdk
  running = await startGenesysSimulator({ users: 150, conversationsPerDay: 130, clock, clients: [POWERLESS] })
  const shared = await signedIn()
  users = new sdk.UsersApi(shared)
  analytics = new sdk.AnalyticsApi(shared)
}, 60_000)

afterAll(async () => {
  Object.assign(process.env, environment)
  await running.close()
})

function client(): SdkClient {
  const made = new sdk.ApiClient.instance.constructor()
  made.config.live_reload_config = false
  const { hostname, port } = new URL(running.apiUrl)
  made.setGateway({ host: hostname, protocol: 'http', port })
  return made
}

async function signedIn(id = running.simulator.clientId, secret = running.simulator.clientSecret): Promise<SdkClient> {
  const made = client()
  await made.loginClientCredentialsGrant(id, secret)
  return made
}

/** What a promise rejects with. */
async function reasonOf(pending: Promise<unknown>): Promise<unknown> {
  try {
    await pending
  } catch (reason) {
    return reason
  }
  throw new Error('It did not reject.')
}

const ids = (list: readonly User[]) => list.map(({ id }) => id)
const conversationIds = (list: readonly Conversation[] = []) => list.map(({ conversationId }) => conversationId)

describe('the official Genesys Cloud SDK, unchanged, reads from the simulator', () => {
  it('users by pages', async () => {
    const question = { pageSize: 100, sortOrder: 'ASC', expand: ['presence', 'routingStatus'], state: 'active' }
    const page = async (pageNumber: number) =>
      (await users.getUsers({ ...question, pageNumber })) as { entities: User[]; nextUri?: string; total: number }
    const [first, second] = [await page(1), await page(2)]
    expect([first.entities.length, second.entities.length, first.total]).toEqual([100, 50, 150])
    expect(first.nextUri).toContain('pageNumber=2')
    expect(second.nextUri).toBeUndefined()
    expect(first.entities[0]?.presence).toBeDefined()
    expect(ids([...first.entities, ...second.entities])).toEqual(running.truth.userIds())
  })

  it('users by cursor', async () => {
    const found: User[] = []
    let cursor: string | undefined
    do {
      const question = { pageSize: 60, state: 'active', ...(cursor !== undefined && { cursor }) }
      const page = (await users.getUsersQuery(question)) as { entities: User[]; cursor?: string }
      found.push(...page.entities)
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(ids(found)).toEqual(running.truth.userIds())
  })

  it('one user, and none for client credentials', async () => {
    const [id = ''] = running.truth.userIds()
    expect(await users.getUser(id, { expand: ['presence'] })).toMatchObject({ id, presence: { source: 'PURECLOUD' } })
    expect(await reasonOf(users.getUsersMe())).toMatchObject({
      status: 400,
      message: 'This request requires a user context. Client credentials cannot be used for requests to this resource.',
    })
  })

  it('a search of users, and its next page', async () => {
    const query = [{ type: 'EXACT', fields: ['department'], value: 'Sales' }]
    const first = (await users.postUsersSearch({ query, pageSize: 30 })) as { results: User[]; nextPage: string }
    const next = (await users.getUsersSearch(first.nextPage)) as { results: User[]; pageNumber: number; total: number }
    expect(next.pageNumber).toBe(2)
    expect(new Set(ids([...first.results, ...next.results])).size).toBe(Math.min(60, next.total))
  })

  it('conversations by the details query', async () => {
    const page = async (pageNumber: number) => {
      const query = { interval: INTERVAL, order: 'asc', orderBy: 'conversationStart' }
      const paging = { pageSize: 100, pageNumber }
      return (await analytics.postAnalyticsConversationsDetailsQuery({ ...query, paging })) as {
        conversations?: Conversation[]
      }
    }
    const [first, second, third] = [await page(1), await page(2), await page(3)]
    const rows = [...(first.conversations ?? []), ...(second.conversations ?? [])]
    expect(conversationIds(rows)).toEqual(running.truth.conversationIds(INTERVAL))
    expect(third).toEqual({ totalHits: 130 })
  })

  it('conversations by their ids', async () => {
    const some = running.truth.conversationIds(INTERVAL).slice(0, 3)
    const [id = ''] = some
    expect(await analytics.getAnalyticsConversationDetails(id)).toMatchObject({ conversationId: id })
    const found = (await analytics.getAnalyticsConversationsDetails({ id: some })) as { conversations: Conversation[] }
    expect(conversationIds(found.conversations)).toEqual(some)
  })

  it('conversations by a job, and lets go of it', async () => {
    const available = await analytics.getAnalyticsConversationsDetailsJobsAvailability()
    expect(available).toEqual({ dataAvailabilityDate: '2026-06-01T08:00:00.000Z' })
    const job = await analytics.postAnalyticsConversationsDetailsJobs({ interval: INTERVAL })
    const { jobId } = job as { jobId: string }
    const states: unknown[] = []
    for (let state: unknown; state !== 'FULFILLED'; await clock.advance(1_000)) {
      ;({ state } = (await analytics.getAnalyticsConversationsDetailsJob(jobId)) as { state: string })
      states.push(state)
    }
    expect(states).toEqual(['QUEUED', 'PENDING', 'PENDING', 'FULFILLED'])

    const found: Conversation[] = []
    let cursor: string | undefined
    do {
      const page = (await analytics.getAnalyticsConversationsDetailsJobResults(jobId, {
        pageSize: 60,
        ...(cursor !== undefined && { cursor }),
      })) as { conversations?: Conversation[]; cursor?: string }
      found.push(...(page.conversations ?? []))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(conversationIds(found)).toEqual(running.truth.exportedIds(INTERVAL))

    await analytics.deleteAnalyticsConversationsDetailsJob(jobId)
    expect(await reasonOf(analytics.getAnalyticsConversationsDetailsJob(jobId))).toMatchObject({ status: 404 })
  })

  it('queues and wrap-up codes', async () => {
    const routing = new sdk.RoutingApi(await signedIn())
    expect(await routing.getRoutingQueues({ pageSize: 100 })).toMatchObject({ total: 10 })
    expect(await routing.getRoutingWrapupcodes({ pageSize: 100 })).toMatchObject({ total: 6 })
  })

  it('its token, until it revokes it', async () => {
    const tokens = new sdk.TokensApi(await signedIn())
    await tokens.headTokensMe()
    const info = await tokens.getTokensMe({ preserveIdleTTL: true })
    expect(info).toMatchObject({ OAuthClient: { id: running.simulator.clientId } })
    await tokens.deleteTokensMe()
    expect(await reasonOf(tokens.getTokensMe({}))).toMatchObject({ status: 401, code: 'bad.credentials' })
    // There is no body to reject with.
    expect(await reasonOf(tokens.headTokensMe())).toBeUndefined()
  })
})

describe('the official Genesys Cloud SDK has from the simulator the errors that it has from Genesys', () => {
  it.each([
    [400, 'invalid.value', () => users.getUsers({ expand: ['address'] })],
    [404, 'not.found', () => users.getUser('5d1e7a52-9c1b-4f0e-8a3d-2b6c4e8f1a07')],
    [403, 'missing.any.permissions', async () => new sdk.UsersApi(await powerless()).getUsersQuery()],
    [429, 'too.many.requests.retry.after', () => rateLimited(users.getUsers({}))],
  ])('%i: the body and nothing else', async (status, code, call) => {
    const reason = await reasonOf(call())
    expect(reason).toMatchObject({ status, code, contextId: expect.any(String), details: [], errors: [] })
    expect(reason).not.toBeInstanceOf(Error)
    expect(reason).not.toHaveProperty('headers')
  })

  it('a wrong secret: what the HTTP client threw', async () => {
    const reason = await reasonOf(client().loginClientCredentialsGrant(running.simulator.clientId, 'wrong'))
    const data = { error: 'invalid_client', description: 'authentication failed' }
    expect(reason).toMatchObject({ response: { status: 400, data } })
  })

  it('Retry-After, once it is asked for the whole answer', async () => {
    const talkative = await signedIn()
    talkative.setReturnExtendedResponses(true)
    const reason = await reasonOf(rateLimited(new sdk.UsersApi(talkative).getUsers({})))
    expect(reason).toMatchObject({ status: 429, headers: { 'retry-after': '42' }, body: { status: 429 } })
  })

  it('a dead token: it asks for no other, and sends the request once', async () => {
    const api = new sdk.UsersApi(await signedIn())
    running.simulator.addFault({ kind: 'revoked' })
    const before = running.simulator.counts
    expect(await reasonOf(api.getUsers({}))).toMatchObject({ status: 401, code: 'bad.credentials' })
    const { tokenRequests, requests } = running.simulator.counts
    expect([tokenRequests - before.tokenRequests, requests - before.requests]).toEqual([0, 1])
  })

  function powerless(): Promise<SdkClient> {
    return signedIn(POWERLESS.clientId, POWERLESS.clientSecret)
  }

  /** The call's request is the first to arrive after this. */
  function rateLimited(call: Promise<unknown>): Promise<unknown> {
    running.simulator.addFault({ kind: 'rate-limited', retryAfter: 42 })
    return call
  }
})
