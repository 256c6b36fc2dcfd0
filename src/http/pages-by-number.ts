import { damagedCheckpointError } from './checkpoint.js'
import { distinctRows } from './distinct-rows.js'
import type { RowId } from './distinct-rows.js'
import type { Page } from './iteration.js'

/** A page, and how many of its rows have been handed out. */
export interface NumberedPosition {
  readonly page: number
  readonly row: number
}

/**
 * Pages 1, 2, 3, … until an empty one. A total, a page count or a short page is only a hint: rows that the token may
 * not see make a page short. Rows that move to a later page while the listing goes on are handed out once, by their id.
 */
export function pagesByNumber<Row>(
  fetchPage: (pageNumber: number) => Promise<readonly Row[]>,
  idOf: (row: Row) => RowId,
  from: NumberedPosition = { page: 1, row: 0 },
): AsyncGenerator<Page<Row, NumberedPosition>, void, undefined> {
  return distinctRows(numberedPages(fetchPage, from), idOf)
}

async function* numberedPages<Row>(
  fetchPage: (pageNumber: number) => Promise<readonly Row[]>,
  from: NumberedPosition,
): AsyncGenerator<Page<Row, NumberedPosition>, void, undefined> {
  let skipped = from.row
  for (let page = from.page; ; page++) {
    const rows = await fetchPage(page)
    if (rows.length === 0) return
    const skip = skipped
    yield { rows: rows.slice(skip), after: (index) => ({ page, row: skip + index + 1 }) }
    skipped = 0
  }
}

/** Reads what {@link pagesByNumber} wrote. */
export function numberedPosition(value: unknown): NumberedPosition {
  const { page, row } = (value ?? {}) as Partial<NumberedPosition>
  if (!Number.isSafeInteger(page) || !Number.isSafeInteger(row) || Number(page) < 1 || Number(row) < 0) {
    throw damagedCheckpointError()
  }
  return { page: Number(page), row: Number(row) }
}
