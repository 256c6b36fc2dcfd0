import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { promisify } from 'node:util'
import type { ApiError, EverbearerError } from '../../src/base/errors.js'
import { systemClock } from '../../src/base/clock.js'
import { GenesysCloud } from '../../src/genesys/index.js'
import type { GenesysCloudOptions, GenesysCredentials } from '../../src/genesys/index.js'
import { genesysGrant } from '../../src/genesys/genesys-grant.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { staticToken } from '../../src/token/static-token.js'
import type { GenesysFault } from '../../src/testing/index.js'
import { all, CANARY, closeLater, connect, connectTo, errorOf, everythingOf, wire } from './connect.js'

const client = { clientId: 'id', clientSecret: CANARY }
const urls = { loginUrl: 'https://login.example.com', apiUrl: 'https://api.example.com' }
const interval = '2026-01-05T00:00:00Z/2026-01-08T00:00:00Z'

describe('a client is made of', () => {
  test.each<[string, GenesysCredentials]>([
    ['a region by its AWS name', { ...client, region: 'us-east-1' }],
    ['a region as SDKs write it', { ...client, region: 'us_east_1' }],
    ['any domain', { ...client, region: 'new1.pure.cloud' }],
    ['both URLs', { ...client, ...urls }],
    [
      'both URLs on loopback, by http',
      { ...client, loginUrl: 'http://localhost:8080', apiUrl: 'http://127.0.0.1:8080' },
    ],
    ['tokens and a region', { tokens: staticToken('abc'), region: 'us-east-1' }],
    ['tokens and the API URL', { tokens: staticToken('abc'), apiUrl: 'https://api.example.com' }],
  ])('%s', async (_what, credentials) => {
    const genesys = new GenesysCloud(credentials)
    expect(genesys.users).toBeDefined()
    await genesys.close()
  })

  test.each<[string, string, object]>([
    ['a region that is none', 'invalid_option', { ...client, region: 'middle-earth' }],
    ['no place at all', 'invalid_option', client],
    ['a login URL alone', 'invalid_origin', { ...client, loginUrl: urls.loginUrl }],
    ['an API URL alone', 'invalid_option', { ...client, apiUrl: urls.apiUrl }],
    ['a login URL with a path', 'invalid_origin', { ...client, ...urls, loginUrl: 'https://login.example.com/oauth' }],
    ['an API URL with a path', 'invalid_origin', { ...client, ...urls, apiUrl: 'https://api.example.com/api/v2' }],
    ['an API URL with a query', 'invalid_origin', { ...client, ...urls, apiUrl: 'https://api.example.com?x' }],
    ['credentials in a URL', 'invalid_origin', { ...client, ...urls, apiUrl: `https://u:${CANARY}@api.example.com` }],
    ['what is no URL', 'invalid_origin', { ...client, ...urls, apiUrl: `api ${CANARY}` }],
    ['http off loopback for the login', 'insecure_url', { ...client, ...urls, loginUrl: 'http://login.example.com' }],
    ['http off loopback for the API', 'insecure_url', { ...client, ...urls, apiUrl: 'http://api.example.com' }],
    ['no client id', 'invalid_option', { ...urls, clientSecret: CANARY }],
    ['an empty client id', 'invalid_option', { ...client, ...urls, clientId: '' }],
    ['an empty secret', 'invalid_option', { ...client, ...urls, clientSecret: '' }],
    ['tokens and no place', 'invalid_option', { tokens: staticToken('abc') }],
  ])('not of %s', async (_what, code, credentials) => {
    const error = await errorOf(() => new GenesysCloud(credentials as GenesysCredentials))
    expect(error).toMatchObject({ code })
    expect(everythingOf(error)).not.toContain(CANARY)
  })

  test.each<[string, GenesysCloudOptions]>([
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['requestsPerMinute', { requestsPerMinute: 0 }],
    ['requestsPerMinute', { requestsPerMinute: NaN }],
    ['patience', { patience: -1 }],
    ['validate', { validate: 'some' as 'full' }],
  ])('not with such %s: %j', async (name, options) => {
    const error = await errorOf(() => new GenesysCloud({ ...client, region: 'us-east-1' }, options))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toContain(`\`${name}\``)
  })

  test('the environment of its process', async () => {
    const { running } = await connect()
    const program = `
      import { GenesysCloud } from ${JSON.stringify(new URL('../../dist/genesys/index.js', import.meta.url).href)}
      await using_()
      async function using_() {
        const genesys = GenesysCloud.fromEnv()
        let users = 0
        for await (const _ of genesys.users.list()) users++
        console.log(users)
        await genesys.close()
      }`
    const run = (env: object) =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, ...env } })
    expect((await run(running.env)).stdout.trim()).toBe('30')
    const without = { GENESYS_CLIENT_ID: '', GENESYS_CLIENT_SECRET: CANARY, GENESYS_REGION: '' }
    const { stderr } = await errorOf<Error & { stderr: string }>(run(without))
    expect(stderr).toContain('Missing or empty environment variables: GENESYS_CLIENT_ID, GENESYS_REGION.')
    expect(stderr).not.toContain(CANARY)
  })

  test('and does nothing before the first call', async () => {
    const { sent, running } = await connect()
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent).toEqual([])
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 0, requests: 0 })
  })
})

describe('a session', () => {
  test('goes through its dispatcher, token requests too', async () => {
    const { genesys, sent } = await connect()
    await all(genesys.users.list())
    expect(sent.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      'POST /oauth/token',
      'GET /api/v2/users',
      'GET /api/v2/users',
    ])
  })

  test('asks for one token, however many calls begin at once', async () => {
    const { genesys, running } = await connect()
    await Promise.all(Array.from({ length: 40 }, () => all(genesys.users.list())))
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, tokensMinted: 1 })
  })

  test('has no more requests under way than `concurrency`', async () => {
    let underWay = 0
    let most = 0
    const { genesys } = await connectTo(
      async () => {
        most = Math.max(most, ++underWay)
        await new Promise((resolve) => setTimeout(resolve, 5))
        underWay--
        return Response.json({ entities: [] })
      },
      { concurrency: 3 },
    )
    await Promise.all(Array.from({ length: 20 }, () => all(genesys.users.list())))
    expect(most).toBe(3)
  })

  test('is not told of a token that is revoked in mid-query', async () => {
    const { genesys, running } = await connect({ faults: [{ kind: 'revoked', at: 3 }] })
    const rows = await all(genesys.analytics.conversations.query({ interval }))
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(running.truth.conversationIds(interval))
    // Of the pages that are fetched ahead several may be refused.
    expect(running.simulator.counts.unauthorized).toBeGreaterThan(0)
    expect(running.simulator.counts.tokensMinted).toBe(2)
  })

  test('asks for no new token when its address is not allowed', async () => {
    const { genesys, running, secrets } = await connect({ faults: [{ kind: 'ip-not-authorized', at: 2, times: 3 }] })
    const error = await errorOf(all(genesys.analytics.conversations.query({ interval })))
    expect(error).toMatchObject({ code: 'api_unauthorized', status: 401, platformCode: 'ip.not.authorized' })
    expect(error.message).toMatch(/IP addresses/)
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, unauthorized: 1, requests: 2 })
    for (const secret of secrets) expect(everythingOf(error)).not.toContain(secret)
  })

  test('gives up with the 401 when the API takes none of its tokens', async () => {
    const { genesys, running } = await connect(
      { faults: [{ kind: 'unauthorized', times: Infinity }] },
      { patience: 3_000 },
    )
    const error = await errorOf<ApiError>(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'api_unauthorized', platformCode: 'bad.credentials' })
    expect(error.message).toMatch(/one region/)
    expect(running.simulator.counts.tokenRequests).toBeLessThan(8)
  })
})

describe('what the API refuses is a typed error:', () => {
  test('a missing permission, by its name', async () => {
    const { genesys, running } = await connect({ permissions: ['routing:queue:view'] })
    const error = await errorOf<ApiError>(all(genesys.analytics.conversations.query({ interval })))
    const names = ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']
    expect(error).toMatchObject({ code: 'api_forbidden', status: 403, retryable: false, missingPermissions: names })
    expect(error.message).toContain('analytics:conversationDetail:view')
    expect(error.message).toContain('Give a role with it')
    expect(error.correlationId).toMatch(/^[\da-f-]{36}$/)
    expect(error.message).toContain(error.correlationId)
    expect(running.simulator.counts).toMatchObject({ requests: 1, tokenRequests: 1 })
  })

  test('404', async () => {
    const body = { code: 'not.found', message: 'There is no such user.', status: 404, contextId: 'c-7' }
    const { genesys } = await connectTo(() => Response.json(body, { status: 404 }))
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'api_not_found', platformCode: 'not.found', correlationId: 'c-7' })
  })

  test('500, which is not tried again', async () => {
    const { genesys, sent } = await connect({ faults: [{ kind: 'internal-error' }] })
    expect(await errorOf(all(genesys.users.list()))).toMatchObject({ code: 'api_server_error', status: 500 })
    expect(sent.filter(({ method }) => method === 'GET')).toHaveLength(1)
  })

  test('429 that asks for more than 180 s, at once', async () => {
    const limited = [{ kind: 'rate-limited', retryAfter: 181 }] as const
    const { genesys, sent } = await connect({ faults: limited })
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'api_rate_limited', status: 429, retryAfter: 181_000, retryable: true })
    expect(error).toMatchObject({ platformCode: 'too.many.requests.retry.after' })
    expect(sent.filter(({ method }) => method === 'GET')).toHaveLength(1)
  })

  test('502 with a page of HTML, when it goes on for longer than the patience', async () => {
    const { genesys } = await connect({ faults: [{ kind: 'bad-gateway', times: Infinity }] }, { patience: 1 })
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'api_server_error', status: 502, retryable: true })
    expect(error.message).not.toContain('<')
    expect(error).toHaveProperty('correlationId')
  })

  test.each(['html', 'not-json'] as const)('200 with what is no JSON (%s)', async (kind) => {
    const { genesys } = await connect({ faults: [{ kind }] })
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: 'api_response_invalid', status: 200, retryable: false })
    expect(error.message).toContain('GET /api/v2/users')
  })

  test('a region where nothing listens', async () => {
    const { genesys, running } = await connect({}, { patience: 200 })
    await running.close()
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: expect.stringMatching(/^token_/), retryable: true })
    expect(everythingOf(error)).not.toContain(CANARY)
  })
})

describe('what passes by itself is waited for:', () => {
  const faults: [string, GenesysFault][] = [
    ['429, as long as it says', { kind: 'rate-limited', at: 2, times: 2, retryAfter: 2 }],
    ['502', { kind: 'bad-gateway', at: 2, times: 3 }],
    ['503', { kind: 'unavailable', at: 2, times: 3 }],
    ['503 with Retry-After', { kind: 'unavailable', at: 2, retryAfter: 2 }],
    ['504', { kind: 'gateway-timeout', at: 2, times: 3 }],
    ['a connection that is cut', { kind: 'cut', at: 2, times: 3 }],
    ['an answer that is cut', { kind: 'cut-body', at: 2, times: 3 }],
    ['an API that is down', { kind: 'down', at: 2, duration: 100 }],
  ]

  test.each(faults)('%s', async (_what, fault) => {
    const { genesys, running } = await connect({ faults: [fault] })
    const rows = await all(genesys.analytics.conversations.query({ interval }))
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(running.truth.conversationIds(interval))
    expect(running.simulator.counts.faults).toBeGreaterThanOrEqual(fault.times ?? 1)
  })

  test('waits for a rate limit use up no patience', async () => {
    const limited = [{ kind: 'rate-limited', times: 4, retryAfter: 3 }] as const
    const { genesys } = await connect({ faults: limited }, { patience: 5_000 })
    expect(await all(genesys.users.list())).toHaveLength(30)
  })
})

describe('tokens of somebody else', () => {
  test('are used, shared, and not closed', async () => {
    const { running } = await connect()
    const { GENESYS_CLIENT_ID: clientId, GENESYS_API_URL: apiUrl, GENESYS_LOGIN_URL: loginUrl } = running.env
    const { dispatcher } = wire()
    const tokens = new TokenManager(genesysGrant({ loginUrl, clientId, clientSecret: CANARY, dispatcher }))
    closeLater(tokens)
    const one = new GenesysCloud({ tokens, apiUrl }, { dispatcher })
    const other = new GenesysCloud({ tokens, apiUrl }, { dispatcher })
    expect(await all(one.users.list())).toHaveLength(30)
    await one.close()
    await one[Symbol.asyncDispose]()
    expect(await all(other.users.list())).toHaveLength(30)
    expect(await all(one.users.list())).toHaveLength(30)
    expect(running.simulator.counts.tokensMinted).toBe(1)
    expect((await tokens.getToken()).lifetime).toBe(86_400_000)
  })

  test('with a region go to its API', async () => {
    const { dispatcher, sent } = wire()
    const origins: unknown[] = []
    const nowhere = dispatcher.compose(() => (options, handler) => {
      origins.push(options.origin)
      handler.onResponseError?.(null as never, Object.assign(new Error('refused'), { code: 'ENOTFOUND' }))
      return true
    })
    const genesys = new GenesysCloud(
      { tokens: staticToken('abc'), region: 'mx_central_1' },
      { dispatcher: nowhere, patience: 0 },
    )
    expect(await errorOf(all(genesys.users.list()))).toMatchObject({ code: 'api_unreachable' })
    expect(origins).toEqual(['https://api.mxc1.pure.cloud'])
    expect(sent).toEqual([])
  })
})

describe('close', () => {
  test('ends the token manager that was made here', async () => {
    const { genesys } = await connect()
    await all(genesys.users.list())
    await genesys.close()
    await genesys.close()
    expect(await errorOf(all(genesys.users.list()))).toMatchObject({ name: 'TokenError', code: 'closed' })
  })

  test('ends requests that wait for a rate limit at once', async () => {
    const limited = [{ kind: 'rate-limited', retryAfter: 100, times: Infinity }] as const
    const { genesys } = await connect({ faults: limited }, { clock: systemClock })
    let heard!: () => void
    const isLimited = new Promise<void>((resolve) => (heard = resolve))
    subscribe('everbearer:rate-limited', heard)
    const both = [genesys.users.list(), genesys.users.list()].map((users) => errorOf<EverbearerError>(all(users)))
    await isLimited
    unsubscribe('everbearer:rate-limited', heard)
    await genesys.close()
    const errors = await Promise.all(both)
    for (const error of errors)
      expect(error).toMatchObject({ code: 'closed', checkpoint: expect.any(String) as unknown })
    expect(errors[0]).not.toBe(errors[1])
  })

  test('comes with `await using`', async () => {
    const { running } = await connect()
    let kept: GenesysCloud
    {
      await using genesys = GenesysCloud.fromEnv({ dispatcher: wire().dispatcher }, running.env)
      kept = genesys
      expect(await all(genesys.users.list())).toHaveLength(30)
    }
    expect(await errorOf(all(kept.users.list()))).toMatchObject({ code: 'closed' })
  })
})

test('the signal of a client ends every request, under way or in the queue', async () => {
  const controller = new AbortController()
  const slow = [{ kind: 'slow', delay: 3_600_000, times: Infinity }] as const
  const { genesys, running } = await connect({ faults: slow }, { signal: controller.signal, concurrency: 2 })
  const reason = new Error('shutting down')
  const pending = Promise.all(Array.from({ length: 5 }, () => errorOf(all(genesys.users.list()))))
  while (running.simulator.counts.requests < 2) await new Promise((resolve) => setImmediate(resolve))
  controller.abort(reason)
  for (const error of await pending) expect(error).toBe(reason)
  expect(running.simulator.counts.requests).toBe(2)
})
