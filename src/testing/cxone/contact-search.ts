import type { Calendar, Place } from '../platform/calendar.js'
import { DAY, dayOf } from '../platform/days.js'
import { Matches, type DayPart } from '../platform/matches.js'
import { RecentResponses } from '../platform/recent-responses.js'
import { MAX_LENGTH } from './contact-traits.js'
import { SETTLED } from './contacts.js'

/** Which contacts are looked for: of each range the start is included and the end is not. */
export interface ContactRanges {
  readonly startedFrom: number
  readonly startedBefore: number
  readonly endedFrom: number
  readonly endedBefore: number
}

export const ANY_TIME: ContactRanges = {
  startedFrom: -Infinity,
  startedBefore: Infinity,
  endedFrom: -Infinity,
  endedBefore: Infinity,
}

/** A filter that can be told from another. */
export interface ContactFilter {
  /** The same for filters that let the same contacts pass. */
  readonly key: string
  passes(place: Place, now: number): boolean
}

/** Finds contacts, in the order in which they started. */
export class ContactSearch {
  readonly #calendar: Calendar
  readonly #responses = new RecentResponses()

  constructor(calendar: Calendar) {
    this.#calendar = calendar
  }

  /** Those that have ended by `now`. One of the ranges has a start. */
  completed(ranges: ContactRanges, now: number, filter?: ContactFilter): Matches {
    const endedBefore = Math.min(ranges.endedBefore, now + 1)
    const finalAt = Math.min(ranges.startedBefore + MAX_LENGTH, ranges.endedBefore) + SETTLED
    const key = `${Object.values(ranges).join()}/${filter?.key ?? ''}`
    return this.#responses.find(key, now, finalAt, () => this.#find({ ...ranges, endedBefore }, now, filter))
  }

  /** Those that have started by `now`, and not ended. */
  active(now: number, filter?: ContactFilter): Matches {
    return this.#find({ ...ANY_TIME, startedBefore: now + 1, endedFrom: now + 1 }, now, filter)
  }

  #find({ startedFrom, startedBefore, endedFrom, endedBefore }: ContactRanges, now: number, filter?: ContactFilter) {
    const from = Math.max(startedFrom, endedFrom - MAX_LENGTH)
    const before = Math.min(startedBefore, endedBefore)
    const parts: DayPart[] = []
    for (let day = dayOf(from); day * DAY < before; day++) {
      const first = this.#calendar.countBefore(day, from)
      const count = this.#calendar.countBefore(day, before)
      // A day of which nothing can be left out need not be looked at one by one.
      const isWhole = first === 0 && endedFrom <= day * DAY && endedBefore > (day + 1) * DAY + MAX_LENGTH
      if (isWhole && !filter) parts.push({ day, count, indexes: undefined })
      else parts.push(this.#pick(day, first, count, { endedFrom, endedBefore }, now, filter))
    }
    return new Matches(parts)
  }

  #pick(
    day: number,
    first: number,
    count: number,
    { endedFrom, endedBefore }: Pick<ContactRanges, 'endedFrom' | 'endedBefore'>,
    now: number,
    filter: ContactFilter | undefined,
  ): DayPart {
    const indexes = new Uint32Array(Math.max(0, count - first))
    if (indexes.length === 0) return { day, count: 0, indexes }
    const { ends } = this.#calendar.times(day)
    let kept = 0
    for (let index = first; index < count; index++) {
      const end = ends[index] ?? NaN
      if (end < endedFrom || end >= endedBefore) continue
      if (filter && !filter.passes({ day, index }, now)) continue
      indexes[kept++] = index
    }
    return { day, count: kept, indexes: indexes.slice(0, kept) }
  }
}
