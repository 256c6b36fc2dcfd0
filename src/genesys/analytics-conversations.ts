import { Iteration } from '../http/iteration.js'
import { exportConversations } from './conversation-export.js'
import type { ConversationExport, ConversationExportOptions } from './conversation-export.js'
import { conversationDetails, detailsPosition } from './details-query.js'
import type { DetailsQuery } from './details-query.js'
import { formatInterval, parseInterval } from './interval.js'
import type { ConversationQuery } from './models/conversation-query.js'
import type { AnalyticsConversationWithoutAttributes } from './models/conversations.js'
import { analyticsConversationQueryResponse } from './models/conversations.js'
import { checkedPageSize } from './page-size.js'
import type { GenesysSession } from './session.js'

/** Which conversations {@link AnalyticsConversations.query} reads. Order and paging are its own affair. */
export interface ConversationDetailsQuery extends Omit<
  ConversationQuery,
  'aggregations' | 'order' | 'orderBy' | 'paging'
> {
  /** Two ISO 8601 moments with `Z` or an offset, such as `2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z`; any length. */
  interval: string
  /** Conversations a request, 1 to 100. Default 100. */
  pageSize?: number
  /** From an earlier iteration with the same interval and filters: goes on after the last one that it handed out. */
  checkpoint?: string | undefined
  signal?: AbortSignal | undefined
}

/** Conversations, as analytics sees them. */
export class AnalyticsConversations {
  readonly #session: GenesysSession

  constructor(session: GenesysSession) {
    this.#session = session
  }

  /**
   * All conversations that started on a UTC day which the interval touches and were active in the interval, each once,
   * ordered by their start (`POST /api/v2/analytics/conversations/details/query`). Of any length: the interval is cut so
   * that no single query exceeds Genesys' limits, and nothing is ever left out silently. Conversations in progress are
   * included, without a `conversationEnd`. Needs `analytics:conversationDetail:view`.
   *
   * {@link AnalyticsConversations.export} differs: it answers what had activity in the interval whenever it started, and
   * with the attributes of participants, but up to a day late.
   *
   * Throws {@link EverbearerError} `invalid_interval`, `invalid_option` or `invalid_checkpoint`; while iterating
   * {@link ApiError}, {@link TokenError}, {@link SchemaError}, or `query_too_full` when a single minute holds more than
   * a query gives; each with the checkpoint to go on from.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const interval = '2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z'
   * for await (const conversation of genesys.analytics.conversations.query({ interval })) {
   *   console.log(conversation.conversationId, conversation.conversationStart)
   * }
   * await genesys.close()
   * ```
   */
  query(options: ConversationDetailsQuery): Iteration<AnalyticsConversationWithoutAttributes> {
    const { client, limits, validate } = this.#session
    const { interval: text, pageSize = limits.conversationPageSize, checkpoint, signal, ...filters } = options
    const interval = parseInterval(text)
    checkedPageSize(pageSize, limits.conversationPageSize)
    const query = (signal: AbortSignal): DetailsQuery => ({
      pageSize,
      mostRows: limits.queryRows,
      async fetchPage(chunk, pageNumber) {
        const answer = await client.request('POST', '/api/v2/analytics/conversations/details/query', {
          body: {
            ...filters,
            interval: formatInterval(chunk),
            order: 'asc',
            orderBy: 'conversationStart',
            paging: { pageSize, pageNumber },
          },
          // A POST that only reads.
          idempotent: true,
          schema: analyticsConversationQueryResponse[validate],
          signal,
        })
        // An empty page has no `conversations` at all.
        return { conversations: answer.conversations ?? [], totalHits: answer.totalHits }
      },
    })
    return new Iteration({
      subject: { endpoint: 'analytics.conversations.query', query: { interval, filters } },
      checkpoint,
      signal,
      readPosition: (value) => detailsPosition(value, interval),
      pages: (from, reading) => conversationDetails(query(reading.signal), interval, from),
    })
  }

  /**
   * All conversations that had activity in the interval, whenever they started, each once, with the attributes of their
   * participants: as an asynchronous job reads them from Genesys' data lake (`POST
   * /api/v2/analytics/conversations/details/jobs`, its status, and its results). Of any length: what is longer than
   * `limits.jobDays` is done by one job after the other. Needs `analytics:conversationDetail:view`.
   *
   * The data lake is up to a day late: what came later is missing, which a warning on the process tells once, and
   * {@link ConversationExport.dataAvailableUntil}. {@link AnalyticsConversations.query} differs: it is live, but answers
   * only what started on a UTC day which the interval touches, and without those attributes.
   *
   * A checkpoint, also one from before the first row, goes on with the same job, in this process or another; when that
   * job has expired or was cancelled, another one is submitted for what is missing. Leaving the loop early cancels a job
   * that is unfinished, as long as no checkpoint was handed out.
   *
   * Throws {@link EverbearerError} `invalid_interval`, `invalid_option` or `invalid_checkpoint`; while iterating
   * {@link ApiError} (also `job_failed`, `job_cancelled`, `job_timeout` and `job_expired`), {@link TokenError} or
   * {@link SchemaError}; each with the checkpoint to go on from.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const interval = '2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z'
   * const conversations = genesys.analytics.conversations.export({ interval })
   * for await (const { conversationId, participants } of conversations) {
   *   console.log(conversationId, participants?.map(({ attributes }) => attributes))
   * }
   * console.log('complete until', conversations.dataAvailableUntil)
   * await genesys.close()
   * ```
   */
  export(options: ConversationExportOptions): ConversationExport {
    return exportConversations(this.#session, options)
  }
}
