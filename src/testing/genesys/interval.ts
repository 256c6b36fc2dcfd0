import type { Interval } from '../platform/days.js'
import { ApiRefusal } from './answers.js'

const MOMENT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/

/** Reads an ISO-8601 interval of two moments; one without an offset is UTC. */
export function parseInterval(text: unknown): Interval {
  if (typeof text !== 'string') throw refused('is missing')
  const [start = NaN, end = NaN, ...rest] = text.split('/').map(parseMoment)
  if (rest.length > 0 || Number.isNaN(start) || Number.isNaN(end))
    throw refused(`[${text}] is not an ISO-8601 start/end`)
  if (start >= end) throw refused(`[${text}] does not end after it starts`)
  return { start, end }
}

function parseMoment(text: string): number {
  const [, date, , , offset] = MOMENT.exec(text) ?? []
  const midnight = Date.parse(`${date}T00:00Z`)
  // JavaScript reads 30 February as 2 March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return NaN
  return Date.parse(offset === undefined ? `${text}Z` : text)
}

function refused(why: string): ApiRefusal {
  return new ApiRefusal(400, 'bad.request', `The interval ${why}.`)
}
