import { DAY, dayOf } from './days.js'

/** Looked up once: globals are slow to find in the contexts that test runners make. */
const { floor } = Math
const padded = (digits: number) => Array.from({ length: 10 ** digits }, (_, n) => String(n).padStart(digits, '0'))
const TWO = padded(2)
const THREE = padded(3)

let day = NaN
let date = ''

/** `Date`'s ISO string, seven times as fast for moments of the same day: a page of conversations has tens of thousands. */
export function iso(moment: number): string {
  if (dayOf(moment) !== day) {
    day = dayOf(moment)
    date = new Date(day * DAY).toISOString().slice(0, -'00:00:00.000Z'.length)
  }
  const milliseconds = moment - day * DAY
  const seconds = floor(milliseconds / 1_000)
  const minutes = floor(seconds / 60)
  const hours = floor(minutes / 60)
  return `${date}${TWO[hours]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${THREE[floor(milliseconds % 1_000)]}Z`
}

const MOMENT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/

/** Reads an ISO-8601 moment; one without an offset is UTC. NaN for anything else. */
export function parseMoment(text: string): number {
  const [, date, , , offset] = MOMENT.exec(text) ?? []
  const midnight = Date.parse(`${date}T00:00Z`)
  // JavaScript reads 30 February as 2 March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return NaN
  return Date.parse(offset === undefined ? `${text}Z` : text)
}
