import type { Findings } from './row.js'

export interface Orders {
  /** How many pairs are measured. */
  readonly pairs: number
}

/** One thing that is measured. It may use the whole machine while it runs. */
export interface Section {
  readonly name: string
  /** For the heading of its table. */
  readonly title: string
  run(orders: Orders): Promise<Findings>
}
