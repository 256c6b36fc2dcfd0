import { systemClock } from '../../src/base/clock.js'
import type { Clock, Timer } from '../../src/index.js'

/** The machine's own clock, which knows how many of its timers are pending: Node lists only those that keep it alive. */
export class CountingClock implements Clock {
  pending = 0
  now = systemClock.now
  monotonic = systemClock.monotonic
  random = systemClock.random

  setTimeout(callback: () => void, delay: number): Timer {
    this.pending += 1
    let over = false
    const end = () => {
      if (!over) this.pending -= 1
      over = true
    }
    const timer = systemClock.setTimeout(() => {
      end()
      callback()
    }, delay)
    return {
      ref: timer.ref,
      unref: timer.unref,
      clear() {
        end()
        timer.clear()
      },
    }
  }
}
