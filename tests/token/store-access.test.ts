import { describe, expect, it } from '@jest/globals'
import { delay } from '../../src/base/clock.js'
import { EverbearerError, TokenError } from '../../src/base/errors.js'
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

  it('releases a lease that is granted after its wait has ended', async () => {
    let released = 0
    const late = { ...lease, release: async () => void (released += 1) }
    const { clock, access } = setUp({ lease: () => delay(clock, 1_000).then(() => late) })
    const waiting = access.lease(500, new AbortController().signal).catch((error: unknown) => error)
    await clock.advance(600)
    expect([await waiting, released]).toEqual([expect.objectContaining({ code: 'token_store_failed' }), 0])
    await clock.advance(500)
    expect(released).toBe(1)
  })

  it.each([
    ['of its own', new Error('canary'), 'token_store_failed', true],
    ['of a slow store', undefined, 'token_store_failed', true],
    [
      'that everbearer knows',
      new EverbearerError('invalid_option', 'x', { retryable: false }),
      'invalid_option',
      false,
    ],
    ['of a token', new TokenError('token_store_corrupt', 'x', { requestSent: false }), 'token_store_corrupt', false],
  ])('rejects with an error %s before anything was sent', async (_name, failure, code, retryable) => {
    const { clock, access } = setUp(failure === undefined ? {} : { get: () => Promise.reject(failure) })
    const read = access.read(new AbortController().signal).catch((error: unknown) => error)
    await clock.advance(2_010)
    const error = await read
    expect(error).toMatchObject({ name: 'TokenError', code, retryable, requestSent: false })
    expect(error === failure).toBe(failure instanceof TokenError)
    expect(String(error)).not.toContain('canary')
  })
})
