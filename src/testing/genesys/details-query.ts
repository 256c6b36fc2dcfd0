import { ApiRefusal, invalidValue, json, notModelled } from './answers.js'
import { readJson, type ApiCall } from './api-call.js'
import { isObject, refuseUnknownMembers } from './body-members.js'
import type { ConversationFilters } from './conversation-filter.js'
import type { ConversationSearch } from './conversation-search.js'
import type { Place } from './conversation-traits.js'
import { DAY, parseInterval } from './interval.js'
import type { ResolvedOptions } from './options.js'
import type { Route } from './route.js'

const PERMISSIONS = ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']

const UNMODELLED = ['evaluationFilters', 'surveyFilters', 'resolutionFilters', 'aggregations'] as const
const MEMBERS = ['interval', 'order', 'orderBy', 'paging', 'conversationFilters', 'segmentFilters', ...UNMODELLED]
/** As Genesys gives it, but for its example. */
const TIP =
  'Tip: When extracting large chunks of data (multiple days/weeks), maximize pagination performance by querying in ' +
  'smaller intervals.'
const ORDERS = ['asc', 'desc', 'unordered']
const ORDERINGS = ['conversationStart', 'conversationEnd', 'segmentStart', 'segmentEnd']

/** `POST /api/v2/analytics/conversations/details/query` */
export class DetailsQuery {
  readonly #options: ResolvedOptions
  readonly #search: ConversationSearch
  readonly #filters: ConversationFilters
  readonly #render: (place: Place, now: number) => unknown
  readonly routes: readonly Route[] = [
    {
      method: 'POST',
      path: '/api/v2/analytics/conversations/details/query',
      permissions: PERMISSIONS,
      answer: (call) => this.#answer(call),
    },
  ]

  constructor(
    options: ResolvedOptions,
    search: ConversationSearch,
    filters: ConversationFilters,
    render: (place: Place, now: number) => unknown,
  ) {
    this.#options = options
    this.#search = search
    this.#filters = filters
    this.#render = render
  }

  async #answer({ request }: ApiCall): Promise<Response> {
    const body = await readJson(request, this.#options.limits.requestBytes)
    if (!isObject(body)) throw new ApiRefusal(400, 'bad.request', 'The request body is not an object.')
    refuseUnknownMembers('the query', body, MEMBERS)
    for (const name of UNMODELLED) {
      const value = body[name]
      if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0))
        throw notModelled(name)
    }
    const interval = parseInterval(body['interval'])
    const filter = this.#filters.read(body['conversationFilters'], body['segmentFilters'])
    this.#checkSpan(interval.end - interval.start, filter !== undefined)
    const descending = this.#order(body) === 'desc'
    const { pageSize, pageNumber } = this.#paging(body['paging'])

    const now = this.#options.now()
    const found = this.#search.find(interval, now, filter)
    const rows: unknown[] = []
    for (let position = (pageNumber - 1) * pageSize; rows.length < pageSize; position++) {
      const place = found.at(descending ? found.total - 1 - position : position)
      if (!place) break
      rows.push(this.#render(place, now))
    }
    return json(200, { ...(rows.length > 0 && { conversations: rows }), totalHits: found.total })
  }

  #checkSpan(span: number, filtered: boolean): void {
    const { queryDays, filteredQueryDays } = this.#options.limits
    const days = filtered ? filteredQueryDays : queryDays
    if (span <= days * DAY) return
    const kind = filtered ? 'with' : 'without'
    throw new ApiRefusal(400, 'bad.request', `The interval of a query ${kind} a filter may not exceed ${days} days.`)
  }

  #order({ order = 'asc', orderBy = 'conversationStart' }: Record<string, unknown>): unknown {
    if (!ORDERS.includes(order as string)) throw invalidValue('order', order, ORDERS)
    if (!ORDERINGS.includes(orderBy as string)) throw invalidValue('orderBy', orderBy, ORDERINGS)
    if (orderBy !== 'conversationStart') throw notModelled(`Ordering by ${String(orderBy)}`)
    return order
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

function wholeNumberFromOne(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  throw new ApiRefusal(400, 'bad.request', `paging.${name} [${JSON.stringify(value)}] is not a whole number from 1.`)
}
