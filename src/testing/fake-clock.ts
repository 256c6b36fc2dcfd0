import { setImmediate } from 'node:timers'
import type { Clock, Timer } from '../base/clock.js'
import { EverbearerError } from '../base/errors.js'
import { knownOptions, type OptionNames } from '../base/options.js'

/** As Node does: a longer delay is cut down, a shorter one takes a millisecond all the same. */
const MAX_DELAY = 2 ** 31 - 1
const MIN_DELAY = 1

/** A promise may have to wait for a turn of the event loop before it sets the next timer, a stream's end for two. */
const TURNS = 3

interface PendingTimer {
  due: number
  /** Timers of the same moment fire in the order in which they were set. */
  sequence: number
  callback: () => void
}

/** What a {@link FakeClock} starts with. */
export interface FakeClockOptions {
  /** The wall clock's first reading, in milliseconds since the epoch. Default: 1 January 2026, 00:00 UTC. */
  now?: number | undefined
  /** What {@link FakeClock.random} answers. Default: always 0.5. */
  random?: (() => number) | undefined
}

const NAMES: OptionNames<FakeClockOptions> = { now: true, random: true }

/**
 * A clock that moves only when a test says so: no test has to sleep, and every run sees the same times and the same
 * chance. Pass it as the `clock` option of whatever is under test. All times are milliseconds.
 *
 * It fires no timer on its own, so a promise that waits for one stays pending until {@link FakeClock.advance}.
 *
 * @example
 * ```js
 * import { FakeClock } from 'everbearer/testing'
 *
 * const clock = new FakeClock()
 * clock.setTimeout(() => console.log('an hour later'), 3_600_000)
 * await clock.advance(3_600_000) // an hour later
 * clock.pendingTimers // 0
 * ```
 */
export class FakeClock implements Clock {
  /** Called for each `random()`. Replace it at any time to script chance; its answers must lie in [0, 1). */
  chance: () => number
  #wall: number
  #monotonic = 1_000
  #sequence = 0
  readonly #timers = new Set<PendingTimer>()

  constructor(options: FakeClockOptions = {}) {
    const { now = Date.UTC(2026, 0, 1), random = () => 0.5 } = knownOptions(options, 'FakeClock', NAMES)
    if (!Number.isFinite(now)) throw new EverbearerError('invalid_option', `now must be a number, not ${now}`)
    this.#wall = now
    this.chance = random
  }

  now(): number {
    return this.#wall
  }

  monotonic(): number {
    return this.#monotonic
  }

  random(): number {
    return this.chance()
  }

  setTimeout(callback: () => void, delay: number): Timer {
    const wait = delay >= MIN_DELAY ? Math.min(delay, MAX_DELAY) : MIN_DELAY
    const timer = { due: this.#monotonic + wait, sequence: this.#sequence++, callback }
    this.#timers.add(timer)
    return { ref() {}, unref() {}, clear: () => void this.#timers.delete(timer) }
  }

  /** How many timers are set and have neither fired nor been cleared. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  /**
   * Moves both clocks forward, from timer to timer in the order in which they are due. After each one, promises and I/O
   * that are ready get their turn, so that a timer which they set is fired too when it falls into the same stretch.
   * `advance(0)` only lets them have that turn. Rejects with whatever a timer's callback throws.
   *
   * @throws EverbearerError `invalid_option` when the time is negative or not a number.
   */
  async advance(milliseconds: number): Promise<void> {
    this.#check('advance', milliseconds)
    const end = this.#monotonic + milliseconds
    await settle()
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#move(timer.due - this.#monotonic)
      this.#timers.delete(timer)
      timer.callback()
      await settle()
    }
    this.#move(end - this.#monotonic)
  }

  /** Sets the wall clock forward or (negative) back, as a time server does. Nothing else notices. */
  jump(milliseconds: number): void {
    if (!Number.isFinite(milliseconds))
      throw new EverbearerError('invalid_option', `jump takes a number, not ${milliseconds}`)
    this.#wall += milliseconds
  }

  /** The machine is suspended: only the wall clock moves on, and timers stay as far away as they were. */
  sleep(milliseconds: number): void {
    this.#check('sleep', milliseconds)
    this.#wall += milliseconds
  }

  #move(milliseconds: number): void {
    this.#wall += milliseconds
    this.#monotonic += milliseconds
  }

  #next(end: number): PendingTimer | undefined {
    let first: PendingTimer | undefined
    for (const timer of this.#timers) {
      if (timer.due > end) continue
      if (!first || timer.due < first.due || (timer.due === first.due && timer.sequence < first.sequence)) first = timer
    }
    return first
  }

  #check(method: string, milliseconds: number): void {
    if (!(milliseconds >= 0 && Number.isFinite(milliseconds))) {
      throw new EverbearerError(
        'invalid_option',
        `${method} takes a number of milliseconds from 0, not ${milliseconds}`,
      )
    }
  }
}

/** Lets the event loop turn: microtasks run before the first turn ends, and what they put off by a turn or two after it. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
