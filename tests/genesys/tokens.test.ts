import { describe, expect, test } from '@jest/globals'
import { GenesysCloud } from '../../src/genesys/index.js'
import { genesysGrant } from '../../src/genesys/genesys-grant.js'
import { AccessToken } from '../../src/token/access-token.js'
import { systemClock } from '../../src/base/clock.js'
import { staticToken } from '../../src/token/static-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { all, CANARY, closeLater, connect, connectTo, errorOf, everythingOf, fastClock } from './connect.js'
import type { Connection, Sent } from './connect.js'

const ME = '/api/v2/tokens/me'
const blocked = { kind: 'ip-not-authorized', times: Infinity } as const
const refused = { kind: 'unauthorized', times: Infinity } as const

function deletes(sent: readonly Sent[]): number {
  return sent.filter(({ method, path }) => method === 'DELETE' && path === ME).length
}

/** Another client of the same simulator, with tokens that were made elsewhere. */
function clientWith(tokens: TokenSource, { running, dispatcher }: Connection): GenesysCloud {
  return new GenesysCloud({ tokens, apiUrl: running.apiUrl }, { dispatcher, clock: fastClock(), patience: 1_000 })
}

/** A manager as `GenesysCloud` makes one, of the simulator's own client. */
function managerOf({ running, dispatcher }: Connection): TokenManager {
  const { GENESYS_CLIENT_ID: clientId, GENESYS_LOGIN_URL: loginUrl } = running.env
  const tokens = new TokenManager(genesysGrant({ loginUrl, clientId, clientSecret: CANARY, dispatcher }))
  closeLater(tokens)
  return tokens
}

describe('check', () => {
  test('is true for a token that the API takes, by HEAD', async () => {
    const { genesys, sent } = await connect()
    expect(await genesys.tokens.check()).toBe(true)
    expect(sent.at(-1)).toMatchObject({ method: 'HEAD', path: ME })
  })

  test('is true when a revoked token was replaced on the way', async () => {
    // Its five seconds would be a quarter of one on the fast clock, which a busy machine may take.
    const { genesys, running } = await connect({}, { clock: systemClock })
    await genesys.tokens.check()
    running.simulator.revokeTokens()
    expect(await genesys.tokens.check()).toBe(true)
    expect(running.simulator.counts.tokensMinted).toBe(2)
  })

  test.each([
    ['every token', refused],
    ['the address', blocked],
  ])('is false when the API refuses %s, without the whole of the patience', async (_what, fault) => {
    const clock = fastClock()
    const { genesys } = await connect({ faults: [fault] }, { clock })
    const since = clock.monotonic()
    expect(await genesys.tokens.check()).toBe(false)
    expect(clock.monotonic() - since).toBeLessThan(20_000)
  })

  test('is false for a token of its own that is dead', async () => {
    const connection = await connect()
    expect(await clientWith(staticToken('abc'), connection).tokens.check()).toBe(false)
  })

  test('throws what is no answer to the question', async () => {
    const down = [{ kind: 'internal-error', to: ME, times: Infinity }] as const
    const { genesys } = await connect({ faults: down })
    expect(await errorOf(genesys.tokens.check())).toMatchObject({ code: 'api_server_error', status: 500 })
    const denied = await connect({ faults: [{ ...refused, to: 'token' }] })
    expect(await errorOf(denied.genesys.tokens.check())).toMatchObject({ code: 'token_denied' })
  })
})

describe('me', () => {
  test.each(['envelope', 'full'] as const)('tells whose token it is (validate: %s)', async (validate) => {
    const { genesys, running, sent } = await connect({}, { validate })
    const { OAuthClient, organization } = await genesys.tokens.me()
    expect(OAuthClient).toMatchObject({ id: running.env.GENESYS_CLIENT_ID, authorizedGrantType: 'CLIENT-CREDENTIALS' })
    expect(organization?.name).toEqual(expect.any(String))
    expect(sent.at(-1)).toMatchObject({ method: 'GET', path: `${ME}?preserveIdleTTL=true` })
  })
})

describe('revoke', () => {
  test('kills the token in use; the next request has another', async () => {
    const { genesys, running, sent, secrets } = await connect()
    await all(genesys.users.list())
    await genesys.tokens.revoke()
    const [, dead] = [...secrets]
    expect(await all(genesys.users.list())).toHaveLength(30)
    expect(deletes(sent)).toBe(1)
    expect(running.simulator.counts).toMatchObject({ tokensMinted: 2, unauthorized: 0 })
    const response = await fetch(running.apiUrl + ME, { headers: { authorization: `Bearer ${String(dead)}` } })
    expect(response.status).toBe(401)
  })

  test('takes a token that is dead already for revoked, and never revokes another', async () => {
    const { genesys, running, sent } = await connect()
    await genesys.tokens.check()
    running.simulator.revokeTokens()
    await genesys.tokens.revoke()
    expect(deletes(sent)).toBe(1)
    expect(running.simulator.counts).toMatchObject({ tokensMinted: 1, unauthorized: 1 })
    expect(await all(genesys.users.list())).toHaveLength(30)
    expect(running.simulator.counts).toMatchObject({ tokensMinted: 2, unauthorized: 1 })
  })

  test('requests under way are sent again with the new token', async () => {
    const slow = { kind: 'slow', to: '/api/v2/users', delay: 200, times: 8 } as const
    const { genesys, running } = await connect({ faults: [slow] })
    await genesys.tokens.check()
    const lists = Promise.all(Array.from({ length: 8 }, () => all(genesys.users.list())))
    while (running.simulator.counts.requests < 9) await new Promise((resolve) => setImmediate(resolve))
    await genesys.tokens.revoke()
    for (const users of await lists) expect(users).toHaveLength(30)
    expect(running.simulator.counts).toMatchObject({ tokensMinted: 2, unauthorized: 8 })
  })

  test('leaves the token that another request got meanwhile in use', async () => {
    const { genesys, running } = await connect({ faults: [{ kind: 'slow', to: ME, delay: 200 }] })
    await all(genesys.users.list())
    const revoking = genesys.tokens.revoke()
    while (running.simulator.counts.faults < 1) await new Promise((resolve) => setImmediate(resolve))
    running.simulator.revokeTokens()
    await all(genesys.users.list())
    await revoking
    await all(genesys.users.list())
    expect(running.simulator.counts.tokensMinted).toBe(2)
  })

  test('that fails leaves the token in use, and can be called again', async () => {
    const { genesys, running, sent } = await connect({ faults: [{ kind: 'internal-error', to: ME }] })
    expect(await errorOf(genesys.tokens.revoke())).toMatchObject({ code: 'api_server_error' })
    await all(genesys.users.list())
    expect(running.simulator.counts.tokensMinted).toBe(1)
    await genesys.tokens.revoke()
    expect(deletes(sent)).toBe(2)
    expect(await genesys.tokens.check()).toBe(true)
    expect(running.simulator.counts.tokensMinted).toBe(2)
  })

  test.each([
    ['ip.not.authorized', 'a blocked address'],
    ['authentication.required', 'a proxy that drops the token'],
  ])('does not take %s for a dead token: %s', async (code) => {
    const { genesys, secrets } = await connectTo(() => Response.json({ code, message: 'No.' }, { status: 401 }))
    const error = await errorOf(genesys.tokens.revoke())
    expect(error).toMatchObject({ code: 'api_unauthorized', platformCode: code })
    for (const secret of secrets) expect(everythingOf(error)).not.toContain(secret)
  })

  test('is tried again when its answer is lost', async () => {
    const { genesys, sent } = await connect({ faults: [{ kind: 'cut', to: ME, times: 2 }] })
    await genesys.tokens.revoke()
    expect(deletes(sent)).toBe(3)
  })

  test.each(['call', 'client'])('ends with the signal of the %s', async (whose) => {
    const { signal, abort } = abortable()
    const slow = { kind: 'slow', to: ME, delay: 60_000 } as const
    const { genesys, running } = await connect({ faults: [slow] }, whose === 'client' ? { signal } : {})
    const pending = errorOf(genesys.tokens.revoke(whose === 'call' ? { signal } : {}))
    while (running.simulator.counts.faults < 1) await new Promise((resolve) => setImmediate(resolve))
    abort('enough')
    expect(await pending).toBe('enough')
  })

  test('waits for no place in the queue', async () => {
    const limited = { kind: 'rate-limited', to: '/api/v2/users', retryAfter: 170, times: Infinity } as const
    const { genesys, running } = await connect({ faults: [limited] })
    const listing = errorOf(all(genesys.users.list()))
    while (running.simulator.counts.rateLimited < 1) await new Promise((resolve) => setImmediate(resolve))
    await genesys.tokens.revoke()
    await genesys.close()
    expect(await listing).toMatchObject({ code: 'closed' })
  })

  test('of a closed client is `closed`', async () => {
    const { genesys } = await connect()
    await genesys.close()
    expect(await errorOf(genesys.tokens.revoke())).toMatchObject({ name: 'TokenError', code: 'closed' })
  })

  test('works on a manager that was passed in, for all who use it', async () => {
    const connection = await connect()
    const tokens = managerOf(connection)
    const [one, other] = [clientWith(tokens, connection), clientWith(tokens, connection)]
    await all(one.users.list())
    await one.tokens.revoke()
    expect(await all(other.users.list())).toHaveLength(30)
    expect(connection.running.simulator.counts).toMatchObject({ tokensMinted: 2, unauthorized: 0 })
  })

  test('works on any other source, which learns of it by the next 401', async () => {
    const connection = await connect()
    const tokens = managerOf(connection)
    const wrapped: TokenSource = { current: () => tokens.current(), getToken: (options) => tokens.getToken(options) }
    const genesys = clientWith(wrapped, connection)
    await genesys.tokens.revoke()
    expect(await all(genesys.users.list())).toHaveLength(30)
    expect(connection.running.simulator.counts).toMatchObject({ tokensMinted: 2, unauthorized: 1 })
  })
})

describe('close({ revoke: true })', () => {
  test('revokes the token, once', async () => {
    const { genesys, running, sent, secrets } = await connect()
    await all(genesys.users.list())
    await Promise.all([genesys.close({ revoke: true }), genesys.close({ revoke: true })])
    await genesys.close({ revoke: true })
    expect(deletes(sent)).toBe(1)
    const [, dead] = [...secrets]
    const response = await fetch(running.apiUrl + ME, { headers: { authorization: `Bearer ${String(dead)}` } })
    expect(response.status).toBe(401)
    expect(await errorOf(all(genesys.users.list()))).toMatchObject({ code: 'closed' })
  })

  test('asks for nothing when there was no token', async () => {
    const { genesys, sent } = await connect()
    await genesys.close({ revoke: true })
    expect(sent).toEqual([])
  })

  test('closes the client also when that fails, says why, and can be tried again', async () => {
    const slow = { kind: 'slow', to: '/api/v2/users', delay: 60_000, times: Infinity } as const
    const { genesys, running, sent, secrets } = await connect({ faults: [slow, { kind: 'internal-error', to: ME }] })
    const pending = errorOf(all(genesys.users.list()))
    while (running.simulator.counts.requests < 1) await new Promise((resolve) => setImmediate(resolve))
    const error = await errorOf(genesys.close({ revoke: true }))
    expect(error).toMatchObject({ name: 'ApiError', code: 'api_server_error', status: 500 })
    for (const secret of secrets) expect(everythingOf(error)).not.toContain(secret)
    expect(await pending).toMatchObject({ code: 'closed' })
    expect(await errorOf(all(genesys.users.list()))).toMatchObject({ code: 'closed' })
    await genesys.close({ revoke: true })
    expect(deletes(sent)).toBe(2)
  })

  test('ends requests under way by `closed`, not by the 401 of the token that dies', async () => {
    const slow = { kind: 'slow', to: '/api/v2/users', delay: 100, times: Infinity } as const
    const { genesys, running } = await connect({ faults: [slow] })
    const pending = errorOf(all(genesys.users.list()))
    while (running.simulator.counts.requests < 1) await new Promise((resolve) => setImmediate(resolve))
    await genesys.close({ revoke: true })
    expect(await pending).toMatchObject({ code: 'closed' })
  })

  test('works after the signal of the client has ended all requests', async () => {
    const { signal, abort } = abortable()
    const { genesys, sent } = await connect({}, { signal })
    await genesys.tokens.check()
    abort(new Error('shutting down'))
    await genesys.close({ revoke: true })
    expect(deletes(sent)).toBe(1)
  })

  test('takes no longer than a manager gives it', async () => {
    const slow = { kind: 'slow', to: ME, delay: 3_600_000, times: Infinity } as const
    const { genesys } = await connect({ faults: [slow] })
    await all(genesys.users.list())
    expect(await errorOf(genesys.close({ revoke: true }))).toMatchObject({ code: 'token_endpoint_timeout' })
  })

  test('leaves tokens that were passed in alone, and says so', async () => {
    const connection = await connect()
    const tokens = { current: () => undefined, getToken: () => Promise.resolve(new AccessToken('abc')) }
    const genesys = clientWith(tokens, connection)
    const error = await errorOf(genesys.close({ revoke: true }))
    expect(error).toMatchObject({ name: 'TokenError', code: 'revocation_unsupported' })
    expect(error.message).toContain('genesys.tokens.revoke()')
    expect(connection.sent).toEqual([])
    await genesys.close()
  })

  test('with what is no answer to yes or no closes nothing', async () => {
    const { genesys } = await connect()
    const error = await errorOf(genesys.close({ revoke: 'no' as never }))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(await all(genesys.users.list())).toHaveLength(30)
  })
})

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) }
}
