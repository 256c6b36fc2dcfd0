import { json } from '../platform/responses.js'
import { DAY } from '../platform/days.js'
import type { JobLedger } from '../platform/job-ledger.js'
import { isObject, readJson } from '../platform/json-body.js'
import { RateWindow } from '../platform/rate-window.js'
import type { ApiCall, Route } from './acd-route.js'
import { extractionDates } from './extraction-dates.js'
import type { ExtractionTables } from './extraction-tables.js'
import type { ResolvedOptions } from './options.js'
import { badRequest, notFound, REFUSALS } from './refusals.js'
import type { SignedLinks } from './signed-links.js'
import { TableJob } from './table-job.js'

const PATH = '/data-extraction/v1/jobs'
const STATUSES = {
  running: 'RUNNING',
  fulfilled: 'SUCCEEDED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  expired: 'EXPIRED',
} as const
const MEMBERS = ['entityName', 'version', 'startDate', 'endDate']

/**
 * `/data-extraction/v1/jobs`. Guesses, where no source says how CXone does it: which entities and columns there are, and that
 * another one is 404; how many days a job may span; that a job beside one that is running is refused with 400, which of the
 * statuses that NICE declares for it fits best, and a call too soon after the last with 429; for how long a job is kept.
 */
export class DataExtraction {
  readonly #options: ResolvedOptions
  readonly #tables: ExtractionTables
  readonly #jobs: JobLedger<TableJob>
  readonly #links: SignedLinks
  readonly #calls: RateWindow
  readonly routes: readonly Route[] = [
    this.#paced('POST', PATH, (call) => this.#submit(call)),
    this.#paced('GET', PATH, () =>
      json(200, { jobs: this.#jobs.alive.map(({ id, phase }) => ({ id, status: STATUSES[phase] })) }),
    ),
    this.#paced('GET', `${PATH}/{}`, (call) => this.#status(call)),
  ]

  constructor(options: ResolvedOptions, tables: ExtractionTables, jobs: JobLedger<TableJob>, links: SignedLinks) {
    this.#options = options
    this.#tables = tables
    this.#jobs = jobs
    this.#links = links
    this.#calls = new RateWindow(1, options.clock, options.dataExtractionPause)
  }

  #paced(method: string, path: string, response: Route['response']): Route {
    const paced: Route['response'] = (call) => {
      if (this.#calls.take() !== undefined) throw REFUSALS.tooManyRequests()
      return response(call)
    }
    return { method, path, response: paced }
  }

  async #submit({ request }: ApiCall): Promise<Response> {
    const { clock, dataDelay, limits, now } = this.#options
    const body = await readJson(request, limits.requestBytes, REFUSALS)
    if (!isObject(body)) throw badRequest('The request body is not an object.')
    const unknown = Object.keys(body).find((name) => !MEMBERS.includes(name))
    if (unknown !== undefined) throw badRequest(`The member ${unknown} is not known, or not modelled by the simulator.`)
    const entity = this.#tables.find(member(body, 'entityName'), member(body, 'version'))
    if (!entity) throw notFound('entity of this version')
    const interval = extractionDates(member(body, 'startDate'), member(body, 'endDate'))
    if (!interval) throw badRequest('startDate and endDate must be dates such as 2026-03-03, in this order.')
    if (interval.end - interval.start > limits.extractionDays * DAY) {
      throw badRequest(`A job may not span more than ${limits.extractionDays} days.`)
    }
    if (this.#jobs.unfinished.length >= limits.jobsAtOnce) throw badRequest('Another job of this tenant is running.')
    const job = new TableJob(entity(interval, now() - dataDelay), this.#options, clock)
    this.#jobs.add(job)
    return json(202, job.id)
  }

  #status({ parameter }: ApiCall): Response {
    const job = this.#jobs.find(parameter)
    if (!job) throw notFound('job')
    const { id, phase, file } = job
    const result =
      phase === 'fulfilled'
        ? { url: this.#links.sign(file) }
        : phase === 'failed'
          ? { errorMessage: 'The job was made to fail.' }
          : undefined
    return json(200, { jobStatus: { id, status: STATUSES[phase], ...(result && { result }) } })
  }
}

function member(body: Record<string, unknown>, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw badRequest(`The member ${name} is missing, or no text.`)
  return value
}
