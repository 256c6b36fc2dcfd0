import { json } from '../platform/responses.js'
import { ApiRefusal } from './responses.js'
import { readJson } from '../platform/json-body.js'
import { isObject } from '../platform/json-body.js'
import { refuseUnknownMembers } from './body-members.js'
import { FILTER_MEMBERS, type ConversationFilters } from './conversation-filters.js'
import { orderingOf } from './conversation-order.js'
import type { ConversationSearch } from './conversation-search.js'
import type { Place } from '../platform/calendar.js'
import type { Matches } from '../platform/matches.js'
import { DAY } from '../platform/days.js'
import { parseInterval } from './interval.js'
import type { ResolvedOptions } from './options.js'
import { readAggregations, type Aggregation } from './query-aggregations.js'
import { REFUSALS } from './refusals.js'
import type { ApiCall, Route } from './route.js'
import { hash } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

const PERMISSIONS = ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']

const MEMBERS = ['interval', 'order', 'orderBy', 'paging', ...FILTER_MEMBERS, 'aggregations']

/** As Genesys gives it, but for its example. */
const TIP =
  'Tip: When extracting large chunks of data (multiple days/weeks), maximize pagination performance by querying in ' +
  'smaller intervals.'

/** How far back data are still moving. */
const LIVE = 3_600_000

/** How far off the number of hits may be while they are. */
const ERROR = 3

/**
 * `POST /api/v2/analytics/conversations/details/query`. `totalHits` is exact for what is past, and approximate for an
 * interval that reaches into the last hour or beyond it: a guess at how far off it is, and for how long.
 */
export class DetailsQuery {
  readonly #options: ResolvedOptions
  readonly #search: ConversationSearch
  readonly #filters: ConversationFilters
  readonly #render: (place: Place, now: number) => Readonly<Record<string, unknown>>
  readonly routes: readonly Route[] = [
    {
      method: 'POST',
      path: '/api/v2/analytics/conversations/details/query',
      permissions: PERMISSIONS,
      response: (call) => this.#response(call),
    },
  ]

  constructor(
    options: ResolvedOptions,
    search: ConversationSearch,
    filters: ConversationFilters,
    render: (place: Place, now: number) => Readonly<Record<string, unknown>>,
  ) {
    this.#options = options
    this.#search = search
    this.#filters = filters
    this.#render = render
  }

  async #response({ request }: ApiCall): Promise<Response> {
    const body = await readJson(request, this.#options.limits.requestBytes, REFUSALS)
    if (!isObject(body)) throw new ApiRefusal(400, 'bad.request', 'The request body is not an object.')
    refuseUnknownMembers('the query', body, MEMBERS)
    const interval = parseInterval(body['interval'])
    const filter = this.#filters.read(body)
    this.#checkSpan(interval.end - interval.start, filter !== undefined)
    const ordering = orderingOf(body)
    const aggregations = readAggregations(body['aggregations'] ?? [])
    const { pageSize, pageNumber } = this.#paging(body['paging'])

    const now = this.#options.now()
    const matches = this.#search.find(interval, now, filter)
    const rows = this.#search
      .inOrder(matches, ordering, now)
      .slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
      .map((place) => this.#render(place, now))
    const isLive = interval.end > now - LIVE
    const totalHits = isLive ? approximately(matches.total, this.#options.seed, pageNumber) : matches.total
    return json(200, {
      ...(rows.length > 0 && { conversations: rows }),
      ...(aggregations.length > 0 && { aggregations: this.#aggregate(aggregations, matches, now) }),
      totalHits,
    })
  }

  #aggregate(aggregations: readonly Aggregation[], matches: Matches, now: number): unknown[] {
    for (const place of matches) {
      const conversation = this.#render(place, now)
      for (const aggregation of aggregations) aggregation.add(conversation)
    }
    return aggregations.map((aggregation) => aggregation.result())
  }

  #checkSpan(span: number, filtered: boolean): void {
    const { queryDays, filteredQueryDays } = this.#options.limits
    const days = filtered ? filteredQueryDays : queryDays
    if (span <= days * DAY) return
    const kind = filtered ? 'with' : 'without'
    throw new ApiRefusal(400, 'bad.request', `The interval of a query ${kind} a filter may not exceed ${days} days.`)
  }

  #paging(paging: unknown): { pageSize: number; pageNumber: number } {
    if (paging === undefined || paging === null) return { pageSize: 25, pageNumber: 1 }
    if (!isObject(paging)) throw new ApiRefusal(400, 'bad.request', 'paging is not an object.')
    refuseUnknownMembers('paging', paging, ['pageSize', 'pageNumber'])
    const pageSize = wholeNumberFromOne('pageSize', paging['pageSize'] ?? 25)
    const pageNumber = wholeNumberFromOne('pageNumber', paging['pageNumber'] ?? 1)
    const { conversationPageSize, queryRows } = this.#options.limits
    if (pageSize > conversationPageSize) {
      const message = `paging.pageSize [${pageSize}] is over the maximum of ${conversationPageSize}.`
      throw new ApiRefusal(400, 'bad.request', message)
    }
    if (pageSize * pageNumber > queryRows) {
      throw new ApiRefusal(400, 'bad.request', `Pagination may not exceed ${queryRows} results.\n\n${TIP}`)
    }
    return { pageSize, pageNumber }
  }
}

/** A little too many or too few, another on each page, but none where there are none and some where there are some. */
function approximately(total: number, seed: number, pageNumber: number): number {
  if (total === 0) return 0
  const error = (hash(seed, PURPOSE.totalHits, total, pageNumber) % (2 * ERROR + 1)) - ERROR
  return Math.max(1, total + error)
}

function wholeNumberFromOne(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  throw new ApiRefusal(400, 'bad.request', `paging.${name} [${JSON.stringify(value)}] is not a whole number from 1.`)
}
