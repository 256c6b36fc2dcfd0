import { toldOfFewer } from '../http/fetch-ahead.js'
import type { AheadSource } from '../http/fetch-ahead.js'
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

/**
 * The pages of a day's query can be fetched ahead as far as its hits say, with the empty one that ends them, and then the
 * first one of the next day. Not beyond a day that is to be cut into halves: which ones, only its own pages will tell.
 */
export function detailsAhead(
  { fetch, pageSize, mostRows }: DetailsRequests,
  whole: Interval,
  most: number,
): AheadSource<DetailsPageKey, DetailsPage> {
  const mostPages = Math.floor(mostRows / pageSize)
  const lastPages = new Map<string, number>()
  return {
    most,
    async fetch(key, signal) {
      const page = await fetch(key, signal)
      const { totalHits: hits } = page
      if (hits !== undefined && hits <= mostPages * pageSize) {
        lastPages.set(idOf(key.interval), Math.min(Math.ceil(hits / pageSize) + 1, mostPages))
      }
      return page
    },
    idOf: ({ interval, pageNumber }) => `${idOf(interval)} ${pageNumber}`,
    after({ interval, pageNumber }) {
      const last = lastPages.get(idOf(interval))
      if (last === undefined) return undefined
      if (pageNumber < last) return { interval, pageNumber: pageNumber + 1 }
      if (interval.end % DAY !== 0) return undefined
      const [day] = utcDays({ start: interval.end, end: whole.end })
      return day && { interval: day, pageNumber: 1 }
    },
    isOlder({ pageNumber }, { totalHits }, before) {
      const isPromised = Number(before.totalHits) > (pageNumber - 1) * pageSize
      return pageNumber > 1 && toldOfFewer(totalHits, before.totalHits, isPromised)
    },
  }
}

function idOf({ start, end }: Interval): string {
  return `${start} ${end}`
}
