import { describe, expect, it } from '@jest/globals'
import { TokenError } from '../../src/base/errors.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { leaseError } from '../../src/token/token-errors.js'
import { StoredSupply } from '../../src/token/stored-supply.js'
import { identityKey } from '../../src/token/identity-key.js'
import { deferred } from '../waiting.js'
import { MeddledStore } from './meddled-store.js'
import { ScriptedGrant, tokens, transientError } from './scripted-grant.js'

const TIMEOUT = 10_000

function setUp({ random = 0, repeatable = true, response }: SetUp = {}) {
  const clock = new FakeClock({ random: () => random })
  const store = new MeddledStore(clock)
  const grant = new ScriptedGrant(response, repeatable)
  const supply = new StoredSupply(grant, store, { clock, timeout: TIMEOUT, sessionTtl: 1e9 })
  const obtain = (signal = new AbortController().signal) => {
    const held = supply.obtain({
      unwanted: undefined,
      isForRejection: false,
      signal,
      tries: 1,
      refreshAhead: undefined,
      progress: { cause: undefined },
    })
    held.catch(() => undefined)
    return held
  }
  return { clock, store, grant, supply, obtain }
}

interface SetUp {
  random?: number
  repeatable?: boolean
  response?: ConstructorParameters<typeof ScriptedGrant>[0]
}

const invalidGrant = () =>
  new TokenError('token_denied', 'Refused: invalid_grant.', { error: 'invalid_grant', status: 400 })

describe('a store that fails', () => {
  it.each([
    [0, 500],
    [0.5, 750],
  ])('with chance %d is looked at again after %d ms', async (random, pause) => {
    const { clock, store, obtain } = setUp({ random, response: () => tokens('t', { lifetime: 1 }) })
    store.before = () => Promise.reject(new Error('down'))
    const first = obtain()
    await clock.advance(300)
    await first
    const looks = () => store.operations.filter((operation) => operation === 'get').length
    expect(looks()).toBe(1)
    await clock.advance(pause - 301)
    void obtain()
    await clock.advance(0)
    expect(looks()).toBe(1)
    await clock.advance(1)
    void obtain()
    await clock.advance(0)
    expect(looks()).toBe(2)
  })

  it('lets a request continue from the last tokens', async () => {
    const { clock, store, grant, obtain } = setUp({ response: ({ number }) => tokens(`t${number}`, { lifetime: 1 }) })
    await obtain()
    store.before = () => Promise.reject(new Error('down'))
    const next = obtain()
    await clock.advance(100)
    await next
    expect(grant.asked.map(({ previous }) => previous?.accessToken.reveal())).toEqual([undefined, 't1'])
  })

  it('ends the wait before a request without it by the signal', async () => {
    const { clock, store, grant, obtain } = setUp({ random: 0.5 })
    store.before = () => Promise.reject(new Error('down'))
    const aborter = new AbortController()
    const held = obtain(aborter.signal)
    await clock.advance(1)
    aborter.abort(new Error('enough'))
    await expect(held).rejects.toThrow('enough')
    await clock.advance(1_000)
    expect([grant.count, clock.pendingTimers]).toEqual([0, 0])
  })
})

describe('a store that grants no lease', () => {
  it.each([
    [0, [0, 0, 10, 20, 40]],
    [0.5, [0, 0, 15, 30, 60]],
  ])('with chance %d is looked at again after %j ms', async (random, waits) => {
    const { clock, store, obtain } = setUp({ random })
    store.lease = () => Promise.resolve(undefined)
    const looks: number[] = []
    store.before = (operation) => operation === 'get' && looks.push(clock.monotonic())
    void obtain()
    for (let step = 0; step < 150; step++) await clock.advance(1)
    const gaps = looks.slice(0, 5).map((look, i) => look - (looks[i - 1] ?? look))
    expect(gaps).toEqual(waits)
  })

  it('is waited for up to half of the time by a grant that uses up its refresh token', async () => {
    const lease = async (wait: number) => {
      const { clock, store, obtain } = setUp({ repeatable: false })
      const gate = deferred()
      const grantLease = store.lease.bind(store)
      store.lease = async (...args) => {
        await gate.promise
        return grantLease(...args)
      }
      const held = obtain()
      await clock.advance(wait)
      gate.resolve()
      await clock.advance(0)
      return held
    }
    expect((await lease(5_000)).token.reveal()).toBe('token-1')
    const error: unknown = await lease(5_001).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'token_lease_held', message: leaseError(TIMEOUT).message, retryable: true })
    expect(leaseError(TIMEOUT).message).toMatch(/^Another process held the session's lease for too much of 10000 ms/)
  })
})

describe('a token request that fails', () => {
  it('makes no further look into the store, unless another manager may have used up the refresh token', async () => {
    const looksAfter = async (error: TokenError) => {
      const { store, obtain } = setUp({ response: () => Promise.reject(error) })
      await expect(obtain()).rejects.toBe(error)
      return store.operations
    }
    expect(await looksAfter(transientError())).toEqual(['get', 'lease', 'get'])
    expect(await looksAfter(new TokenError('token_denied', 'No.', { error: 'invalid_client' }))).toHaveLength(3)
    expect(await looksAfter(invalidGrant())).toEqual(['get', 'lease', 'get', 'get'])
  })

  it('rejects with its error if the store fails afterwards', async () => {
    const { clock, store, grant, obtain } = setUp({ repeatable: false })
    grant.response = () => tokens('t1', { refreshToken: 'r1', lifetime: 1 })
    await obtain()
    await clock.advance(10)
    grant.response = () => {
      store.before = (operation) => operation === 'get' && Promise.reject(new Error('down'))
      throw invalidGrant()
    }
    await expect(obtain()).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(grant.count).toBe(2)
  })
})

it('tokens that were revoked leave the store with no lease held', async () => {
  const { store, grant, supply, obtain } = setUp()
  await obtain()
  const { signal } = new AbortController()
  expect((await supply.latest(signal))?.accessToken.reveal()).toBe('token-1')
  await supply.forget(signal)
  const key = identityKey(grant.identity)
  expect(await store.get(key)).toBeUndefined()
  expect(await store.lease(key, 1_000)).toBeDefined()
})
