import type { Place } from './calendar.js'

/** One day's part of an answer: either the first so many, or the listed ones. */
export interface DayPart {
  readonly day: number
  readonly count: number
  readonly indexes: Uint32Array | undefined
}

/** What is found, in the order in which it started. */
export class Matches {
  readonly #parts: readonly DayPart[]
  readonly total: number

  constructor(parts: readonly DayPart[]) {
    this.#parts = parts
    this.total = parts.reduce((sum, { count }) => sum + count, 0)
  }

  /** Those from one position up to another. */
  slice(from: number, to: number): Place[] {
    const places: Place[] = []
    let first = 0
    for (const { day, count, indexes } of this.#parts) {
      for (let i = Math.max(0, from - first); i < Math.min(count, to - first); i++) {
        places.push({ day, index: indexes?.[i] ?? i })
      }
      first += count
    }
    return places
  }

  *[Symbol.iterator](): Generator<Place> {
    for (const { day, count, indexes } of this.#parts) {
      for (let i = 0; i < count; i++) yield { day, index: indexes?.[i] ?? i }
    }
  }
}
