import { ApiError } from '../base/errors.js'
import { damagedCheckpointError } from './checkpoint.js'
import { uniqueRows } from './unique-rows.js'
import type { RowId } from './unique-rows.js'
import type { Page } from './iteration.js'

/** How many rows of a listing have been handed out. */
export interface OffsetPosition {
  readonly skip: number
}

/** What one request brought, and how many rows there are said to be on all pages. */
export interface OffsetPage<Row> {
  readonly rows: readonly Row[]
  readonly total?: number | undefined
}

/**
 * Pages that each skip what came before them, until an empty one. A short page is no end: an API may give fewer rows than
 * it is asked for, so the next page skips what came, not what was asked for. One that is empty
 * although it, or the last page that told a total, speaks of more rows is an error. Rows that move to a later page while the listing goes on are handed out once, by their id.
 */
export function pagesByOffset<Row>(
  fetchPage: (skip: number) => Promise<OffsetPage<Row>>,
  idOf: (row: Row) => RowId,
  from: OffsetPosition = { skip: 0 },
): AsyncGenerator<Page<Row, OffsetPosition>, void, undefined> {
  return uniqueRows(offsetPages(fetchPage, from), idOf)
}

async function* offsetPages<Row>(
  fetchPage: (skip: number) => Promise<OffsetPage<Row>>,
  from: OffsetPosition,
): AsyncGenerator<Page<Row, OffsetPosition>, void, undefined> {
  let total = 0
  for (let { skip } = from; ;) {
    const { rows, total: stated } = await fetchPage(skip)
    // The last page may be a 204, which tells of nothing: what was told before it stands.
    total = stated ?? total
    if (rows.length === 0) {
      if (total > skip) throw missingRowsError(skip, total)
      return
    }
    const skipped = skip
    yield { rows, after: (index) => ({ skip: skipped + index + 1 }) }
    skip += rows.length
  }
}

/** Reads what {@link pagesByOffset} wrote. */
export function offsetPosition(value: unknown): OffsetPosition {
  const { skip } = (value ?? {}) as Partial<OffsetPosition>
  if (!Number.isSafeInteger(skip) || Number(skip) < 0) throw damagedCheckpointError()
  return { skip: Number(skip) }
}

function missingRowsError(skip: number, total: number): ApiError {
  const page = skip === 0 ? 'The first page' : `The page after ${skip} rows`
  return new ApiError('api_response_invalid', `${page} has no rows although there are said to be ${total}.`)
}
