import type { Clock, Timer } from '../../src/base/clock.js'
import { turn } from '../waiting.js'

/** A promise may have to wait for a turn of the event loop before it sets the next timer. */
const TURNS = 3

/** A clock for very many timers: it goes from one whole millisecond to the next, and fires all that are due together. */
export class MillisecondClock implements Clock {
  readonly random: () => number
  #time = 0
  readonly #due = new Map<number, Set<() => void>>()

  constructor(random: () => number) {
    this.random = random
  }

  now(): number {
    return this.#time
  }

  monotonic(): number {
    return this.#time
  }

  setTimeout(callback: () => void, delay: number): Timer {
    const at = Math.ceil(this.#time + Math.max(1, delay))
    const callbacks = this.#due.get(at) ?? new Set()
    this.#due.set(at, callbacks.add(callback))
    return { ref() {}, unref() {}, clear: () => void callbacks.delete(callback) }
  }

  async advance(milliseconds: number): Promise<void> {
    for (const end = this.#time + milliseconds; this.#time < end; this.#time++) {
      const callbacks = this.#due.get(this.#time)
      if (callbacks === undefined) continue
      this.#due.delete(this.#time)
      if (callbacks.size === 0) continue
      for (const callback of callbacks) callback()
      for (let count = 0; count < TURNS; count++) await turn()
    }
  }
}
