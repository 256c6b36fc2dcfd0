import type { Interval } from '../platform/days.js'
import { parseMoment } from '../platform/moment.js'
import { ApiRefusal } from './responses.js'

/** Reads an ISO-8601 interval of two moments; one without an offset is UTC. */
export function parseInterval(text: unknown): Interval {
  if (typeof text !== 'string') throw refused('is missing')
  const [start = NaN, end = NaN, ...rest] = text.split('/').map(parseMoment)
  if (rest.length > 0 || Number.isNaN(start) || Number.isNaN(end))
    throw refused(`[${text}] is not an ISO-8601 start/end`)
  if (start >= end) throw refused(`[${text}] does not end after it starts`)
  return { start, end }
}

function refused(why: string): ApiRefusal {
  return new ApiRefusal(400, 'bad.request', `The interval ${why}.`)
}
