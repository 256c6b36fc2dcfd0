import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { RenewedLease } from '../../src/token/renewed-lease.js'
import type { Hold } from '../../src/token/renewed-lease.js'
import { deferred } from '../waiting.js'

const TTL = 900

function taken(renew: Hold['renew'] = () => true) {
  const clock = new FakeClock()
  const done: string[] = []
  const hold: Hold = {
    renew() {
      done.push('renew')
      return renew()
    },
    letGo: () => void done.push('let go'),
  }
  const lease = new RenewedLease(7, hold, { ttl: TTL, clock, since: clock.monotonic() })
  return { lease, clock, done }
}

describe('a lease that renews itself', () => {
  it('does so three times in its time, and is held for as long as that works', async () => {
    const { lease, clock, done } = taken()
    expect(lease.fence).toBe(7)
    await clock.advance(10 * TTL)
    expect(done).toHaveLength(30)
    expect(lease.signal.aborted).toBe(false)
  })

  it('is let go once, and renewed no more', async () => {
    const { lease, clock, done } = taken()
    await lease.release()
    await lease.release()
    await clock.advance(10 * TTL)
    expect(done).toEqual(['let go'])
    expect(lease.signal.aborted).toBe(false)
  })

  it('is lost at once when somebody else has it', async () => {
    const { lease, clock, done } = taken(() => false)
    await clock.advance(TTL / 3)
    expect(lease.signal.reason).toMatchObject({ code: 'token_store_failed', retryable: true })
    await clock.advance(10 * TTL)
    expect(done).toEqual(['renew', 'let go'])
  })

  it.each([
    ['fails', () => Promise.reject(new Error('canary'))],
    ['never ends', () => new Promise<boolean>(() => undefined)],
  ])('is lost after its time when renewing %s', async (_how, renew) => {
    const { lease, clock, done } = taken(renew)
    const lost = new Promise((resolve) => lease.signal.addEventListener('abort', resolve))
    await clock.advance(TTL - 1)
    expect(lease.signal.aborted).toBe(false)
    await clock.advance(1)
    await lost
    expect(done).toEqual(['renew', 'renew', 'let go'])
  })

  it('survives two renewals that fail', async () => {
    let count = 0
    const { lease, clock } = taken(() => {
      if (++count % 3 === 0) return true
      throw new Error('canary')
    })
    await clock.advance(TTL - 1)
    expect(lease.signal.aborted).toBe(false)
  })

  it('counts its time from when it asked, not from when it was answered', async () => {
    const response = deferred<boolean>()
    let count = 0
    const { lease, clock } = taken(() => (++count === 1 ? response.promise : new Promise<boolean>(() => undefined)))
    await clock.advance(TTL / 3 + 500)
    response.resolve(true)
    await clock.advance(TTL - 500 - 1)
    expect(lease.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(lease.signal.aborted).toBe(true)
  })

  it('is no longer renewed by an answer that comes when it was let go', async () => {
    const response = deferred<boolean>()
    const { lease, clock } = taken(() => response.promise)
    await clock.advance(TTL / 3)
    await lease.release()
    response.resolve(false)
    await clock.advance(0)
    expect(lease.signal.aborted).toBe(false)
  })

  it('looked at after a pause of the process, is lost before any timer could tell', () => {
    const clock = new FakeClock()
    const lease = new RenewedLease(1, { renew: () => true, letGo: () => undefined }, { ttl: TTL, clock, since: -TTL })
    expect(lease.signal.aborted).toBe(true)
  })

  it('that is lost needs nobody to let it go', async () => {
    const clock = new FakeClock()
    const hold = { renew: () => false, letGo: () => Promise.reject(new Error('canary')) }
    const lease = new RenewedLease(1, hold, { ttl: TTL, clock, since: clock.monotonic() })
    await clock.advance(TTL)
    expect(lease.signal.aborted).toBe(true)
  })
})

it('a lost lease says why', async () => {
  const { lease, clock } = taken(() => false)
  await clock.advance(TTL)
  expect(lease.signal.reason).toMatchObject({
    code: 'token_store_failed',
    message: 'The lease was lost: this process could not renew it in time.',
  })
})
