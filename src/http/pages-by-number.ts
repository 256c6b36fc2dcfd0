import { ApiError } from '../base/errors.js'
import { damagedCheckpointError } from './checkpoint.js'
import { distinctRows } from './distinct-rows.js'
import type { Page } from './iteration.js'

/** A page, and how many of its rows have been handed out. */
export interface NumberedPosition {
  readonly page: number
  readonly row: number
}

/** A page may hold nothing new because rows moved in before it; an API that ignores the page number brings nothing new ever. */
const MOST_STALE_PAGES = 3

/**
 * Pages 1, 2, 3, … until an empty one. A total, a page count or a short page is only a hint: rows that the token may
 * not see make a page short. Rows that move to a later page while the listing goes on are handed out once, by their id.
 */
export async function* pagesByNumber<Row>(
  fetchPage: (pageNumber: number) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
  from: NumberedPosition = { page: 1, row: 0 },
): AsyncGenerator<Page<Row, NumberedPosition>, void, undefined> {
  let number = from.page - 1
  let stale = 0
  for await (const page of distinctRows(numberedPages(fetchPage, from), idOf)) {
    number++
    stale = page.rows.length === 0 ? stale + 1 : 0
    if (stale === MOST_STALE_PAGES) throw stalePagesError(number)
    yield page
  }
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

function stalePagesError(page: number): ApiError {
  return new ApiError(
    'api_answer_invalid',
    `Pages up to ${page} bring nothing but rows of the pages before them: the API ignores the page number.`,
  )
}
