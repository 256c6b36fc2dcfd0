import { EverbearerError } from '../base/errors.js'
import { parseMoment } from './moment.js'

/** From a moment on, until before another: milliseconds since the epoch. */
export interface Interval {
  readonly start: number
  readonly end: number
}

export const DAY = 24 * 60 * 60_000

/**
 * Reads an ISO 8601 interval of two moments, each with `Z` or an offset. Throws
 * {@link EverbearerError} `invalid_interval`.
 */
export function parseInterval(text: string): Interval {
  const [start, end, more] = typeof text === 'string' ? text.split('/', 3) : []
  return intervalBetween(start, more === undefined ? end : undefined)
}

/** The same of its two moments. */
export function intervalBetween(from: string | undefined, to: string | undefined): Interval {
  const [start, end] = [parseMoment(from), parseMoment(to)]
  if (Number.isNaN(start) || Number.isNaN(end)) {
    throw invalid(
      'is not of two ISO 8601 moments, each with Z or an offset: 2026-01-01T00:00:00.000Z, 2026-01-02T00:00:00.000Z',
    )
  }
  if (start >= end) throw invalid('does not end after it starts: look whether its two moments are the wrong way round')
  return { start, end }
}

/** Whether a checkpoint held a part of an interval. */
export function isPartOf({ start, end }: Interval, value: unknown): value is Interval {
  const part = (value ?? {}) as Partial<Interval>
  if (!Number.isSafeInteger(part.start) || !Number.isSafeInteger(part.end)) return false
  return Number(part.start) >= start && Number(part.start) < Number(part.end) && Number(part.end) <= end
}

export function formatInterval({ start, end }: Interval): string {
  return `${new Date(start).toISOString()}/${new Date(end).toISOString()}`
}

/** The parts of an interval that lie within one UTC day each. */
export function* utcDays({ start, end }: Interval): Generator<Interval, void, undefined> {
  for (let from = start; from < end;) {
    const to = Math.min(end, (Math.floor(from / DAY) + 1) * DAY)
    yield { start: from, end: to }
    from = to
  }
}

/** Both halves of an interval, or undefined when it is a minute or less. */
export function halves({ start, end }: Interval): [Interval, Interval] | undefined {
  if (end - start <= 60_000) return undefined
  const middle = Math.floor((start + end) / 2)
  return [
    { start, end: middle },
    { start: middle, end },
  ]
}

function invalid(what: string): EverbearerError {
  return new EverbearerError('invalid_interval', `The interval ${what}.`)
}
