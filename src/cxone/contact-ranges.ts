import { ApiError, EverbearerError } from '../base/errors.js'
import { damagedCheckpointError } from '../paging/checkpoint.js'
import { pageOf } from '../paging/unique-rows.js'
import type { Page } from '../paging/iteration.js'
import { offsetPosition, pagesByOffset } from '../paging/pages-by-offset.js'
import type { OffsetPage, OffsetPosition } from '../paging/pages-by-offset.js'
import { DAY, formatInterval, halves, isPartOf, utcDays } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import type { PollTime } from './poll-time.js'

/** What tells contacts apart. */
interface Known {
  readonly contactId: number
}

/** How the pages of contacts are had: those of a range of dates, or (null) of all that changed since a moment. */
export interface ContactsQuery<Row> {
  fetchPage(range: Interval | null, skip: number, top: number): Promise<OffsetPage<Row>>
  readonly pageSize: number
  /** What one range is paged through. */
  readonly mostRows: number
  readonly pollTime: PollTime
}

/** How far contacts have been read: so many rows of the answer for this range. */
export interface ContactsPosition extends OffsetPosition {
  readonly range: Interval | null
  readonly lastPollTime: string | null
}

/** A range, read from some row on. */
interface Part extends OffsetPosition {
  readonly range: Interval | null
  /** Milliseconds before it that are asked for as well. */
  readonly leadIn: number
}

/**
 * Milliseconds by which neighbours overlap. Whether a range holds what is at its ends is not documented, nor how exact
 * its ends are; what is in both is handed out once.
 */
const OVERLAP = 1_000
const MAX_POLL_TIME = 100

/**
 * All completed contacts of an interval, each once, by as many ranges as it takes: its UTC days, of which one with more
 * rows than a range is paged through is cut into halves, before any row of it is handed on. Which of its dates a contact
 * is found by is not documented, so doubles of neighbours are told by their ids alone. Without an interval there is one
 * range, which cannot be cut.
 *
 * A range that ends before as many rows came as there are said to be is an error.
 */
export async function* completedContacts<Row extends Known>(
  query: ContactsQuery<Row>,
  interval: Interval | null,
  from: ContactsPosition | undefined,
): AsyncGenerator<Page<Row, ContactsPosition>, void, undefined> {
  if (from !== undefined) query.pollTime.resume(from.lastPollTime)
  /** What the range before held; after one that was entered in the middle nobody knows. */
  let known: ReadonlySet<number> | undefined
  for (const part of parts(interval, from)) {
    known = yield* readPart(query, part, known ?? (await idsBefore(query, part)))
    if (part.skip > 0) known = undefined
  }
}

function* parts(interval: Interval | null, from: ContactsPosition | undefined): Generator<Part, void, undefined> {
  const begin = interval?.start ?? 0
  const partOf = (range: Interval | null, skip: number): Part => ({
    range,
    skip,
    leadIn: Math.min(OVERLAP, (range?.start ?? 0) - begin),
  })
  if (from !== undefined || interval === null) yield partOf(from?.range ?? null, from?.skip ?? 0)
  if (interval === null) return
  for (const day of utcDays({ ...interval, start: from?.range?.end ?? begin })) yield partOf(day, 0)
}

/** Reads one part to its end, and returns the ids that it held. */
async function* readPart<Row extends Known>(
  query: ContactsQuery<Row>,
  part: Part,
  known: ReadonlySet<number>,
): AsyncGenerator<Page<Row, ContactsPosition>, ReadonlySet<number>, undefined> {
  const { range, skip } = part
  const asked = askedOf(part)
  const first = await fetchPage(query, asked, skip)
  if (skip === 0 && (await isFull(query, asked, first))) {
    for (const half of halvesOf(query, part)) known = yield* readPart(query, half, known)
    return known
  }
  const ids = new Set<number>()
  let total = 0
  const fetchNext = async (place: number) => {
    const page = place === skip ? first : await fetchPage(query, asked, place)
    total = page.total ?? total
    if (page.rows.length === 0 && place > 0 && place < total) throw missingRowsError(place, total, asked)
    return page
  }
  for await (const page of pagesByOffset(fetchNext, ({ contactId }) => contactId, part)) {
    for (const { contactId } of page.rows) ids.add(contactId)
    const { rows, after } = pageOf(page, ({ contactId }) => !known.has(contactId))
    yield {
      rows,
      after: (index) => ({ range, ...after(index), lastPollTime: query.pollTime.value ?? null }),
    }
  }
  return ids
}

/** The ids of all that a part and those before it can have in common: what lies in their overlap, by whichever date. */
async function idsBefore<Row extends Known>(query: ContactsQuery<Row>, { range, leadIn }: Part): Promise<Set<number>> {
  const ids = new Set<number>()
  if (range === null || leadIn === 0) return ids
  const before = { range: { start: range.start - leadIn, end: range.start }, leadIn: 0, skip: 0 }
  for await (const { rows } of readPart(query, before, ids)) for (const { contactId } of rows) ids.add(contactId)
  return ids
}

function askedOf({ range, leadIn }: Part): Interval | null {
  return range && { ...range, start: range.start - leadIn }
}

async function fetchPage<Row>(
  query: ContactsQuery<Row>,
  asked: Interval | null,
  skip: number,
): Promise<OffsetPage<Row>> {
  const { mostRows, pageSize } = query
  if (skip >= mostRows) throw tooFullError(mostRows, asked)
  return query.fetchPage(asked, skip, Math.min(pageSize, mostRows - skip))
}

/** Whether there may be more than a range is paged through, for all that its first page tells. */
async function isFull<Row>(
  query: ContactsQuery<Row>,
  asked: Interval | null,
  { rows, total }: OffsetPage<Row>,
): Promise<boolean> {
  if (total !== undefined) return total >= query.mostRows
  if (rows.length === 0) return false
  const last = await query.fetchPage(asked, query.mostRows - 1, 1)
  return last.rows.length > 0
}

function halvesOf<Row>({ mostRows }: ContactsQuery<Row>, part: Part): [Part, Part] {
  const both = part.range && halves(part.range)
  if (!both) throw tooFullError(mostRows, askedOf(part))
  const [first, second] = both
  return [
    { ...part, range: first },
    { ...part, range: second, leadIn: OVERLAP },
  ]
}

/** Reads what {@link completedContacts} wrote into a checkpoint. */
export function contactsPosition(value: unknown, interval: Interval | null): ContactsPosition {
  const { range, lastPollTime } = (value ?? {}) as Partial<ContactsPosition>
  if (lastPollTime !== null && !(typeof lastPollTime === 'string' && lastPollTime.length <= MAX_POLL_TIME))
    throw damagedCheckpointError()
  return { ...offsetPosition(value), range: rangeOf(range, interval), lastPollTime }
}

function rangeOf(value: unknown, interval: Interval | null): Interval | null {
  if (interval === null && value === null) return null
  if (interval === null || !isPartOf(interval, value) || value.end - value.start > DAY) throw damagedCheckpointError()
  return { start: value.start, end: value.end }
}

function missingRowsError(count: number, total: number, asked: Interval | null): ApiError {
  return new ApiError(
    'api_response_invalid',
    `The completed contacts${within(asked)} end after ${count}, although there are said to be ${total}: when NICE CXone ` +
      `gives no more of one range, set limits.contactRows to ${count}.`,
  )
}

function tooFullError(mostRows: number, asked: Interval | null): EverbearerError {
  const advice = asked
    ? 'add filters, or set limits.contactRows to more, if NICE CXone gives more of one range'
    : 'read them by startDate and endDate, or set limits.contactRows to more, if NICE CXone gives more at once'
  return new EverbearerError(
    'query_too_full',
    `There are ${mostRows} completed contacts${within(asked)} or more, which is as many as are paged through: ${advice}.`,
  )
}

function within(asked: Interval | null): string {
  return asked === null ? '' : ` within ${formatInterval(asked)}`
}
