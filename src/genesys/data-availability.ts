import { telemetry } from '../base/telemetry.js'

const dataNotAvailable = telemetry('everbearer:data-not-available')

/** Until when the data reach that jobs read from: they come up to a day late. */
export class DataAvailability {
  until: Date | undefined
  #isShort = false

  /** Notes what came with results of what was asked for until this moment, and warns once when they are not whole. */
  note(date: string | undefined, askedUntil: number): void {
    const until = Date.parse(date ?? '')
    // The first gap is what is to be mended later.
    if (Number.isNaN(until) || this.#isShort) return
    this.until = new Date(until)
    this.#isShort = until < askedUntil
    if (!this.#isShort) return
    const [reached, asked] = [this.until.toISOString(), new Date(askedUntil).toISOString()]
    process.emitWarning(
      `Genesys Cloud's jobs have data until ${reached} only, and were asked until ${asked}: what came later is missing. ` +
        'Export the rest when it has come, or read it with analytics.conversations.query.',
      { type: 'EverbearerWarning', code: 'EVERBEARER_DATA_NOT_AVAILABLE' },
    )
    if (dataNotAvailable.hasSubscribers) dataNotAvailable.publish({ availableUntil: reached, askedUntil: asked })
  }
}
