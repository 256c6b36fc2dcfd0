import * as z from 'zod'

import type { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import { checkSignal, checkText, invalidOption, knownOptions } from '../base/options.js'
import { Iteration } from '../paging/iteration.js'
import { jobTimeoutOf } from '../platform/job.js'
import { csvRows } from './csv-rows.js'
import { ExtractionJobs } from './extraction-jobs.js'
import { extractedRows, extractionPosition } from './extracted-rows.js'
import type { ExtractedRow } from './extracted-rows.js'
import type { DataExtractionJob } from './models/data-extraction.js'
import { downloadResult } from './result-download.js'
import type { CxoneSession } from './session.js'

/** What is extracted. */
export interface SubmitExtractionOptions {
  /** Whose data, in NICE's own words, such as `qm-workflows`. */
  entityName: string
  /** Of the entity, such as `1`. */
  version: string
  /** The first day, as `2026-01-31`. */
  startDate: string
  /** The last day. NICE advises a day or so a job, and takes up to two weeks. */
  endDate: string
  signal?: AbortSignal | undefined
}

/** What is extracted, and how long that may take. */
export interface ExportOptions extends SubmitExtractionOptions {
  /** Milliseconds that the job may take, and before it those of other jobs of the tenant. Default 3,600,000, an hour. */
  jobTimeout?: number | undefined
  /** From an earlier iteration with the same entity, version and dates: goes on after the last row that it handed out. */
  checkpoint?: string | null | undefined
}

/** How the jobs are asked for. */
export interface ExtractionJobOptions {
  signal?: AbortSignal | undefined
}

const SIGNAL = { signal: true } as const
const SUBJECT = { entityName: true, version: true, startDate: true, endDate: true, ...SIGNAL } as const

/**
 * Bulk data of a tenant as CSV, made by jobs. NICE does one job of a tenant at a time and wants 30 s between two calls, so
 * each call here waits for its turn (`limits.dataExtractionPause`). Data may lag half an hour behind.
 */
export class DataExtraction {
  readonly #session: CxoneSession
  readonly #jobs: ExtractionJobs

  constructor(session: CxoneSession) {
    this.#session = session
    this.#jobs = new ExtractionJobs(session)
  }

  /**
   * All rows of an entity on some days, as texts by the names of their columns (`POST /data-extraction/v1/jobs`, then
   * `GET /data-extraction/v1/jobs/{jobId}` until it has succeeded, then the file, which is read no faster than its rows are
   * taken). The job begins once no other of the tenant is running. The address of the file is good for seconds: one that has
   * expired, or a connection that broke, is mended by a new address, and no row comes twice.
   *
   * A checkpoint goes on with the same job, also in another process. Throws {@link EverbearerError} `invalid_option` or
   * `invalid_checkpoint`; while iterating {@link ApiError} (`job_failed`, `job_cancelled`, `job_timeout`, `job_expired` and
   * those of any request), {@link TokenError}, {@link SchemaError}, or {@link EverbearerError} `unsafe_link`, with the
   * checkpoint to go on from.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv({ limits: { dataExtractionPause: 100 } }) // leave the 30 s as they are with NICE
   * const days = { startDate: '2026-01-05', endDate: '2026-01-05' }
   * const rows = cxone.dataExtraction.export({ entityName: 'contacts', version: '1', ...days })
   * for await (const row of rows) {
   *   console.log(row.contactId) // store the row first, then its checkpoint
   *   const checkpoint = rows.checkpoint()
   * }
   * await cxone.close()
   * ```
   */
  export(options: ExportOptions): Iteration<Record<string, string>> {
    const names = { ...SUBJECT, jobTimeout: true, checkpoint: true }
    const { checkpoint, jobTimeout, ...own } = knownOptions(options, 'dataExtraction.export', names)
    const { request, signal } = checked(own)
    const timeout = jobTimeoutOf(jobTimeout)
    const jobs = this.#jobs
    return new Iteration({
      subject: { endpoint: 'dataExtraction.export', query: request },
      checkpoint,
      signal,
      readPosition: extractionPosition,
      pages: (from, { signal }) =>
        extractedRows(
          {
            turn: () => jobs.turn(signal),
            submit: () => jobs.submitAlone(request, timeout, signal),
            done: (job, isNew) => jobs.done(job, isNew, timeout, signal),
            download: (url) => this.#download(url, signal),
          },
          from,
        ),
    })
  }

  /**
   * Submits a job, and gives its id (`POST /data-extraction/v1/jobs`). It is refused while another is running. When the
   * answer was lost it is submitted again: {@link DataExtraction.list} shows both. Rejects with {@link EverbearerError}
   * `invalid_option`, {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv({ limits: { dataExtractionPause: 100 } })
   * const days = { startDate: '2026-01-05', endDate: '2026-01-05' }
   * const jobId = await cxone.dataExtraction.submit({ entityName: 'contacts', version: '1', ...days })
   * const { status } = await cxone.dataExtraction.get(jobId)
   * console.log(status)
   * await cxone.close()
   * ```
   */
  async submit(options: SubmitExtractionOptions): Promise<string> {
    const { request, signal } = checked(knownOptions(options, 'dataExtraction.submit', SUBJECT))
    return this.#jobs.submit(request, signal)
  }

  /**
   * The tenant's jobs, whoever submitted them (`GET /data-extraction/v1/jobs`). Rejects with {@link EverbearerError}
   * `invalid_option`, {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for (const { id, status } of await cxone.dataExtraction.list()) {
   *   console.log(id, status)
   * }
   * await cxone.close()
   * ```
   */
  async list(options: ExtractionJobOptions = {}): Promise<DataExtractionJob[]> {
    const { signal } = knownOptions(options, 'dataExtraction.list', SIGNAL)
    checkSignal(signal)
    return this.#jobs.list(signal)
  }

  /**
   * One job (`GET /data-extraction/v1/jobs/{jobId}`). The `result.url` of one that has succeeded is signed and good for some
   * 30 s: fetch it at once and without a token, and log it nowhere. Rejects with {@link EverbearerError} `invalid_option`,
   * {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv({ limits: { dataExtractionPause: 100 } })
   * for (const { id } of await cxone.dataExtraction.list()) {
   *   const { status, result } = await cxone.dataExtraction.get(id)
   *   console.log(status, result?.errorMessage)
   * }
   * await cxone.close()
   * ```
   */
  async get(jobId: string, options: ExtractionJobOptions = {}): Promise<DataExtractionJob> {
    const { signal } = knownOptions(options, 'dataExtraction.get', SIGNAL)
    checkSignal(signal)
    return this.#jobs.get(jobId, signal)
  }

  async #download(url: string, signal: AbortSignal): Promise<AsyncIterable<ExtractedRow>> {
    const { client, dispatcher } = this.#session
    return csvRows(await downloadResult({ url, apiUrl: await client.locate({ signal }), dispatcher, signal }))
  }
}

function checked({ signal, ...request }: SubmitExtractionOptions) {
  for (const option of ['entityName', 'version'] as const) {
    if (request[option] === undefined) throw invalidOption(option, 'is missing')
    checkText(option, request[option])
  }
  for (const option of ['startDate', 'endDate'] as const) {
    if (!z.iso.date().safeParse(request[option]).success) throw invalidOption(option, 'must be a date: 2026-01-31')
  }
  if (request.startDate > request.endDate) throw invalidOption('endDate', 'must not be before startDate')
  checkSignal(signal)
  return { request, signal }
}
