import { checkBoolean } from '../base/options.js'
import { Iteration } from '../paging/iteration.js'
import type { IterationSource, Reading } from '../paging/iteration.js'
import { CONVERSATION_FILTERS, conversationFilters } from './conversation-filters.js'
import { jobRequests } from './job-requests.js'
import { DataAvailability } from './data-availability.js'
import { exportedConversations } from './details-jobs.js'
import { exportPosition } from './export-position.js'
import type { ExportPosition } from './export-position.js'
import { DAY, parseInterval } from '../platform/interval.js'
import { jobTimeoutOf } from '../platform/job.js'
import type { AsyncConversationQuery } from './models/conversation-job-query.js'
import type { AnalyticsConversation } from './models/conversation-jobs.js'
import { pagingOptions } from '../platform/paging.js'
import type { GenesysSession } from './session.js'

/** Which conversations `analytics.conversations.export` reads, and how. Order is its own affair. */
export interface ConversationExportOptions extends Omit<AsyncConversationQuery, 'limit' | 'order' | 'orderBy'> {
  /** Two ISO 8601 moments with `Z` or an offset, such as `2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z`; any length. */
  interval: string
  /** Conversations a request, 1 to 10,000. Default 250. */
  pageSize?: number | undefined
  /** Milliseconds that a job may take. Default 3,600,000, an hour. */
  jobTimeout?: number | undefined
  /**
   * Whether leaving the loop early, or an abort, cancels a job that is unfinished, which is waited for up to 5 s. It never
   * does once a checkpoint was handed out. Default true.
   */
  cancelOnReturn?: boolean | undefined
  /** From an earlier iteration with the same interval, filters and page size: goes on after the last one that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** Conversations that jobs export. */
export class ConversationExport extends Iteration<AnalyticsConversation, ExportPosition> {
  readonly #availability: DataAvailability

  constructor(source: IterationSource<AnalyticsConversation, ExportPosition>, availability: DataAvailability) {
    super(source)
    this.#availability = availability
  }

  /**
   * Until when Genesys had data when it did the job: conversations since then are missing, or not whole. Undefined
   * before the first results. Of several jobs, where the first gap begins, if there is one. A checkpoint keeps that, and
   * does not bring what is missing: export it later, from here on, without one.
   */
  get dataAvailableUntil(): Date | undefined {
    return this.#availability.until
  }
}

export function exportConversations(session: GenesysSession, options: ConversationExportOptions): ConversationExport {
  const { jobPageSize, jobDays } = session.limits
  const names = {
    interval: true,
    ...CONVERSATION_FILTERS,
    startOfDayIntervalMatching: true,
    jobTimeout: true,
    cancelOnReturn: true,
  }
  const own = pagingOptions(options, 'analytics.conversations.export', names, { most: jobPageSize, usual: 250 })
  const { pageSize, cancelOnReturn = true } = own
  const { checkpoint, signal, startOfDayIntervalMatching = false } = own
  const interval = parseInterval(own.interval)
  const jobTimeout = jobTimeoutOf(own.jobTimeout)
  checkBoolean('cancelOnReturn', cancelOnReturn)
  checkBoolean('startOfDayIntervalMatching', startOfDayIntervalMatching)
  const filters = conversationFilters(own)
  const settings = { filters, startOfDayIntervalMatching, pageSize, jobTimeout, cancelOnReturn }
  const availability = new DataAvailability()
  const startedFrom = startOfDayIntervalMatching ? Math.floor(interval.start / DAY) * DAY : -Infinity
  const scope = { interval, startedFrom, jobDays, availability }
  const source = {
    subject: {
      endpoint: 'analytics.conversations.export',
      query: { interval, filters, startOfDayIntervalMatching, pageSize },
    },
    checkpoint,
    signal,
    readPosition: (value: unknown) => exportPosition(value, interval),
    pages: (from: ExportPosition | undefined, reading: Reading) =>
      exportedConversations(jobRequests(session, settings, reading), scope, from),
  }
  return new ConversationExport(source, availability)
}
