import type { CheckpointSubject } from '../paging/checkpoint.js'
import { Iteration } from '../paging/iteration.js'
import type { Page, Reading } from '../paging/iteration.js'
import { cursorPosition, cursorPrefetch, pagesByCursor } from '../paging/pages-by-cursor.js'
import type { CursorPage } from '../paging/pages-by-cursor.js'
import { numberedPosition, numberPrefetch, pagesByNumber } from '../paging/pages-by-number.js'
import type { CountedPage } from '../paging/pages-by-number.js'
import { offsetPosition, pagesByOffset } from '../paging/pages-by-offset.js'
import type { OffsetPage } from '../paging/pages-by-offset.js'
import { prefetching } from '../paging/prefetch.js'
import { uniqueRows } from '../paging/unique-rows.js'
import type { RowId } from '../paging/unique-rows.js'
import type { PagingOptions } from './paging.js'

/** A listing of rows with a type: what it asks for, and how its rows are told apart. */
interface TypedListing<Row> {
  readonly endpoint: string
  /** All that selects the rows. A checkpoint is valid for the same query only. */
  readonly query: CheckpointSubject['query']
  readonly options: PagingOptions
  idOf(row: Row): RowId
}

/** A listing by page numbers. Its pages are fetched ahead. */
export interface NumberedListing<Row, Response extends CountedPage> extends TypedListing<Row> {
  readonly concurrency: number
  fetchPage(pageNumber: number, signal: AbortSignal): Promise<Response>
  rowsOf(response: Response): readonly Row[]
}

/** A listing by cursors. Its next page is fetched ahead. */
export interface CursorListing<Row> extends TypedListing<Row> {
  readonly concurrency: number
  fetchPage(cursor: string | undefined, signal: AbortSignal): Promise<CursorPage<Row>>
}

/** A listing by the number of rows to skip. Its checkpoints are valid for another page size too. */
export interface OffsetListing<Row> extends TypedListing<Row> {
  fetchPage(skip: number, signal: AbortSignal): Promise<OffsetPage<Row>>
}

/** Returns all rows of a numbered listing, each once. */
export function numberedListing<Row, Response extends CountedPage>(
  listing: NumberedListing<Row, Response>,
): Iteration<Row> {
  const { concurrency, fetchPage, rowsOf, idOf } = listing
  return iteration(listing, numberedPosition, (from, { signal }) =>
    prefetching(numberPrefetch(concurrency, fetchPage), signal, (fetch) =>
      pagesByNumber(async (pageNumber) => rowsOf(await fetch(pageNumber)), idOf, from),
    ),
  )
}

/** Returns all rows of a listing by cursors, each once. */
export function cursorListing<Row>(listing: CursorListing<Row>): Iteration<Row> {
  const { concurrency, fetchPage, idOf } = listing
  return iteration(listing, cursorPosition, (from, { signal }) =>
    prefetching(cursorPrefetch(concurrency, fetchPage), signal, (fetch) =>
      uniqueRows(pagesByCursor(fetch, from), idOf),
    ),
  )
}

/** Returns all rows of a listing by offset, each once. */
export function offsetListing<Row>(listing: OffsetListing<Row>): Iteration<Row> {
  const { fetchPage, idOf } = listing
  return iteration(listing, offsetPosition, (from, { signal }) =>
    pagesByOffset((skip) => fetchPage(skip, signal), idOf, from),
  )
}

function iteration<Row, Position>(
  { endpoint, query, options: { checkpoint, signal } }: TypedListing<Row>,
  readPosition: (value: unknown) => Position,
  pages: (from: Position | undefined, reading: Reading) => AsyncIterable<Page<Row, Position>>,
): Iteration<Row> {
  return new Iteration({ subject: { endpoint, query }, checkpoint, signal, readPosition, pages })
}
