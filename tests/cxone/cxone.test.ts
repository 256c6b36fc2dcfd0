import { describe, expect, test } from '@jest/globals'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { MockAgent } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import type { ApiError, EverbearerError } from '../../src/base/errors.js'
import { Cxone } from '../../src/cxone/index.js'
import type { CxoneCredentials } from '../../src/cxone/index.js'
import { FakeClock } from '../../src/testing/index.js'
import type { CxoneFault } from '../../src/testing/index.js'
import { staticToken } from '../../src/token/static-token.js'
import { all, CANARY, closeLater, connect, connectTo, errorOf, everythingOf, line, wire } from './connect.js'
import { json } from '../grants/authorization-server.js'
import { startNice } from './nice.js'

const key = { accessKeyId: 'key', accessKeySecret: CANARY }
const client = { clientId: 'id', clientSecret: CANARY }
const tokens = staticToken('abc')
const AGENTS = '/incontactapi/services/v34.0/agents'

describe('a client is made of', () => {
  test.each<[string, CxoneCredentials]>([
    ['an access key and a client', { ...key, ...client }],
    ['the same for FedRAMP', { ...key, ...client, issuer: 'https://cxone-gov.niceincontact.com' }],
    ['the same with an area, which is not needed', { ...key, ...client, area: 'na1' }],
    ['an access key and an area', { ...key, area: 'na1' }],
    ['an access key and where it signs in', { ...key, accessKeyEndpoint: 'https://login.example.com/key' }],
    ['an access key and the API URL', { ...key, area: 'na1', apiUrl: 'https://api.example.com' }],
    ['tokens and the API URL', { tokens, apiUrl: 'https://api.example.com' }],
  ])('%s', async (_what, credentials) => {
    const cxone = new Cxone(credentials)
    expect(cxone.agents).toBeDefined()
    await cxone.close()
  })

  test.each<[string, string, object]>([
    ['an access key alone', 'invalid_option', key],
    ['half a client', 'invalid_option', { ...key, clientId: 'id', area: 'na1' }],
    ['the other half', 'invalid_option', { ...key, clientSecret: CANARY, area: 'na1' }],
    ['no access key id', 'invalid_option', { ...client, accessKeySecret: CANARY }],
    ['an empty access key secret', 'invalid_option', { ...key, ...client, accessKeySecret: '' }],
    ['http off loopback for the issuer', 'insecure_url', { ...key, ...client, issuer: 'http://login.example.com' }],
    ['http off loopback for the API', 'insecure_url', { ...key, ...client, apiUrl: 'http://api.example.com' }],
    ['a domain of the API that is a URL', 'invalid_option', { ...key, area: 'na1', apiDomains: ['https://a.example'] }],
    [
      'an endpoint origin with a path',
      'invalid_origin',
      { ...key, ...client, endpointOrigins: ['https://a.example/x'] },
    ],
    ['an endpoint origin alone', 'invalid_option', { ...key, ...client, endpointOrigins: 'https://a.example' }],
    ['an API URL with a path', 'invalid_origin', { ...key, ...client, apiUrl: 'https://api.example.com/x' }],
    ['credentials in a URL', 'invalid_origin', { ...key, ...client, apiUrl: `https://u:${CANARY}@api.example.com` }],
    ['tokens and no place', 'invalid_origin', { tokens }],
  ])('not of %s', async (_what, code, credentials) => {
    const error = await errorOf(() => new Cxone(credentials as CxoneCredentials))
    expect(error).toMatchObject({ code })
    expect(everythingOf(error)).not.toContain(CANARY)
  })

  test('the environment, with a client or without', async () => {
    const { running } = await connect()
    for (const env of [running.env, running.accessKeyEnv]) {
      const cxone = Cxone.fromEnv(line().pace, { ...env })
      closeLater(cxone)
      expect(await all(cxone.pages(AGENTS, { rowId: 'agentId' }))).toHaveLength(running.truth.agentIds().length)
    }
    expect(running.simulator.counts.signIns).toBe(2)
  })

  test('and does nothing before the first call', async () => {
    const { sent, running } = await connect()
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent).toEqual([])
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 0, requests: 0, discoveryRequests: 0 })
  })
})

describe('a session', () => {
  test('signs in, finds out where the API is, and goes through its dispatcher for all of it', async () => {
    const { cxone, sent } = await connect()
    await all(cxone.pages(AGENTS, { pageSize: 100 }))
    expect(sent.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      'GET /.well-known/openid-configuration',
      'POST /auth/token',
      'GET /.well-known/cxone-configuration',
      `GET ${AGENTS}`,
      `GET ${AGENTS}`,
    ])
  })

  test('asks for one token and one configuration, however many calls begin at once', async () => {
    const { cxone, running } = await connect()
    await Promise.all(Array.from({ length: 40 }, () => cxone.request('GET', AGENTS)))
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, discoveryRequests: 2, requests: 40 })
  })

  test('sends no token to an API outside the domains of NICE, unless `apiDomains` or `apiUrl` names it [R40]', async () => {
    const nice = await startNice()
    closeLater({ close: async () => nice.close() })
    nice.cxoneConfiguration = (response) => json(response, 200, { api_endpoint: 'https://api.example.com' })
    const network = new MockAgent()
    closeLater(network)
    network.enableNetConnect(/^127\./)
    const authorizations: unknown[] = []
    network
      .get('https://api.example.com')
      .intercept({ path: AGENTS })
      .reply(200, ({ headers }) => {
        authorizations.push((headers as Record<string, string>)['authorization'])
        return {}
      })
      .persist()
    const ask = async (settings: object): Promise<unknown> => {
      const cxone = new Cxone(
        { ...key, ...client, issuer: nice.origin, ...settings },
        { dispatcher: network, patience: 0 },
      )
      closeLater(cxone)
      return cxone.request('GET', AGENTS)
    }
    expect(await errorOf(ask({}))).toMatchObject({
      code: 'discovery_failed',
      message: expect.stringMatching(/https:\/\/api\.example\.com, .*`apiDomains` or set `apiUrl`/),
    })
    expect(authorizations).toEqual([])
    await ask({ apiDomains: ['example.com'] })
    await ask({ apiUrl: 'https://api.example.com' })
    expect(authorizations).toEqual(['Bearer a2', 'Bearer a3'])
  })

  test('asks nobody where the API is when it was told', async () => {
    const { running } = await connect()
    const { pace, sent } = line()
    const { CXONE_ACCESS_KEY_ID: accessKeyId, CXONE_ACCESS_KEY_SECRET: accessKeySecret } = running.env
    const accessKeyEndpoint = running.accessKeyEnv.CXONE_ACCESS_KEY_ENDPOINT
    const cxone = new Cxone({ accessKeyId, accessKeySecret, accessKeyEndpoint, apiUrl: running.apiUrl }, pace)
    closeLater(cxone)
    await cxone.request('GET', AGENTS)
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })

  test('renews a revoked token by its refresh token, and signs in anew when that has died', async () => {
    const { cxone, running } = await connect({ faults: [{ kind: 'revoked', at: 2 }] })
    const agents = cxone.pages(AGENTS, { rowId: 'agentId', pageSize: 10 })
    const ids = (await all(agents)).map((agent) => (agent as { agentId: number }).agentId)
    expect(ids).toEqual(running.truth.agentIds())
    expect(running.simulator.counts).toMatchObject({ signIns: 1, refreshes: 1 })

    running.simulator.addFault({ kind: 'refresh-dead' })
    running.simulator.addFault({ kind: 'revoked', at: 2 })
    for (const _ of ['refresh-dead', 'revoked']) await cxone.request('GET', AGENTS)
    expect(running.simulator.counts).toMatchObject({ signIns: 2 })
  })

  test('gives up with the 401 when the API takes none of its tokens', async () => {
    const { cxone, running } = await connect(
      { faults: [{ kind: 'unauthorized', times: Infinity }] },
      { patience: 3_000 },
    )
    const error = await errorOf<ApiError>(cxone.request('GET', AGENTS))
    expect(error).toMatchObject({ code: 'api_unauthorized', status: 401 })
    expect(running.simulator.counts.tokenRequests).toBeLessThan(8)
  })
})

describe('what passes by itself is waited for:', () => {
  const faults: [string, CxoneFault][] = [
    ['429', { kind: 'rate-limited', at: 2, times: 2 }],
    ['503 with Retry-After', { kind: 'unavailable', at: 2, retryAfter: 2 }],
    ['502 with a page of HTML', { kind: 'bad-gateway', at: 2, times: 3 }],
    ['a connection that is cut', { kind: 'cut', at: 2, times: 3 }],
    ['an answer that is cut', { kind: 'cut-body', at: 2, times: 3 }],
    ['a token endpoint that is not there', { kind: 'down', to: 'token', times: 2 }],
    ['an issuer that is busy', { kind: 'unavailable', to: '/.well-known/', times: 2 }],
  ]

  test.each(faults)('%s', async (_what, fault) => {
    const { cxone, running } = await connect({ faults: [fault] })
    const agents = await all(cxone.pages(AGENTS, { rowId: 'agentId', pageSize: 10 }))
    expect(agents).toHaveLength(running.truth.agentIds().length)
    expect(running.simulator.counts.faults).toBeGreaterThanOrEqual(fault.times ?? 1)
  })

  test.each([509, 529])('%d, for as long as it says', async (status) => {
    let asked = 0
    const { cxone, sent } = await connectTo(() =>
      ++asked === 1 ? new Response(null, { status, headers: { 'retry-after': '2' } }) : Response.json({ users: [] }),
    )
    expect(await cxone.request('GET', '/user-management/v1/users')).toEqual({ users: [] })
    expect(sent).toHaveLength(2)
  })
})

describe('any endpoint', () => {
  test('may answer with nothing', async () => {
    const { cxone } = await connectTo(() => new Response(null, { status: 204 }))
    expect(await cxone.request('GET', '/x')).toBeUndefined()
  })

  test('is one of this API, whether it is known already where that is or not', async () => {
    const { cxone, running } = await connect()
    for (const _ of ['not yet', 'now']) {
      const error = await errorOf(cxone.request('GET', 'https://elsewhere.example/x'))
      expect(error).toMatchObject({ code: 'unsafe_link' })
      expect(await cxone.request('GET', `${running.apiUrl}${AGENTS}?top=1`)).toHaveProperty('totalRecords')
    }
  })

  test('that refuses is a typed error, with the reason that stands in a header alone', async () => {
    const { cxone } = await connect({ reasonOnlyInHeader: true })
    const error = await errorOf<ApiError>(cxone.request('GET', AGENTS, { query: { top: 'many' } }))
    expect(error).toMatchObject({ code: 'api_bad_request', status: 400 })
    expect(error).not.toHaveProperty('platformCode')
    expect(error.message).toMatch(/no code \(.*top.*\)/)
  })
})

describe('close', () => {
  test('ends the token manager that was made here', async () => {
    const { cxone } = await connect()
    await cxone.request('GET', AGENTS)
    await cxone.close()
    await cxone.close()
    expect(await errorOf(cxone.request('GET', AGENTS))).toMatchObject({ name: 'TokenError', code: 'closed' })
  })

  test('ends requests that wait for a rate limit at once, each with a checkpoint of its own', async () => {
    const limited = [{ kind: 'rate-limited', retryAfter: 100, times: Infinity }] as const
    const { cxone } = await connect({ faults: limited }, { clock: systemClock })
    let heard!: () => void
    const isLimited = new Promise<void>((resolve) => (heard = resolve))
    subscribe('everbearer:rate-limited', heard)
    const both = [1, 2].map(() => errorOf<EverbearerError>(all(cxone.agents.list())))
    await isLimited
    unsubscribe('everbearer:rate-limited', heard)
    await cxone.close()
    const errors = await Promise.all(both)
    for (const error of errors)
      expect(error).toMatchObject({ code: 'closed', checkpoint: expect.any(String) as unknown })
    expect(errors[0]).not.toBe(errors[1])
  })

  test('ends a client that is still looking for its API', async () => {
    const { cxone, running } = await connect({ faults: [{ kind: 'slow', to: '/.well-known/', delay: 60_000 }] })
    const pending = errorOf(cxone.request('GET', AGENTS))
    while (running.simulator.counts.faults < 1) await new Promise((resolve) => setImmediate(resolve))
    await cxone.close()
    expect(await pending).toMatchObject({ code: 'closed' })
  })

  test('ends the search for the API on the wire too, and not by an option that is none', async () => {
    const nice = await startNice()
    const searching = new Promise<ServerResponse>((resolve) => (nice.cxoneConfiguration = resolve))
    // On which no time-out ends it.
    const still = { clock: new FakeClock(), dispatcher: wire().dispatcher }
    const cxone = new Cxone({ ...key, ...client, issuer: nice.origin }, still)
    const pending = errorOf(cxone.request('GET', AGENTS))
    const search = await searching
    expect(await errorOf(cxone.close({ revoke: 'no' as never }))).toMatchObject({ code: 'invalid_option' })
    await new Promise(setImmediate)
    expect(search.destroyed).toBe(false)
    const ended = once(search, 'close')
    await cxone.close()
    expect(await pending).toMatchObject({ code: 'closed' })
    await ended
    nice.close()
  })

  test('knows no way to revoke a token, and closes all the same', async () => {
    const { cxone } = await connect()
    await cxone.request('GET', AGENTS)
    expect(await errorOf(cxone.close({ revoke: true }))).toMatchObject({ code: 'revocation_unsupported' })
    expect(await errorOf(cxone.request('GET', AGENTS))).toMatchObject({ code: 'closed' })
  })

  test('leaves tokens of somebody else alone', async () => {
    const cxone = new Cxone({ tokens, apiUrl: 'https://api.example.com' }, { dispatcher: wire().dispatcher })
    const error = await errorOf(cxone.close({ revoke: true }))
    expect(error).toMatchObject({ code: 'revocation_unsupported' })
    expect(error.message).toContain('whoever made them has to')
    await cxone.close()
    await cxone[Symbol.asyncDispose]()
    expect((await tokens.getToken()).reveal()).toBe('abc')
  })
})

test('the signal of a client ends every request, and the search for the API', async () => {
  const controller = new AbortController()
  const slow = [{ kind: 'slow', to: '/.well-known/cxone', delay: 60_000 }] as const
  const { cxone, running } = await connect({ faults: slow }, { signal: controller.signal })
  const pending = [1, 2, 3].map(() => errorOf(cxone.request('GET', AGENTS)))
  while (running.simulator.counts.faults < 1) await new Promise((resolve) => setImmediate(resolve))
  const reason = new Error('shutting down')
  controller.abort(reason)
  for (const error of await Promise.all(pending)) expect(error).toBe(reason)
  expect(running.simulator.counts.requests).toBe(0)
})
