import type { DetailsJob } from './details-job.js'

/** The jobs of an organization, until they are gone. */
export class JobLedger {
  readonly #jobs = new Map<string, DetailsJob>()
  submitted = 0
  cancelled = 0

  add(job: DetailsJob): void {
    this.#jobs.set(job.id, job)
    this.submitted += 1
  }

  find(id: string): DetailsJob | undefined {
    return this.#alive().find((job) => job.id === id)
  }

  /** Those that are not over. */
  get unfinished(): DetailsJob[] {
    return this.#alive().filter(({ remaining }) => remaining > 0)
  }

  /** An unfinished job is cancelled; of one that is over, nothing is left. */
  delete(job: DetailsJob): void {
    if (job.remaining === 0) {
      this.#jobs.delete(job.id)
      return
    }
    job.end('CANCELLED')
    this.cancelled += 1
  }

  /** All that are not over end so. */
  end(ending: 'FAILED' | 'CANCELLED'): void {
    for (const job of this.unfinished) job.end(ending)
  }

  /** The results of all fulfilled jobs are no more. */
  expire(): void {
    for (const job of this.#alive()) job.expire()
  }

  #alive(): DetailsJob[] {
    for (const [id, job] of this.#jobs) if (job.isGone) this.#jobs.delete(id)
    return [...this.#jobs.values()]
  }
}
