import { ApiError } from '../base/errors.js'
import { damagedCheckpointError } from './checkpoint.js'
import type { PrefetchSource } from './prefetch.js'
import type { Page } from './iteration.js'

/** A page by the cursor that leads to it (null: the first), and how many of its rows have been handed out. */
export interface CursorPosition {
  readonly cursor: string | null
  readonly row: number
}

/** An empty page is not the end, but an API that names a next one for ever has none. */
const MAX_EMPTY_PAGES = 100

/** What one request brought: its rows, and what leads to the next page. No next, or an empty one, is the end. */
export interface CursorPage<Row> {
  readonly rows: readonly Row[]
  readonly next?: string | undefined
}

/**
 * Pages, each naming the next by an opaque cursor or a link, until one names none. A link is followed by the client,
 * which requests paths of its own API only.
 */
export async function* pagesByCursor<Row>(
  fetchPage: (cursor: string | undefined) => Promise<CursorPage<Row>>,
  from: CursorPosition = { cursor: null, row: 0 },
): AsyncGenerator<Page<Row, CursorPosition>, void, undefined> {
  let { cursor, row: skipped } = from
  const followed = new Set([cursor])
  let empty = 0
  for (;;) {
    const here = cursor
    const { rows, next } = await fetchPage(here ?? undefined)
    const skip = skipped
    yield { rows: rows.slice(skip), after: (index) => ({ cursor: here, row: skip + index + 1 }) }
    if (next === undefined || next === '') return
    if (followed.has(next)) throw repeatedCursorError()
    empty = rows.length === 0 ? empty + 1 : 0
    if (empty === MAX_EMPTY_PAGES) throw emptyPagesError()
    followed.add(next)
    cursor = next
    skipped = 0
  }
}

/** Each page names the next, which can be fetched while the rows of that one are at work. */
export function cursorPrefetch<Row>(
  most: number,
  fetch: (cursor: string | undefined, signal: AbortSignal) => Promise<CursorPage<Row>>,
): PrefetchSource<string | undefined, CursorPage<Row>> {
  return {
    most,
    fetch,
    idOf: (cursor) => cursor ?? '',
    after: (_, page) => (page?.next ? { key: page.next } : undefined),
  }
}

/** Reads what {@link pagesByCursor} wrote. */
export function cursorPosition(value: unknown): CursorPosition {
  const { cursor, row } = (value ?? {}) as Partial<CursorPosition>
  if ((typeof cursor !== 'string' && cursor !== null) || !Number.isSafeInteger(row) || Number(row) < 0) {
    throw damagedCheckpointError()
  }
  return { cursor, row: Number(row) }
}

function repeatedCursorError(): ApiError {
  return new ApiError(
    'api_response_invalid',
    'A page names one as the next that was read before: the listing would never end.',
  )
}

function emptyPagesError(): ApiError {
  return new ApiError(
    'api_response_invalid',
    `${MAX_EMPTY_PAGES} pages in a row hold nothing, and each names a next one: the listing would never end.`,
  )
}
