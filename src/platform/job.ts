import { elapsedSince, instant } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { ApiError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { printable } from '../protocol/printable.js'
import { isPathSegment } from './path-segment.js'

/** What a platform says of a job. */
export interface JobStatus {
  readonly state: string
  readonly errorMessage?: string | undefined
}

/** A job that somebody waits for. */
export interface AwaitedJob<Status extends JobStatus> {
  readonly id: string
  /** Whose it is, for people. */
  readonly platform: string
  /** The state in which there are results. FAILED, CANCELLED and EXPIRED are the other ends, on every platform. */
  readonly done: string
  /** Whether it was submitted just now: then there is a wait before the first look. */
  readonly isNew: boolean
  readonly clock: Clock
  /** Milliseconds that it may take. */
  readonly timeout: number
  /** Milliseconds between two looks. Absent: they grow. */
  readonly pause?: number | undefined
  /** How to go on: after one that came to nothing, and with one that is not done yet. */
  readonly advice: { readonly failed: string; readonly unfinished: string }
  /** Undefined for a job that is not there, or not any more. */
  look(): Promise<Status | undefined>
  wait(milliseconds: number): Promise<void>
}

/** The advice for a job that a checkpoint names. */
export const CHECKPOINT_ADVICE = {
  failed: 'Going on from the checkpoint submits another.',
  unfinished: 'Going on from the checkpoint waits for it again.',
} as const

const FAILURES: ReadonlySet<string> = new Set(['FAILED', 'CANCELLED', 'EXPIRED'])

/** Between two looks at a job; each wait is half as long again as the one before. Milliseconds. */
const FIRST_WAIT = 1_000
const MAX_WAIT = 30_000
const MAX_MESSAGE = 500

/** How a job ended, as far as that can be told of one that is gone, and whether that was while it was waited for. */
export interface JobEnd<Status extends JobStatus> {
  readonly status: Status | undefined
  readonly isAwaited: boolean
}

/** Waits until a job has ended. Throws {@link ApiError} `job_timeout`. */
export async function jobEnd<Status extends JobStatus>(job: AwaitedJob<Status>): Promise<JobEnd<Status>> {
  const { clock, timeout, pause } = job
  const since = instant(clock)
  let wait = FIRST_WAIT
  for (let isAwaited = job.isNew; ; isAwaited = true) {
    if (isAwaited) {
      const left = timeout - elapsedSince(since, clock)
      if (left <= 0) throw timeoutError(job)
      // Jitter, so that jobs which were submitted together are not looked at together.
      await job.wait(Math.min(left, pause ?? wait * (1 - clock.random() / 3)))
      wait = Math.min(MAX_WAIT, 1.5 * wait)
    }
    const status = await job.look()
    if (status === undefined || status.state === job.done || isFailure(status)) return { status, isAwaited }
  }
}

/**
 * What a job says that is done, or undefined: its results are gone, and it takes another job to have them. One that
 * failed or was cancelled while it was waited for is an error; one that had when it was come back to is gone.
 */
export function doneStatus<Status extends JobStatus>(
  job: AwaitedJob<Status>,
  { status, isAwaited }: JobEnd<Status>,
): Status | undefined {
  if (status?.state === job.done) return status
  if (status === undefined || status.state === 'EXPIRED' || !isAwaited) return undefined
  throw jobError(job, status)
}

/** The id of a job that was submitted. Throws {@link ApiError} `api_response_invalid`. */
export function checkedJobId(id: unknown, platform: string): string {
  if (isPathSegment(id)) return id
  throw new ApiError('api_response_invalid', `${platform} took a job, but gave it no id that can be asked for.`)
}

/** Milliseconds that a job may take. Throws {@link EverbearerError} `invalid_option`. */
export function jobTimeoutOf(jobTimeout = 3_600_000): number {
  if (typeof jobTimeout === 'number' && jobTimeout > 0) return jobTimeout
  throw invalidOption('jobTimeout', 'must be a number of milliseconds above 0')
}

/** Whether there will be no results. */
export function isFailure({ state }: JobStatus): boolean {
  return FAILURES.has(state)
}

/** The error for a job that has no results. */
export function jobError<Status extends JobStatus>(
  { id, platform, advice }: AwaitedJob<Status>,
  status: JobStatus | undefined,
): ApiError {
  switch (status?.state) {
    case 'CANCELLED':
      return new ApiError('job_cancelled', `Somebody else cancelled the job ${shown(id)}. ${advice.failed}`)
    case 'EXPIRED':
    case undefined:
      return new ApiError('job_expired', `The results of the job ${shown(id)} are gone. ${advice.failed}`)
    default: {
      const reason = printable(status?.errorMessage ?? '', MAX_MESSAGE) ?? 'no reason given'
      return new ApiError('job_failed', `${platform} could not do the job ${shown(id)}: ${reason}. ${advice.failed}`)
    }
  }
}

function timeoutError<Status extends JobStatus>({ id, timeout, advice }: AwaitedJob<Status>): ApiError {
  const message = `The job ${shown(id)} was not done within ${timeout} ms. ${advice.unfinished}`
  return new ApiError('job_timeout', message, { retryable: true })
}

/** An id is a server's words too. */
export function shown(job: string): string {
  return printable(job, 100) ?? 'without a name'
}
