import { describe, expect, it } from '@jest/globals'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { heardOn } from '../listening.js'
import { HOUR, permanentError, ScriptedGrant, tokens, transientError } from '../scripted-grant.js'
import { made } from './made.js'
import { turn } from '../../waiting.js'

describe('the events of a TokenManager', () => {
  it('tell of each new token, how long it took and what for', async () => {
    const { grant, clock, manager } = made()
    grant.response = async ({ number }) => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 70))
      return tokens(`token-${number}`, number === 3 ? { lifetime: Infinity } : {})
    }
    const events = await heardOn('everbearer:token-minted', async () => {
      const first = manager.getToken()
      await clock.advance(70)
      const rejected = await first
      await clock.advance(HOUR - 300_000)
      expect(manager.current()).not.toBe(rejected)
      const exchange = manager.getToken({ rejected: manager.current()! })
      await clock.advance(70)
      await exchange
    })
    expect(events).toEqual([
      { lifetime: HOUR, duration: 70, reason: 'first' },
      { lifetime: HOUR, duration: 70, reason: 'schedule' },
      { lifetime: undefined, duration: 70, reason: 'rejection' },
    ])
  })

  it('tell of a renewal that a caller had to wait for as one by schedule', async () => {
    const { clock, manager } = made({ refresh: 'on-demand' })
    await manager.getToken()
    await clock.advance(HOUR - 10_000)
    const events = await heardOn('everbearer:token-minted', () => manager.getToken())
    expect(events).toMatchObject([{ reason: 'schedule' }])
  })

  it('tell of each flight that failed and how long the server is left alone', async () => {
    const { grant, clock, manager } = made({ grant: new ScriptedGrant(() => Promise.reject(transientError())) })
    const events = await heardOn('everbearer:token-failed', async () => {
      const first = manager.getToken().catch(() => undefined)
      await clock.advance(3)
      await first
      await manager.getToken().catch(() => undefined)
      grant.response = () => Promise.reject(permanentError())
      await clock.advance(1_000)
      await manager.getToken().catch(() => undefined)
    })
    expect(events).toEqual([
      { code: 'token_endpoint_failed', retryable: true, coolDown: 1_000 },
      { code: 'token_denied', retryable: false, coolDown: 10_000 },
    ])
  })

  it('tell of each 401 to the token that is current, with its age, and of no other', async () => {
    const { clock, manager } = made({ grant: new ScriptedGrant(() => tokens('same')) })
    const events = await heardOn('everbearer:token-rejected', async () => {
      const rejected = await manager.getToken()
      await clock.advance(1_000)
      await Promise.allSettled([manager.getToken({ rejected }), manager.getToken({ rejected })])
      await manager.getToken({ rejected: tokens('another').accessToken })
    })
    expect(events).toEqual([{ age: 1_000 }, { age: 1_000 }])
  })

  it('are not built while nobody listens', async () => {
    const grant = new ScriptedGrant()
    const reads: string[] = []
    Object.defineProperty(grant, 'identity', { get: () => reads.push('identity') })
    const { clock, manager } = made({ grant })
    const rejected = await manager.getToken()
    await manager.getToken({ rejected })
    grant.response = () => Promise.reject(permanentError())
    await clock.advance(HOUR)
    expect(reads).toEqual([])
  })

  it('a listener that drops the new token does not take it from who waits for it', async () => {
    const { manager } = made()
    const listener = () => manager.invalidate()
    subscribe('everbearer:token-minted', listener)
    const token = await manager.getToken()
    unsubscribe('everbearer:token-minted', listener)
    expect(token.reveal()).toBe('token-1')
    expect(manager.current()).toBeUndefined()
  })

  it('a listener that asks for a token in the middle of everything does no harm', async () => {
    const { grant, manager } = made()
    const outcomes: Promise<unknown>[] = []
    const names = ['token-request', 'token-minted', 'token-failed', 'token-rejected'].map(
      (name) => `everbearer:${name}`,
    )
    const listener = () => {
      if (outcomes.length < 100) outcomes.push(manager.getToken().catch((error: unknown) => error))
    }
    for (const name of names) subscribe(name, listener)
    const rejected = await manager.getToken()
    await manager.getToken({ rejected })
    for (const name of names) unsubscribe(name, listener)
    await Promise.all(outcomes)
    expect(outcomes).toHaveLength(5)
    expect(grant.count).toBe(2)
  })
})

describe('the async context', () => {
  const context = new AsyncLocalStorage<string>()

  it('of a flight is nobody’s, of the timers that follow it too; each waiter keeps its own', async () => {
    const seen: unknown[] = []
    const grant = new ScriptedGrant(async ({ number }) => {
      seen.push(context.getStore())
      await turn()
      seen.push(context.getStore())
      return tokens(`token-${number}`)
    })
    const { clock, manager } = context.run('maker', () => made({ grant }))
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        context.run(name, async () => {
          const rejected = await manager.getToken()
          expect(context.getStore()).toBe(name)
          await manager.getToken({ rejected })
          expect(context.getStore()).toBe(name)
        }),
      ),
    )
    await context.run('d', () => clock.advance(HOUR - 300_000))
    await turn()
    expect(grant.count).toBe(3)
    expect(seen).toEqual(seen.map(() => undefined))
  })
})
