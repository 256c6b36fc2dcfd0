import { MAX_DELTA, parseDeltaSeconds } from './delta-seconds.js'
import { parseHttpDate } from './http-date.js'

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3), seconds or a date, as milliseconds from `now`. A date that has passed
 * is 0. Undefined when there is no such header or it is neither.
 */
export function parseRetryAfter(value: string | readonly string[] | null | undefined, now: number): number | undefined {
  const [first] = [value].flat()
  if (first == null) return undefined
  const text = first.trim()
  const date = parseHttpDate(text, now)
  return date === undefined ? parseDeltaSeconds(text) : Math.min(Math.max(0, date - now), MAX_DELTA)
}
