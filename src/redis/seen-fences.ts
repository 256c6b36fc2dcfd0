/** How many keys are kept in mind: a process with more tenants forgets those it has not seen for longest. */
const MOST = 10_000

/** The highest fence that this process has seen a value of each key written with. */
export class SeenFences {
  readonly #fences = new Map<string, number>()

  /** '0' when none was seen. */
  of(key: string): string {
    return String(this.#fences.get(key) ?? 0)
  }

  add(key: string, fence: number): void {
    const highest = Math.max(fence, this.#fences.get(key) ?? 0)
    // Anew, so that the map's order is that of use.
    this.#fences.delete(key)
    this.#fences.set(key, highest)
    const [oldest] = this.#fences.keys()
    if (this.#fences.size > MOST && oldest !== undefined) this.#fences.delete(oldest)
  }
}
