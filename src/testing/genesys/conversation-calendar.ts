import { DAY } from './interval.js'
import { invalid, wholeNumber } from './option-checks.js'
import { durationAt, type Place } from './conversation-traits.js'
import { PURPOSE, uniform } from './seeded.js'

/** How many conversations' times are kept; some 16 bytes each. */
const KEPT = 2_000_000

/** How much busier noon is than midnight; below 1. */
const RUSH = 0.7

/** Looked up once: globals are slow to find in the contexts that test runners make. */
const { floor, sin } = Math
const TURN = 2 * Math.PI

/** The times of a day's conversations, by their index. */
export interface DayTimes {
  readonly starts: Float64Array
  readonly ends: Float64Array
}

/** When conversations start and end. Starts ascend with the index. Each time is computed from (seed, day, index) alone. */
export class ConversationCalendar {
  readonly #seed: number
  readonly #perDay: number | ((day: Date) => number)
  readonly #counts = new Map<number, number>()
  /** The days that were looked at last, the latest at the end. */
  readonly #days = new Map<number, DayTimes>()
  #kept = 0

  constructor(seed: number, perDay: number | ((day: Date) => number)) {
    this.#seed = seed
    this.#perDay = perDay
  }

  /** How many conversations start on a day. Throws `invalid_option` for what the option's function should not answer. */
  count(day: number): number {
    if (typeof this.#perDay === 'number') return this.#perDay
    let count = this.#counts.get(day)
    if (count === undefined) {
      count = this.#perDay(new Date(day * DAY))
      if (typeof count !== 'number') throw invalid('conversationsPerDay must answer a number')
      wholeNumber('conversationsPerDay', count, 0, 10_000_000)
      this.#counts.set(day, count)
    }
    return count
  }

  startOf({ day, index }: Place): number {
    // Each conversation has a slice of the day's traffic to itself, so that none can overtake the next.
    const share = (index + uniform(this.#seed, PURPOSE.conversationStart, day, index)) / this.count(day)
    const time = floor((share + (RUSH * sin(TURN * share)) / TURN) * DAY)
    return day * DAY + (time < 0 ? 0 : time < DAY ? time : DAY - 1)
  }

  endOf(place: Place): number {
    return this.startOf(place) + durationAt(this.#seed, place)
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
      times.ends[index] = start + durationAt(this.#seed, place)
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
