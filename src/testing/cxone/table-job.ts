import type { Clock } from '../../base/clock.js'
import { TimedJob, type JobTimes } from '../platform/timed-job.js'
import type { ResultFile } from './signed-links.js'
import type { Table } from './table.js'

/** A job whose result is a file with a table. What it finds is settled when it is submitted. */
export class TableJob extends TimedJob {
  readonly #table: Table

  constructor(table: Table, times: JobTimes, clock: Clock) {
    super(times, clock)
    this.#table = table
  }

  get file(): ResultFile {
    return { name: `${this.id}.csv`, table: this.#table, isKept: () => this.phase === 'fulfilled' }
  }
}
