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
