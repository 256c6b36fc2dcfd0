import { empty, json } from '../platform/responses.js'
import { ApiRefusal, invalidValue, tooManyRequests } from './responses.js'
import { readJson } from '../platform/json-body.js'
import { isObject } from '../platform/json-body.js'
import { refuseUnknownMembers } from './body-members.js'
import { FILTER_MEMBERS, type ConversationFilters } from './conversation-filters.js'
import { orderingOf } from './conversation-order.js'
import type { ConversationSearch } from './conversation-search.js'
import type { Place } from '../platform/calendar.js'
import { DetailsJob } from './details-job.js'
import { DAY, type Interval } from '../platform/days.js'
import { parseInterval } from './interval.js'
import type { JobLedger } from '../platform/job-ledger.js'
import { iso } from '../platform/moment.js'
import type { ResolvedOptions } from './options.js'
import { pageSizeOf } from './paging.js'
import { RateWindow } from '../platform/rate-window.js'
import { REFUSALS } from './refusals.js'
import type { ApiCall, Route } from './route.js'

const PATH = '/api/v2/analytics/conversations/details/jobs'
const PERMISSIONS = ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']

const MEMBERS = ['interval', 'order', 'orderBy', 'limit', 'startOfDayIntervalMatching', ...FILTER_MEMBERS]

const PAGE_SIZE = 1_000

/**
 * `/api/v2/analytics/conversations/details/jobs`. Guesses, where no source says how Genesys does it: the status that
 * refuses results which are not there (400), that of a DELETE (200) and what it does to a job that is over (it is gone),
 * the size of a page when none is asked for (1,000), and that an empty result has no `conversations`, as a query's.
 */
export class DetailsJobs {
  readonly #options: ResolvedOptions
  readonly #search: ConversationSearch
  readonly #filters: ConversationFilters
  readonly #jobs: JobLedger<DetailsJob>
  readonly #render: (place: Place, at: number) => unknown
  readonly #submissions: RateWindow
  readonly routes: readonly Route[] = [
    { method: 'POST', path: PATH, permissions: PERMISSIONS, response: (call) => this.#submit(call) },
    {
      method: 'GET',
      path: `${PATH}/availability`,
      permissions: ['analytics:conversationDetail:view'],
      response: () => json(200, { dataAvailabilityDate: iso(this.#dataAvailable()) }),
    },
    {
      method: 'GET',
      path: `${PATH}/{}`,
      permissions: PERMISSIONS,
      response: (call) => json(200, this.#job(call).status()),
    },
    { method: 'DELETE', path: `${PATH}/{}`, permissions: PERMISSIONS, response: (call) => this.#delete(call) },
    { method: 'GET', path: `${PATH}/{}/results`, permissions: PERMISSIONS, response: (call) => this.#results(call) },
  ]

  /** `render` writes down a conversation as far as it had come at a moment. */
  constructor(
    options: ResolvedOptions,
    search: ConversationSearch,
    filters: ConversationFilters,
    jobs: JobLedger<DetailsJob>,
    render: (place: Place, at: number) => unknown,
  ) {
    this.#options = options
    this.#search = search
    this.#filters = filters
    this.#jobs = jobs
    this.#render = render
    this.#submissions = new RateWindow(options.limits.jobsPerSecond, options.clock, 1_000)
  }

  /** The data are a copy, which is behind. */
  #dataAvailable(): number {
    return this.#options.now() - this.#options.dataDelay
  }

  async #submit({ request }: ApiCall): Promise<Response> {
    const body = await readJson(request, this.#options.limits.requestBytes, REFUSALS)
    if (!isObject(body)) throw new ApiRefusal(400, 'bad.request', 'The request body is not an object.')
    refuseUnknownMembers('the query', body, MEMBERS)
    const interval = parseInterval(body['interval'])
    this.#checkSpan(interval)
    const filter = this.#filters.read(body)
    const ordering = orderingOf(body)
    const limit = limitOf(body)
    this.#checkQuotas()

    const dataAvailable = this.#dataAvailable()
    const matches = startOfDayMatching(body)
      ? this.#search.find(interval, dataAvailable, filter)
      : this.#search.findActive(interval, dataAvailable, filter)
    const rows = this.#search.inOrder(matches, ordering, dataAvailable)
    const total = Math.min(matches.total, limit)
    const job = new DetailsJob({ rows, total, dataAvailable }, this.#options, this.#options.clock)
    this.#jobs.add(job)
    return json(202, { jobId: job.id })
  }

  #checkSpan({ start, end }: Interval): void {
    const { jobDays } = this.#options.limits
    if (end - start <= jobDays * DAY) return
    throw new ApiRefusal(400, 'bad.request', `The interval of a job may not exceed ${jobDays} days.`)
  }

  #checkQuotas(): void {
    const { jobsPerSecond, jobsAtOnce } = this.#options.limits
    const soon = this.#submissions.take()
    if (soon !== undefined) throw tooManyRequests(soon, analyticsLimit('details.jobs.rate.per.second', jobsPerSecond))
    const { unfinished } = this.#jobs
    if (unfinished.length < jobsAtOnce) return
    const wait = Math.min(...unfinished.map(({ remaining }) => remaining))
    const limit = analyticsLimit('details.jobs.concurrent.access.max', jobsAtOnce)
    throw tooManyRequests(Math.max(1, Math.ceil(wait / 1_000)), limit)
  }

  #job({ parameter }: ApiCall): DetailsJob {
    const job = this.#jobs.find(parameter)
    if (!job) throw new ApiRefusal(404, 'not.found', 'There is no such job.')
    return job
  }

  #delete(call: ApiCall): Response {
    this.#jobs.delete(this.#job(call))
    return empty(200)
  }

  #results(call: ApiCall): Response {
    const job = this.#job(call)
    if (job.state !== 'FULFILLED') {
      throw new ApiRefusal(400, 'bad.request', `The results of a job that is ${job.state} cannot be had.`)
    }
    const { jobPageSize } = this.#options.limits
    const pageSize = pageSizeOf(call.url, jobPageSize, Math.min(PAGE_SIZE, jobPageSize))
    const cursor = call.url.searchParams.get('cursor')
    const position = cursor === null ? 0 : job.positionOf(cursor)
    if (position === undefined) throw new ApiRefusal(400, 'bad.request', 'The cursor is not one of this job.')

    const { total, dataAvailable } = job.result
    const { places, next } = job.page(position, pageSize)
    return json(200, {
      ...(places.length > 0 && { conversations: places.map((place) => this.#render(place, dataAvailable)) }),
      ...(next < total && { cursor: job.cursorAt(next) }),
      dataAvailabilityDate: iso(dataAvailable),
    })
  }
}

function limitOf({ limit }: Record<string, unknown>): number {
  if (limit === undefined || limit === null) return Infinity
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1) return limit
  throw new ApiRefusal(400, 'bad.request', `limit [${JSON.stringify(limit)}] is not a whole number from 1.`)
}

/** A guess at what it does: a conversation must have started on a UTC day that the interval touches, as in a query. */
function startOfDayMatching({ startOfDayIntervalMatching: matching = false }: Record<string, unknown>): boolean {
  if (typeof matching === 'boolean') return matching
  throw invalidValue('startOfDayIntervalMatching', matching, ['true', 'false'])
}

function analyticsLimit(key: string, value: number) {
  return { key, namespace: 'analytics', value }
}
