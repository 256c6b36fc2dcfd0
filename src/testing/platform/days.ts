export const DAY = 86_400_000

/** From `start` (included) to `end` (excluded), in milliseconds since the epoch. */
export interface Interval {
  readonly start: number
  readonly end: number
}

/** The UTC day that a moment falls on, counted from the epoch. */
export function dayOf(moment: number): number {
  return Math.floor(moment / DAY)
}

/** The first and last UTC day that an interval touches. */
export function daysOf({ start, end }: Interval): { first: number; last: number } {
  return { first: dayOf(start), last: dayOf(end - 1) }
}
