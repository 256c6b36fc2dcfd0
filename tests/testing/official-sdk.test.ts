import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRequire } from 'node:module'
import { startSimulator, type RunningSimulator } from '../../src/testing/index.js'

/** The few parts of the official SDK that are used here: its own types do not cover all of them. */
interface Sdk {
  ApiClient: { instance: { constructor: new () => SdkClient } }
  UsersApi: new (client: SdkClient) => { getUsers(options: object): Promise<UserPage> }
  AnalyticsApi: new (client: SdkClient) => {
    postAnalyticsConversationsDetailsQuery(
      query: object,
    ): Promise<{ conversations?: { conversationId: string }[]; totalHits: number }>
  }
}
interface SdkClient {
  config: { live_reload_config: boolean }
  setGateway(gateway: { host: string; protocol: string; port: string }): void
  loginClientCredentialsGrant(id: string, secret: string): Promise<{ accessToken: string }>
}
interface UserPage {
  entities: { id: string; presence?: object }[]
  nextUri?: string
  total: number
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'all_proxy']
const environment = { ...process.env }
let sdk: Sdk
let simulator: RunningSimulator

beforeAll(async () => {
  // It would send even what is for 127.0.0.1 through them.
  for (const name of PROXIES) Reflect.deleteProperty(process.env, name)
  sdk = createRequire(import.meta.url)('purecloud-platform-client-v2') as Sdk
  simulator = await startSimulator({ users: 150, conversationsPerDay: 130 })
}, 60_000)

afterAll(async () => {
  Object.assign(process.env, environment)
  await simulator.close()
})

function client(): SdkClient {
  const made = new sdk.ApiClient.instance.constructor()
  made.config.live_reload_config = false
  const { hostname, port } = new URL(simulator.apiUrl)
  made.setGateway({ host: hostname, protocol: 'http', port })
  return made
}

async function signedIn(): Promise<SdkClient> {
  const made = client()
  await made.loginClientCredentialsGrant(simulator.env.GENESYS_CLIENT_ID, simulator.env.GENESYS_CLIENT_SECRET)
  return made
}

describe('the official Genesys Cloud SDK, pointed at the simulator', () => {
  it('reads the users by pages', async () => {
    const api = new sdk.UsersApi(await signedIn())
    const question = { pageSize: 100, sortOrder: 'ASC', expand: ['presence', 'routingStatus'], state: 'active' }
    const first = await api.getUsers({ ...question, pageNumber: 1 })
    const second = await api.getUsers({ ...question, pageNumber: 2 })
    expect([first.entities.length, second.entities.length, first.total]).toEqual([100, 50, 150])
    expect(first.nextUri).toContain('pageNumber=2')
    expect(second.nextUri).toBeUndefined()
    expect(first.entities[0]?.presence).toBeDefined()
    expect([...first.entities, ...second.entities].map(({ id }) => id)).toEqual(simulator.truth.userIds())
  })

  it('queries conversation details', async () => {
    const api = new sdk.AnalyticsApi(await signedIn())
    const interval = '2026-03-03T00:00:00.000Z/2026-03-04T00:00:00.000Z'
    const page = (pageNumber: number) =>
      api.postAnalyticsConversationsDetailsQuery({
        interval,
        order: 'asc',
        orderBy: 'conversationStart',
        paging: { pageSize: 100, pageNumber },
      })
    const [first, second, third] = [await page(1), await page(2), await page(3)]
    const rows = [...(first.conversations ?? []), ...(second.conversations ?? [])]
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(simulator.truth.conversationIds(interval))
    expect(third).toEqual({ totalHits: 130 })
  })

  it('reports a wrong secret as it does with Genesys itself', async () => {
    const login = client().loginClientCredentialsGrant(simulator.env.GENESYS_CLIENT_ID, 'wrong')
    const error: unknown = await login.catch((reason: unknown) => reason)
    const data = { error: 'invalid_client', description: 'authentication failed' }
    expect(error).toMatchObject({ response: { status: 400, data } })
  })

  it('reports an error of the API by its body', async () => {
    simulator.simulator.addFault({ kind: 'rate-limited', retryAfter: 42 })
    const error: unknown = await new sdk.UsersApi(await signedIn()).getUsers({}).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ status: 429, code: 'too.many.requests.retry.after' })
  })
})
