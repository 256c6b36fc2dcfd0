import { ApiError } from '../base/errors.js'
import type { Page } from '../paging/iteration.js'
import { offsetPosition, pagesByOffset } from '../paging/pages-by-offset.js'
import type { OffsetPosition } from '../paging/pages-by-offset.js'
import { checkProgress, isRepeated, knownRows, linkTo } from '../platform/listing.js'
import type { KnownRow, ListingDialect } from '../platform/listing.js'
import type { ResponseBody, ListingPage } from '../platform/listing-page.js'

/** All that an answer of NICE CXone may say of the next rows. */
interface CxoneHints {
  /** How many rows there are on all pages. */
  readonly total: number | undefined
  /** Whether a link leads to a next page; undefined where there are no links at all. */
  readonly hasNext: boolean | undefined
}

/** Any listing of NICE CXone: `skip` leads from page to page, and what an answer says of the next one is a hint. */
export const cxoneListing: ListingDialect<CxoneHints, OffsetPosition> = {
  usualPlace: 'as its only list',
  totals: ['totalRecords'],
  pageSize: 'top',
  counted: ['skip'],
  noContent: { rows: [], content: '', total: undefined, hasNext: undefined },

  rowsMember(response) {
    const [name, ...others] = Object.keys(response).filter((member) => Array.isArray(response[member]))
    return others.length === 0 ? name : undefined
  },

  hints({ _links: links }, total) {
    const hasNext = typeof links === 'object' && links !== null ? Boolean((links as ResponseBody)['next']) : undefined
    return { value: { total, hasNext } }
  },

  pages: (url, fetchPage, from) => pagesOf(url, fetchPage, from),
  readPosition: (value) => offsetPosition(value),
}

async function* pagesOf<Row>(
  url: URL,
  fetchPage: (link: string) => Promise<ListingPage<Row, CxoneHints>>,
  from: OffsetPosition = { skip: 0 },
): AsyncGenerator<Page<KnownRow<Row>, OffsetPosition>, void, undefined> {
  const fetchAt = (skip: number) => fetchPage(skip === 0 ? linkTo(url) : linkTo(url, 'skip', String(skip)))
  // Who goes on has no page before, and whoever heeds no `skip` would answer with the first one.
  const first = from.skip === 0 ? undefined : await fetchAt(0)
  let before = first ? first.content : ''
  const fetchNext = async (skip: number) => {
    const page = await fetchAt(skip)
    if (isRepeated(page, before)) {
      if (isBeyondTheLast(page, skip)) return { rows: [] }
      if (skip === from.skip && page.rows.length > 0) throw ignoredSkipError()
    }
    checkProgress(page, before)
    before = page.content
    return { rows: knownRows(page, String(skip)), total: page.total }
  }
  yield* pagesByOffset(fetchNext, ({ id }) => id, from)
}

/** Some endpoints know no pages, and say so: by the count of their rows, or by links that lead to no other. */
function isBeyondTheLast({ total, hasNext }: CxoneHints, skip: number): boolean {
  return total === undefined ? hasNext === false : total <= skip
}

function ignoredSkipError(): ApiError {
  const message =
    'The rows after the checkpoint are those of the first page: the endpoint knows no `skip`; request() reads such a one.'
  return new ApiError('api_response_invalid', message)
}
