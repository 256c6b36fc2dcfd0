import { describe, expect, it } from '@jest/globals'
import { MemoryTokenStore } from '../../../src/stores/memory-token-store.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { HOUR, permanentError, ScriptedGrant, tokens } from '../scripted-grant.js'
import { made } from './made.js'
import { deferred } from '../../waiting.js'

describe('status()', () => {
  it('knows of no token before the first one', () => {
    const { manager, grant } = made()
    expect(manager.status()).toEqual({
      refreshedAt: undefined,
      expiresAt: undefined,
      coolDown: 0,
      lastErrorCode: undefined,
      isStored: false,
    })
    expect(grant.count).toBe(0)
  })

  it('says when the token was requested and when it expires', async () => {
    const { manager, clock } = made()
    const requestedAt = clock.now()
    await manager.getToken()
    await clock.advance(60_000)
    expect(manager.status()).toMatchObject({ refreshedAt: requestedAt, expiresAt: requestedAt + HOUR, isStored: false })
  })

  it('names no expiry for a token without a lifetime', async () => {
    const { manager } = made({ grant: new ScriptedGrant(() => tokens('t', { lifetime: Infinity })) })
    await manager.getToken()
    expect(manager.status().expiresAt).toBeUndefined()
    expect(manager.status().refreshedAt).toBeDefined()
  })

  it('names the last error and the rest of the cool-down, until a refresh succeeds', async () => {
    const grant = new ScriptedGrant(({ number }) => {
      if (number === 1) throw permanentError()
      return tokens('t')
    })
    const { manager, clock } = made({ grant })
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_denied', retryAfter: 5_000 })
    await clock.advance(2_000)
    expect(manager.status()).toMatchObject({ coolDown: 3_000, lastErrorCode: 'token_denied' })
    await clock.advance(3_000)
    await manager.getToken()
    expect(manager.status()).toMatchObject({ coolDown: 0, lastErrorCode: undefined })
  })

  it('says whether a store has the session', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const store = new MemoryTokenStore({ clock })
    const { manager } = made({ store, clock })
    await manager.getToken()
    expect(manager.status().isStored).toBe(true)
    const adopting = made({ store, clock })
    await adopting.manager.getToken()
    expect([adopting.grant.count, adopting.manager.status().isStored]).toEqual([0, true])
  })

  it('says that a store without the session does not have it', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const grant = new ScriptedGrant(() => Promise.reject(permanentError()))
    const { manager } = made({ grant, store: new MemoryTokenStore({ clock }), clock })
    expect(manager.status().isStored).toBe(false)
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_denied' })
    expect(manager.status().isStored).toBe(false)
  })

  it('says that a store does not have a session that was revoked', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const grant = Object.assign(new ScriptedGrant(), { revokeToken: () => Promise.resolve() })
    const { manager } = made({ grant, store: new MemoryTokenStore({ clock }), clock })
    await manager.getToken()
    expect(manager.status().isStored).toBe(true)
    await manager.close({ revoke: true })
    expect(manager.status().isStored).toBe(false)
  })

  it('says that a failing store does not have the session', async () => {
    const failing = {
      get: () => Promise.reject(new Error('down')),
      compareAndSet: () => Promise.reject(new Error('down')),
      lease: () => Promise.reject(new Error('down')),
    }
    const { manager } = made({ store: failing })
    await manager.getToken()
    expect(manager.status().isStored).toBe(false)
  })

  it('shows no secret', async () => {
    const { manager } = made({ grant: new ScriptedGrant(() => tokens('canary-a', { refreshToken: 'canary-r' })) })
    await manager.getToken()
    expect(JSON.stringify(manager.status())).not.toContain('canary')
  })
})

describe('getToken({ minValidity })', () => {
  it('returns a token that is valid for long enough without a request', async () => {
    const { manager, clock, grant } = made()
    await manager.getToken()
    await clock.advance(HOUR / 2)
    expect((await manager.getToken({ minValidity: HOUR / 2 })).reveal()).toBe('token-1')
    expect(grant.count).toBe(1)
  })

  it('refreshes a token that is valid for less, and waits for the new one', async () => {
    const { manager, clock, grant } = made()
    await manager.getToken()
    await clock.advance(HOUR / 2)
    const [one, other] = [manager.getToken({ minValidity: HOUR / 2 + 1 }), manager.getToken({ minValidity: HOUR })]
    expect((await one).reveal()).toBe('token-2')
    expect((await other).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('requests one token if the server issues none that lasts so long', async () => {
    const { manager, grant } = made()
    expect((await manager.getToken({ minValidity: 2 * HOUR })).reveal()).toBe('token-1')
    expect((await manager.getToken({ minValidity: 2 * HOUR })).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('returns the token that there is if the refresh fails, and while the cool-down lasts', async () => {
    const grant = new ScriptedGrant(({ number }) => {
      if (number > 1) throw permanentError()
      return tokens('t1')
    })
    const { manager, clock } = made({ grant })
    await manager.getToken()
    await clock.advance(HOUR / 2)
    expect((await manager.getToken({ minValidity: HOUR })).reveal()).toBe('t1')
    expect((await manager.getToken({ minValidity: HOUR })).reveal()).toBe('t1')
    expect(grant.count).toBe(2)
  })

  it('joins the flight that there is', async () => {
    const gate = deferred<undefined>()
    const grant = new ScriptedGrant(async ({ number }) => {
      if (number > 1) await gate.promise
      return tokens(`t${number}`)
    })
    const { manager, clock } = made({ grant })
    await manager.getToken()
    await clock.advance(HOUR - 299_000)
    expect(manager.current()?.reveal()).toBe('t1')
    const waiting = manager.getToken({ minValidity: HOUR })
    gate.resolve(undefined)
    expect((await waiting).reveal()).toBe('t2')
    expect(grant.count).toBe(2)
  })

  it('serves a token without a lifetime whatever the caller needs', async () => {
    const { manager, grant } = made({ grant: new ScriptedGrant(() => tokens('t', { lifetime: Infinity })) })
    await manager.getToken()
    await manager.getToken({ minValidity: 365 * 24 * HOUR })
    expect(grant.count).toBe(1)
  })

  it.each([-1, NaN, '5', {}])('rejects %p', async (minValidity) => {
    const { manager } = made()
    await expect(manager.getToken({ minValidity: minValidity as never })).rejects.toMatchObject({
      code: 'invalid_option',
      message: 'Option `minValidity` must be a number of milliseconds from 0 up.',
    })
  })
})
