import type { Clock } from '../base/clock.js'
import { ApiError } from '../base/errors.js'
import type { Interval } from '../platform/interval.js'
import { CHECKPOINT_ADVICE, doneStatus, isFailure, jobEnd } from '../platform/job.js'
import type { AnalyticsConversationAsyncQueryResponse, AsyncQueryStatus } from './models/conversation-jobs.js'

/** What is asked of Genesys about jobs. Undefined is the answer for a job that is not there, or not any more. */
export interface DetailsJobs {
  /** The new job's id. */
  submit(interval: Interval, isFirstPart: boolean): Promise<string>
  status(job: string): Promise<AsyncQueryStatus | undefined>
  results(job: string, cursor: string | undefined): Promise<AnalyticsConversationAsyncQueryResponse | undefined>
  /** Nobody waits for it any more, and it may be unfinished. */
  abandon(job: string): Promise<void>
  wait(milliseconds: number): Promise<void>
  readonly clock: Clock
  /** Milliseconds that a job may take. */
  readonly timeout: number
}

/**
 * Waits until a job is fulfilled, or answers false: its results are gone, and it takes another job to have them. One
 * that fails or is cancelled while it is waited for is an error; one that had when it was come back to is gone.
 */
export async function isFulfilled(jobs: DetailsJobs, id: string, isNew: boolean): Promise<boolean> {
  const job = {
    id,
    platform: 'Genesys Cloud',
    done: 'FULFILLED',
    isNew,
    clock: jobs.clock,
    timeout: jobs.timeout,
    advice: CHECKPOINT_ADVICE,
    look: () => jobs.status(id),
    wait: (milliseconds: number) => jobs.wait(milliseconds),
  }
  const end = await jobEnd(job).catch(async (error: unknown) => {
    if (isNew) await jobs.abandon(id)
    throw error
  })
  return doneStatus(job, end) !== undefined
}

/** A page of a fulfilled job's results, or undefined: they are gone, which Genesys may say in more than one way. */
export async function resultsOf(
  jobs: DetailsJobs,
  job: string,
  cursor: string | undefined,
  isResumed: boolean,
): Promise<AnalyticsConversationAsyncQueryResponse | undefined> {
  try {
    return await jobs.results(job, cursor)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'api_bad_request') throw error
    // A cursor from a checkpoint may have died before its job.
    if (isResumed) return undefined
    const status = await jobs.status(job)
    if (status === undefined || isFailure(status)) return undefined
    throw error
  }
}
