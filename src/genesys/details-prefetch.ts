import { hasFewerRows } from '../paging/prefetch.js'
import type { PrefetchSource } from '../paging/prefetch.js'
import { DAY, utcDays } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import type { DetailsPage } from './details-query.js'

/** Which page of which query. */
export interface DetailsPageKey {
  readonly interval: Interval
  /** From 1. */
  readonly pageNumber: number
}

/** How the pages of a details query are had, and how many rows they can give. */
export interface DetailsRequests {
  fetch(page: DetailsPageKey, signal: AbortSignal): Promise<DetailsPage>
  readonly pageSize: number
  readonly mostRows: number
}

/** A query that its own pages do not show the end of: it is to be cut into halves, or does not say how many rows it has. */
const UNTOLD = 0

/**
 * The pages of a day's query can be fetched ahead as far as its hits say, with the empty one that ends them, and then those
 * of the days after it, whose first pages are asked for in any case. Not beyond a day that is to be cut into halves: how
 * many pages those have, only they will tell.
 */
export function detailsPrefetch(
  { fetch, pageSize, mostRows }: DetailsRequests,
  whole: Interval,
  most: number,
): PrefetchSource<DetailsPageKey, DetailsPage> {
  const mostPages = Math.floor(mostRows / pageSize)
  const lastPages = new Map<string, number>()
  let usual = 1
  const lastPageOf = ({ pageNumber }: DetailsPageKey, { totalHits: hits, conversations }: DetailsPage) => {
    if (conversations.length === 0) return pageNumber
    if (hits === undefined || hits > mostPages * pageSize) return UNTOLD
    return Math.min(Math.ceil(hits / pageSize) + 1, mostPages)
  }
  return {
    most,
    async fetch(key, signal) {
      const page = await fetch(key, signal)
      const last = lastPageOf(key, page)
      if (last !== UNTOLD || key.pageNumber === 1) {
        lastPages.set(idOf(key.interval), last)
        usual = Math.max(last, 1)
      }
      return page
    },
    idOf: ({ interval, pageNumber }) => `${idOf(interval)} ${pageNumber}`,
    after({ interval, pageNumber }) {
      const last = lastPages.get(idOf(interval))
      if (pageNumber < (last ?? 1)) return { key: { interval, pageNumber: pageNumber + 1 } }
      const [day] = utcDays({ start: Math.ceil(interval.end / DAY) * DAY, end: whole.end })
      const isCut = last === UNTOLD || interval.end % DAY !== 0
      const gap = isCut ? Infinity : last === undefined ? usual - 1 : 0
      return day && { key: { interval: day, pageNumber: 1 }, gap, leads: true }
    },
    isOlder({ pageNumber }, { totalHits }, before) {
      const isPromised = Number(before.totalHits) > (pageNumber - 1) * pageSize
      return pageNumber > 1 && hasFewerRows(totalHits, before.totalHits, isPromised)
    },
  }
}

function idOf({ start, end }: Interval): string {
  return `${start} ${end}`
}
