import type { Clock, Timer } from '../../src/base/clock.js'

/**
 * A clock whose waits are over at once: each moves it on by its whole length. So a test sees every wait, and sleeps
 * through none. A wait is a timer that keeps the process alive; any other is a deadline, and never comes.
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
    let immediate: NodeJS.Immediate | undefined
    const unref = () => clearImmediate(immediate)
    const ref = () => {
      immediate = setImmediate(() => {
        this.waits.push(milliseconds)
        this.#time += milliseconds
        callback()
      })
    }
    return { ref, unref, clear: unref }
  }

  random(): number {
    return 0.5
  }
}
