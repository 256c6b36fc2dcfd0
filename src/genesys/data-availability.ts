import { telemetry } from '../base/telemetry.js'

const dataNotAvailable = telemetry('everbearer:data-not-available')

/** Until when the data reach that jobs read from: they come up to a day late. */
export class DataAvailability {
  /**
   * Where the first gap begins, milliseconds since the epoch: rows since then are missing, or not whole. A later job has
   * the data, but not again the rows that were handed out.
   */
  gap: number | null = null
  #latest: number | undefined
  #hasWarned = false

  get until(): Date | undefined {
    const until = this.gap ?? this.#latest
    return until === undefined ? undefined : new Date(until)
  }

  /** Notes what came with results of what was asked for until this moment, and warns once when they are not whole. */
  note(date: string | undefined, askedUntil: number): void {
    const until = Date.parse(date ?? '')
    if (Number.isNaN(until)) return
    this.#latest = until
    if (until >= askedUntil) return
    this.gap ??= until
    if (this.#hasWarned) return
    this.#hasWarned = true
    const [reached, asked] = [new Date(until).toISOString(), new Date(askedUntil).toISOString()]
    process.emitWarning(
      `Genesys Cloud's jobs have data until ${reached} only, and were asked until ${asked}: what came later is missing. ` +
        'Export the rest when it has come, or read it with analytics.conversations.query.',
      { type: 'EverbearerWarning', code: 'EVERBEARER_DATA_NOT_AVAILABLE' },
    )
    if (dataNotAvailable.hasSubscribers) dataNotAvailable.publish({ availableUntil: reached, askedUntil: asked })
  }
}
