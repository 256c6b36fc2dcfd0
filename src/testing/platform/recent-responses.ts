import type { Found } from './found.js'

const KEPT = 16

/** What was found lately, so that the pages of one query do not search again. */
export class RecentResponses {
  readonly #responses = new Map<string, { found: Found; now: number; settled: boolean }>()

  /** What is asked for by `key` changes until the moment `settledAt`. */
  find(key: string, now: number, settledAt: number, search: () => Found): Found {
    const known = this.#responses.get(key)
    if (known && (known.now === now || (known.settled && known.now < now))) return known.found
    const found = search()
    this.#responses.delete(key)
    const oldest = this.#responses.keys().next()
    if (this.#responses.size >= KEPT && !oldest.done) this.#responses.delete(oldest.value)
    this.#responses.set(key, { found, now, settled: settledAt <= now })
    return found
  }
}
