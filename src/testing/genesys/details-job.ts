import { randomInt, randomUUID } from 'node:crypto'
import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'
import type { Ordered } from './conversation-order.js'
import type { Place } from '../platform/calendar.js'
import { iso } from '../platform/moment.js'
import { hash } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

export type JobState = 'QUEUED' | 'PENDING' | 'FULFILLED' | 'FAILED' | 'CANCELLED' | 'EXPIRED'

/** What a job has found. */
export interface JobResult {
  readonly rows: Ordered
  /** How many of them, from the front. */
  readonly total: number
  /** The moment up to which the data reached when the job was submitted. */
  readonly dataAvailable: number
}

/** Milliseconds: how long a job takes, and how long it is kept afterwards. */
export interface JobTimes {
  readonly jobDuration: number
  readonly jobLifetime: number
}

/** Three bytes that are `+/+/` in Base64. With the eight that follow them, there is a `=` as well. */
const PLUS_AND_SLASH = [0xfb, 0xff, 0xbf]
const CURSOR_BYTES = 11

/** One job, from its submission on: queued for a third of its time, then pending; its results expire, and then it is gone. */
export class DetailsJob {
  /** Not drawn from the seed: a job of one simulator must be unknown to another. */
  readonly id = randomUUID()
  readonly result: JobResult
  readonly #clock: Clock
  readonly #times: JobTimes
  readonly #submitted: Instant
  readonly #submissionDate: number
  readonly #key = randomInt(2 ** 32)
  /** Milliseconds after the submission. */
  #completed: number
  #expires: number
  #ending: 'FULFILLED' | 'FAILED' | 'CANCELLED' = 'FULFILLED'

  constructor(result: JobResult, times: JobTimes, clock: Clock) {
    this.result = result
    this.#times = times
    this.#clock = clock
    this.#submitted = instant(clock)
    this.#submissionDate = clock.now()
    this.#completed = times.jobDuration
    this.#expires = times.jobDuration + times.jobLifetime
  }

  get #age(): number {
    return elapsedSince(this.#submitted, this.#clock)
  }

  get state(): JobState {
    if (this.#age < this.#times.jobDuration / 3 && this.#age < this.#completed) return 'QUEUED'
    if (this.#age < this.#completed) return 'PENDING'
    return this.#ending === 'FULFILLED' && this.#age >= this.#expires ? 'EXPIRED' : this.#ending
  }

  /** Milliseconds until it is over by itself; 0 when it is. */
  get remaining(): number {
    return Math.max(0, this.#completed - this.#age)
  }

  /** Whether nothing is left of it. */
  get isGone(): boolean {
    return this.#age >= this.#expires + this.#times.jobLifetime
  }

  /** `AsyncQueryStatus` */
  status(): Record<string, string> {
    const { state } = this
    const isOver = state !== 'QUEUED' && state !== 'PENDING'
    return {
      state,
      ...(state === 'FAILED' && { errorMessage: 'The job was made to fail.' }),
      ...(isOver && { expirationDate: this.#date(this.#expires) }),
      submissionDate: this.#date(0),
      ...(isOver && { completionDate: this.#date(this.#completed) }),
    }
  }

  #date(age: number): string {
    return iso(this.#submissionDate + age)
  }

  /** Ends it while it is unfinished. */
  end(ending: 'FAILED' | 'CANCELLED'): void {
    this.#ending = ending
    this.#completed = this.#age
    this.#expires = this.#completed + this.#times.jobLifetime
  }

  /** Lets the results of a fulfilled job expire now. */
  expire(): void {
    if (this.state === 'FULFILLED') this.#expires = this.#age
  }

  /** The rows of a page, and the position after them. */
  page(position: number, pageSize: number): { places: Place[]; next: number } {
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
