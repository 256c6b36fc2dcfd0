import { randomInt } from 'node:crypto'
import type { Clock } from '../../base/clock.js'
import type { Ordered } from '../platform/ordered.js'
import type { Place } from '../platform/calendar.js'
import { iso } from '../platform/moment.js'
import { hash } from '../platform/seeded.js'
import { TimedJob, type JobTimes } from '../platform/timed-job.js'
import { PURPOSE } from './purpose.js'

export type JobState = 'QUEUED' | 'PENDING' | 'FULFILLED' | 'FAILED' | 'CANCELLED' | 'EXPIRED'

const STATES = { fulfilled: 'FULFILLED', failed: 'FAILED', cancelled: 'CANCELLED', expired: 'EXPIRED' } as const

/** What a job has found. */
export interface JobResult {
  readonly rows: Ordered<Place>
  /** How many of them, from the front. */
  readonly total: number
  /** The moment up to which the data reached when the job was submitted. */
  readonly dataAvailable: number
}

/** Three bytes that are `+/+/` in Base64. With the eight that follow them, there is a `=` as well. */
const PLUS_AND_SLASH = [0xfb, 0xff, 0xbf]
const CURSOR_BYTES = 11

/** One job, from its submission on: queued for a third of its time, then pending. */
export class DetailsJob extends TimedJob {
  readonly result: JobResult
  readonly #duration: number
  readonly #key = randomInt(2 ** 32)

  constructor(result: JobResult, times: JobTimes, clock: Clock) {
    super(times, clock)
    this.result = result
    this.#duration = times.jobDuration
  }

  get state(): JobState {
    const { phase } = this
    if (phase !== 'running') return STATES[phase]
    return this.age < this.#duration / 3 ? 'QUEUED' : 'PENDING'
  }

  /** `AsyncQueryStatus` */
  status(): Record<string, string> {
    const { state, dates, phase } = this
    const isOver = phase !== 'running'
    return {
      state,
      ...(state === 'FAILED' && { errorMessage: 'The job was made to fail.' }),
      ...(isOver && { expirationDate: iso(dates.expiration) }),
      submissionDate: iso(dates.submission),
      ...(isOver && { completionDate: iso(dates.completion) }),
    }
  }

  /** The rows of a page, and the position after them. */
  page(position: number, pageSize: number): { places: readonly Place[]; next: number } {
    const { rows, total } = this.result
    const next = Math.min(position + pageSize, total)
    return { places: rows.slice(position, next), next }
  }

  /** Says nothing to whoever reads it, and is worthless with any other job. It always holds `+`, `/` and `=`. */
  cursorAt(position: number): string {
    const bytes = Buffer.alloc(CURSOR_BYTES)
    bytes.set(PLUS_AND_SLASH)
    bytes.writeUInt32BE((position ^ this.#hash(-1)) >>> 0, 3)
    bytes.writeUInt32BE(this.#hash(position), 7)
    return bytes.toString('base64')
  }

  /** The position that a cursor stands for, or undefined when it is none of this job's. */
  positionOf(cursor: string): number | undefined {
    const bytes = Buffer.from(cursor, 'base64')
    if (bytes.length !== CURSOR_BYTES) return undefined
    const position = (bytes.readUInt32BE(3) ^ this.#hash(-1)) >>> 0
    return this.cursorAt(position) === cursor ? position : undefined
  }

  #hash(position: number): number {
    return hash(this.#key, PURPOSE.jobCursor, position)
  }
}
