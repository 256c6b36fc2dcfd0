import { describe, expect, test } from '@jest/globals'
import { EverbearerError } from '../../src/base/errors.js'
import { GenesysCloud } from '../../src/genesys/index.js'
import type { GenesysCloudOptions, VerifyCheck } from '../../src/genesys/index.js'
import { staticToken } from '../../src/token/static-token.js'
import type { RunningGenesysSimulator } from '../../src/testing/index.js'
import { serve } from '../../src/testing/serve.js'
import { CANARY, closeLater, connect, connectTo, errorOf, fastClock, wire } from './connect.js'
import type { Wire } from './connect.js'

const AREAS = ['users.list', 'users.query', 'analytics.conversations.query', 'analytics.conversations.export']
const DIRECTORY = 'directory:user:view'
const DETAILS = 'analytics:conversationDetail:view'
const NOT_TRIED = 'Not tried: it needs what failed above.'
/** Nothing listens there: a port that only root may use. */
const NOWHERE = 'http://127.0.0.1:1'

/** The same organization by other credentials, or at another place. */
function clientOf(
  { env }: RunningGenesysSimulator,
  other: Partial<Record<'clientId' | 'clientSecret' | 'loginUrl' | 'apiUrl', string>>,
  options: GenesysCloudOptions = {},
): { genesys: GenesysCloud } & Wire {
  const line = wire()
  const credentials = {
    clientId: env.GENESYS_CLIENT_ID,
    clientSecret: CANARY,
    loginUrl: env.GENESYS_LOGIN_URL,
    apiUrl: env.GENESYS_API_URL,
    ...other,
  }
  const genesys = new GenesysCloud(credentials, {
    dispatcher: line.dispatcher,
    requestsPerMinute: Infinity,
    clock: fastClock(),
    ...options,
  })
  closeLater(genesys)
  return { genesys, ...line }
}

const shown = (checks: readonly VerifyCheck[]) => checks.map(({ check, ok }) => `${ok ? 'fine' : 'FAILED'} ${check}`)

/** The only check that failed by itself, all after it not having been tried. */
function failureIn(checks: readonly VerifyCheck[]): VerifyCheck {
  const [failure, ...rest] = checks.slice(checks.findIndex(({ ok }) => !ok))
  for (const { ok, hint, code } of rest) expect({ ok, hint, code }).toEqual({ ok: false, hint: NOT_TRIED })
  return failure!
}

test('when all is well, every check is', async () => {
  const { genesys, running, sent } = await connect()
  const checks = await genesys.verify()
  expect(checks).toEqual([
    { check: 'token', ok: true },
    { check: 'session', ok: true },
    { check: 'users.list', ok: true },
    { check: 'users.query', ok: true, permission: DIRECTORY },
    { check: 'analytics.conversations.query', ok: true, permission: DETAILS },
    { check: 'analytics.conversations.export', ok: true, permission: DETAILS },
  ])
  expect(checks.every(({ ok }) => ok)).toBe(true)
  expect(sent).toHaveLength(6)
  // Asking must not keep a token from idling out.
  expect(sent[1]).toMatchObject({ method: 'GET', path: '/api/v2/tokens/me?preserveIdleTTL=true' })
  expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, requests: 5 })
})

describe('each cause reads unlike every other:', () => {
  const seen = new Map<string, string>()

  /** What a reader sees, with what differs from one machine to another left out. */
  function isTold(checks: readonly VerifyCheck[], what: string, ...hints: RegExp[]): void {
    const text = JSON.stringify(checks).replaceAll(/127\.0\.0\.1:\d+|[\da-f-]{36}/g, '')
    expect(seen.get(text)).toBeUndefined()
    seen.set(text, what)
    for (const hint of hints) expect(failureIn(checks).hint).toMatch(hint)
    expect(JSON.stringify(checks)).not.toContain(CANARY)
  }

  test('a wrong secret', async () => {
    const { running } = await connect()
    const { genesys } = clientOf(running, { clientSecret: `${CANARY}-wrong` })
    const checks = await genesys.verify()
    expect(shown(checks)).toEqual(['token', 'session', ...AREAS].map((check) => `FAILED ${check}`))
    expect(failureIn(checks)).toMatchObject({ check: 'token', code: 'token_denied' })
    isTold(checks, 'secret', /authentication failed.*Check first the client secret, then the region.*, then .*active/)
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, requests: 0 })
  })

  test('a wrong region, where there is no such client', async () => {
    const { running } = await connect({ clientId: 'somebody-else' })
    const checks = await clientOf(running, { clientId: 'id' }).genesys.verify()
    expect(failureIn(checks)).toMatchObject({ check: 'token', code: 'token_denied' })
    isTold(checks, 'region', /client not found.*Check first the region/)
  })

  test.each(['disabled', 'inactive'] as const)('a client that is %s', async (state) => {
    const clients = [{ clientId: 'off', clientSecret: CANARY, state }]
    const { running } = await connect({ clients })
    const checks = await clientOf(running, { clientId: 'off' }).genesys.verify()
    expect(failureIn(checks)).toMatchObject({ check: 'token', code: 'token_denied' })
    isTold(checks, state, /Check first that the OAuth client is active/)
  })

  test('a login host where nothing listens', async () => {
    const { running } = await connect()
    const checks = await clientOf(running, { loginUrl: NOWHERE }).genesys.verify()
    expect(failureIn(checks)).toMatchObject({ check: 'token', code: 'token_endpoint_unreachable' })
    isTold(checks, 'login host', /ECONNREFUSED.*Check its host, then DNS, firewall and proxy\..*region.*`loginUrl`/)
  })

  test.each([
    [200, 'token_response_invalid', /check the token endpoint's address.*that of the region, or of `loginUrl`/],
    [404, 'token_endpoint_failed', /answered 404.*that of the region, or of `loginUrl`/],
  ])('a login URL that answers %d with a page of HTML', async (status, code, hint) => {
    const { running } = await connect()
    const served = await serve(() => page(status))
    closeLater(served)
    const checks = await clientOf(running, { loginUrl: served.origin }).genesys.verify()
    expect(failureIn(checks)).toMatchObject({ check: 'token', code })
    isTold(checks, `login URL ${status}`, hint)
  })

  test('a blocked address', async () => {
    const { genesys, running } = await connect({ faults: [{ kind: 'ip-not-authorized', times: Infinity }] })
    const checks = await genesys.verify()
    expect(shown(checks).slice(0, 2)).toEqual(['fine token', 'FAILED session'])
    expect(failureIn(checks)).toMatchObject({ check: 'session', code: 'api_unauthorized' })
    isTold(checks, 'address', /ip\.not\.authorized.*Check the list of IP addresses/)
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, requests: 1 })
  })

  test('a login and an API of two regions, soon', async () => {
    const [{ running }, other] = [await connect(), await connect()]
    const clock = fastClock()
    const { genesys } = clientOf(running, { apiUrl: other.running.apiUrl }, { clock })
    const since = clock.monotonic()
    const checks = await genesys.verify()
    expect(clock.monotonic() - since).toBeLessThan(20_000)
    expect(failureIn(checks)).toMatchObject({ check: 'session', code: 'api_unauthorized' })
    isTold(checks, 'two regions', /bad\.credentials.*check that loginUrl and apiUrl are of one region/)
  })

  test('an API host where nothing listens', async () => {
    const { running } = await connect()
    const checks = await clientOf(running, { apiUrl: NOWHERE }).genesys.verify()
    expect(failureIn(checks)).toMatchObject({ check: 'session', code: 'api_unreachable' })
    isTold(checks, 'API host', /ECONNREFUSED.*Check first the region or `apiUrl`, then DNS, firewall and proxy/)
  })

  test.each([
    [
      'a page of HTML',
      () => page(200),
      'api_response_invalid',
      /not JSON \(text\/html\).*Check first the region or `apiUrl`/,
    ],
    ['a page of HTML, 404', () => page(404), 'api_not_found', /answered 404.*Check first the region or `apiUrl`/],
    ['a page of HTML, 403', () => page(403), 'api_forbidden', /answered 403.*then for a proxy/],
    [
      'JSON of something else',
      () => Response.json(['x']),
      'schema_mismatch',
      /schema.*Check first the region or `apiUrl`/,
    ],
    ['502', () => page(502), 'api_server_error', /answered 502.*Try again later/],
  ])('an API URL that answers %s', async (what, response, code, hint) => {
    const { genesys } = await connectTo(response)
    const checks = await genesys.verify()
    expect(failureIn(checks)).toMatchObject({ check: 'session', code })
    isTold(checks, what, hint)
  })

  test.each([
    [DIRECTORY, [DETAILS], ['users.query']],
    [DETAILS, [DIRECTORY], ['analytics.conversations.query', 'analytics.conversations.export']],
  ])('a role without %s', async (permission, permissions, missing) => {
    const { genesys } = await connect({ permissions })
    const checks = await genesys.verify()
    expect(checks.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(missing)
    for (const check of checks.filter(({ ok }) => !ok)) {
      expect(check).toMatchObject({ permission, code: 'api_forbidden' })
      expect(check.hint).toContain(permission)
      expect(check.hint).toContain('Give a role with it to the OAuth client')
    }
    isTold(checks, permission)
  })

  function page(status: number): Response {
    return new Response('<h1>Hello</h1>', { status, headers: { 'content-type': 'text/html' } })
  }
})

describe('with `permissions`', () => {
  test('only what they open is tried', async () => {
    const { genesys, sent } = await connect({ permissions: ['routing:queue:view'] })
    const checks = await genesys.verify({ permissions: ['routing:wrapupCode:view', 'routing:queue:view'] })
    expect(checks).toMatchObject([
      { check: 'token', ok: true },
      { check: 'session', ok: true },
      { check: 'routing.queues', ok: true, permission: 'routing:queue:view' },
      { check: 'routing.wrapupcodes', ok: false, permission: 'routing:wrapupCode:view', code: 'api_forbidden' },
    ])
    expect(sent).toHaveLength(4)
  })

  test('of none, the session alone', async () => {
    const { genesys } = await connect()
    expect(shown(await genesys.verify({ permissions: [] }))).toEqual(['fine token', 'fine session'])
  })

  test.each<[string, unknown]>([
    ['an unknown one', ['routing:queue:view', 'telephony:phone:view']],
    ['what is no list', 'routing:queue:view'],
    ['null', null],
  ])('%s is refused, and nothing asked', async (_what, permissions) => {
    const { genesys, sent } = await connect()
    const error = await errorOf(genesys.verify({ permissions: permissions as never }))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toContain('`permissions`')
    expect(sent).toEqual([])
  })

  test('an unknown one is told which ones there are', async () => {
    const { genesys } = await connect()
    // @ts-expect-error there is no probe for it
    const error = await errorOf(genesys.verify({ permissions: ['x:y:z'] }))
    for (const known of [DIRECTORY, DETAILS, 'routing:queue:view', 'routing:wrapupCode:view']) {
      expect(error.message).toContain(known)
    }
  })
})

describe('what passes by itself is waited for:', () => {
  test('a rate limit, as long as it says', async () => {
    const limited = { kind: 'rate-limited', at: 2, times: 4, retryAfter: 8 } as const
    const { genesys } = await connect({ faults: [limited] })
    expect((await genesys.verify()).every(({ ok }) => ok)).toBe(true)
  })

  test('a token that was revoked', async () => {
    const { genesys, running } = await connect()
    await genesys.verify()
    running.simulator.revokeTokens()
    expect((await genesys.verify()).every(({ ok }) => ok)).toBe(true)
    expect(running.simulator.counts.tokensMinted).toBe(2)
  })

  test('but an outage for some seconds only', async () => {
    const clock = fastClock()
    const { genesys } = await connect({ faults: [{ kind: 'unavailable', times: Infinity }] }, { clock })
    const since = clock.monotonic()
    expect(failureIn(await genesys.verify())).toMatchObject({ check: 'session', code: 'api_server_error' })
    expect(clock.monotonic() - since).toBeLessThan(20_000)
  })
})

test('a token endpoint that is left alone for a while is told by what it said', async () => {
  const { running } = await connect()
  const { genesys } = clientOf(running, { clientSecret: 'wrong' })
  const [first, second] = [await genesys.verify(), await genesys.verify()]
  expect(second).toEqual(first)
  expect(running.simulator.counts.tokenRequests).toBe(1)
})

test('an area that fails leaves the others', async () => {
  const broken = { kind: 'internal-error', to: '/api/v2/users/query', times: Infinity } as const
  const { genesys } = await connect({ faults: [broken] })
  const checks = await genesys.verify()
  expect(checks.filter(({ ok }) => !ok)).toMatchObject([{ check: 'users.query', code: 'api_server_error' }])
})

test('a page in the place of one area says nothing of the API', async () => {
  const { genesys } = await connectTo((request) =>
    new URL(request.url).pathname === '/api/v2/users/query'
      ? new Response('<h1/>', { status: 404 })
      : Response.json({}),
  )
  const [failed, ...others] = (await genesys.verify()).filter(({ ok }) => !ok)
  expect(others).toEqual([])
  expect(failed).toMatchObject({ check: 'users.query', code: 'api_not_found' })
  expect(failed?.hint).not.toContain('apiUrl')
})

test('tokens that were passed in are verified as well', async () => {
  const { running, dispatcher } = await connect()
  const genesys = new GenesysCloud({ tokens: staticToken('abc'), apiUrl: running.apiUrl }, { dispatcher })
  expect(failureIn(await genesys.verify())).toMatchObject({ check: 'session', code: 'api_unauthorized' })
})

describe('it rejects only', () => {
  test.each([1, 3])('by the reason of an abort (in request %d)', async (at) => {
    const { genesys, running } = await connect({ faults: [{ kind: 'slow', at, delay: 60_000 }] })
    const controller = new AbortController()
    const pending = errorOf(genesys.verify({ signal: controller.signal }))
    while (running.simulator.counts.faults < 1) await new Promise((resolve) => setImmediate(resolve))
    controller.abort('enough')
    expect(await pending).toBe('enough')
  })

  test('by that reason also when it is an error of this package', async () => {
    const { genesys } = await connect()
    const reason = new EverbearerError('api_unreachable', 'The listing before it failed.')
    expect(await errorOf(genesys.verify({ signal: AbortSignal.abort(reason) }))).toBe(reason)
  })

  test('with `closed`', async () => {
    const { genesys } = await connect()
    await genesys.close()
    expect(await errorOf(genesys.verify())).toMatchObject({ code: 'closed' })
  })
})
