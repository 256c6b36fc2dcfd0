import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { StorePause } from '../../src/token/store-pause.js'

/** How long each of some pauses lasts when one follows the other. */
async function lengths(random: number, count: number): Promise<number[]> {
  const clock = new FakeClock({ random: () => random })
  const pause = new StorePause(clock)
  const found: number[] = []
  for (let number = 0; number < count; number++) {
    pause.start()
    const startedAt = clock.monotonic()
    while (!pause.isOver) await clock.advance(50)
    found.push(clock.monotonic() - startedAt)
  }
  return found
}

describe('StorePause', () => {
  it('lasts from half of 1 s to 1 s, doubling to 10 s', async () => {
    expect(await lengths(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000])
    expect(await lengths(0.9999, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  })

  it('is over before it began, and short again after the store has worked', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const pause = new StorePause(clock)
    expect(pause.isOver).toBe(true)
    for (let times = 0; times < 3; times++) pause.start()
    expect(pause.isOver).toBe(false)
    pause.end()
    expect(pause.isOver).toBe(true)
    pause.start()
    await clock.advance(500)
    expect(pause.isOver).toBe(true)
  })
})
