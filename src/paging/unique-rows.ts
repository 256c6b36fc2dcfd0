import { ApiError } from '../base/errors.js'
import type { Page } from './iteration.js'

/** A page may hold nothing new because rows moved in before it; an API that ignores which page is asked for brings nothing new ever. */
export const MAX_STALE_PAGES = 3

/** What a row is told from all others by. */
export type RowId = string | number

/**
 * The same pages without the rows that came before, by their id: a row may move to a later page while a listing goes on.
 * A listing that is too long for all its ids to be remembered is looked back upon for one page: `memory` is `page`.
 */
export async function* uniqueRows<Row, Position>(
  pages: AsyncIterable<Page<Row, Position>>,
  idOf: (row: Row) => RowId,
  memory: 'listing' | 'page' = 'listing',
): AsyncGenerator<Page<Row, Position>, void, undefined> {
  let seen = new Set<RowId>()
  let stale = 0
  for await (const page of pages) {
    const before = seen
    if (memory === 'page' && page.rows.length > 0) seen = new Set()
    const fresh = pageOf(page, (row) => {
      const id = idOf(row)
      const isNew = !before.has(id) && !seen.has(id)
      seen.add(id)
      return isNew
    })
    if (fresh.rows.length > 0) stale = 0
    // An empty page says nothing of it.
    else if (page.rows.length > 0) stale += 1
    if (stale === MAX_STALE_PAGES) throw stalePagesError()
    yield fresh
  }
}

/** Those rows of a page that are wanted; each knows its place in the page as it came. */
export function pageOf<Row, Position>(page: Page<Row, Position>, isWanted: (row: Row) => boolean): Page<Row, Position> {
  const rows: Row[] = []
  const places: number[] = []
  for (const [place, row] of page.rows.entries()) {
    if (!isWanted(row)) continue
    rows.push(row)
    places.push(place)
  }
  return { ...page, rows, after: (index) => page.after(places[index] as number) }
}

function stalePagesError(): ApiError {
  return new ApiError(
    'api_response_invalid',
    `${MAX_STALE_PAGES} pages in a row bring nothing but rows of the pages before them: the listing would never end.`,
  )
}
