import { damagedCheckpointError } from './checkpoint.js'
import { uniqueRows } from './unique-rows.js'
import type { RowId } from './unique-rows.js'
import { hasFewerRows } from './prefetch.js'
import type { PrefetchSource } from './prefetch.js'
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
  return uniqueRows(numberedPages(fetchPage, from), idOf)
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

/** What the answers of numbered pages say of the whole listing. */
export interface CountedPage {
  readonly pageCount?: unknown
  /** Of rows. */
  readonly total?: unknown
}

/**
 * Numbered pages can be fetched ahead as far as an answer says that there are some, and the empty one after them: that is
 * no end, for the count is only a hint, but all of them are asked for anyway.
 */
export function numberPrefetch<Answer extends CountedPage>(
  most: number,
  fetch: (pageNumber: number, signal: AbortSignal) => Promise<Answer>,
): PrefetchSource<number, Answer> {
  let last = 0
  return {
    most,
    async fetch(pageNumber, signal) {
      const response = await fetch(pageNumber, signal)
      if (Number.isSafeInteger(response.pageCount)) last = Number(response.pageCount) + 1
      return response
    },
    idOf: (pageNumber) => pageNumber,
    after: (pageNumber) => (pageNumber < last ? { key: pageNumber + 1 } : undefined),
    isOlder(pageNumber, { total }, before) {
      const isPromised = Number(before.total) > 0 && Number(before.pageCount) >= pageNumber
      return hasFewerRows(total, before.total, isPromised)
    },
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
