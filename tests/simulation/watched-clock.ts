import type { Timer } from '../../src/base/clock.js'
import { FakeClock } from '../../src/testing/fake-clock.js'

/** A fake clock that says when its next timer is due, and what time it really is. */
export class WatchedClock extends FakeClock {
  readonly #due = new Map<object, number>()
  #slept = 0

  /** Milliseconds that have really gone by, whatever the wall clock was set to. */
  get trueTime(): number {
    return this.monotonic() + this.#slept
  }

  /** Milliseconds until the next timer fires. */
  get untilNextTimer(): number | undefined {
    return this.#due.size === 0 ? undefined : Math.min(...this.#due.values()) - this.monotonic()
  }

  override setTimeout(callback: () => void, delay: number): Timer {
    const key = {}
    const timer = super.setTimeout(() => {
      this.#due.delete(key)
      callback()
    }, delay)
    this.#due.set(key, this.monotonic() + Math.max(1, Math.min(delay, 2 ** 31 - 1)))
    return {
      ...timer,
      clear: () => {
        this.#due.delete(key)
        timer.clear()
      },
    }
  }

  override sleep(milliseconds: number): void {
    this.#slept += milliseconds
    super.sleep(milliseconds)
  }
}
