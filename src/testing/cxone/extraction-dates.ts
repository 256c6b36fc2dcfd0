import { DAY, type Interval } from '../platform/days.js'

/** The UTC days from one date to another, both included; undefined when these are no dates, or in the wrong order. */
export function extractionDates(startDate: string, endDate: string): Interval | undefined {
  const [start, last] = [midnight(startDate), midnight(endDate)]
  return start <= last ? { start, end: last + DAY } : undefined
}

/** NaN for anything but a day of the calendar, as `2026-02-28` is. */
function midnight(date: string): number {
  const moment = Date.parse(date)
  return Number.isFinite(moment) && new Date(moment).toISOString().startsWith(`${date}T00:00:00.000`) ? moment : NaN
}
