import { ApiError, EverbearerError } from '../base/errors.js'
import { damagedCheckpointError } from '../paging/checkpoint.js'
import { MAX_STALE_PAGES } from '../paging/unique-rows.js'
import type { Page } from '../paging/iteration.js'
import { DAY, formatInterval, halves, utcDays } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import type { AnalyticsConversationWithoutAttributes as Conversation } from './models/conversations.js'
import { isPlaceInTime, placeAfter, startOf } from './place-in-time.js'
import type { PlaceInTime } from './place-in-time.js'

/** One page of one details query, ordered by `conversationStart`. */
export interface DetailsPage {
  readonly conversations: readonly Conversation[]
  /** Approximate while conversations come in. */
  readonly totalHits?: number | undefined
}

/** How the pages of a details query are had, and how many rows they can give. */
export interface DetailsQuery {
  fetchPage(interval: Interval, pageNumber: number): Promise<DetailsPage>
  readonly pageSize: number
  readonly mostRows: number
}

/** How far a details query has been read. */
export interface DetailsPosition extends PlaceInTime {
  /** The end of the chunk that the place is in. */
  readonly end: number
}

/** A part of the whole interval that is asked for by a query of its own. */
interface Chunk {
  readonly interval: Interval
  /** Which of the answer's rows belong to it: the day's others belong to the chunk that they started in. */
  readonly startedFrom: number
  /** Handed out already. */
  readonly known: ReadonlySet<string>
  /** The place after the last row that was handed out before this chunk. */
  readonly last?: DetailsPosition | undefined
}

/**
 * All conversations of an interval, each once, by as many details queries as it takes.
 *
 * A query answers the conversations that started on a UTC day which its interval touches, and were active in it. So the
 * interval is cut at UTC midnights, and a day with more rows than a query gives is cut into halves, before any row of it
 * is handed on. The answers of neighbours overlap by what was active in both: a row belongs to the chunk that it started
 * in. What started on the first day before the whole interval did stays with the first chunk.
 */
export async function* conversationDetails(
  query: DetailsQuery,
  interval: Interval,
  from: DetailsPosition | undefined,
): AsyncGenerator<Page<Conversation, DetailsPosition>, void, undefined> {
  for (const chunk of chunks(interval, from)) yield* readChunk(query, chunk)
}

function* chunks(interval: Interval, from: DetailsPosition | undefined): Generator<Chunk, void, undefined> {
  const none = new Set<string>()
  if (from !== undefined) {
    const { after, end, ids } = from
    const rest = { start: Math.max(interval.start, after), end }
    if (rest.start < end) yield { interval: rest, startedFrom: after, known: new Set(ids), last: from }
  }
  for (const day of utcDays(from === undefined ? interval : { start: from.end, end: interval.end })) {
    yield { interval: day, startedFrom: day.start === interval.start ? -Infinity : day.start, known: none }
  }
}

async function* readChunk(
  query: DetailsQuery,
  chunk: Chunk,
): AsyncGenerator<Page<Conversation, DetailsPosition>, void, undefined> {
  const { interval, startedFrom } = chunk
  const mostPages = Math.floor(query.mostRows / query.pageSize)
  const depth = mostPages * query.pageSize
  /** What the pages held: handed out, or not of this chunk. */
  const fetched = new Set<string>()
  let stale = 0
  let last = chunk.last
  /** The latest start that a page held: all that started before it has been fetched. */
  let reached = interval.start
  let count = 0
  let hits: number | undefined
  for (let pageNumber = 1; pageNumber <= mostPages; pageNumber++) {
    const { conversations, totalHits } = await query.fetchPage(interval, pageNumber)
    hits = totalHits
    count += conversations.length
    if (pageNumber === 1 && hits !== undefined && hits > depth) {
      for (const half of halvesOf(chunk)) yield* readChunk(query, half)
      return
    }
    if (conversations.length === 0) {
      if (pageNumber === 1 && hits !== undefined && hits > 0) throw missingRowsError(hits)
      return
    }
    stale = conversations.every(({ conversationId }) => fetched.has(conversationId)) ? stale + 1 : 0
    if (stale === MAX_STALE_PAGES) throw stalePagesError(pageNumber)
    const rows = conversations.filter((conversation) => {
      const { conversationId } = conversation
      const isNew = !fetched.has(conversationId) && !chunk.known.has(conversationId)
      fetched.add(conversationId)
      const start = startOf(conversation)
      reached = Math.max(reached, start)
      return isNew && start >= startedFrom && start < interval.end
    })
    if (rows.length === 0) continue
    const before = last
    const after = (index: number) => ({ ...placeAfter(rows, index, before), end: interval.end })
    yield { rows, after }
    last = after(rows.length - 1)
  }
  // The depth that a query gives is used up without an empty page: it was exactly enough, or live data has grown.
  if (reached > interval.start) {
    if (reached >= interval.end) return
    const known = new Set([...chunk.known, ...fetched])
    yield* readChunk(query, { interval: { start: reached, end: interval.end }, startedFrom, known, last })
  } else if (count >= depth || hits === undefined || hits > depth) {
    // When all pages are full the hits could tell which it was, but they are approximate.
    throw tooFullError(interval)
  }
}

function halvesOf(chunk: Chunk): Chunk[] {
  const both = halves(chunk.interval)
  if (both === undefined) throw tooFullError(chunk.interval)
  const [first, second] = both
  return [
    { ...chunk, interval: first },
    { ...chunk, interval: second, startedFrom: second.start },
  ]
}

/** Reads what {@link conversationDetails} wrote into a checkpoint. */
export function detailsPosition(value: unknown, interval: Interval): DetailsPosition {
  if (!isPlaceInTime(value)) throw damagedCheckpointError()
  const { end, after, ids } = value as DetailsPosition
  const isWithin = Number.isSafeInteger(end) && end > interval.start && end <= interval.end && after < end
  // Before the interval may lie what started earlier on its first day, and was active in it.
  const isNear = after >= interval.start - DAY
  if (!isWithin || !isNear) throw damagedCheckpointError()
  return { end, after, ids }
}

function missingRowsError(hits: number): ApiError {
  const message = `The first page has no conversations although there are said to be ${hits}.`
  return new ApiError('api_response_invalid', message)
}

function stalePagesError(pageNumber: number): ApiError {
  const message = `Pages up to ${pageNumber} bring nothing but rows of the pages before them: the API ignores the page number.`
  return new ApiError('api_response_invalid', message)
}

function tooFullError(interval: Interval): EverbearerError {
  return new EverbearerError(
    'query_too_full',
    `There are more conversations within ${formatInterval(interval)} than details queries can give, even for a minute: ` +
      'add filters, or read them with the asynchronous job, analytics.conversations.export.',
  )
}
