import { ApiError } from '../base/errors.js'
import { uniqueRows, pageOf } from '../paging/unique-rows.js'
import type { Page } from '../paging/iteration.js'
import { pagesByCursor } from '../paging/pages-by-cursor.js'
import type { CursorPosition } from '../paging/pages-by-cursor.js'
import { isFulfilled, resultsOf } from './details-job.js'
import type { DetailsJobs } from './details-job.js'
import type { DataAvailability } from './data-availability.js'
import type { ExportPosition } from './export-position.js'
import { DAY } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import { shown } from '../platform/job.js'
import { tellResubmission } from '../platform/resubmission.js'
import type { AnalyticsConversation as Conversation } from './models/conversation-jobs.js'
import { placeAfter, startOf } from './place-in-time.js'

/** What is exported. */
export interface ConversationExportScope {
  readonly interval: Interval
  /** What started before is left out. Milliseconds since the epoch. */
  readonly startedFrom: number
  /** Days that one job may span. */
  readonly jobDays: number
  readonly availability: DataAvailability
}

type ExportPage = Page<Conversation, ExportPosition>

/**
 * All conversations with activity in an interval, each once, by a job for each part of it. A job answers what had
 * activity in its part, whenever it started, in the order of `conversationStart`. So what started in an earlier part
 * has been handed out there; what started before the whole interval belongs to the first part that it shows in.
 */
export async function* exportedConversations(
  jobs: DetailsJobs,
  scope: ConversationExportScope,
  from: ExportPosition | undefined,
): AsyncGenerator<ExportPage, void, undefined> {
  let long = from?.long ?? []
  if (from !== undefined) {
    scope.availability.gap = from.gap
    long = yield* readPart(jobs, scope, from)
  }
  for (const part of parts(scope, from?.part.end)) {
    const { gap } = scope.availability
    const start = { part, job: null, cursor: null, row: 0, floor: null, place: null, isOrdered: true, long, gap }
    long = yield* readPart(jobs, scope, start)
  }
}

function* parts({ interval, jobDays }: ConversationExportScope, from = interval.start): Generator<Interval> {
  for (let start = from; start < interval.end;) {
    const end = Math.min(interval.end, start + jobDays * DAY)
    yield { start, end }
    start = end
  }
}

/** Reads one part to its end, by as many jobs as it takes, and returns what {@link ExportPosition.long} is then. */
async function* readPart(
  jobs: DetailsJobs,
  scope: ConversationExportScope,
  from: ExportStart,
): AsyncGenerator<ExportPage, readonly string[], undefined> {
  let at = from
  for (let resubmissions = 0; ; resubmissions++) {
    const isNew = at.job === null
    const job = at.job ?? (await jobs.submit(whatIsMissing(at), at.part.start === scope.interval.start))
    if (isNew) {
      const begun = { ...at, job, cursor: null, row: 0, floor: at.place }
      yield { rows: [], before: begun, after: () => begun }
      at = begun
    }
    if (await isFulfilled(jobs, job, isNew)) {
      let isGone = false
      const fetchPage = async (cursor: string | undefined) => {
        const results = await resultsOf(jobs, job, cursor, cursor === at.cursor)
        isGone = results === undefined
        scope.availability.note(results?.dataAvailabilityDate, at.part.end)
        return { rows: results?.conversations ?? [], next: results?.cursor }
      }
      // Not by all ids, of which a part may have millions: in order, what comes twice comes together.
      for await (const fetched of uniqueRows(pagesByCursor(fetchPage, at), idOf, 'page')) {
        const page = newRows(fetched, { ...at, job }, scope)
        if (page.rows.length === 0) continue
        yield page
        at = page.after(page.rows.length - 1)
        resubmissions = 0
      }
      if (!isGone) return at.long
    }
    if (!at.isOrdered) throw unorderedError(job)
    tellResubmission(job, resubmissions)
    at = { ...at, job: null }
  }
}

const idOf = ({ conversationId }: Conversation) => conversationId

/** A position in a part of which no job is known, or none that can still be read. */
type ExportStart = Omit<ExportPosition, 'job'> & { readonly job: string | null }

function whatIsMissing({ part, place }: ExportStart): Interval {
  return { start: Math.max(part.start, place?.after ?? part.start), end: part.end }
}

/** What a page has that was not handed out before. */
function newRows(
  fetched: Page<Conversation, CursorPosition>,
  at: ExportPosition,
  scope: ConversationExportScope,
): ExportPage {
  const { rows, after } = pageOf(fetched, (row) => isNewRow(row, at, scope))
  /** Which of them go on after the part, and have not started in the interval. */
  const long: number[] = []
  let latest = at.place?.after ?? -Infinity
  let ordered = at.isOrdered ? Infinity : 0
  for (const [index, row] of rows.entries()) {
    const start = startOf(row)
    if (start < latest) ordered = Math.min(ordered, index)
    if (start < scope.interval.start && mayShowAgain(row, at.part, scope)) long.push(index)
    latest = Math.max(latest, start)
  }
  const { gap } = scope.availability
  const idAt = (index: number) => idOf(rows[index] as Conversation)
  return {
    rows,
    after: (index) => ({
      ...at,
      ...after(index),
      place: placeAfter(rows, index, at.place),
      isOrdered: index < ordered,
      long: [...at.long, ...long.filter((place) => place <= index).map(idAt)],
      gap,
    }),
  }
}

function isNewRow(
  row: Conversation,
  { part, floor, long }: ExportPosition,
  { interval, startedFrom }: ConversationExportScope,
): boolean {
  const { conversationId } = row
  const start = startOf(row)
  if (start < startedFrom || start >= part.end) return false
  const isOfEarlierPart = start < interval.start ? long.includes(conversationId) : start < part.start
  if (isOfEarlierPart) return false
  return floor === null || start > floor.after || (start === floor.after && !floor.ids.includes(conversationId))
}

/** What has ended by the end of its part has no activity after it. */
function mayShowAgain(
  { conversationEnd }: Conversation,
  part: Interval,
  { interval }: ConversationExportScope,
): boolean {
  return part.end < interval.end && !(Date.parse(conversationEnd ?? '') < part.end)
}

function unorderedError(job: string): ApiError {
  const message = `The results of the job ${shown(job)} are gone, and were not in order: what is missing cannot be told. Start again without the checkpoint.`
  return new ApiError('job_expired', message)
}
