/** What there is to read. */
export interface Organization {
  readonly users: number
  readonly conversationsPerDay: number
  readonly days: number
}

/** What a reader is told. */
export interface ReadingOrders extends Organization {
  readonly origin: string
  /** `Infinity` is written as null. */
  readonly requestsPerMinute: number | null
}

/** What reading came to, in a process of its own. */
export interface Reading {
  readonly rows: number
  readonly milliseconds: number
  /** Bytes that the process held at the most, and before it began to read. */
  readonly peak: number
  readonly before: number
  /** The most that it held during each tenth of the rows. */
  readonly tenths: readonly number[]
}

export const PAGE_SIZE = 100
export const CONCURRENCY = 8

export const FIRST_DAY = Date.parse('2026-01-01T00:00:00Z')
export const DAY = 86_400_000

/** Watches the memory of this process while rows come in. */
export class Watched {
  readonly #before = process.memoryUsage.rss()
  readonly #started = performance.now()
  readonly #expected: number
  readonly #tenths: number[] = []
  #rows = 0

  constructor({ users, conversationsPerDay, days }: Organization) {
    this.#expected = users + conversationsPerDay * days
  }

  /** So many rows have come. It is looked at about every thousand: that costs half a millisecond. */
  onRows(count: number): void {
    this.#rows += count
    if (this.#rows % 1_000 >= count) return
    const tenth = Math.min(Math.floor((10 * (this.#rows - 1)) / this.#expected), 9)
    this.#tenths[tenth] = Math.max(this.#tenths[tenth] ?? 0, process.memoryUsage.rss())
  }

  reading(): Reading {
    if (this.#rows !== this.#expected) throw new Error(`${this.#rows} rows came, not ${this.#expected}`)
    const milliseconds = performance.now() - this.#started
    // Kilobytes, of the whole life of the process.
    const peak = process.resourceUsage().maxRSS * 1024
    return { rows: this.#rows, milliseconds, peak, before: this.#before, tenths: this.#tenths }
  }
}
