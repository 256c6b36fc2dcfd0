import { ApiError } from '../base/errors.js'
import { checkSignal, checkText, invalidOption, knownOptions } from '../base/options.js'
import { Iteration } from '../paging/iteration.js'
import type { Page } from '../paging/iteration.js'
import type { JsonClient } from '../client/json-client.js'
import type { Query } from '../client/request-path.js'
import type { StandardSchema } from '../client/standard-schema.js'
import { checkPath, checkQuery, checkSchema } from './any-endpoint.js'
import { listingPage } from './listing-page.js'
import type { ListedRow, ListedRows, ListingPage, PageDialect } from './listing-page.js'

/** What `pages()` is told. */
export interface PagesOptions<Row = unknown> {
  /** Parameters, but for those that lead from page to page; a list is sent as a repeated one, what is undefined is left out. */
  query?: Query | undefined
  /** Rows a request. Default: the endpoint's own. */
  pageSize?: number | undefined
  /** The member that the rows are under. Default: where the platform usually has them. */
  rows?: string | undefined
  /**
   * The member that a row is known by, so that it comes once: every row must have it. Default: `id`, where there is one;
   * two different rows of a page with the same `id` are then an error.
   */
  rowId?: string | undefined
  /** A Standard Schema of one row: every row is checked against it and typed by it. */
  schema?: StandardSchema<Row> | undefined
  /** From an earlier iteration with the same path and options: goes on after the last row that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** How a platform leads from page to page. */
export interface ListingDialect<Hints, Position> extends PageDialect<Hints> {
  /** The parameter that says how many rows a page has. */
  readonly pageSize: string
  /** The parameters that lead from page to page: nobody else may set them. */
  readonly counted: readonly string[]
  /** What a 204 stands for, where there is one. */
  readonly noContent?: ListingPage<never, Hints> | undefined
  pages<Row>(
    url: URL,
    fetchPage: (link: string) => Promise<ListingPage<Row, Hints>>,
    from: Position | undefined,
  ): AsyncIterable<Page<ListedRow<Row>, Position>>
  /** The position that a checkpoint held, checked. Throws {@link EverbearerError} `invalid_checkpoint`. */
  readPosition(value: unknown, client: JsonClient): Position
}

/** All rows of any listing of a platform. */
export function anyListing<Row, Hints, Position>(
  client: JsonClient,
  dialect: ListingDialect<Hints, Position>,
  path: string,
  options: PagesOptions<Row>,
): Iteration<Row> {
  const { query, pageSize, rows, rowId, schema, checkpoint, signal } = checkedOptions(path, options)
  const url = client.resolve(path, query)
  if (pageSize !== undefined) url.searchParams.set(dialect.pageSize, String(pageSize))
  if (dialect.counted.some((name) => url.searchParams.has(name))) {
    const names = dialect.counted.join(' or ')
    throw invalidOption('query', `must not hold ${names}: the pages are counted and followed here`)
  }
  const page = listingPage({ rows, rowId, schema }, dialect)
  const { noContent } = dialect
  return new Iteration<Row, Position>({
    subject: { endpoint: `pages of ${url.pathname}`, query: { search: url.search, rows, rowId } },
    checkpoint,
    signal,
    readPosition: (value) => dialect.readPosition(value, client),
    pages(from, reading) {
      const fetchPage = (link: string) =>
        client.request('GET', link, { schema: page, noContent, signal: reading.signal })
      return rowsOf(dialect.pages(url, fetchPage, from))
    },
  })
}

/** A row that is told from all others: by its id, or by its place. */
export interface KnownRow<Row> extends ListedRow<Row> {
  readonly id: string
}

export function knownRows<Row>({ rows }: ListedRows<Row>, page: string): KnownRow<Row>[] {
  return rows.map(({ row, id }, place) => ({ row, id: id === undefined ? `${place} of ${page}` : `id ${id}` }))
}

/** Whether it is the page before once more, of which this was the content. */
export function isRepeated({ content }: ListedRows<unknown>, before: string | undefined): boolean {
  return content !== undefined && content === before
}

/** What has no id cannot be told from its double, but a page can. */
export function checkProgress(page: ListedRows<unknown>, before: string | undefined): void {
  if (!isRepeated(page, before) || page.rows.every(({ id }) => id !== undefined)) return
  const message = 'A page is the one before it once more: the listing would never end.'
  throw new ApiError('api_response_invalid', message)
}

/** The listing's own link, with another value for a parameter. */
export function linkTo(url: URL, name?: string, value = ''): string {
  const link = new URL(url)
  if (name !== undefined) link.searchParams.set(name, value)
  return link.pathname + link.search
}

async function* rowsOf<Row, Position>(
  pages: AsyncIterable<Page<ListedRow<Row>, Position>>,
): AsyncGenerator<Page<Row, Position>, void, undefined> {
  for await (const { rows, after } of pages) yield { rows: rows.map(({ row }) => row), after }
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
