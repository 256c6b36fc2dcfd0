import type { Matches } from './matches.js'

const KEPT = 16

/** What was found lately, so that the pages of one query do not search again. */
export class RecentResponses {
  readonly #responses = new Map<string, { matches: Matches; now: number; isFinal: boolean }>()

  /** What is asked for by `key` changes until the moment `finalAt`. */
  find(key: string, now: number, finalAt: number, search: () => Matches): Matches {
    const known = this.#responses.get(key)
    if (known && (known.now === now || (known.isFinal && known.now < now))) return known.matches
    const matches = search()
    this.#responses.delete(key)
    const oldest = this.#responses.keys().next()
    if (this.#responses.size >= KEPT && !oldest.done) this.#responses.delete(oldest.value)
    this.#responses.set(key, { matches, now, isFinal: finalAt <= now })
    return matches
  }
}
