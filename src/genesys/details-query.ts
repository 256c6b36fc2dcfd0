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
  const mostPages = Math.floor(query.mostRows / query.pageSize)
  const depth = mostPages * query.pageSize
  const reading = new ChunkReading(chunk)
  for (let pageNumber = 1; pageNumber <= mostPages; pageNumber++) {
    const page = await query.fetchPage(chunk.interval, pageNumber)
    const { conversations, totalHits = 0 } = page
    if (pageNumber === 1 && totalHits > depth) {
      for (const half of halvesOf(chunk)) yield* readChunk(query, half)
      return
    }
    if (conversations.length === 0) {
      if (pageNumber === 1 && totalHits > 0) throw missingRowsError(totalHits)
      return
    }
    const rows = reading.read(page, pageNumber)
    if (rows !== undefined) yield rows
  }
  // No page was empty: the chunk has exactly as many rows as a query gives, or has grown meanwhile.
  const rest = reading.rest(depth)
  if (rest !== undefined) yield* readChunk(query, rest)
}

/** What the pages of a chunk have held so far. */
class ChunkReading {
  readonly #chunk: Chunk
  /** The conversations of all pages, of this chunk or not. */
  readonly #fetched = new Set<string>()
  #stalePages = 0
  #last: DetailsPosition | undefined
  /** The latest start that a page held: all that started before it has been fetched. */
  #reached: number
  #count = 0
  #hits: number | undefined

  constructor(chunk: Chunk) {
    this.#chunk = chunk
    this.#last = chunk.last
    this.#reached = chunk.interval.start
  }

  /** Returns the new rows of the chunk, if a page has any. Throws {@link ApiError} `api_response_invalid`. */
  read({ conversations, totalHits }: DetailsPage, pageNumber: number): Page<Conversation, DetailsPosition> | undefined {
    this.#hits = totalHits
    this.#count += conversations.length
    const isStale = conversations.every(({ conversationId }) => this.#fetched.has(conversationId))
    this.#stalePages = isStale ? this.#stalePages + 1 : 0
    if (this.#stalePages === MAX_STALE_PAGES) throw stalePagesError(pageNumber)
    const rows = conversations.filter((conversation) => this.#isNew(conversation))
    if (rows.length === 0) return undefined
    const before = this.#last
    const { end } = this.#chunk.interval
    const after = (index: number) => ({ ...placeAfter(rows, index, before), end })
    this.#last = after(rows.length - 1)
    return { rows, after }
  }

  #isNew(conversation: Conversation): boolean {
    const { interval, startedFrom, known } = this.#chunk
    const { conversationId } = conversation
    const isNew = !this.#fetched.has(conversationId) && !known.has(conversationId)
    this.#fetched.add(conversationId)
    const start = startOf(conversation)
    this.#reached = Math.max(this.#reached, start)
    return isNew && start >= startedFrom && start < interval.end
  }

  /** Returns the part of the chunk that all pages have left, if any. Throws {@link EverbearerError} `query_too_full`. */
  rest(depth: number): Chunk | undefined {
    const { interval, startedFrom, known } = this.#chunk
    if (this.#reached > interval.start) {
      if (this.#reached >= interval.end) return undefined
      return {
        interval: { start: this.#reached, end: interval.end },
        startedFrom,
        known: new Set([...known, ...this.#fetched]),
        last: this.#last,
      }
    }
    // The hits are approximate: when all pages are full, they do not tell whether there is more.
    if (this.#count >= depth || this.#hits === undefined || this.#hits > depth) throw tooFullError(interval)
    return undefined
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
