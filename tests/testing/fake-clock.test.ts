import { describe, expect, it } from '@jest/globals'
import { delay } from '../../src/base/clock.js'
import { FakeClock } from '../../src/testing/index.js'

describe('FakeClock', () => {
  it('stands still until it is advanced, and then moves both clocks', async () => {
    const clock = new FakeClock({ now: 5_000 })
    const monotonic = clock.monotonic()
    expect(clock.now()).toBe(5_000)
    await clock.advance(250)
    expect(clock.now()).toBe(5_250)
    expect(clock.monotonic()).toBe(monotonic + 250)
  })

  it('fires timers when they are due, in order, each at its own time', async () => {
    const clock = new FakeClock({ now: 0 })
    const fired: [string, number][] = []
    clock.setTimeout(() => fired.push(['late', clock.now()]), 300)
    clock.setTimeout(() => fired.push(['early', clock.now()]), 100)
    clock.setTimeout(() => fired.push(['early too', clock.now()]), 100)
    clock.setTimeout(() => fired.push(['not yet', clock.now()]), 301)
    expect(clock.pendingTimers).toBe(4)
    await clock.advance(300)
    expect(fired).toEqual([
      ['early', 100],
      ['early too', 100],
      ['late', 300],
    ])
    expect(clock.pendingTimers).toBe(1)
  })

  it('never fires a cleared timer', async () => {
    const clock = new FakeClock()
    let fired = false
    clock.setTimeout(() => (fired = true), 10).clear()
    expect(clock.pendingTimers).toBe(0)
    await clock.advance(1_000)
    expect(fired).toBe(false)
  })

  it('lets promises and I/O settle between timers, so that a chain of waits runs in one stretch', async () => {
    const clock = new FakeClock({ now: 0 })
    const times: number[] = []
    const chain = (async () => {
      for (let i = 0; i < 3; i++) {
        await delay(clock, 100)
        await new Promise((resolve) => setImmediate(resolve))
        times.push(clock.now())
      }
    })()
    await clock.advance(300)
    await chain
    expect(times).toEqual([100, 200, 300])
  })

  it('jumps and sleeps on the wall clock alone', async () => {
    const clock = new FakeClock({ now: 10_000 })
    const monotonic = clock.monotonic()
    let fired = false
    clock.setTimeout(() => (fired = true), 50)
    clock.jump(-4_000)
    expect(clock.now()).toBe(6_000)
    clock.sleep(3_600_000)
    expect(clock.now()).toBe(3_606_000)
    expect(clock.monotonic()).toBe(monotonic)
    await clock.advance(49)
    expect(fired).toBe(false)
    await clock.advance(1)
    expect(fired).toBe(true)
  })

  it('cuts delays as Node does', async () => {
    const clock = new FakeClock()
    const fired: string[] = []
    clock.setTimeout(() => fired.push('a month'), 30 * 86_400_000)
    clock.setTimeout(() => fired.push('none'), 0)
    await clock.advance(0)
    expect(fired).toEqual([])
    await clock.advance(1)
    expect(fired).toEqual(['none'])
    await clock.advance(2 ** 31 - 2)
    expect(fired).toEqual(['none', 'a month'])
  })

  it('takes its chance from the test', () => {
    const clock = new FakeClock()
    expect(clock.random()).toBe(0.5)
    clock.chance = () => 0.25
    expect(clock.random()).toBe(0.25)
    expect(new FakeClock({ random: () => 0 }).random()).toBe(0)
  })

  it('hands on what a timer throws, and refuses to go back', async () => {
    const clock = new FakeClock()
    clock.setTimeout(() => {
      throw new Error('from the timer')
    }, 1)
    await expect(clock.advance(1)).rejects.toThrow('from the timer')
    await expect(clock.advance(-1)).rejects.toMatchObject({ code: 'invalid_option' })
    expect(() => clock.sleep(NaN)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    expect(() => clock.jump(Infinity)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    expect(() => new FakeClock({ now: NaN })).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })
})
