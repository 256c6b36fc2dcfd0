import { ApiError } from '../base/errors.js'
import { damagedCheckpointError } from '../paging/checkpoint.js'
import { uniqueRows } from '../paging/unique-rows.js'
import type { Page } from '../paging/iteration.js'
import { cursorPosition, pagesByCursor } from '../paging/pages-by-cursor.js'
import type { CursorPosition } from '../paging/pages-by-cursor.js'
import { numberedPosition, pagesByNumber } from '../paging/pages-by-number.js'
import type { NumberedPosition } from '../paging/pages-by-number.js'
import { checkProgress, isRepeated, knownRows, linkTo } from '../platform/listing.js'
import type { KnownRow, ListingDialect } from '../platform/listing.js'
import type { ListingPage } from '../platform/listing-page.js'
import { genesysPage } from './listing-page.js'
import type { GenesysHints } from './listing-page.js'

/** A page by its number or, also where the API names only a cursor, by the link that leads to it. */
type ListingPosition = NumberedPosition | CursorPosition

/** Any listing of Genesys Cloud, by the way that its first answer shows. */
export const genesysListing: ListingDialect<GenesysHints, ListingPosition> = {
  ...genesysPage,
  pageSize: 'pageSize',
  counted: ['pageNumber', 'cursor'],
  pages: (url, fetchPage, from) => pagesOf(url, fetchPage, from),
  readPosition(value, client) {
    if (typeof value === 'object' && value !== null && 'page' in value) return numberedPosition(value)
    const position = cursorPosition(value)
    try {
      client.resolve(position.cursor ?? '')
    } catch {
      throw damagedCheckpointError()
    }
    return position
  },
}

type FetchPage<Row> = (link: string) => Promise<ListingPage<Row, GenesysHints>>
type Pages<Row> = AsyncGenerator<Page<KnownRow<Row>, ListingPosition>, void, undefined>

async function* pagesOf<Row>(
  url: URL,
  fetchPage: FetchPage<Row>,
  from: ListingPosition = { cursor: null, row: 0 },
): Pages<Row> {
  if ('page' in from) return yield* numberedPages(url, fetchPage, from)
  // Only the first page says which kind of listing this is.
  const first = from.cursor === null ? await fetchPage(linkTo(url)) : undefined
  if (first?.pageNumber === undefined) yield* linkedPages(url, fetchPage, from, first)
  else yield* numberedPages(url, fetchPage, { page: first.pageNumber, row: from.row }, first)
}

async function* numberedPages<Row>(
  url: URL,
  fetchPage: FetchPage<Row>,
  from: NumberedPosition,
  first?: ListingPage<Row, GenesysHints>,
): Pages<Row> {
  let before: string | undefined = ''
  const fetchNumbered = async (number: number) => {
    const page = number === from.page && first ? first : await fetchPage(linkTo(url, 'pageNumber', String(number)))
    if (isRepeated(page, before) && isBeyondTheLast(page, number)) return []
    checkProgress(page, before)
    before = page.content
    return knownRows(page, String(number))
  }
  yield* pagesByNumber(fetchNumbered, ({ id }) => id, from)
}

async function* linkedPages<Row>(
  url: URL,
  fetchPage: FetchPage<Row>,
  from: CursorPosition,
  first: ListingPage<Row, GenesysHints> | undefined,
): Pages<Row> {
  let before: string | undefined = ''
  const fetchLinked = async (link: string | undefined) => {
    const page = link === undefined && first ? first : await fetchPage(link ?? linkTo(url))
    const { cursor, nextUri, rows, total = 0, pageCount = 1 } = page
    const next = cursor ? linkTo(url, 'cursor', cursor) : nextUri
    if (link === undefined && !next && (total > rows.length || pageCount > 1)) throw missingPagesError()
    checkProgress(page, before)
    before = page.content
    return { rows: knownRows(page, link ?? ''), next }
  }
  yield* uniqueRows(pagesByCursor(fetchLinked, from), ({ id }) => id)
}

/** Some endpoints answer a page that there is not with one that there is, and say so: by its number, or by the count. */
function isBeyondTheLast({ pageNumber, pageCount, cursor, nextUri }: GenesysHints, asked: number): boolean {
  if (pageNumber === undefined || cursor || nextUri) return false
  return pageCount === undefined ? pageNumber !== asked : pageCount < asked
}

function missingPagesError(): ApiError {
  const message = 'The first page says that there is more, but not how to get there: request() reads such an endpoint.'
  return new ApiError('api_response_invalid', message)
}
