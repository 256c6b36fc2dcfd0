import * as z from 'zod'

import type { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import { checkSignal, knownOptions } from '../base/options.js'
import { checkedJobId, jobEnd, jobError, jobTimeoutOf } from '../platform/job.js'
import { jsonRecord } from '../platform/json-copy.js'
import { pathSegment } from '../platform/path-segment.js'
import { reportingJob } from './models/reporting-jobs.js'
import type { ReportingJob } from './models/reporting-jobs.js'
import { acdPath } from './session.js'
import type { CxoneSession } from './session.js'
import { singleRow } from './single-row.js'

/** What a report is made of. */
export interface SubmitReportOptions {
  /** The body, as NICE takes it. */
  parameters?: Readonly<Record<string, unknown>> | undefined
  signal?: AbortSignal | undefined
}

/** How the jobs are asked for. */
export interface ReportingJobOptions {
  signal?: AbortSignal | undefined
}

/** How long a job is waited for. */
export interface FinishedReportOptions extends ReportingJobOptions {
  /** Milliseconds. Default 3,600,000, an hour. */
  jobTimeout?: number | undefined
}

const SIGNAL = { signal: true } as const
/** NICE does not say which states there are. */
const FAILURES = [
  [/fail|error/i, 'FAILED'],
  [/cancel/i, 'CANCELLED'],
  [/expire/i, 'EXPIRED'],
] as const
const DONE = 'DONE'

/**
 * Reports that NICE CXone makes in the background. NICE documents little of them: what a job has beside its `jobId`, its
 * `state` (any text) and its `resultFileURL` is kept as it came.
 */
export class ReportingJobs {
  readonly #session: CxoneSession

  constructor(session: CxoneSession) {
    this.#session = session
  }

  /**
   * Starts a report, and gives the job's id (`POST /incontactapi/services/v34.0/report-jobs/{reportId}`). It is sent once:
   * when the answer was lost, {@link ReportingJobs.list} tells whether there is a job. Rejects with
   * {@link EverbearerError} `invalid_option`, {@link ApiError} or {@link TokenError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * const jobId = await cxone.reportingJobs.submit(7, { parameters: {} }) // 7 is the report
   * const { state } = await cxone.reportingJobs.finished(jobId)
   * console.log(state)
   * await cxone.close()
   * ```
   */
  submit(reportId: number | string, options: SubmitReportOptions = {}): Promise<string> {
    return this.#submit('', reportId, options, 'reportingJobs.submit')
  }

  /**
   * The same of a data download (`POST /incontactapi/services/v34.0/report-jobs/datadownload/{reportId}`).
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * const jobId = await cxone.reportingJobs.submitDataDownload(7)
   * const { state } = await cxone.reportingJobs.finished(jobId)
   * console.log(state)
   * await cxone.close()
   * ```
   */
  submitDataDownload(reportId: number | string, options: SubmitReportOptions = {}): Promise<string> {
    return this.#submit('/datadownload', reportId, options, 'reportingJobs.submitDataDownload')
  }

  /**
   * The jobs (`GET /incontactapi/services/v34.0/report-jobs`). Rejects with {@link EverbearerError} `invalid_option`,
   * {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for (const { jobId, state } of await cxone.reportingJobs.list()) {
   *   console.log(jobId, state)
   * }
   * await cxone.close()
   * ```
   */
  async list(options: ReportingJobOptions = {}): Promise<ReportingJob[]> {
    const { client, validate } = this.#session
    const { signal } = knownOptions(options, 'reportingJobs.list', SIGNAL)
    checkSignal(signal)
    const schema = z.unknown().transform(onlyList).pipe(z.array(reportingJob[validate]))
    return client.request('GET', acdPath(this.#session, '/report-jobs'), { schema, noContent: [], signal })
  }

  /**
   * One job (`GET /incontactapi/services/v34.0/report-jobs/{jobId}`). Rejects with {@link EverbearerError}
   * `invalid_option`, {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for (const { jobId } of await cxone.reportingJobs.list()) {
   *   const { state, resultFileURL } = await cxone.reportingJobs.get(jobId)
   *   console.log(state, resultFileURL !== undefined)
   * }
   * await cxone.close()
   * ```
   */
  async get(jobId: number | string, options: ReportingJobOptions = {}): Promise<ReportingJob> {
    const { client, validate } = this.#session
    const { signal } = knownOptions(options, 'reportingJobs.get', SIGNAL)
    checkSignal(signal)
    const path = acdPath(this.#session, `/report-jobs/${pathSegment('jobId', textOf(jobId))}`)
    return client.request('GET', path, { schema: singleRow(reportingJob[validate], 'jobs'), signal })
  }

  /**
   * A job once it has a `resultFileURL`, or whatever its state says that there will be none: looked at at once, after a
   * second, and then at growing waits up to 30 s. Rejects as {@link ReportingJobs.get} does, and with {@link ApiError}
   * `job_failed`, `job_cancelled`, `job_expired` or `job_timeout`.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * const jobId = await cxone.reportingJobs.submit(7)
   * const { resultFileURL } = await cxone.reportingJobs.finished(jobId, { jobTimeout: 600_000 })
   * console.log(resultFileURL !== undefined) // it may be signed: log it nowhere
   * await cxone.close()
   * ```
   */
  async finished(jobId: number | string, options: FinishedReportOptions = {}): Promise<ReportingJob> {
    const { client } = this.#session
    const names = { ...SIGNAL, jobTimeout: true }
    const { jobTimeout, signal } = knownOptions(options, 'reportingJobs.finished', names)
    const job = {
      id: textOf(jobId),
      platform: 'NICE CXone',
      done: DONE,
      isNew: false,
      clock: client.clock,
      timeout: jobTimeoutOf(jobTimeout),
      advice: { failed: 'Submit another.', unfinished: 'Waiting for it again goes on.' },
      look: async () => {
        const report = await this.get(jobId, { signal })
        return { state: stateOf(report), report }
      },
      wait: (milliseconds: number) => client.wait(milliseconds, signal),
    }
    const { status } = await jobEnd(job)
    if (status?.state === DONE) return status.report
    throw jobError(job, status)
  }

  async #submit(
    kind: '' | '/datadownload',
    reportId: number | string,
    options: SubmitReportOptions,
    whose: string,
  ): Promise<string> {
    const { parameters, signal } = knownOptions(options, whose, { ...SIGNAL, parameters: true })
    checkSignal(signal)
    const path = acdPath(this.#session, `/report-jobs${kind}/${pathSegment('reportId', textOf(reportId))}`)
    const body = jsonRecord('parameters', parameters)
    const response = await this.#session.client.request('POST', path, { body, signal })
    return checkedJobId(textOf(idIn(response)), 'NICE CXone')
  }
}

/** NICE does not say whether the answer is the id, or an object that holds it. */
function idIn(response: unknown): unknown {
  return typeof response === 'object' && response !== null ? (response as { jobId?: unknown }).jobId : response
}

/** Nor whether the jobs are the answer, or the list in it. */
function onlyList(response: unknown): unknown {
  if (typeof response !== 'object' || response === null || Array.isArray(response)) return response
  const lists: unknown[] = Object.values(response).filter(Array.isArray)
  return lists.length === 1 ? lists[0] : response
}

function stateOf({ state = '', resultFileURL = '' }: ReportingJob): string {
  if (resultFileURL !== '') return DONE
  return FAILURES.find(([words]) => words.test(state))?.[1] ?? 'RUNNING'
}

/** An id is a whole number or a text. What is neither is told where it is used. */
function textOf(id: unknown): string {
  return Number.isSafeInteger(id) && Number(id) >= 0 ? String(id) : (id as string)
}
