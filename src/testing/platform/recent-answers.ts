import type { Found } from './found.js'

const KEPT = 16

/** What was found lately, so that the pages of one query do not search again. */
export class RecentAnswers {
  readonly #answers = new Map<string, { found: Found; now: number; settled: boolean }>()

  /** What is asked for by `key` changes until the moment `settledAt`. */
  find(key: string, now: number, settledAt: number, search: () => Found): Found {
    const known = this.#answers.get(key)
    if (known && (known.now === now || (known.settled && known.now < now))) return known.found
    const found = search()
    this.#answers.delete(key)
    const oldest = this.#answers.keys().next()
    if (this.#answers.size >= KEPT && !oldest.done) this.#answers.delete(oldest.value)
    this.#answers.set(key, { found, now, settled: settledAt <= now })
    return found
  }
}
