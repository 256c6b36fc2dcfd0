import { expect, it } from '@jest/globals'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MemoryTokenStore } from '../../src/stores/memory-token-store.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { describeTokenStore } from './contract.js'

describeTokenStore('MemoryTokenStore', async () => {
  const clock = new FakeClock()
  const store = new MemoryTokenStore({ clock })
  return { open: () => store, advance: (milliseconds) => clock.advance(milliseconds), remove: () => undefined }
})

const KEYS = Array.from({ length: 1_000 }, (_, index) => `key ${index}`)

async function fill(store: MemoryTokenStore, keys: readonly string[], ttl: number) {
  for (const key of keys) {
    const lease = await store.lease(key, 1_000)
    await store.compareAndSet(key, key, { expectedVersion: undefined, fence: lease!.fence, ttl })
    await lease!.release()
  }
}

it('sets no timer, and a late write of a key that is long forgotten stays refused', async () => {
  const clock = new FakeClock()
  const store = new MemoryTokenStore({ clock })
  const late = await store.lease('late', 1_000)
  await late!.release()
  await fill(store, ['late'], 1_000)
  expect(clock.pendingTimers).toBe(0)
  await clock.advance(1_000)
  await fill(store, KEYS, 1_000)
  const options = { expectedVersion: undefined, fence: late!.fence, ttl: 1_000 }
  expect(await store.compareAndSet('late', 'late', options)).toBe(false)
})

it('what lives is never swept out by others', async () => {
  const store = new MemoryTokenStore({ clock: new FakeClock() })
  const held = await store.lease('held', 1_000)
  await fill(store, KEYS, 1_000)
  for (const key of KEYS) expect(await store.get(key)).toMatchObject({ value: key })
  const waiting = store.lease('held', 1_000)
  await held!.release()
  expect(await waiting).toBeUndefined()
})

it('a thousand keys a minute, an hour long, take the room of those that live', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const clock = new FakeClock()
  const store = new MemoryTokenStore({ clock })
  const value = 'x'.repeat(500)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (let minute = 0; minute < 60; minute++) {
    const keys = KEYS.map((key) => Buffer.from(`${value}${minute} ${key}`).toString())
    await fill(store, keys, 30_000)
    clock.sleep(60_000)
  }
  collectGarbage()
  // All of them together would take 60 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
})
