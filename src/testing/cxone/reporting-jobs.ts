import { json } from '../platform/responses.js'
import { DAY, dayOf } from '../platform/days.js'
import type { JobLedger } from '../platform/job-ledger.js'
import { isObject, readJson } from '../platform/json-body.js'
import { acdRoute, type ApiCall, type Route } from './acd-route.js'
import type { ExtractionTables } from './extraction-tables.js'
import type { ResolvedOptions } from './options.js'
import { badRequest, notFound, REFUSALS } from './refusals.js'
import type { SignedLinks } from './signed-links.js'
import { TableJob } from './table-job.js'

const STATES = {
  running: 'Running',
  fulfilled: 'Finished',
  failed: 'Failed',
  cancelled: 'Cancelled',
  expired: 'Expired',
} as const

/**
 * `/report-jobs` of the ACD APIs. That there are `state` and `resultFileURL` is all that the sources say. The rest is a guess:
 * the other members and the states, that a submission is answered 202, that any number is a report's, that every report is the
 * contacts of the day before, whatever the body says, and that its file is where the Data Extraction API has its own.
 */
export class ReportingJobs {
  readonly #options: ResolvedOptions
  readonly #tables: ExtractionTables
  readonly #jobs: JobLedger<TableJob>
  readonly #links: SignedLinks
  readonly routes: readonly Route[] = [
    acdRoute('POST', '/report-jobs/{}', (call) => this.#submit(call)),
    acdRoute('POST', '/report-jobs/datadownload/{}', (call) => this.#submit(call)),
    acdRoute('GET', '/report-jobs', () => json(200, { jobs: this.#jobs.alive.map((job) => this.#status(job)) })),
    acdRoute('GET', '/report-jobs/{}', (call) => this.#get(call)),
  ]

  constructor(options: ResolvedOptions, tables: ExtractionTables, jobs: JobLedger<TableJob>, links: SignedLinks) {
    this.#options = options
    this.#tables = tables
    this.#jobs = jobs
    this.#links = links
  }

  async #submit({ request, parameter }: ApiCall): Promise<Response> {
    const { clock, dataDelay, limits, now } = this.#options
    if (!/^\d+$/.test(parameter)) throw notFound('report')
    const hasBody = request.headers.has('content-type')
    if (hasBody && !isObject(await readJson(request, limits.requestBytes, REFUSALS))) {
      throw badRequest('The request body is not an object.')
    }
    const today = dayOf(now()) * DAY
    const table = this.#tables.contacts({ start: today - DAY, end: today }, now() - dataDelay)
    const job = new TableJob(table, this.#options, clock)
    this.#jobs.add(job)
    return json(202, { jobId: job.id })
  }

  #get({ parameter }: ApiCall): Response {
    const job = this.#jobs.find(parameter)
    if (!job) throw notFound('job')
    return json(200, this.#status(job))
  }

  #status(job: TableJob): Record<string, unknown> {
    const { id, phase, file } = job
    return {
      jobId: id,
      state: STATES[phase],
      ...(phase === 'fulfilled' && { resultFileURL: this.#links.sign(file) }),
    }
  }
}
