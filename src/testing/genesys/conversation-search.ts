import type { Calendar, Place } from '../platform/calendar.js'
import { DAY, dayOf, daysOf, type Interval } from '../platform/days.js'
import { Matches, type DayPart } from '../platform/matches.js'
import type { Ordered } from '../platform/ordered.js'
import { RecentResponses } from '../platform/recent-responses.js'
import type { Ordering } from './conversation-order.js'
import { MAX_LENGTH } from './conversation-traits.js'

/** A filter that can be told from another. */
export interface PlaceFilter {
  /** The same for filters that let the same conversations pass. */
  readonly key: string
  passes(place: Place, now: number): boolean
}

/**
 * Finds conversations as the details query does: those that started on a UTC day which the interval touches and were
 * active in the interval. One in progress is active from its start on.
 */
export class ConversationSearch {
  readonly #calendar: Calendar
  readonly #responses = new RecentResponses()

  constructor(calendar: Calendar) {
    this.#calendar = calendar
  }

  /** Nothing that starts after `now` exists yet. */
  find(interval: Interval, now: number, filter?: PlaceFilter): Matches {
    const key = `${interval.start}/${interval.end}/${filter?.key ?? ''}`
    const { first, last } = daysOf(interval)
    return this.#responses.find(key, now, (last + 1) * DAY + MAX_LENGTH, () => {
      const parts: DayPart[] = []
      for (let day = first; day <= last; day++) parts.push(this.#search(day, interval, now, filter))
      return new Matches(parts)
    })
  }

  /**
   * Finds conversations as a job does: those with activity in the interval, whenever they started. There is no activity
   * after `now`.
   */
  findActive(interval: Interval, now: number, filter?: PlaceFilter): Matches {
    const parts: DayPart[] = []
    if (interval.start <= now) {
      const last = Math.min(daysOf(interval).last, dayOf(now))
      for (let day = dayOf(interval.start - MAX_LENGTH); day <= last; day++) {
        parts.push(this.#search(day, interval, now, filter))
      }
    }
    return new Matches(parts)
  }

  /** Puts an answer of the same `now` into another order. */
  inOrder(matches: Matches, ordering: Ordering, now: number): Ordered<Place> {
    return ordering(matches, now, (place) => this.#calendar.endOf(place))
  }

  #search(day: number, { start, end }: Interval, now: number, filter: PlaceFilter | undefined): DayPart {
    const count = this.#calendar.countBefore(day, Math.min(end, now + 1))
    // What starts on a day that begins within the interval is active in it.
    const overlaps = start <= day * DAY ? undefined : this.#calendar.times(day).ends
    if (!overlaps && !filter) return { day, count, indexes: undefined }

    const indexes = new Uint32Array(count)
    let kept = 0
    for (let index = 0; index < count; index++) {
      const ended = overlaps?.[index] ?? Infinity
      if (ended <= start && ended <= now) continue
      if (filter && !filter.passes({ day, index }, now)) continue
      indexes[kept++] = index
    }
    return { day, count: kept, indexes: indexes.slice(0, kept) }
  }
}
