import { describe, expect, it } from '@jest/globals'
import { ApiError } from '../../../src/base/errors.js'
import type { TokenSet } from '../../../src/token/grant.js'
import { MemoryTokenStore } from '../../../src/stores/memory-token-store.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { heardOn } from '../listening.js'
import { HOUR, permanentError, ScriptedGrant, tokens, untilAborted } from '../scripted-grant.js'
import { made } from './made.js'
import { deferred, turn } from '../../waiting.js'

const closed = { code: 'closed', retryable: false, message: 'The token manager was closed.' }

describe('close [R36]', () => {
  it('stops the timer and ends all use', async () => {
    const { grant, clock, manager } = made()
    const rejected = await manager.getToken()
    await manager.close()
    expect(clock.pendingTimers).toBe(0)
    expect(manager.current()).toBeUndefined()
    await expect(manager.getToken()).rejects.toMatchObject(closed)
    await expect(manager.getToken({ rejected })).rejects.toMatchObject(closed)
    manager.invalidate()
    manager.reset()
    await clock.advance(10 * HOUR)
    expect(grant.count).toBe(1)
  })

  it.each([true, false])(
    'may be called before any use, again, and by two at a time (repeatable: %s)',
    async (repeatable) => {
      const { grant, manager } = made({ grant: new ScriptedGrant(undefined, repeatable) })
      await Promise.all([manager.close(), manager.close()])
      await manager.close()
      expect(grant.count).toBe(0)
    },
  )

  it('is what `await using` calls', async () => {
    const { manager } = made()
    await manager[Symbol.asyncDispose]()
    await expect(manager.getToken()).rejects.toMatchObject(closed)
  })

  it.each([
    ['ends with its signal', (signal: AbortSignal) => untilAborted(signal)],
    ['ignores its signal', () => new Promise<never>(() => {})],
  ])('aborts the flight of a repeatable grant that %s, and rejects who waits', async (_, response) => {
    const { grant, clock, manager } = made({ grant: new ScriptedGrant(({ signal }) => response(signal)) })
    const waiters = Promise.allSettled([manager.getToken(), manager.getToken()])
    await turn()
    await manager.close()
    expect(await waiters).toMatchObject([{ reason: closed }, { reason: closed }])
    expect(grant.asked[0]?.signal.aborted).toBe(true)
    expect(clock.pendingTimers).toBe(0)
  })

  it.each([true, false])(
    'sends nothing for a flight that it met before it took off (repeatable: %s)',
    async (repeatable) => {
      const { grant, manager } = made({ grant: new ScriptedGrant(undefined, repeatable) })
      const waiter = manager.getToken()
      await manager.close()
      await expect(waiter).rejects.toMatchObject(closed)
      expect(grant.count).toBe(0)
    },
  )

  it('ends the wait between two tries', async () => {
    const { grant, clock, manager } = made()
    clock.chance = () => 0.9
    grant.response = () => Promise.reject(new Error('down'))
    const waiter = manager.getToken().catch((error: unknown) => error)
    await turn()
    await manager.close()
    expect(await waiter).toMatchObject(closed)
    await clock.advance(HOUR)
    expect(grant.count).toBe(1)
  })

  it('waits for a flight that spends a credential, whose waiters are rejected all the same', async () => {
    const response = deferred<TokenSet>()
    const { grant, manager } = made({ grant: new ScriptedGrant(() => response.promise, false) })
    const revoked: (string | undefined)[] = []
    grant.revokeToken = async ({ refreshToken }) => void revoked.push(refreshToken?.reveal())
    const waiter = manager.getToken().catch((error: unknown) => error)
    await turn()
    let isClosed = false
    const closing = manager.close({ revoke: true }).then(() => (isClosed = true))
    await turn()
    expect(isClosed).toBe(false)
    await expect(manager.getToken()).rejects.toMatchObject(closed)
    expect(grant.asked[0]?.signal.aborted).toBe(false)
    response.resolve(tokens('t', { refreshToken: 'kept' }))
    await closing
    expect(await waiter).toMatchObject(closed)
    expect(manager.current()).toBeUndefined()
    expect(revoked).toEqual(['kept'])
  })

  it('waits for it to its deadline and no longer', async () => {
    const { clock, manager } = made({ grant: new ScriptedGrant(() => new Promise<never>(() => {}), false) })
    const waiter = manager.getToken().catch((error: unknown) => error)
    await clock.advance(4_000)
    let isClosed = false
    const closing = manager.close().then(() => (isClosed = true))
    await clock.advance(5_999)
    expect(isClosed).toBe(false)
    await clock.advance(1)
    await closing
    expect(await waiter).toMatchObject(closed)
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('close({ revoke: true }) [R36]', () => {
  function revoking(revokeToken: NonNullable<ScriptedGrant['revokeToken']>) {
    const grant = new ScriptedGrant()
    const revoked: string[] = []
    grant.revokeToken = async (set, options) => {
      revoked.push(set.accessToken.reveal())
      await revokeToken(set, options)
    }
    return { ...made({ grant }), revoked }
  }

  it('revokes the token, once', async () => {
    const { manager, revoked } = revoking(async () => {})
    await manager.getToken()
    await Promise.all([manager.close({ revoke: true }), manager.close({ revoke: true })])
    await manager.close({ revoke: true })
    expect(revoked).toEqual(['token-1'])
  })

  it('revokes after a plain close() too', async () => {
    const { manager, revoked } = revoking(async () => {})
    await manager.getToken()
    await manager.close()
    expect(revoked).toEqual([])
    await manager.close({ revoke: true })
    expect(revoked).toEqual(['token-1'])
  })

  it('revokes a token that came late, after a close that found none', async () => {
    const { grant, manager, revoked } = revoking(async () => {})
    const late = deferred<TokenSet>()
    grant.response = () => late.promise
    const waiting = manager.getToken().catch(() => undefined)
    await turn()
    await manager.close({ revoke: true })
    await waiting
    late.resolve(tokens('late'))
    await turn()
    await manager.close({ revoke: true })
    expect(revoked).toEqual(['late'])
  })

  it('has nothing to do when there never was a token', async () => {
    const { manager, revoked } = revoking(async () => {})
    await manager.close({ revoke: true })
    expect(revoked).toEqual([])
  })

  it('is a typed error where the grant knows no way, and the manager stays open', async () => {
    const { manager } = made()
    const token = await manager.getToken()
    await expect(manager.close({ revoke: true })).rejects.toMatchObject({
      code: 'revocation_unsupported',
      message: 'This grant knows no way to revoke a token.',
    })
    expect(manager.current()).toBe(token)
  })

  it('fails with the error of the server, closed all the same, and can be tried again', async () => {
    const errors: (Error | undefined)[] = [permanentError(), new Error('canary')]
    const { manager, revoked } = revoking(async () => {
      const error = errors.shift()
      if (error) throw error
    })
    await manager.getToken()
    await expect(manager.close({ revoke: true })).rejects.toMatchObject({ code: 'token_denied' })
    await expect(manager.getToken()).rejects.toMatchObject(closed)
    const foreign = await manager.close({ revoke: true }).catch((error: unknown) => error)
    expect(foreign).toMatchObject({ code: 'grant_failed' })
    expect((foreign as Error).message).not.toContain('canary')
    await manager.close({ revoke: true })
    expect(revoked).toHaveLength(3)
  })

  it('fails with an error of this package as it is, also of an API that revokes in the place of the server', async () => {
    const refusal = new ApiError('api_server_error', 'Out of order.', { status: 500 })
    const { manager } = revoking(() => Promise.reject(refusal))
    await manager.getToken()
    await expect(manager.close({ revoke: true })).rejects.toBe(refusal)
  })

  it.each([
    ['ends with its signal', (signal: AbortSignal) => untilAborted(signal)],
    ['ignores its signal', () => new Promise<never>(() => {})],
  ])('ends after the time-out with a grant that %s', async (_, response) => {
    const { clock, manager } = revoking((_, { signal }) => response(signal))
    await manager.getToken()
    const closing = manager.close({ revoke: true }).catch((error: unknown) => error)
    await clock.advance(9_999)
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(1)
    expect(await closing).toMatchObject({ code: 'token_endpoint_timeout' })
  })
})

it('closing a manager whose store has everything publishes no failure of the store', async () => {
  const clock = new FakeClock({ random: () => 0 })
  const { manager } = made({ clock, store: new MemoryTokenStore({ clock }) })
  await manager.getToken()
  expect(await heardOn('everbearer:store-failed', () => manager.close())).toEqual([])
})
