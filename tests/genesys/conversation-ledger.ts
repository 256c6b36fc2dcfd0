import { ApiError } from '../../src/base/errors.js'
import { detailsPosition } from '../../src/genesys/details-query.js'
import type { DetailsPage, DetailsPosition, DetailsQuery } from '../../src/genesys/details-query.js'
import { conversationDetails } from '../../src/genesys/details-query.js'
import type { Interval } from '../../src/platform/interval.js'

const DAY = 24 * 3_600_000

/** A conversation, by its times. */
export interface Talk {
  readonly id: string
  readonly start: number
  /** Infinity: it goes on. */
  readonly end: number
}

/** One request for a page. */
export interface Asked {
  readonly interval: Interval
  readonly pageNumber: number
}

/** Answers details queries out of a list, by the rule that Genesys states, and not by our own way to cut intervals. */
export class ConversationLedger implements DetailsQuery {
  readonly pageSize: number
  readonly mostRows: number
  readonly asked: Asked[] = []
  talks: readonly Talk[]

  constructor(talks: readonly Talk[], { pageSize, mostRows }: { pageSize: number; mostRows: number }) {
    this.talks = talks
    this.pageSize = pageSize
    this.mostRows = mostRows
  }

  /** Started on a UTC day that the interval touches, and active in it; the order within a millisecond is by id. */
  find({ start, end }: Interval): Talk[] {
    const midnight = Math.floor(start / DAY) * DAY
    return this.talks
      .filter((talk) => talk.start >= midnight && talk.start < end && talk.end > start)
      .sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
  }

  truth(interval: Interval): string[] {
    return this.find(interval).map(({ id }) => id)
  }

  async fetchPage(interval: Interval, pageNumber: number): Promise<DetailsPage> {
    this.asked.push({ interval, pageNumber })
    if (interval.start >= interval.end) throw new ApiError('api_bad_request', 'The interval is empty')
    if (pageNumber * this.pageSize > this.mostRows) throw new ApiError('api_bad_request', 'Pagination may not exceed')
    const found = this.find(interval)
    const page = found.slice((pageNumber - 1) * this.pageSize, pageNumber * this.pageSize)
    const conversations = page.map(({ id, start }) => ({
      conversationId: id,
      conversationStart: new Date(start).toISOString(),
    }))
    return { conversations, totalHits: found.length }
  }
}

/** A row, and what a checkpoint after it would hold. */
export interface Read {
  readonly id: string
  readonly start: number
  readonly position: DetailsPosition
}

/** Reads to the end. Positions are written out and read again, as in a checkpoint. */
export async function read(query: DetailsQuery, interval: Interval, from?: DetailsPosition): Promise<Read[]> {
  const rows: Read[] = []
  for await (const page of conversationDetails(query, interval, from)) {
    for (const [index, { conversationId: id, conversationStart }] of page.rows.entries()) {
      const position = detailsPosition(JSON.parse(JSON.stringify(page.after(index))), interval)
      rows.push({ id, start: Date.parse(conversationStart), position })
    }
  }
  return rows
}

export function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id)
}
