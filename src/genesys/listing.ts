import { ApiError } from '../base/errors.js'
import { checkSignal, checkText, invalidOption, knownOptions } from '../base/options.js'
import { damagedCheckpointError } from '../http/checkpoint.js'
import { distinctRows } from '../http/distinct-rows.js'
import { Iteration } from '../http/iteration.js'
import type { Page } from '../http/iteration.js'
import type { JsonClient } from '../http/json-client.js'
import { cursorPosition, pagesByCursor } from '../http/pages-by-cursor.js'
import type { CursorPosition } from '../http/pages-by-cursor.js'
import { numberedPosition, pagesByNumber } from '../http/pages-by-number.js'
import type { NumberedPosition } from '../http/pages-by-number.js'
import type { Query } from '../http/request-path.js'
import type { StandardSchema } from '../http/standard-schema.js'
import { checkPath, checkQuery, checkSchema } from '../platform/any-endpoint.js'
import { listingPage } from './listing-page.js'
import type { ListedRow, ListingPage } from './listing-page.js'

/** What {@link GenesysCloud.pages} is told. */
export interface PagesOptions<Row = unknown> {
  /** Parameters, but for `pageNumber` and `cursor`; a list is sent as a repeated one, what is undefined is left out. */
  query?: Query | undefined
  /** Rows a request. Default: the endpoint's own, mostly 25; most endpoints give up to 100. */
  pageSize?: number | undefined
  /** The member that the rows are under. Default: `entities`, else `results`, else `conversations`. */
  rows?: string | undefined
  /**
   * The member that a row is known by, so that it comes once: every row must have it. Default: `id`, where there is one;
   * two different rows of a page with the same `id` are then an error.
   */
  rowId?: string | undefined
  /** A Standard Schema of one row: every row is checked against it and typed by it. */
  schema?: StandardSchema<Row> | undefined
  /** From an earlier iteration with the same path and options: goes on after the last row that it handed out. */
  checkpoint?: string | undefined
  signal?: AbortSignal | undefined
}

/** A page by its number or, also where the API names only a cursor, by the link that leads to it. */
type ListingPosition = NumberedPosition | CursorPosition

/** All rows of any listing, by the way that its first answer shows. */
export function anyListing<Row>(client: JsonClient, path: string, options: PagesOptions<Row>): Iteration<Row> {
  const { query, pageSize, rows, rowId, schema, checkpoint, signal } = checkedOptions(path, options)
  const url = client.resolve(path, query)
  if (pageSize !== undefined) url.searchParams.set('pageSize', String(pageSize))
  if (url.searchParams.has('pageNumber') || url.searchParams.has('cursor')) {
    throw invalidOption('query', 'must not hold pageNumber or cursor: the pages are counted and followed here')
  }
  const page = listingPage({ rows, rowId, schema })
  return new Iteration<Row, ListingPosition>({
    subject: { endpoint: `pages of ${url.pathname}`, query: { search: url.search, rows, rowId } },
    checkpoint,
    signal,
    readPosition: (value) => listingPosition(value, client),
    pages(from, reading) {
      const fetchPage = (link: string) => client.request('GET', link, { schema: page, signal: reading.signal })
      return rowsOf(pagesOf(url, fetchPage, from))
    },
  })
}

type FetchPage<Row> = (link: string) => Promise<ListingPage<Row>>
type Pages<Row> = AsyncGenerator<Page<Row, ListingPosition>, void, undefined>

async function* pagesOf<Row>(
  url: URL,
  fetchPage: FetchPage<Row>,
  from: ListingPosition = { cursor: null, row: 0 },
): Pages<KnownRow<Row>> {
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
  first?: ListingPage<Row>,
): Pages<KnownRow<Row>> {
  let before: string | undefined = ''
  const fetchNumbered = async (number: number) => {
    const page = number === from.page && first ? first : await fetchPage(linkTo(url, 'pageNumber', String(number)))
    if (isRepeated(page, before) && isBeyondTheLast(page, number)) return []
    checkProgress(page, before)
    before = page.content
    return known(page, String(number))
  }
  yield* pagesByNumber(fetchNumbered, ({ id }) => id, from)
}

async function* linkedPages<Row>(
  url: URL,
  fetchPage: FetchPage<Row>,
  from: CursorPosition,
  first: ListingPage<Row> | undefined,
): Pages<KnownRow<Row>> {
  let before: string | undefined = ''
  const fetchLinked = async (link: string | undefined) => {
    const page = link === undefined && first ? first : await fetchPage(link ?? linkTo(url))
    const { cursor, nextUri, rows, total = 0, pageCount = 1 } = page
    const next = cursor ? linkTo(url, 'cursor', cursor) : nextUri
    if (link === undefined && !next && (total > rows.length || pageCount > 1)) throw missingPagesError()
    checkProgress(page, before)
    before = page.content
    return { rows: known(page, link ?? ''), next }
  }
  yield* distinctRows(pagesByCursor(fetchLinked, from), ({ id }) => id)
}

/** A row that is told from all others: by its id, or by its place. */
type KnownRow<Row> = ListedRow<Row> & { readonly id: string }

function known<Row>({ rows }: ListingPage<Row>, page: string): KnownRow<Row>[] {
  return rows.map(({ row, id }, place) => ({ row, id: id === undefined ? `${place} of ${page}` : `id ${id}` }))
}

function isRepeated({ content }: ListingPage<unknown>, before: string | undefined): boolean {
  return content !== undefined && content === before
}

/** What has no id cannot be told from its double, but a page can. */
function checkProgress(page: ListingPage<unknown>, before: string | undefined): void {
  if (!isRepeated(page, before) || page.rows.every(({ id }) => id !== undefined)) return
  const message = 'A page is the one before it once more: the listing would never end.'
  throw new ApiError('api_answer_invalid', message)
}

/** Some endpoints answer a page that there is not with one that there is, and say so: by its number, or by the count. */
function isBeyondTheLast({ pageNumber, pageCount, cursor, nextUri }: ListingPage<unknown>, asked: number): boolean {
  if (pageNumber === undefined || cursor || nextUri) return false
  return pageCount === undefined ? pageNumber !== asked : pageCount < asked
}

async function* rowsOf<Row>(pages: Pages<KnownRow<Row>>): Pages<Row> {
  for await (const { rows, after } of pages) yield { rows: rows.map(({ row }) => row), after }
}

function linkTo(url: URL, name?: 'pageNumber' | 'cursor', value = ''): string {
  const link = new URL(url)
  if (name) link.searchParams.set(name, value)
  return link.pathname + link.search
}

function listingPosition(value: unknown, client: JsonClient): ListingPosition {
  if (typeof value === 'object' && value !== null && 'page' in value) return numberedPosition(value)
  const position = cursorPosition(value)
  try {
    client.resolve(position.cursor ?? '')
  } catch {
    throw damagedCheckpointError()
  }
  return position
}

function checkedOptions<Row>(path: string, options: PagesOptions<Row>): PagesOptions<Row> {
  const own = knownOptions(options, 'pages', {
    query: true,
    pageSize: true,
    rows: true,
    rowId: true,
    schema: true,
    checkpoint: true,
    signal: true,
  })
  checkPath(path)
  checkQuery(own.query)
  if (own.pageSize !== undefined && !(Number.isSafeInteger(own.pageSize) && own.pageSize > 0)) {
    throw invalidOption('pageSize', 'must be a whole number above 0')
  }
  checkText('rows', own.rows)
  checkText('rowId', own.rowId)
  checkSchema(own.schema)
  checkSignal(own.signal)
  return own
}

function missingPagesError(): ApiError {
  const message = 'The first page says that there is more, but not how to get there: request() reads such an endpoint.'
  return new ApiError('api_answer_invalid', message)
}
