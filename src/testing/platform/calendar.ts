import { DAY } from './days.js'
import { invalid, wholeNumber } from './option-checks.js'

/** How many times are kept; some 16 bytes each. */
const KEPT = 2_000_000

/** How much busier noon is than midnight; below 1. */
const RUSH = 0.7

/** Looked up once: globals are slow to find in the contexts that test runners make. */
const { floor, sin } = Math
const TURN = 2 * Math.PI

/** Where something stands: a UTC day counted from the epoch, and its place among those that start on it. */
export interface Place {
  readonly day: number
  readonly index: number
}

/** The times of what starts on a day, by its index. */
export interface DayTimes {
  readonly starts: Float64Array
  readonly ends: Float64Array
}

/** What decides a {@link Calendar}. */
export interface Schedule {
  /** The name of the option that `perDay` is. */
  readonly option: string
  readonly perDay: number | ((day: Date) => number)
  /** In [0, 1): where in its slice of the day's traffic something starts. */
  readonly jitterAt: (place: Place) => number
  /** Whole milliseconds. */
  readonly durationAt: (place: Place) => number
}

/** When things start and end. Starts ascend with the index. Each time is computed from its place alone. */
export class Calendar {
  readonly #schedule: Schedule
  readonly #counts = new Map<number, number>()
  /** The days that were looked at last, the latest at the end. */
  readonly #days = new Map<number, DayTimes>()
  #kept = 0

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  /** How many start on a day. Throws `invalid_option` for what the option's function should not answer. */
  count(day: number): number {
    const { option, perDay } = this.#schedule
    if (typeof perDay === 'number') return perDay
    let count = this.#counts.get(day)
    if (count === undefined) {
      count = perDay(new Date(day * DAY))
      if (typeof count !== 'number') throw invalid(`${option} must answer a number`)
      wholeNumber(option, count, 0, 10_000_000)
      this.#counts.set(day, count)
    }
    return count
  }

  startOf(place: Place): number {
    const { day, index } = place
    // Each has a slice of the day's traffic to itself, so that none can overtake the next.
    const share = (index + this.#schedule.jitterAt(place)) / this.count(day)
    const time = floor((share + (RUSH * sin(TURN * share)) / TURN) * DAY)
    return day * DAY + (time < 0 ? 0 : time < DAY ? time : DAY - 1)
  }

  endOf(place: Place): number {
    return this.startOf(place) + this.#schedule.durationAt(place)
  }

  /** How many of a day's start before a moment. */
  countBefore(day: number, moment: number): number {
    const midnight = day * DAY
    if (moment >= midnight + DAY) return this.count(day)
    return moment > midnight ? firstFrom(this.times(day).starts, moment) : 0
  }

  times(day: number): DayTimes {
    const known = this.#days.get(day)
    if (known) {
      this.#days.delete(day)
      this.#days.set(day, known)
      return known
    }
    const count = this.count(day)
    const times = { starts: new Float64Array(count), ends: new Float64Array(count) }
    for (let index = 0; index < count; index++) {
      const place = { day, index }
      const start = this.startOf(place)
      times.starts[index] = start
      times.ends[index] = start + this.#schedule.durationAt(place)
    }
    this.#keep(day, times)
    return times
  }

  #keep(day: number, times: DayTimes): void {
    for (const [oldest, { starts }] of this.#days) {
      if (this.#kept + times.starts.length <= KEPT) break
      this.#days.delete(oldest)
      this.#kept -= starts.length
    }
    this.#days.set(day, times)
    this.#kept += times.starts.length
  }
}

/** The first position in an ascending list whose value is not below the limit. */
function firstFrom(ascending: Float64Array, limit: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? Infinity) < limit) low = middle + 1
    else high = middle
  }
  return low
}
