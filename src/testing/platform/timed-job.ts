import { randomUUID } from 'node:crypto'
import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'

/** How a job is over before its results expire. */
export type JobEnding = 'fulfilled' | 'failed' | 'cancelled'

/** Milliseconds: how long a job takes, and how long it is kept afterwards. */
export interface JobTimes {
  readonly jobDuration: number
  readonly jobLifetime: number
}

/** What is true of every platform's jobs: one runs, is over, its results expire, and after as long again it is gone. */
export class TimedJob {
  /** Not drawn from the seed: a job of one simulator must be unknown to another. */
  readonly id: string = randomUUID()
  readonly #clock: Clock
  readonly #lifetime: number
  readonly #began: Instant
  /** Milliseconds after the submission. */
  #completed: number
  #expires: number
  #ending: JobEnding = 'fulfilled'

  constructor({ jobDuration, jobLifetime }: JobTimes, clock: Clock) {
    this.#clock = clock
    this.#lifetime = jobLifetime
    this.#began = instant(clock)
    this.#completed = jobDuration
    this.#expires = jobDuration + jobLifetime
  }

  /** Milliseconds since the submission. */
  get age(): number {
    return elapsedSince(this.#began, this.#clock)
  }

  get phase(): JobEnding | 'running' | 'expired' {
    if (this.remaining > 0) return 'running'
    return this.#ending === 'fulfilled' && this.age >= this.#expires ? 'expired' : this.#ending
  }

  /** Milliseconds until it is over by itself; 0 when it is. */
  get remaining(): number {
    return Math.max(0, this.#completed - this.age)
  }

  /** Whether nothing is left of it. */
  get isGone(): boolean {
    return this.age >= this.#expires + this.#lifetime
  }

  /** Milliseconds since the epoch: when it was submitted, is over, and expires. */
  get dates(): { submission: number; completion: number; expiration: number } {
    const submission = this.#began.wall
    return { submission, completion: submission + this.#completed, expiration: submission + this.#expires }
  }

  /** Ends it while it runs. */
  end(ending: JobEnding): void {
    this.#ending = ending
    this.#completed = this.age
    this.#expires = this.#completed + this.#lifetime
  }

  /** Lets the results of a fulfilled one expire now. */
  expire(): void {
    if (this.phase === 'fulfilled') this.#expires = this.age
  }
}
