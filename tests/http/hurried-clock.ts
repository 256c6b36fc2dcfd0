import type { Clock, Timer } from '../../src/base/clock.js'

/**
 * A clock whose waits are over at once: each moves it on by its whole length. So a test sees every wait, and sleeps
 * through none.
 */
export class HurriedClock implements Clock {
  readonly waits: number[] = []
  #time = 0

  now(): number {
    return this.#time
  }

  monotonic(): number {
    return this.#time
  }

  /** As if so much time had gone by. */
  pass(milliseconds: number): void {
    this.#time += milliseconds
  }

  setTimeout(callback: () => void, milliseconds: number): Timer {
    const immediate = setImmediate(() => {
      this.waits.push(milliseconds)
      this.#time += milliseconds
      callback()
    })
    return { ref: () => undefined, unref: () => undefined, clear: () => clearImmediate(immediate) }
  }

  random(): number {
    return 0.5
  }
}
