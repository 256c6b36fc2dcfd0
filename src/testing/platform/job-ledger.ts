import type { JobEnding, TimedJob } from './timed-job.js'

/** The jobs of an organization, until they are gone. */
export class JobLedger<Job extends TimedJob> {
  readonly #jobs = new Map<string, Job>()
  submitted = 0
  cancelled = 0

  add(job: Job): void {
    this.#jobs.set(job.id, job)
    this.submitted += 1
  }

  find(id: string): Job | undefined {
    return this.alive.find((job) => job.id === id)
  }

  /** Those that are not gone, in the order of their submission. */
  get alive(): Job[] {
    for (const [id, job] of this.#jobs) if (job.isGone) this.#jobs.delete(id)
    return [...this.#jobs.values()]
  }

  /** Those that are not over. */
  get unfinished(): Job[] {
    return this.alive.filter(({ remaining }) => remaining > 0)
  }

  /** An unfinished job is cancelled; of one that is over, nothing is left. */
  delete(job: Job): void {
    if (job.remaining === 0) {
      this.#jobs.delete(job.id)
      return
    }
    job.end('cancelled')
    this.cancelled += 1
  }

  /** All that are not over end so. */
  end(ending: JobEnding): void {
    for (const job of this.unfinished) job.end(ending)
  }

  /** The results of all fulfilled jobs are no more. */
  expire(): void {
    for (const job of this.alive) job.expire()
  }
}
