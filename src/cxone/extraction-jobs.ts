import * as z from 'zod'

import { abortable } from '../base/abortable.js'
import { elapsedSince, instant } from '../base/clock.js'
import type { Instant } from '../base/clock.js'
import { ApiError } from '../base/errors.js'
import type { JsonRequest } from '../client/json-client.js'
import { undefinedIfMissing } from '../platform/undefined-if-missing.js'
import { CHECKPOINT_ADVICE, checkedJobId, doneStatus, jobEnd } from '../platform/job.js'
import type { JobStatus } from '../platform/job.js'
import { pathSegment } from '../platform/path-segment.js'
import { dataExtractionJobResponse, dataExtractionJobList } from './models/data-extraction.js'
import type { DataExtractionJob } from './models/data-extraction.js'
import type { DataExtractionRequest } from './models/data-extraction-request.js'
import type { CxoneSession } from './session.js'

/** A job that is done. */
export interface DoneExtraction extends JobStatus {
  /** Where its result is, for seconds. Signed: whoever has it can read the result. */
  readonly url: string | undefined
}

/** What refuses a job may be that there is one: NICE does not say how it does that. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 409, 429])

/** The jobs of a tenant, as one client asks for them: call by call with a pause between, and one job at a time. */
export class ExtractionJobs {
  readonly #session: CxoneSession
  readonly #calls = new Mutex()
  readonly #jobs = new Mutex()
  #lastCall: Instant | undefined

  constructor(session: CxoneSession) {
    this.#session = session
  }

  /** Waits until no other job of this client is waited for; what it gives lets the next one begin. */
  turn(signal: AbortSignal): Promise<() => void> {
    return this.#jobs.take(signal)
  }

  async submit(request: DataExtractionRequest, signal: AbortSignal | undefined): Promise<string> {
    // When the answer was lost there is a job that nobody reads.
    const rules = { body: request, idempotent: true, schema: z.string() }
    return checkedJobId(await this.#call('POST', '', rules, signal), 'NICE CXone')
  }

  async list(signal: AbortSignal | undefined): Promise<DataExtractionJob[]> {
    const schema = dataExtractionJobList[this.#session.validate]
    const { jobs = [] } = await this.#call('GET', '', { schema, noContent: {} }, signal)
    return jobs
  }

  async get(id: string, signal: AbortSignal | undefined): Promise<DataExtractionJob> {
    const schema = dataExtractionJobResponse[this.#session.validate]
    const path = `/${pathSegment('jobId', id)}` as const
    return (await this.#call('GET', path, { schema, isShown: true }, signal)).jobStatus
  }

  /** Submits a job once the tenant has none that is running, whoever began that. */
  async submitAlone(request: DataExtractionRequest, timeout: number, signal: AbortSignal): Promise<string> {
    const { clock } = this.#session.client
    const since = instant(clock)
    for (let refusal: ApiError | undefined; ;) {
      if ((await this.list(signal)).some(({ status }) => status === 'RUNNING')) refusal = undefined
      else if (refusal?.status === 400) throw refusal
      else {
        try {
          return await this.submit(request, signal)
        } catch (error) {
          if (!(error instanceof ApiError) || !REFUSALS.has(error.status)) throw error
          refusal = error
        }
      }
      // The next call waits for its turn.
      if (elapsedSince(since, clock) >= timeout) throw refusal ?? busyError(timeout)
    }
  }

  /** A job once it is done, or undefined: its results are gone. */
  async done(id: string, isNew: boolean, timeout: number, signal: AbortSignal): Promise<DoneExtraction | undefined> {
    const { client, limits } = this.#session
    const job = {
      id,
      platform: 'NICE CXone',
      done: 'SUCCEEDED',
      isNew,
      clock: client.clock,
      timeout,
      pause: limits.dataExtractionPause,
      advice: CHECKPOINT_ADVICE,
      look: async () => {
        const status = await undefinedIfMissing(this.get(id, signal))
        const { url, errorMessage } = status?.result ?? {}
        return status && { state: status.status, url, errorMessage }
      },
      wait: (milliseconds: number) => client.wait(milliseconds, signal),
    }
    return doneStatus(job, await jobEnd(job))
  }

  async #call<Output>(
    method: string,
    path: '' | `/${string}`,
    request: JsonRequest<Output>,
    signal: AbortSignal | undefined,
  ): Promise<Output> {
    const { client, limits, versions } = this.#session
    const pause = limits.dataExtractionPause
    const end = await this.#calls.take(signal)
    try {
      const rest = this.#lastCall ? pause - elapsedSince(this.#lastCall, client.clock) : 0
      if (rest > 0) await client.wait(rest, signal)
      const url = `/data-extraction/${versions.dataExtraction}/jobs${path}`
      return await client.request(method, url, { ...request, pause, signal }).finally(() => {
        this.#lastCall = instant(client.clock)
      })
    } finally {
      end()
    }
  }
}

function busyError(timeout: number): ApiError {
  const message = `Another job of this tenant was running for ${timeout} ms, and NICE CXone does one at a time: dataExtraction.list() shows it.`
  return new ApiError('job_timeout', message, { retryable: true })
}

/** One after the other, in the order in which they came. */
class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  /** Waits for a turn, and gives what ends it. Who gives up waiting, by the signal, holds nobody up. */
  async take(signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#last
    let end!: () => void
    const turn = new Promise<void>((resolve) => (end = resolve))
    this.#last = before.then(() => turn)
    try {
      await (signal ? abortable(before, signal) : before)
    } catch (error) {
      end()
      throw error
    }
    return end
  }
}
