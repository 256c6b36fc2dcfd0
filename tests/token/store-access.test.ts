import { describe, expect, it } from '@jest/globals'
import { delay } from '../../src/base/clock.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { StoreAccess } from '../../src/token/store-access.js'
import type { Lease, TokenStore } from '../../src/token/token-store.js'
import { ScriptedGrant } from './scripted-grant.js'

const lease: Lease = { fence: 1, signal: new AbortController().signal, release: () => Promise.resolve() }

function setUp(store: Partial<TokenStore>, timeout = 10_000) {
  const clock = new FakeClock({ random: () => 0 })
  const never = () => new Promise<never>(() => undefined)
  const whole = { get: never, compareAndSet: never, lease: never, ...store }
  return { clock, access: new StoreAccess(whole, new ScriptedGrant(), { clock, timeout }) }
}

describe('StoreAccess', () => {
  it('waits for a write for a fifth of the time of a flight', async () => {
    const slow = (milliseconds: number) => {
      const { clock, access } = setUp({ compareAndSet: () => delay(clock, milliseconds).then(() => true) })
      const written = access.write('x', { lease, version: undefined, ttl: 1 }).catch((error: unknown) => error)
      return { clock, written }
    }
    const inTime = slow(1_999)
    await inTime.clock.advance(2_010)
    expect(await inTime.written).toBe(true)
    const late = slow(2_100)
    await late.clock.advance(2_010)
    expect(await late.written).toMatchObject({
      code: 'token_store_failed',
      message: 'The token store did not answer within 2000 ms.',
      retryable: true,
    })
  })

  it('ends a read and the wait for a lease by the signal of the store', async () => {
    const signals: (AbortSignal | undefined)[] = []
    const { clock, access } = setUp({
      get: (_key, { signal } = {}) => (signals.push(signal), new Promise(() => undefined)),
      lease: (_key, _ttl, { signal } = {}) => (signals.push(signal), new Promise(() => undefined)),
    })
    const { signal } = new AbortController()
    const ends = [access.read(signal), access.lease(500, signal)].map((end) => end.catch((error: unknown) => error))
    await clock.advance(1_010)
    for (const end of ends) expect(await end).toMatchObject({ code: 'token_store_failed' })
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true])
  })
})
