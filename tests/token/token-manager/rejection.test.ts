import { describe, expect, it } from '@jest/globals'
import type { FakeClock } from '../../../src/testing/fake-clock.js'
import { AccessToken } from '../../../src/token/access-token.js'
import type { TokenSet } from '../../../src/token/grant.js'
import type { TokenManager } from '../../../src/token/token-manager.js'
import { HOUR, permanentError, ScriptedGrant, state, tokens, transientError } from '../scripted-grant.js'
import { made } from './made.js'
import { deferred, turn } from '../../waiting.js'

const MINUTE = 60_000

/** What the API's 401 to the current token leads to: a token's value or an error. */
async function reject(manager: TokenManager, clock: FakeClock): Promise<unknown> {
  const rejected = await manager.getToken()
  const outcome = manager.getToken({ rejected }).then(
    (token) => token.reveal(),
    (error: unknown) => error,
  )
  await clock.advance(3)
  return outcome
}

const unavailable = { code: 'token_unavailable', retryable: true }
const rejectedToo = { code: 'token_rejected', retryable: true, requestSent: false }

describe('a rejected token', () => {
  it('is exchanged, however young it is', async () => {
    const { grant, clock, manager } = made()
    expect(await reject(manager, clock)).toBe('token-2')
    expect(manager.current()?.reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('that is no longer the current one costs nothing: the current one is handed out [R06]', async () => {
    const { grant, manager } = made()
    await manager.getToken()
    expect((await manager.getToken({ rejected: new AccessToken('older') })).reveal()).toBe('token-1')
    expect(grant.count).toBe(1)
  })

  it('is exchanged once for 50 late 401s [R06]', async () => {
    const { grant, clock, manager } = made()
    const rejected = await manager.getToken()
    for (let count = 0; count < 50; count++) {
      expect((await manager.getToken({ rejected })).reveal()).toBe('token-2')
      await clock.advance(100)
    }
    expect(grant.count).toBe(2)
  })

  it('is exchanged once for 50 401s at a time, each with a token object of its own', async () => {
    const { grant, manager } = made()
    await manager.getToken()
    const all = await Promise.all(
      Array.from({ length: 50 }, () => manager.getToken({ rejected: new AccessToken('token-1') })),
    )
    expect(new Set(all.map((token) => token.reveal()))).toEqual(new Set(['token-2']))
    expect(grant.count).toBe(2)
  })

  it('is worth nothing once the server has refused for good, whichever came first', async () => {
    const { grant, clock, manager } = made()
    const rejected = await manager.getToken()
    grant.response = () => Promise.reject(permanentError())
    // The scheduled renewal is refused while the token lives, so it is served on.
    await clock.advance(0.95 * HOUR)
    expect(manager.current()).toBe(rejected)
    await expect(manager.getToken({ rejected })).rejects.toMatchObject({ code: 'token_unavailable', retryable: false })
    expect(manager.current()).toBeUndefined()
  })

  it('is not served while it is exchanged: callers wait for the new one', async () => {
    const { grant, manager } = made()
    const rejected = await manager.getToken()
    const response = deferred<TokenSet>()
    grant.response = () => response.promise
    const exchange = manager.getToken({ rejected })
    expect(manager.current()).toBeUndefined()
    const caller = manager.getToken()
    expect(await state(caller)).toBe('pending')
    expect(manager.current()).toBeUndefined()
    response.resolve(tokens('new'))
    expect(await caller).toBe(await exchange)
    expect(manager.current()?.reveal()).toBe('new')
    expect(grant.count).toBe(2)
  })

  it('joins a flight that replaces it already', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    const rejected = await manager.getToken()
    const response = deferred<TokenSet>()
    grant.response = () => response.promise
    await clock.advance(56 * MINUTE)
    expect(manager.current()).toBe(rejected)
    const exchange = manager.getToken({ rejected })
    await turn()
    expect(manager.current()).toBeUndefined()
    response.resolve(tokens('new'))
    expect((await exchange).reveal()).toBe('new')
    expect(grant.count).toBe(2)
  })

  it('ends a waiter alone that does not want to wait for its exchange', async () => {
    const { grant, manager } = made()
    const rejected = await manager.getToken()
    const response = deferred<TokenSet>()
    grant.response = () => response.promise
    const controller = new AbortController()
    const leaving = manager.getToken({ rejected, signal: controller.signal })
    const staying = manager.getToken({ rejected })
    await turn()
    controller.abort()
    await expect(leaving).rejects.toBe(controller.signal.reason)
    response.resolve(tokens('new'))
    expect((await staying).reveal()).toBe('new')
  })
})

describe('an exchange that fails transiently', () => {
  it('leaves the old token in service until it expires', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    grant.response = () => Promise.reject(transientError())
    expect(await reject(manager, clock)).toMatchObject({ code: 'token_endpoint_failed' })
    expect(manager.current()?.reveal()).toBe('token-1')
    await clock.advance(54 * MINUTE)
    expect((await manager.getToken()).reveal()).toBe('token-1')
    await clock.advance(HOUR)
    expect(manager.current()).toBeUndefined()
  })

  it('hands the old token to those who waited for the new one without having been rejected', async () => {
    const { grant, clock, manager } = made()
    const rejected = await manager.getToken()
    grant.response = () => Promise.reject(transientError())
    const outcomes = Promise.allSettled([manager.getToken({ rejected }), manager.getToken()])
    await clock.advance(3)
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'token_endpoint_failed' } },
      { status: 'fulfilled', value: rejected },
    ])
  })

  it('is tried again by the first 401 after the cool-down, and by none before', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    grant.response = () => Promise.reject(transientError())
    await reject(manager, clock)
    expect(grant.count).toBe(4)
    for (let count = 0; count < 50; count++) expect(await reject(manager, clock)).toMatchObject(unavailable)
    expect(grant.count).toBe(4)
    expect(manager.current()?.reveal()).toBe('token-1')
    await clock.advance(900)
    expect(await reject(manager, clock)).toMatchObject({ code: 'token_endpoint_failed' })
    expect(grant.count).toBe(5)
    await clock.advance(2_000)
    grant.response = () => tokens('new')
    expect(await reject(manager, clock)).toBe('new')
  })

  it('leaves the old token in service though the server had refused for good before, once that is over', async () => {
    const { grant, clock, manager } = made({ refresh: 'on-demand' })
    const rejected = await manager.getToken()
    await clock.advance(56 * MINUTE)
    grant.response = () => Promise.reject(permanentError())
    expect(manager.current()).toBe(rejected)
    await clock.advance(5_000)
    grant.response = () => Promise.reject(transientError())
    await expect(manager.getToken({ rejected })).rejects.toMatchObject({ code: 'token_endpoint_failed' })
    expect(manager.current()).toBe(rejected)
  })

  it('leaves a token without a lifetime in service too', async () => {
    const { grant, clock, manager } = made({
      grant: new ScriptedGrant(() => tokens('eternal', { lifetime: Infinity })),
    })
    await manager.getToken()
    grant.response = () => Promise.reject(transientError())
    await reject(manager, clock)
    await clock.advance(1_000 * HOUR)
    expect(manager.current()?.reveal()).toBe('eternal')
  })
})

describe('an exchange that fails permanently', () => {
  it('drops the old token', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    grant.response = () => Promise.reject(permanentError())
    expect(await reject(manager, clock)).toMatchObject({ code: 'token_denied' })
    expect(manager.current()).toBeUndefined()
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable', retryable: false })
    expect(grant.count).toBe(2)
  })

  it('fails those who waited as well', async () => {
    const { grant, manager } = made()
    const rejected = await manager.getToken()
    grant.response = () => Promise.reject(permanentError())
    const outcomes = await Promise.allSettled([manager.getToken({ rejected }), manager.getToken()])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
  })
})

describe('a new token that is rejected as well [R27]', () => {
  it('within 60 s is not exchanged for 1 s, then 2 s, doubling to 60 s, and the 401 surfaces', async () => {
    const { grant, clock, manager } = made()
    expect(await reject(manager, clock)).toBe('token-2')
    let count = 2
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const error = await reject(manager, clock)
      expect(error).toMatchObject({ ...rejectedToo, retryAfter: seconds * 1_000 })
      expect((error as Error).message).toBe(
        `The API rejects new tokens as well: no other is asked for within ${seconds} s.`,
      )
      expect(manager.current()?.reveal()).toBe(`token-${count}`)
      await clock.advance(seconds * 1_000 - 20)
      expect(await reject(manager, clock)).toMatchObject(rejectedToo)
      expect(grant.count).toBe(count)
      await clock.advance(20)
      expect(await reject(manager, clock)).toBe(`token-${(count += 1)}`)
    }
  })

  it('first at 60 s of age or later starts afresh: it is exchanged', async () => {
    const { clock, manager } = made()
    await reject(manager, clock)
    await reject(manager, clock)
    await clock.advance(1_000)
    expect(await reject(manager, clock)).toBe('token-3')
    await clock.advance(MINUTE)
    expect(await reject(manager, clock)).toBe('token-4')
    expect(await reject(manager, clock)).toMatchObject({ retryAfter: 1_000 })
  })

  it('at 59 s of age does not', async () => {
    const { clock, manager } = made()
    await reject(manager, clock)
    await clock.advance(59_000)
    expect(await reject(manager, clock)).toMatchObject(rejectedToo)
  })

  it('at half of its life or later, or beyond its end, starts afresh', async () => {
    const grant = new ScriptedGrant(({ number }) => tokens(`token-${number}`, { lifetime: 2_000 }))
    const { clock, manager } = made({ grant, refresh: 'on-demand' })
    await reject(manager, clock)
    await clock.advance(1_000)
    expect(await reject(manager, clock)).toBe('token-3')
    const rejected = await manager.getToken()
    await clock.advance(2_500)
    expect((await manager.getToken({ rejected })).reveal()).toBe('token-4')
    await clock.advance(900)
    expect(await reject(manager, clock)).toMatchObject({ retryAfter: 1_000 })
  })

  it('but minted by schedule starts afresh, however young', async () => {
    const { clock, manager } = made()
    await reject(manager, clock)
    expect(await reject(manager, clock)).toMatchObject(rejectedToo)
    await clock.advance(55 * MINUTE)
    expect(manager.current()?.reveal()).toBe('token-3')
    expect(await reject(manager, clock)).toBe('token-4')
    expect(await reject(manager, clock)).toMatchObject({ retryAfter: 1_000 })
  })

  it('waits, even during the pause, for a flight that replaces it by schedule', async () => {
    const { grant, clock, manager } = made({
      grant: new ScriptedGrant(({ number }) => tokens(`token-${number}`, { lifetime: 2_000 })),
      refresh: 'on-demand',
    })
    await reject(manager, clock)
    await clock.advance(900)
    expect(await reject(manager, clock)).toMatchObject(rejectedToo)
    await clock.advance(750)
    const response = deferred<TokenSet>()
    grant.response = () => response.promise
    const rejected = manager.current()!
    expect(rejected.reveal()).toBe('token-2')
    const exchange = manager.getToken({ rejected })
    await turn()
    response.resolve(tokens('new'))
    expect((await exchange).reveal()).toBe('new')
  })

  it('is asked for again after reset()', async () => {
    const { clock, manager } = made()
    await reject(manager, clock)
    expect(await reject(manager, clock)).toMatchObject(rejectedToo)
    manager.reset()
    expect(await reject(manager, clock)).toBe('token-3')
    manager.reset()
    expect(await reject(manager, clock)).toBe('token-4')
  })

  it('is not held against a manager that has no token', () => {
    const { manager } = made()
    expect(() => manager.reset()).not.toThrow()
  })
})

describe('an exchange that returns the rejected token again', () => {
  it('surfaces the 401, and is tried again after the pause', async () => {
    const { grant, clock, manager } = made({ grant: new ScriptedGrant(() => tokens('same')) })
    expect(await reject(manager, clock)).toMatchObject({ ...rejectedToo, retryAfter: 1_000 })
    expect(grant.count).toBe(2)
    expect(manager.current()?.reveal()).toBe('same')
    for (let count = 0; count < 50; count++) expect(await reject(manager, clock)).toMatchObject(rejectedToo)
    expect(grant.count).toBe(2)
    await clock.advance(1_000)
    expect(await reject(manager, clock)).toMatchObject({ ...rejectedToo, retryAfter: 2_000 })
    expect(grant.count).toBe(3)
    await clock.advance(2_000)
    grant.response = () => tokens('new')
    expect(await reject(manager, clock)).toBe('new')
  })

  it('surfaces the 401 when the flight had been on its way by schedule', async () => {
    const { grant, clock, manager } = made({
      grant: new ScriptedGrant(() => tokens('same')),
      refresh: 'on-demand',
    })
    const rejected = await manager.getToken()
    await clock.advance(56 * MINUTE)
    manager.current()
    await expect(manager.getToken({ rejected })).rejects.toMatchObject(rejectedToo)
    expect(grant.count).toBe(3)
  })

  it('surfaces the 401 when the manager had dropped the token meanwhile', async () => {
    const { grant, manager } = made({ grant: new ScriptedGrant(() => tokens('same')) })
    const rejected = await manager.getToken()
    manager.invalidate()
    await expect(manager.getToken({ rejected })).rejects.toMatchObject(rejectedToo)
    expect(grant.count).toBe(3)
  })
})
