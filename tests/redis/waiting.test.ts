import { randomBytes } from 'node:crypto'

import { describe, expect, it } from '@jest/globals'
import type { RunScript } from '../../src/redis/redis-client.js'
import { redisTokenStore } from '../../src/redis/redis-token-store.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { SimulatedRedis } from '../scaling/simulated-redis.js'
import { state } from '../token/scripted-grant.js'

/** A Redis that takes a millisecond for each command, and stores of several processes over it. */
function place() {
  const clock = new FakeClock()
  const redis = new SimulatedRedis(clock)
  const encryptionKey = randomBytes(32)
  let commands = 0
  redis.onCommand = () => void (commands += 1)
  /** A process that is stopped has a clock that does not move. */
  const open = (own = clock, run: RunScript = redis.run) => redisTokenStore(run, { encryptionKey, clock: own })
  return { clock, redis, open, count: () => commands }
}

describe('who waits for a lease', () => {
  it('goes on as soon as that of a holder that died is over', async () => {
    const { clock, open } = place()
    const held = open(new FakeClock()).lease('key', 400)
    await clock.advance(1)
    await held
    const waiting = open().lease('key', 400)
    await clock.advance(395)
    expect(await state(waiting as never)).toBe('pending')
    await clock.advance(10)
    expect(await waiting).toBeUndefined()
  })

  it('looks soon at first, and then six times a second or so, however long it takes', async () => {
    const { clock, open, count } = place()
    const held = open(new FakeClock()).lease('key', 60_000)
    await clock.advance(1)
    await held
    void open().lease('key', 60_000)
    const before = count()
    await clock.advance(100)
    const soon = count() - before
    await clock.advance(20_000)
    expect(soon).toBeGreaterThanOrEqual(3)
    expect((count() - before - soon) / 20).toBeGreaterThan(4)
    expect((count() - before - soon) / 20).toBeLessThan(8)
  })

  it('and gives up while the answer is on its way keeps nobody from it', async () => {
    const { clock, open } = place()
    const controller = new AbortController()
    const given = open().lease('key', 60_000, { signal: controller.signal })
    given.catch(() => undefined)
    controller.abort(new Error('gave up'))
    await expect(given).rejects.toThrow('gave up')
    await clock.advance(5)
    const next = open().lease('key', 60_000)
    await clock.advance(5)
    expect((await next)?.fence).toBeGreaterThan(0)
  })

  it('and loses the answer that grants it keeps nobody from it', async () => {
    const { clock, redis, open } = place()
    let isLost = true
    const lossy = open(clock, async (...command) => {
      const reply = await redis.run(...command)
      if (!isLost) return reply
      isLost = false
      throw new Error('Command timed out')
    })
    const failing = lossy.lease('key', 60_000)
    failing.catch(() => undefined)
    await clock.advance(5)
    await expect(failing).rejects.toMatchObject({ code: 'token_store_failed' })
    const next = open().lease('key', 60_000)
    await clock.advance(5)
    expect(await next).toBeDefined()
  })
})
