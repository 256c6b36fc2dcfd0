import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { Lease, TokenStore } from '../../src/token/token-store.js'

/** A place where values are kept, and the time of those that use it. */
export interface StorePlace {
  /** A handle on the place, such as each process has one. A store that lives in one process gives the same again. */
  open(): TokenStore
  /** Lets so many milliseconds go by for all handles. */
  advance(milliseconds: number): Promise<void>
  /** Stops the process of a handle, so to speak; what it answers lets it go on. Absent where all stop together. */
  stop?(store: TokenStore): () => Promise<void>
  remove(): Promise<void> | void
}

const TTL = 60_000
const LEASE = 9_000

/** What every store owes to the managers that use it. */
export function describeTokenStore(name: string, make: () => Promise<StorePlace>): void {
  let place: StorePlace
  let store: TokenStore
  beforeEach(async () => {
    place = await make()
    store = place.open()
  })
  afterEach(() => place.remove())

  /** Gives the disk its time, and then lets time go by, until the promise is settled. */
  async function eventually<Result>(promise: Promise<Result>): Promise<Result> {
    let settled = false
    const settle = () => void (settled = true)
    const settling = promise.then(settle, settle)
    for (let step = 0; step < 100; step++) {
      await Promise.race([settling, wait(20)])
      if (settled) return promise
      await place.advance(10)
    }
    throw new Error('It goes on and on.')
  }

  async function pending(promise: Promise<unknown>): Promise<boolean> {
    await place.advance(50)
    return Promise.race([promise.then(() => false), turn(true)])
  }

  async function taken(key = 'key', from = store): Promise<Lease> {
    const lease = await eventually(from.lease(key, LEASE))
    if (lease === undefined) throw new Error('Somebody holds the lease.')
    return lease
  }

  /** As a manager writes: under a lease, after a look at what is there. */
  async function write(value: string | undefined, { key = 'key', ttl = TTL, to = store } = {}): Promise<boolean> {
    const lease = await taken(key, to)
    const expectedVersion = (await to.get(key))?.version
    const written = await to.compareAndSet(key, value, { expectedVersion, fence: lease.fence, ttl })
    await lease.release()
    return written
  }

  describe(`${name}, its values:`, () => {
    it('there is none before one was written', async () => {
      expect(await store.get('key')).toBeUndefined()
    })

    it('what was written is read by every handle, with its age', async () => {
      expect(await write('a')).toBe(true)
      await place.advance(1_500)
      const stored = await place.open().get('key')
      expect(stored).toEqual({ value: 'a', version: expect.any(String), age: expect.any(Number) })
      expect(stored!.age).toBeGreaterThanOrEqual(1_500)
      expect(stored!.age).toBeLessThan(3_000)
    })

    it('each write makes another version and starts the age anew, also of the same value', async () => {
      await write('a')
      const first = await store.get('key')
      await place.advance(5_000)
      await write('a')
      const second = await store.get('key')
      expect(second!.version).not.toBe(first!.version)
      expect(second!.age).toBeLessThan(5_000)
    })

    it('a write that expects another version changes nothing, and says so', async () => {
      const { fence } = await taken()
      const set = (value: string | undefined, expectedVersion: string | undefined) =>
        store.compareAndSet('key', value, { expectedVersion, fence, ttl: TTL })
      expect(await set('a', 'elsewhere')).toBe(false)
      expect(await set(undefined, 'elsewhere')).toBe(false)
      expect(await set('a', undefined)).toBe(true)
      const { version } = (await store.get('key'))!
      expect(await set('b', undefined)).toBe(false)
      expect(await set(undefined, undefined)).toBe(false)
      expect(await set('b', `${version}0`)).toBe(false)
      expect(await store.get('key')).toMatchObject({ value: 'a', version })
      expect(await set('b', version)).toBe(true)
      expect(await set('c', version)).toBe(false)
      expect(await store.get('key')).toMatchObject({ value: 'b' })
    })

    it('of writes at once that expect the same version one is made', async () => {
      const { fence } = await taken()
      const values = Array.from({ length: 10 }, (_, index) => `value ${index}`)
      const written = await Promise.all(
        values.map((value) => {
          return place.open().compareAndSet('key', value, { expectedVersion: undefined, fence, ttl: TTL })
        }),
      )
      expect(written.filter(Boolean)).toHaveLength(1)
      expect(await store.get('key')).toMatchObject({ value: values[written.indexOf(true)] })
    })

    it('undefined removes, and another may be written after it', async () => {
      await write('a')
      expect(await write(undefined)).toBe(true)
      expect(await place.open().get('key')).toBeUndefined()
      expect(await write('b')).toBe(true)
      expect(await store.get('key')).toMatchObject({ value: 'b' })
    })

    it('one whose ttl is over is none', async () => {
      await write('a', { ttl: 2_000 })
      await place.advance(1_000)
      expect(await store.get('key')).toMatchObject({ value: 'a' })
      await place.advance(1_100)
      expect(await store.get('key')).toBeUndefined()
      expect(await write('b')).toBe(true)
      expect(await store.get('key')).toMatchObject({ value: 'b' })
    })

    it('a megabyte comes back whole, and so does every character', async () => {
      const value = JSON.stringify(['\u0000 \u2028 "\\', 'žluťoučký 漢字 🙂', 'x'.repeat(2 ** 20)])
      await write(value)
      expect((await place.open().get('key'))?.value === value).toBe(true)
      await write('')
      expect(await store.get('key')).toMatchObject({ value: '' })
    })

    it('what cannot be a key, a value, a version, a fence, a time or a signal is told, and nothing is written', async () => {
      const { fence } = await taken()
      const options = { expectedVersion: undefined, fence, ttl: TTL }
      const wrong = [
        store.get(5 as never),
        store.get('key', null as never),
        store.get('key', { signal: 'x' as never }),
        store.compareAndSet({} as never, 'a', options),
        store.compareAndSet('key', 5 as never, options),
        store.compareAndSet('key', 'a', undefined as never),
        store.compareAndSet('key', 'a', { ...options, expectedVersion: 5 as never }),
        store.compareAndSet('key', 'a', { ...options, fence: NaN }),
        store.compareAndSet('key', 'a', { ...options, ttl: NaN }),
        store.lease(5 as never, LEASE),
        store.lease('other', -1),
        store.lease('other', LEASE, null as never),
      ]
      for (const outcome of await Promise.allSettled(wrong)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'invalid_option' } })
      }
      expect(await store.get('key')).toBeUndefined()
    })

    it('keys have nothing to do with each other, whatever they are', async () => {
      const keys = [
        'key',
        'KEY',
        'key ',
        'ke',
        '',
        '.',
        '../key',
        '/key',
        'key\u0000',
        '__proto__',
        'ключ',
        'k'.repeat(999),
      ]
      const leases = []
      for (const key of keys) {
        const lease = await taken(key)
        leases.push(lease)
        const { fence } = lease
        expect(await store.compareAndSet(key, `of ${key}`, { expectedVersion: undefined, fence, ttl: TTL })).toBe(true)
      }
      for (const lease of leases) await lease.release()
      for (const key of keys) expect(await store.get(key)).toMatchObject({ value: `of ${key}` })
    })
  })

  describe(`${name}, its leases:`, () => {
    it('each has a greater fence than all before it, also when the value has gone', async () => {
      const fences: number[] = []
      const look = async () => {
        const lease = await taken('key', place.open())
        fences.push(lease.fence)
        await lease.release()
      }
      await look()
      await write('a', { ttl: 100 })
      await look()
      await place.advance(200)
      await look()
      await write('b')
      await write(undefined)
      await look()
      expect(fences.every((fence, index) => Number.isSafeInteger(fence) && fence > (fences[index - 1] ?? 0))).toBe(true)
    })

    it('a write with an older one’s fence comes too late, though its version is the right one', async () => {
      const older = await taken()
      await older.release()
      const late = (fence: number, value: string | undefined) =>
        store.compareAndSet('key', value, { expectedVersion: undefined, fence, ttl: TTL })
      const newer = await taken('key', place.open())
      expect(await late(older.fence, 'late')).toBe(false)
      expect(await late(newer.fence, 'a')).toBe(true)
      const expectedVersion = (await store.get('key'))!.version
      const options = { expectedVersion, fence: older.fence, ttl: TTL }
      expect(await store.compareAndSet('key', 'late', options)).toBe(false)
      expect(await store.compareAndSet('key', undefined, options)).toBe(false)
      expect(await store.get('key')).toMatchObject({ value: 'a' })
    })

    it('also when nothing is left of the value and the newer one was released', async () => {
      const older = await taken()
      await older.release()
      await write('a', { ttl: 100 })
      await place.advance(200)
      const options = { expectedVersion: undefined, fence: older.fence, ttl: TTL }
      expect(await store.compareAndSet('key', 'late', options)).toBe(false)
      expect(await store.get('key')).toBeUndefined()
    })

    it('one that was released may still write as long as nobody has a newer one', async () => {
      const lease = await taken()
      await lease.release()
      const { fence } = lease
      expect(await store.compareAndSet('key', 'a', { expectedVersion: undefined, fence, ttl: TTL })).toBe(true)
    })

    it('one holds it, however many ask, and when it is released all that waited go on together', async () => {
      const held = await taken()
      let going = 0
      const waiting = Array.from({ length: 20 }, () => {
        const from = place.open()
        return from.lease('key', LEASE).then((lease) => ((going += 1), lease))
      })
      await place.advance(200)
      expect(going).toBe(0)
      await held.release()
      const leases = (await eventually(Promise.all(waiting))).filter((lease) => lease !== undefined)
      expect(leases.length).toBeLessThanOrEqual(1)
      for (const lease of leases) await lease.release()
      expect((await taken()).fence).toBeGreaterThan(held.fence)
    })

    it('of many that come at once one holds it', async () => {
      const asked = Array.from({ length: 20 }, () => place.open().lease('key', LEASE))
      const first = await eventually(Promise.race(asked))
      expect(first).toBeDefined()
      await place.advance(200)
      await first!.release()
      const rest = (await eventually(Promise.all(asked))).filter((lease) => lease !== undefined && lease !== first)
      expect(rest.length).toBeLessThanOrEqual(1)
    })

    it('it renews itself: who works for longer than its ttl holds it all the same', async () => {
      const held = await taken()
      const waiting = place.open().lease('key', LEASE)
      for (let times = 0; times < 10; times++) await place.advance(LEASE / 2)
      expect(held.signal.aborted).toBe(false)
      expect(await pending(waiting)).toBe(true)
      await held.release()
      await (await eventually(waiting))?.release()
    })

    it('release may be called again, and does not let go of what another has meanwhile', async () => {
      const first = await taken()
      await first.release()
      await first.release()
      const second = await taken()
      await first.release()
      const third = place.open().lease('key', LEASE)
      expect(await pending(third)).toBe(true)
      expect(second.signal.aborted).toBe(false)
      await second.release()
      await (await eventually(third))?.release()
      expect(first.signal.aborted).toBe(false)
    })

    it('a signal ends a wait with its reason, and nobody else’s', async () => {
      const held = await taken()
      const reason = new Error('gave up')
      const controller = new AbortController()
      const { signal } = controller
      const [mine, others] = [place.open().lease('key', LEASE, { signal }), place.open().lease('key', LEASE)]
      expect(await pending(mine)).toBe(true)
      controller.abort(reason)
      await expect(mine).rejects.toBe(reason)
      expect(await pending(others)).toBe(true)
      await held.release()
      await (await eventually(others))?.release()
    })

    it('a signal that aborted before asks for nothing', async () => {
      const reason = new Error('gave up')
      const options = { signal: AbortSignal.abort(reason) }
      await expect(store.lease('key', LEASE, options)).rejects.toBe(reason)
      await expect(store.get('key', options)).rejects.toBe(reason)
      await (await taken()).release()
    })

    it('an absent signal may be undefined', async () => {
      expect(await store.get('key', { signal: undefined })).toBeUndefined()
      await (await eventually(store.lease('key', LEASE, { signal: undefined })))?.release()
    })

    it('a holder that was stopped for its ttl loses it, is told, and writes nothing any more', async () => {
      if (place.stop === undefined) return
      const [stopped, other] = [place.open(), place.open()]
      const lost = await taken('key', stopped)
      const goOn = place.stop(stopped)
      const waiting = other.lease('key', LEASE)
      await place.advance(LEASE / 2)
      expect(await pending(waiting)).toBe(true)
      await place.advance(LEASE)
      const next = (await eventually(waiting)) ?? (await taken('key', other))
      expect(next.fence).toBeGreaterThan(lost.fence)
      // Before any timer could tell: what it spends next may be sent at once.
      expect(lost.signal.aborted).toBe(true)
      await goOn()
      expect(lost.signal.aborted).toBe(true)
      const options = { expectedVersion: undefined, fence: lost.fence, ttl: TTL }
      expect(await stopped.compareAndSet('key', 'late', options)).toBe(false)
      await lost.release()
      expect(next.signal.aborted).toBe(false)
      expect(await other.compareAndSet('key', 'a', { ...options, fence: next.fence })).toBe(true)
      await next.release()
    })
  })
}
