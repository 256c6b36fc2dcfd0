import { invalidValue } from './responses.js'
import type { Place } from '../platform/calendar.js'
import type { Matches } from '../platform/matches.js'
import { reversed, type Ordered } from '../platform/ordered.js'

const ORDERS = ['asc', 'desc', 'unordered']

/** A conversation's first segment starts when it does, its last one ends when it does: a guess at what Genesys goes by. */
const MOMENTS: Readonly<Record<string, 'start' | 'end'>> = {
  conversationStart: 'start',
  conversationEnd: 'end',
  segmentStart: 'start',
  segmentEnd: 'end',
}

/** Puts what is found into an order, what has not ended by `now` after all that has. */
export type Ordering = (matches: Matches, now: number, endOf: (place: Place) => number) => Ordered<Place>

/** Reads `order` and `orderBy` of a query. */
export function orderingOf(query: Readonly<Record<string, unknown>>): Ordering {
  const direction = oneOf(ORDERS, 'order', query['order'] ?? 'asc')
  const by = oneOf(Object.keys(MOMENTS), 'orderBy', query['orderBy'] ?? 'conversationStart')
  return (matches, now, endOf) => {
    const ascending = MOMENTS[by] === 'end' ? byEnd(matches, now, endOf) : matches
    if (direction === 'asc') return ascending
    return direction === 'desc' ? reversed(ascending) : shuffled(ascending)
  }
}

function oneOf(values: readonly string[], name: string, value: unknown): string {
  if (typeof value === 'string' && values.includes(value)) return value
  throw invalidValue(name, value, values)
}

/** From both ends in turn: what is asked for unordered must not look like an order. */
function shuffled(ordered: Ordered<Place>): Ordered<Place> {
  const back = reversed(ordered)
  const { total } = ordered
  return {
    total,
    slice: (from, to) => {
      const places: Place[] = []
      for (let position = from; position < Math.min(to, total); position++) {
        const [side, at] = [position % 2 === 0 ? ordered : back, position >>> 1]
        places.push(...side.slice(at, at + 1))
      }
      return places
    },
  }
}

/** Sorted once, for all pages of a query whose answer does not change any more. */
const sorted = new WeakMap<Matches, Ordered<Place>>()

function byEnd(matches: Matches, now: number, endOf: (place: Place) => number): Ordered<Place> {
  let ordered = sorted.get(matches)
  if (!ordered) {
    ordered = sortedByEnd(matches, now, endOf)
    sorted.set(matches, ordered)
  }
  return ordered
}

/** In typed arrays: there may be a million of them. */
function sortedByEnd(matches: Matches, now: number, endOf: (place: Place) => number): Ordered<Place> {
  const { total } = matches
  const [days, indexes, ends] = [new Int32Array(total), new Uint32Array(total), new Float64Array(total)]
  let position = 0
  for (const place of matches) {
    const end = endOf(place)
    days[position] = place.day
    indexes[position] = place.index
    ends[position++] = end <= now ? end : Infinity
  }
  const endAt = (at: number) => ends[at] ?? Infinity
  // What is in progress stays in the order of its starts.
  const order = Uint32Array.from(ends.keys()).sort((a, b) => (endAt(a) === endAt(b) ? a - b : endAt(a) - endAt(b)))
  const placeAt = (at: number) => ({ day: days[at] ?? 0, index: indexes[at] ?? 0 })
  return { total, slice: (from, to) => Array.from(order.subarray(from, to), placeAt) }
}
