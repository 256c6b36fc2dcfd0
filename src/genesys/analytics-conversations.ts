import { checkSignal, invalidOption, knownOptions } from '../base/options.js'
import { prefetching } from '../paging/prefetch.js'
import { Iteration } from '../paging/iteration.js'
import { exportConversations } from './conversation-export.js'
import type { ConversationExport, ConversationExportOptions } from './conversation-export.js'
import { CONVERSATION_FILTERS, conversationFilters } from './conversation-filters.js'
import { detailsPrefetch } from './details-prefetch.js'
import type { DetailsRequests } from './details-prefetch.js'
import { conversationDetails, detailsPosition } from './details-query.js'
import { formatInterval, parseInterval } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import type { ConversationQuery } from './models/conversation-query.js'
import type { AnalyticsConversationWithoutAttributes } from './models/conversations.js'
import {
  analyticsConversationQueryResponse,
  analyticsConversationWithoutAttributes,
  analyticsConversationWithoutAttributesMultiGetResponse,
} from './models/conversations.js'
import { pagingOptions } from '../platform/paging.js'
import { pathSegment } from '../platform/path-segment.js'
import type { GenesysSession } from './session.js'

/** Which conversations {@link AnalyticsConversations.query} reads. Order and paging are its own affair. */
export interface ConversationDetailsQuery extends Omit<
  ConversationQuery,
  'aggregations' | 'order' | 'orderBy' | 'paging'
> {
  /** Two ISO 8601 moments with `Z` or an offset, such as `2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z`; any length. */
  interval: string
  /** Conversations a request, 1 to 100. Default 100. */
  pageSize?: number | undefined
  /** From an earlier iteration with the same interval and filters: goes on after the last one that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** How {@link AnalyticsConversations.get} and {@link AnalyticsConversations.getMany} go about it. */
export interface GetConversationOptions {
  signal?: AbortSignal | undefined
}

/** Genesys says of no limit; a list as long as this still fits into an address. */
const IDS_A_REQUEST = 100

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
    const names = { interval: true, ...CONVERSATION_FILTERS }
    const most = limits.conversationPageSize
    const own = pagingOptions(options, 'analytics.conversations.query', names, { most })
    const { pageSize, checkpoint, signal } = own
    const interval = parseInterval(own.interval)
    const filters = conversationFilters(own)
    const requests: DetailsRequests = {
      pageSize,
      mostRows: limits.queryRows,
      async fetch({ interval, pageNumber }, signal) {
        const response = await client.request('POST', '/api/v2/analytics/conversations/details/query', {
          body: {
            ...filters,
            interval: formatInterval(interval),
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
        return { conversations: response.conversations ?? [], totalHits: response.totalHits }
      },
    }
    return new Iteration({
      subject: { endpoint: 'analytics.conversations.query', query: { interval, filters } },
      checkpoint,
      signal,
      readPosition: (value) => detailsPosition(value, interval),
      pages: (from, { signal }) =>
        prefetching(detailsPrefetch(requests, interval, client.concurrency), signal, (fetch) => {
          const fetchPage = (chunk: Interval, pageNumber: number) => fetch({ interval: chunk, pageNumber })
          return conversationDetails({ pageSize, mostRows: limits.queryRows, fetchPage }, interval, from)
        }),
    })
  }

  /**
   * All conversations that had activity in the interval, whenever they started, each once, with the attributes of their
   * participants: as an asynchronous job reads them from Genesys' data lake (`POST
   * /api/v2/analytics/conversations/details/jobs`, its status, and its results). Of any length: what is longer than
   * `limits.jobDays` is done by one job after the other. Needs `analytics:conversationDetail:view`.
   *
   * The data lake is up to a day late: what came later is missing, which a warning tells, once an export, and
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

  /**
   * One conversation, as the details query tells of it (`GET /api/v2/analytics/conversations/{conversationId}/details`).
   * Needs `analytics:conversationDetail:view`. Rejects with {@link EverbearerError} `invalid_option`, {@link ApiError}
   * (`api_not_found` for one that is not there), {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const interval = '2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z'
   * for await (const { conversationId } of genesys.analytics.conversations.query({ interval })) {
   *   const conversation = await genesys.analytics.conversations.get(conversationId)
   *   console.log(conversation.conversationStart)
   *   break
   * }
   * await genesys.close()
   * ```
   */
  async get(id: string, options: GetConversationOptions = {}): Promise<AnalyticsConversationWithoutAttributes> {
    const { client, validate } = this.#session
    const { signal } = knownOptions(options, 'analytics.conversations.get', { signal: true })
    checkSignal(signal)
    return client.request('GET', `/api/v2/analytics/conversations/${pathSegment('id', id)}/details`, {
      schema: analyticsConversationWithoutAttributes[validate],
      signal,
    })
  }

  /**
   * These conversations, in the order of their ids, and undefined in the place of one that is not there (`GET
   * /api/v2/analytics/conversations/details`, for every 100 ids, and once more for what an answer leaves out). Needs
   * `analytics:conversationDetail:view`. Rejects as {@link AnalyticsConversations.get} does.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const ids = ['7bb84ef6-2dc2-4ddd-8bff-1cbf05f0bb2b', '0c2b3d4e-91aa-4b0c-8f4e-6f1d5ad0c2ab']
   * const conversations = await genesys.analytics.conversations.getMany(ids)
   * console.log(conversations.map((conversation) => conversation?.conversationStart ?? 'not there'))
   * await genesys.close()
   * ```
   */
  async getMany(
    ids: readonly string[],
    options: GetConversationOptions = {},
  ): Promise<(AnalyticsConversationWithoutAttributes | undefined)[]> {
    const { client, validate } = this.#session
    const { signal } = knownOptions(options, 'analytics.conversations.getMany', { signal: true })
    checkSignal(signal)
    checkIds(ids)
    const asked = [...ids]
    const found = new Map<string, AnalyticsConversationWithoutAttributes>()
    for (let missing = [...new Set(asked)]; missing.length > 0;) {
      const some = missing.slice(0, IDS_A_REQUEST)
      const { conversations = [] } = await client.request('GET', '/api/v2/analytics/conversations/details', {
        query: { id: some.join(',') },
        schema: analyticsConversationWithoutAttributesMultiGetResponse[validate],
        signal,
      })
      for (const conversation of conversations) found.set(conversation.conversationId, conversation)
      const left = some.filter((id) => !found.has(id))
      // A limit that Genesys does not tell may have left it out: only an answer with none of those asked for is believed.
      missing = [...missing.slice(IDS_A_REQUEST), ...(left.length < some.length ? left : [])]
    }
    return asked.map((id) => found.get(id))
  }
}

function checkIds(ids: unknown): void {
  // Not `ids.every`, which passes holes over. A comma would make two of one.
  const isId = (id: unknown) => typeof id === 'string' && id !== '' && !id.includes(',')
  if (!Array.isArray(ids) || !Array.from<unknown>(ids).every(isId)) throw invalidOption('ids', 'must be a list of ids')
}
