import { describe, expect, test } from '@jest/globals'
import { Cxone } from '../../src/cxone/index.js'
import type { VerifiableArea, VerifyCheck } from '../../src/cxone/index.js'
import type { RunningCxoneSimulator } from '../../src/testing/index.js'
import { HurriedClock } from '../http/hurried-clock.js'
import { CANARY, closeLater, connect, connectTo, errorOf, line, noContent, served } from './connect.js'

const AREAS = [
  'agents.list',
  'contacts.completed',
  'contacts.active',
  'users.search',
  'dataExtraction',
  'reportingJobs',
] as const
const AGENTS = { areas: ['agents.list'] } as const
const NOT_TRIED = 'Not tried: it needs what failed above.'
/** Nothing listens there: a port that only root may use. */
const NOWHERE = 'http://127.0.0.1:1'

/** The same tenant by other credentials, of which undefined ones are left out, or at another place. */
function clientOf({ env }: RunningCxoneSimulator, other: object): Cxone {
  const credentials = {
    accessKeyId: env.CXONE_ACCESS_KEY_ID,
    accessKeySecret: env.CXONE_ACCESS_KEY_SECRET,
    clientId: env.CXONE_CLIENT_ID,
    clientSecret: env.CXONE_CLIENT_SECRET,
    issuer: env.CXONE_ISSUER,
    ...other,
  }
  const given = Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== undefined))
  const cxone = new Cxone(given as typeof credentials, line().pace)
  closeLater(cxone)
  return cxone
}

const shown = (checks: readonly VerifyCheck[]) => checks.map(({ check, ok }) => `${ok ? 'fine' : 'FAILED'} ${check}`)

/** The only check that failed by itself, all after it not having been tried. */
function failureIn(checks: readonly VerifyCheck[]): VerifyCheck {
  const [failure, ...rest] = checks.slice(checks.findIndex(({ ok }) => !ok))
  for (const { ok, hint, code } of rest) expect({ ok, hint, code }).toEqual({ ok: false, hint: NOT_TRIED })
  return failure!
}

describe('when all is well, every check is', () => {
  test('for a tenant that is looked for', async () => {
    const { cxone, running, sent } = await connect()
    const areas = ['contacts.active', 'users.search', 'agents.list', 'contacts.completed'] as const
    expect(await cxone.verify({ areas })).toEqual(
      ['token', 'configuration', 'agents.list', 'contacts.completed', 'contacts.active', 'users.search'].map(
        (check) => ({ check, ok: true }),
      ),
    )
    expect(sent).toHaveLength(7)
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, discoveryRequests: 2 })
  })

  test('each by the smallest request that its area answers', async () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 56)
    const { clock } = line().pace
    const { cxone, sent } = await connectTo(noContent, { clock: { ...clock, now: () => now } })
    const checks = await cxone.verify()
    expect(shown(checks)).toEqual(['token', 'configuration', ...AREAS].map((check) => `fine ${check}`))
    const acd = '/incontactapi/services/v34.0'
    const minute = 'startDate=2026-01-02T03%3A03%3A00.000Z&endDate=2026-01-02T03%3A04%3A00.000Z'
    expect(sent.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /data-extraction/v1/jobs',
      `GET ${acd}/agents?fields=agentId&skip=0&top=1`,
      `GET ${acd}/contacts/active?fields=contactId&skip=0&top=1`,
      `GET ${acd}/contacts/completed?${minute}&fields=contactId&skip=0&top=1`,
      `GET ${acd}/report-jobs`,
      'POST /user-management/v2/users/search',
    ])
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ fields: ['id'], skip: 0, top: 1 })
  })

  test('in the versions that the client was told', async () => {
    const versions = { acd: 'v27.0', userSearch: 'v9', dataExtraction: 'v8' }
    const { cxone, sent } = await connectTo(noContent, { versions })
    await cxone.verify()
    for (const { path } of sent) expect(path).toMatch(/v27\.0|v9|v8/)
  })

  test('of no area, token and configuration alone', async () => {
    const { cxone, sent } = await connectTo(noContent)
    expect(shown(await cxone.verify({ areas: [] }))).toEqual(['fine token', 'fine configuration'])
    expect(sent).toEqual([])
  })
})

describe('each cause reads unlike every other:', () => {
  const seen = new Map<string, string>()

  /** What a reader sees, with what differs from one machine to another left out. */
  function isTold(checks: readonly VerifyCheck[], what: string, hint: RegExp): void {
    const text = JSON.stringify(checks).replaceAll(/127\.0\.0\.1:\d+|[\da-f-]{36}/g, '')
    expect(seen.get(text)).toBeUndefined()
    seen.set(text, what)
    expect(failureIn(checks).hint).toMatch(hint)
    expect(JSON.stringify(checks)).not.toContain(CANARY)
  }

  const alone = { clientId: undefined, clientSecret: undefined }

  test.each<[string, object, string, RegExp]>([
    [
      'a wrong access key secret',
      { accessKeySecret: `${CANARY}-x` },
      'token_denied',
      /refused the access key.*Check first the access key secret.*, then the access key id/,
    ],
    [
      'a wrong client secret',
      { clientSecret: `${CANARY}-x` },
      'token_denied',
      /refused the client.*Check first the client secret, then the client id/,
    ],
    ['an issuer where nothing listens', { issuer: NOWHERE }, 'discovery_failed', /ECONNREFUSED/],
    [
      'an issuer that is something else',
      { issuer: 'HTML' },
      'discovery_failed',
      /OpenID configuration.*heck the issuer/,
    ],
    [
      'an access-key endpoint where nothing listens',
      { ...alone, accessKeyEndpoint: `${NOWHERE}/x` },
      'token_endpoint_unreachable',
      /ECONNREFUSED.*of the `area` or `accessKeyEndpoint`/,
    ],
  ])('%s', async (what, { issuer, ...other }: { issuer?: string }, code, hint) => {
    const { running } = await connect()
    const html = await served(() => new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html' } }))
    const elsewhere = issuer && { issuer: issuer === 'HTML' ? html.origin : issuer }
    const checks = await clientOf(running, { ...other, ...elsewhere }).verify()
    expect(shown(checks)).toEqual(['token', 'configuration', ...AREAS].map((check) => `FAILED ${check}`))
    expect(failureIn(checks)).toMatchObject({ check: 'token', code })
    isTold(checks, what, hint)
    expect(running.simulator.counts.requests).toBe(0)
  })

  test('a wrong access key secret, without a client', async () => {
    const { running } = await connect()
    const accessKeyEndpoint = running.accessKeyEnv.CXONE_ACCESS_KEY_ENDPOINT
    const wrong = { ...alone, accessKeyEndpoint, accessKeySecret: `${CANARY}-x` }
    const checks = await clientOf(running, wrong).verify()
    expect(failureIn(checks)).toMatchObject({ check: 'token' })
    isTold(checks, 'key alone', /refused the access key.*Check first the access key secret/)
  })

  test('a tenant that the issuer does not know', async () => {
    const [{ running }, other] = [await connect(), await connect({ tenantId: 'another' })]
    const accessKeyEndpoint = running.accessKeyEnv.CXONE_ACCESS_KEY_ENDPOINT
    const cxone = clientOf(running, { ...alone, accessKeyEndpoint, issuer: other.running.issuer })
    const checks = await cxone.verify()
    expect(shown(checks).slice(0, 2)).toEqual(['fine token', 'FAILED configuration'])
    expect(failureIn(checks)).toMatchObject({ check: 'configuration', code: 'discovery_failed' })
    isTold(checks, 'tenant', /unknown tenant\. Check the issuer/)
  })

  test('a configuration that something else answers', async () => {
    const { running } = await connect({ faults: [{ kind: 'html', to: '/.well-known/cxone', times: Infinity }] })
    const checks = await clientOf(running, {}).verify()
    expect(failureIn(checks)).toMatchObject({ check: 'configuration', code: 'discovery_failed' })
    isTold(checks, 'configuration', /CXone configuration.*check the issuer/)
  })

  test('an API host where nothing listens', async () => {
    const { running } = await connect()
    const checks = await clientOf(running, { apiUrl: NOWHERE }).verify(AGENTS)
    expect(failureIn(checks)).toMatchObject({ check: 'agents.list', code: 'api_unreachable' })
    isTold(checks, 'API host', /ECONNREFUSED.*Check first `apiUrl`, if you set it, then DNS, firewall and proxy/)
  })

  test.each<[string, () => Response, string, RegExp]>([
    [
      'a page of HTML',
      () => page(200),
      'api_response_invalid',
      /not JSON \(text\/html\).*what answers there is not the API of NICE CXone/,
    ],
    ['a token that is refused', () => page(401), 'api_unauthorized', /access token, not the id token/],
    ['missing rights', () => page(403), 'api_forbidden', /role of the access key's owner/],
    ['a version that is not there', () => page(404), 'api_not_found', /option `versions`/],
    ['500', () => page(500), 'api_server_error', /ask the support of NICE CXone/],
  ])('an API that answers %s', async (what, response, code, hint) => {
    const { cxone } = await connectTo(response)
    const checks = await cxone.verify(AGENTS)
    expect(shown(checks)).toEqual(['fine token', 'fine configuration', 'FAILED agents.list'])
    expect(failureIn(checks)).toMatchObject({ code })
    isTold(checks, what, hint)
  })

  function page(status: number): Response {
    return new Response('<h1>Hello</h1>', { status, headers: { 'content-type': 'text/html' } })
  }
})

test('an area that fails leaves the others', async () => {
  const refuse = ({ url }: Request) =>
    url.includes('/report-jobs') ? new Response(null, { status: 403 }) : noContent()
  const { cxone } = await connectTo(refuse)
  const checks = await cxone.verify()
  expect(checks.filter(({ ok }) => !ok)).toMatchObject([{ check: 'reportingJobs', code: 'api_forbidden' }])
  expect(checks).toHaveLength(8)
})

describe('what passes by itself is waited for:', () => {
  test.each([
    ['a token endpoint that is busy', { kind: 'unavailable', to: 'token' }],
    ['a configuration that is', { kind: 'unavailable', to: '/.well-known/cxone' }],
    ['a rate limit', { kind: 'rate-limited', retryAfter: 8 }],
    ['a token that was revoked', { kind: 'revoked' }],
  ] as const)('%s', async (_what, fault) => {
    const { cxone, running } = await connect({ faults: [fault] })
    expect(shown(await cxone.verify(AGENTS))).toEqual(['fine token', 'fine configuration', 'fine agents.list'])
    expect(running.simulator.counts.faults).toBe(1)
  })

  test('but an outage for some seconds only', async () => {
    const clock = new HurriedClock()
    const { cxone } = await connectTo(() => new Response(null, { status: 503 }), { clock })
    expect(failureIn(await cxone.verify(AGENTS))).toMatchObject({ check: 'agents.list', code: 'api_server_error' })
    expect(clock.monotonic()).toBeLessThan(5_000)
  })
})

test('an issuer that is left alone for a while is told by what it said', async () => {
  const { running } = await connect()
  const cxone = clientOf(running, { accessKeySecret: 'wrong' })
  const [first, second] = [await cxone.verify(), await cxone.verify()]
  expect(second).toEqual(first)
  expect(running.simulator.counts.tokenRequests).toBe(1)
})

describe('an area that there is no probe for', () => {
  test.each<[string, unknown]>([
    ['is refused', ['agents.list', 'agents.get']],
    ['is no text', 'agents.list'],
    ['is null', null],
  ])('%s, and nothing asked', async (_what, areas) => {
    const { cxone, sent } = await connectTo(noContent)
    const error = await errorOf(cxone.verify({ areas: areas as VerifiableArea[] }))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toContain('`areas`')
    expect(sent).toEqual([])
  })

  test('is told which ones there are', async () => {
    const { cxone } = await connectTo(noContent)
    // @ts-expect-error there is no probe for it
    const error = await errorOf(cxone.verify({ areas: ['x'] }))
    for (const known of AREAS) expect(error.message).toContain(known)
  })
})

describe('it rejects only', () => {
  test.each(['token', '/.well-known/cxone', 'api'] as const)('by the reason of an abort (at %s)', async (to) => {
    const { cxone, running } = await connect({ faults: [{ kind: 'slow', to, delay: 60_000 }] })
    const controller = new AbortController()
    const pending = errorOf(cxone.verify({ ...AGENTS, signal: controller.signal }))
    while (running.simulator.counts.faults < 1) await new Promise((resolve) => setImmediate(resolve))
    controller.abort('enough')
    expect(await pending).toBe('enough')
  })

  test('with `closed`', async () => {
    const { cxone } = await connect()
    await cxone.close()
    expect(await errorOf(cxone.verify())).toMatchObject({ code: 'closed' })
  })
})
