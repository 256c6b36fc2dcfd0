import { describe, expect, it } from '@jest/globals'
import { FakeClock, type GenesysSimulatorOptions } from '../../../src/testing/index.js'
import { Caller, refusal } from './caller.js'

const ME = '/api/v2/tokens/me'
const KEEP = `${ME}?preserveIdleTTL=true`

async function described(caller: Caller, path = KEEP): Promise<Record<string, unknown>> {
  return (await (await caller.get(path)).json()) as Record<string, unknown>
}

describe('a token', () => {
  it('tells about itself and revokes itself alone', async () => {
    const caller = await new Caller().signIn()
    const head = await caller.send('HEAD', ME)
    expect([head.status, await head.text()]).toEqual([200, ''])
    const info = await described(caller)
    expect(info).toMatchObject({ authorizedScope: [], OAuthClient: { id: caller.simulator.clientId } })
    expect(info).not.toHaveProperty('dateTokenIdles')
    const other = caller.token
    await caller.signIn()
    expect((await caller.send('DELETE', ME)).status).toBe(200)
    const dead = await caller.send('HEAD', ME)
    expect([dead.status, await dead.text()]).toEqual([401, ''])
    caller.token = other
    expect((await caller.send('HEAD', ME)).status).toBe(200)
  })

  it('leaves the tokens of users to those who may revoke them', async () => {
    const caller = await new Caller({ users: 3 }).signIn()
    const [userId = ''] = caller.simulator.truth.userIds()
    expect((await caller.send('DELETE', `/api/v2/tokens/${userId}`)).status).toBe(200)
    expect(await refusal(caller.send('DELETE', '/api/v2/tokens/nobody'))).toMatchObject({
      status: 404,
      code: 'not.found',
    })
    caller.simulator.setPermissions(caller.simulator.clientId, [])
    expect(await refusal(caller.send('DELETE', `/api/v2/tokens/${userId}`))).toMatchObject({
      status: 403,
      code: 'missing.any.permissions',
    })
    expect((await caller.send('DELETE', ME)).status).toBe(200)
  })
})

describe('the idle time-out', () => {
  const signedIn = async (options: GenesysSimulatorOptions = {}) => {
    const clock = new FakeClock({ now: Date.parse('2026-06-01T12:00Z') })
    return { clock, caller: await new Caller({ clock, users: 1, tokenIdleTimeout: 900, ...options }).signIn() }
  }

  it('kills a token that is not used for so long, before it expires', async () => {
    const { clock, caller } = await signedIn()
    await clock.advance(899_999)
    expect((await caller.get('/api/v2/users')).status).toBe(200)
    await clock.advance(899_999)
    expect((await caller.send('HEAD', ME)).status).toBe(200)
    await clock.advance(900_000)
    expect(await refusal(caller.get('/api/v2/users'))).toMatchObject({ status: 401, code: 'bad.credentials' })
    expect(await refusal(caller.get('/api/v2/users'))).toMatchObject({ status: 401, code: 'bad.credentials' })
    await caller.signIn()
    expect((await caller.get('/api/v2/users')).status).toBe(200)
  })

  it('lets no token live longer than it does without', async () => {
    const { clock, caller } = await signedIn({ tokenLifetime: 1_000 })
    await clock.advance(600_000)
    expect((await caller.get('/api/v2/users')).status).toBe(200)
    await clock.advance(400_000)
    expect((await caller.get('/api/v2/users')).status).toBe(401)
  })

  it('is told by the token, which is used by that unless it asks not to be', async () => {
    const { clock, caller } = await signedIn()
    expect(await described(caller)).toMatchObject({ dateTokenIdles: '2026-06-01T12:15:00.000Z' })
    await clock.advance(600_000)
    expect(await described(caller)).toMatchObject({ dateTokenIdles: '2026-06-01T12:15:00.000Z' })
    expect(await described(caller, `${ME}?preserveIdleTTL=false`)).toMatchObject({
      dateTokenIdles: '2026-06-01T12:25:00.000Z',
    })
    await clock.advance(899_999)
    await described(caller)
    await clock.advance(1)
    expect((await caller.get(KEEP)).status).toBe(401)
  })

  it('is told by the organization', async () => {
    const timeout = async (caller: Caller) => (await caller.get('/api/v2/tokens/timeout')).json()
    const { caller } = await signedIn()
    expect(await timeout(caller)).toEqual({ idleTokenTimeoutSeconds: 900, enableIdleTokenTimeout: true })
    expect(await timeout(await new Caller().signIn())).toEqual({ enableIdleTokenTimeout: false })
  })
})
