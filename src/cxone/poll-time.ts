/** From when on the next poll is to ask: nothing that changed since the first request is missed. */
export class PollTime {
  /** As NICE told it, or undefined. */
  value: string | undefined
  readonly #since: string | undefined
  readonly #end: number
  #hasHeard = false

  /** For what changed since a moment, or is of dates until this one: milliseconds since the epoch. */
  constructor({ since, end = Infinity }: { since?: string | undefined; end?: number | undefined }) {
    this.#since = since
    this.#end = end
  }

  /**
   * Notes what came with an answer. An empty one says nothing of it: then what was asked from is as good. Of dates, a
   * later answer tells of a time when the empty parts had been read, so it counts only up to where the dates end.
   */
  note(stated: string | undefined): void {
    const time = stated ?? this.#since
    const isLate = this.#hasHeard && Date.parse(time ?? '') > this.#end
    if (time !== undefined) this.value ??= isLate ? new Date(this.#end).toISOString() : time
    this.#hasHeard = true
  }

  /** Goes on from a checkpoint. */
  resume(value: string | null): void {
    this.value = value ?? undefined
    this.#hasHeard = true
  }
}
