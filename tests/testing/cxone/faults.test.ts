import { describe, expect, it } from '@jest/globals'
import {
  CXONE_FAULT_KINDS,
  CxoneSimulator,
  GENESYS_FAULT_KINDS,
  FakeClock,
  type CxoneFault,
} from '../../../src/testing/index.js'
import { ACD, Caller, refusal, type TokenResponse } from './caller.js'

const AGENTS = `${ACD}/agents`
const OPENID = '/.well-known/openid-configuration'

async function signedIn(...faults: CxoneFault[]): Promise<Caller> {
  const caller = await new Caller({ agents: 10 }).signIn()
  for (const fault of faults) caller.simulator.addFault(fault)
  return caller
}

describe('the faults of CXone', () => {
  it('are those of every platform, and more', () => {
    expect(CXONE_FAULT_KINDS.slice(0, GENESYS_FAULT_KINDS.length)).toEqual(GENESYS_FAULT_KINDS)
    const kind = 'refresh-died' as 'refresh-dead'
    expect(() => new CxoneSimulator({ faults: [{ kind }] })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    )
  })

  it('refresh-dead: every refresh token dies, and no access token', async () => {
    const caller = await signedIn()
    const { refresh_token } = (await (await caller.askForToken()).json()) as TokenResponse
    caller.simulator.addFault({ kind: 'refresh-dead' })
    expect((await caller.get(AGENTS)).status).toBe(200)
    expect(await refusal(caller.refresh(refresh_token))).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  it('revoked: every access token dies, and no refresh token', async () => {
    const caller = new Caller()
    const { access_token, refresh_token } = (await (await caller.askForToken()).json()) as TokenResponse
    caller.token = access_token
    caller.simulator.addFault({ kind: 'revoked' })
    expect(await refusal(caller.get(AGENTS))).toMatchObject({ status: 401, error: 'invalid_token' })
    expect((await caller.refresh(refresh_token)).status).toBe(200)
    expect(caller.simulator.counts).toMatchObject({ unauthorized: 1, faults: 1, signIns: 1, refreshes: 1 })
  })

  it('happen to all three ways to a token when they are for tokens', async () => {
    const caller = await signedIn({ kind: 'unauthorized', to: 'token', times: 3 })
    expect(await refusal(caller.askForToken())).toMatchObject({ status: 400, error: 'invalid_client' })
    for (const path of ['/authentication/v1/token/access-key', '/public/user/refresh']) {
      expect(await (await caller.sendJson('POST', path, {})).json()).toMatchObject({ status: 401, path })
    }
    caller.simulator.addFault({ kind: 'rate-limited', to: 'token', retryAfter: 3 })
    const limited = await caller.askForToken()
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3'])
    expect((await caller.askForToken()).status).toBe(200)
  })

  it('happen to discovery by its path alone', async () => {
    const caller = await signedIn({ kind: 'unavailable' }, { kind: 'html', to: '/.well-known' })
    const page = await caller.get(OPENID)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect((await caller.get(OPENID)).status).toBe(200)
    caller.simulator.addFault({ kind: 'rate-limited', to: '/.well-known' })
    expect((await caller.get(OPENID)).status).toBe(429)
    expect(caller.simulator.counts).toMatchObject({ rateLimited: 0, requests: 0, discoveryRequests: 3 })
    expect(await refusal(caller.get(AGENTS))).toMatchObject({ status: 503, error: 'temporarily_unavailable' })
  })

  it('are told in the words of the API that they happen to', async () => {
    const faults = (['ip-not-authorized', 'rate-limited', 'internal-error', 'gateway-timeout'] as const).map(
      (kind) => ({ kind }),
    )
    const caller = await signedIn(...faults)
    for (const status of [401, 429, 500, 504]) {
      const response = await caller.get(AGENTS)
      expect(response.headers.get('retry-after')).toBeNull()
      const reason = response.headers.get('icStatusDescription')
      expect(await refusal(response)).toEqual({ status, error: expect.any(String), reason })
    }
    for (const fault of faults) caller.simulator.addFault(fault)
    const [unauthorized, limited] = [
      await caller.get('/user-management/v1/users'),
      await caller.get('/user-management/v1/users'),
    ]
    const body = await unauthorized.json()
    expect(body).toMatchObject({ status: 401, error: 'Unauthorized', path: '/user-management/v1/users' })
    expect(await limited.json()).toMatchObject({ code: 'too_many_requests', hostname: expect.any(String), errors: {} })
  })

  it('give other types to what is read of each answer', async () => {
    const caller = await signedIn(
      { kind: 'schema' },
      { kind: 'schema', to: 'token' },
      { kind: 'schema', to: '/.well-known' },
    )
    expect(await (await caller.get(AGENTS)).json()).toMatchObject({ agents: 'none', completedContacts: 'none' })
    expect(await (await caller.askForToken()).json()).toMatchObject({ access_token: 42, token: 42 })
    expect(await (await caller.get(OPENID)).json()).toMatchObject({ token_endpoint: 42, api_endpoint: 42 })
  })
})

describe('the pace of the API', () => {
  it('is kept with 429, by each token, without a Retry-After', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ clock, limits: { requestsPerMinute: 2 } }).signIn()
    const statuses = async () => [(await caller.get(AGENTS)).status, (await caller.get(AGENTS)).status]
    expect(await statuses()).toEqual([200, 200])
    const response = await caller.get(AGENTS)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, null])
    await caller.signIn()
    expect(await statuses()).toEqual([200, 200])
    await clock.advance(60_000)
    expect(await statuses()).toEqual([200, 200])
    expect(caller.simulator.counts).toMatchObject({ requests: 7, rateLimited: 1 })
  })
})
