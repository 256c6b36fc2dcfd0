import { ApiError } from '../base/errors.js'
import { telemetry } from '../base/telemetry.js'
import { shown } from './job.js'

const jobResubmitted = telemetry('everbearer:job-resubmitted')

/** In a row that brought no new row. */
const MAX_RESUBMISSIONS = 3

/**
 * Tells that another job takes the place of one whose results are gone, after so many others in a row that brought nothing.
 * Throws {@link ApiError} `job_expired` when they are too many.
 */
export function tellResubmission(job: string, before: number): void {
  if (before === MAX_RESUBMISSIONS) throw expiredError(job)
  if (jobResubmitted.hasSubscribers) jobResubmitted.publish({ jobId: job })
}

function expiredError(job: string): ApiError {
  const message = `The results of the job ${shown(job)} were gone before anything new came of them, as were those of the ${MAX_RESUBMISSIONS} jobs before.`
  return new ApiError('job_expired', message, { retryable: true })
}
