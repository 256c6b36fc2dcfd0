/** How many keys are kept in mind: a process with more tenants forgets those it has not seen for longest. */
const MAX = 10_000

/**
 * Keeps the number of the newest value that this process has seen of each key. A store numbers its values upward: one with a
 * lower number was put back, by a backup, a failover or an attacker.
 */
export class SeenVersions {
  readonly #numbers = new Map<string, number>()

  /** 0 when none was seen. */
  of(key: string): number {
    return this.#numbers.get(key) ?? 0
  }

  add(key: string, number: number): void {
    const highest = Math.max(number, this.of(key))
    // Anew, so that the map's order is that of use.
    this.#numbers.delete(key)
    this.#numbers.set(key, highest)
    const [oldest] = this.#numbers.keys()
    if (this.#numbers.size > MAX && oldest !== undefined) this.#numbers.delete(oldest)
  }
}
