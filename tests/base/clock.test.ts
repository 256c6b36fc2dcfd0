import { describe, expect, it } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { delay, elapsedSince, instant, systemClock } from '../../src/base/clock.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { runSource } from './run-source.js'

const gone = new Error('gone')

describe('systemClock', () => {
  it('tells the time of the machine', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000)
    expect(systemClock.random()).toBeGreaterThanOrEqual(0)
    expect(systemClock.random()).toBeLessThan(1)
  })

  it('has a monotonic time that goes on, and is the same in all processes of the machine', async () => {
    const before = systemClock.monotonic()
    const output = await runSource(`
      import { systemClock } from './src/base/clock.ts'
      console.log(systemClock.monotonic())
    `)
    const after = systemClock.monotonic()
    expect(Number(output)).toBeGreaterThan(before)
    expect(Number(output)).toBeLessThan(after)
  })

  it('calls back once, unless the timer is cleared', async () => {
    const fired: string[] = []
    systemClock.setTimeout(() => fired.push('cleared'), 1).clear()
    await new Promise<void>((resolve) => {
      systemClock.setTimeout(() => {
        fired.push('fired')
        resolve()
      }, 2)
    })
    expect(fired).toEqual(['fired'])
  })

  it('cuts a delay that a timer cannot hold, keeps no process alive by itself, and does when it is told to', async () => {
    const output = await runSource(`
      import { delay, systemClock } from './src/base/clock.ts'
      process.on('warning', (warning) => console.log(warning.name))
      const fired = []
      for (const delay of [2 ** 31, 10 * 365 * 86_400_000, Infinity]) {
        systemClock.setTimeout(() => fired.push(delay), delay)
      }
      systemClock.setTimeout(() => console.log('reached'), 30).ref()
      const unwanted = systemClock.setTimeout(() => console.log('not reached'), 60_000)
      unwanted.ref()
      unwanted.unref()
      delay(systemClock, 60_000, { keepAlive: false }).then(() => console.log('not reached'))
      await delay(systemClock, 50)
      console.log('waited', fired)
    `)
    expect(output).toBe('reached\nwaited []\n')
  })
})

describe('elapsedSince', () => {
  it('goes by whichever clock says more [R23]', async () => {
    const clock = new FakeClock()
    const then = instant(clock)
    await clock.advance(1_000)
    expect(elapsedSince(then, clock)).toBe(1_000)
    clock.sleep(500)
    expect(elapsedSince(then, clock)).toBe(1_500)
    clock.jump(-10_000)
    expect(elapsedSince(then, clock)).toBe(1_000)
  })
})

describe('delay', () => {
  it('waits, and leaves no listener behind', async () => {
    const clock = new FakeClock()
    const { signal } = new AbortController()
    let isOver = false
    const waiting = delay(clock, 100, { signal }).then(() => (isOver = true))
    await clock.advance(99)
    expect(isOver).toBe(false)
    await clock.advance(1)
    await waiting
    expect(isOver).toBe(true)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('waits without a signal too', async () => {
    const clock = new FakeClock()
    const waiting = delay(clock, 100)
    await clock.advance(100)
    await expect(waiting).resolves.toBeUndefined()
  })

  it('rejects with the reason of its signal, and clears its timer', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const waiting = delay(clock, 100, { signal: controller.signal })
    controller.abort(gone)
    await expect(waiting).rejects.toBe(gone)
    expect(clock.pendingTimers).toBe(0)
    await expect(delay(clock, 100, { signal: controller.signal })).rejects.toBe(gone)
    expect(clock.pendingTimers).toBe(0)
  })
})
