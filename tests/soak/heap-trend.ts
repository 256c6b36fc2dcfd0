/** A heap after a forced collection, when so much had been done. */
export interface HeapReading {
  readonly count: number
  readonly bytes: number
}

/**
 * The least that anything can leave behind is a pointer to it; the bound is half of that. In a short run the unrest of
 * the compiler and the collector is more: two megabytes over the whole run are granted to them.
 */
const POINTER = 8
const UNREST = 2 * 2 ** 20

/** The straight line through the readings, by least squares. */
export class HeapTrend {
  /** Bytes for each of what was counted. */
  readonly slope: number
  readonly bound: number

  /** The first reading is left out: most of the code is compiled before it, and some just after. */
  constructor([, ...readings]: readonly HeapReading[]) {
    const x = mean(readings.map(({ count }) => count))
    const y = mean(readings.map(({ bytes }) => bytes))
    const together = mean(readings.map(({ count, bytes }) => (count - x) * (bytes - y)))
    this.slope = together / mean(readings.map(({ count }) => (count - x) ** 2))
    const span = readings.at(-1)!.count - readings[0]!.count
    this.bound = Math.max(POINTER / 2, UNREST / span)
  }

  get flat(): boolean {
    return this.slope < this.bound
  }

  toString(): string {
    return `${this.slope.toFixed(2)} (of ${this.bound.toFixed(2)})`
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
