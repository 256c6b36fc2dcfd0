import { Iteration } from '../paging/iteration.js'
import type { RowId } from '../paging/unique-rows.js'
import { offsetPosition, pagesByOffset } from '../paging/pages-by-offset.js'
import type { OffsetPage } from '../paging/pages-by-offset.js'
import type { PagingOptions } from '../platform/paging.js'

/** A listing of NICE's that goes on by `skip`. */
export interface OffsetListing<Row> {
  readonly endpoint: string
  /** All that says which rows there are. */
  readonly query: unknown
  readonly options: PagingOptions
  idOf(row: Row): RowId
  fetchPage(skip: number, signal: AbortSignal): Promise<OffsetPage<Row>>
}

/** All rows of a listing, each once. Its checkpoints are as good for another page size. */
export function offsetListing<Row>(listing: OffsetListing<Row>): Iteration<Row> {
  const { endpoint, query, options, idOf, fetchPage } = listing
  return new Iteration({
    subject: { endpoint, query },
    checkpoint: options.checkpoint,
    signal: options.signal,
    readPosition: offsetPosition,
    pages: (from, { signal }) => pagesByOffset((skip) => fetchPage(skip, signal), idOf, from),
  })
}
