import { elapsedSince, instant } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { ApiError } from '../base/errors.js'
import { printable } from '../protocol/printable.js'
import type { Interval } from '../platform/interval.js'
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

const FINAL: ReadonlySet<string> = new Set(['FULFILLED', 'FAILED', 'CANCELLED', 'EXPIRED'])

/** Between two looks at a job; each wait is half as long again as the one before. Milliseconds. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000
const LONGEST_MESSAGE = 500

/**
 * Waits until a job is fulfilled, or answers false: its results are gone, and it takes another job to have them. One
 * that fails or is cancelled while it is waited for is an error; one that had when it was come back to is gone.
 */
export async function isFulfilled(jobs: DetailsJobs, job: string, isNew: boolean): Promise<boolean> {
  const { clock, timeout } = jobs
  const since = instant(clock)
  let wait = FIRST_WAIT
  let isAlive = isNew
  let isFinal = false
  try {
    for (;;) {
      if (isAlive) {
        const left = timeout - elapsedSince(since, clock)
        if (left <= 0) throw timeoutError(job, timeout)
        // Jitter, so that jobs which were submitted together are not looked at together.
        await jobs.wait(Math.min(left, wait * (1 - clock.random() / 3)))
        wait = Math.min(LONGEST_WAIT, 1.5 * wait)
      }
      const status = await jobs.status(job)
      isFinal = status === undefined || FINAL.has(status.state)
      if (status?.state === 'FULFILLED') return true
      if (status === undefined || status.state === 'EXPIRED' || (isFinal && !isAlive)) return false
      if (isFinal) throw status.state === 'FAILED' ? failedError(job, status.errorMessage) : cancelledError(job)
      isAlive = true
    }
  } finally {
    if (isNew && !isFinal) await jobs.abandon(job)
  }
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
    if (status === undefined || (FINAL.has(status.state) && status.state !== 'FULFILLED')) return undefined
    throw error
  }
}

function failedError(job: string, reason = ''): ApiError {
  const words = printable(reason, LONGEST_MESSAGE) ?? 'no reason given'
  const advice = 'Going on from the checkpoint submits another.'
  return new ApiError('job_failed', `Genesys Cloud could not do the job ${shown(job)}: ${words}. ${advice}`)
}

function cancelledError(job: string): ApiError {
  const advice = 'Going on from the checkpoint submits another.'
  return new ApiError('job_cancelled', `Somebody else cancelled the job ${shown(job)}. ${advice}`)
}

function timeoutError(job: string, timeout: number): ApiError {
  const message = `The job ${shown(job)} was not done within ${timeout} ms. Going on from the checkpoint waits for it again.`
  return new ApiError('job_timeout', message, { retryable: true })
}

/** An id is a server's words too. */
export function shown(job: string): string {
  return printable(job, 100) ?? 'without a name'
}
