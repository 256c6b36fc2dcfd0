import type { Estimate } from './statistics.js'

/** One line of the benchmark. */
export interface Row {
  readonly section: string
  readonly name: string
  /** The figure that is quoted: a ratio of medians unless `unit` says otherwise. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Of `ratio`, `low` and `high`; absent for a ratio. */
  readonly unit?: string
  /** What it must not exceed, or, with `atLeast`, not fall below. Absent where nothing was promised. */
  readonly bar?: number
  readonly atLeast?: true
  /** Absent where nothing was promised. */
  readonly met?: boolean
  /** What it was computed from, as text for a person. */
  readonly detail?: string
}

/** What a row promises. */
export interface Promised {
  readonly bar?: number
  readonly atLeast?: true
  readonly unit?: string
  readonly detail?: string
}

export function row(section: string, name: string, { median, low, high }: Estimate, promised: Promised = {}): Row {
  const { bar, atLeast } = promised
  const met = bar === undefined ? {} : { met: atLeast ? median >= bar : median <= bar }
  return { section, name, ratio: median, low, high, ...promised, ...met }
}

/** A figure that does not vary, such as a count. */
export function exactly(value: number): Estimate {
  return { median: value, low: value, high: value }
}

/** What a section of the benchmark came to: its rows, and the samples behind them. */
export interface Findings {
  readonly rows: readonly Row[]
  readonly raw: unknown
}
