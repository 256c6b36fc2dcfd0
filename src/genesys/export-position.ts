import { damagedCheckpointError } from '../paging/checkpoint.js'
import { cursorPosition } from '../paging/pages-by-cursor.js'
import type { CursorPosition } from '../paging/pages-by-cursor.js'
import { isPartOf } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import { isPathSegment } from '../platform/path-segment.js'
import { isPlaceInTime, isTexts } from './place-in-time.js'
import type { PlaceInTime } from './place-in-time.js'

/**
 * How far an export has been read: a page of a job's results, and how many of its rows are done. When that job is gone,
 * its place in time says what is missing.
 */
export interface ExportPosition extends CursorPosition {
  /** The part of the interval that is read. */
  readonly part: Interval
  readonly job: string
  /** The place that this job was to go on from: what lies before it was handed out of another job's results. */
  readonly floor: PlaceInTime | null
  /** The place of the last row. */
  readonly place: PlaceInTime | null
  /** Whether the rows came in the order of their starts: if not, `place` says nothing. */
  readonly isOrdered: boolean
  /** What started before the whole interval, was handed out, and may show again in a later part. */
  readonly long: readonly string[]
  /** {@link DataAvailability.gap} of the rows so far. */
  readonly gap: number | null
}

/** What a `Date` can hold. Milliseconds since the epoch. */
const EARLIEST = -8.64e15

/** Reads what an export wrote into a checkpoint. */
export function exportPosition(value: unknown, interval: Interval): ExportPosition {
  const { part, job, floor, place, isOrdered, long, gap } = (value ?? {}) as Partial<ExportPosition>
  if (!isPartOf(interval, part) || !isPathSegment(job)) throw damagedCheckpointError()
  if (!isPlace(floor, part.end) || !isPlace(place, part.end)) throw damagedCheckpointError()
  if (typeof isOrdered !== 'boolean' || !isTexts(long)) throw damagedCheckpointError()
  if (gap !== null && !(Number.isSafeInteger(gap) && Number(gap) >= EARLIEST && Number(gap) < interval.end))
    throw damagedCheckpointError()
  return {
    ...cursorPosition(value),
    part: { start: part.start, end: part.end },
    job,
    floor,
    place,
    isOrdered,
    long,
    gap: gap ?? null,
  }
}

function isPlace(value: unknown, end: number): value is PlaceInTime | null {
  return value === null || (isPlaceInTime(value) && value.after < end)
}
