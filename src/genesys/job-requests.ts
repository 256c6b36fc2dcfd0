import { EverbearerError } from '../base/errors.js'
import { telemetry } from '../base/telemetry.js'
import type { JsonClient } from '../client/json-client.js'
import type { Reading } from '../paging/iteration.js'
import type { ConversationFilters } from './conversation-filters.js'
import type { DetailsJobs } from './details-job.js'
import { undefinedIfMissing } from '../platform/undefined-if-missing.js'
import { formatInterval } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import { checkedJobId } from '../platform/job.js'
import {
  analyticsConversationAsyncQueryResponse,
  asyncQueryResponse,
  asyncQueryStatus,
} from './models/conversation-jobs.js'
import { pathSegment } from '../platform/path-segment.js'
import type { GenesysSession } from './session.js'

const jobNotCancelled = telemetry('everbearer:job-not-cancelled')

const JOBS = '/api/v2/analytics/conversations/details/jobs'
/** Whoever leaves should not have to wait for long. Milliseconds. */
const MAX_CANCELLATION = 5_000

/** What an export asks of its jobs. */
export interface JobRequestOptions {
  readonly filters: ConversationFilters
  readonly startOfDayIntervalMatching: boolean
  readonly pageSize: number
  readonly jobTimeout: number
  readonly cancelOnReturn: boolean
}

/** Genesys' jobs for conversation details, asked on behalf of one iteration. */
export function jobRequests(
  { client, validate }: GenesysSession,
  { filters, startOfDayIntervalMatching, pageSize, jobTimeout, cancelOnReturn }: JobRequestOptions,
  { signal, hasCheckpoint }: Reading,
): DetailsJobs {
  return {
    clock: client.clock,
    timeout: jobTimeout,
    wait: (milliseconds) => client.wait(milliseconds, signal),
    async submit(interval: Interval, isFirstPart) {
      const { jobId } = await client.request('POST', JOBS, {
        body: {
          ...filters,
          // Of a later part it would leave out what started before that, and not before the whole.
          ...(startOfDayIntervalMatching && isFirstPart && { startOfDayIntervalMatching }),
          interval: formatInterval(interval),
          order: 'asc',
          orderBy: 'conversationStart',
        },
        // When the answer was lost there is a job that nobody reads.
        idempotent: true,
        schema: asyncQueryResponse[validate],
        isShown: true,
        signal,
      })
      return checkedJobId(jobId, 'Genesys Cloud')
    },
    status: (job) =>
      undefinedIfMissing(
        client.request('GET', jobPath(job), { schema: asyncQueryStatus[validate], isShown: true, signal }),
      ),
    results: (job, cursor) =>
      undefinedIfMissing(
        client.request('GET', `${jobPath(job)}/results`, {
          query: { pageSize, cursor },
          schema: analyticsConversationAsyncQueryResponse[validate],
          signal,
        }),
      ),
    async abandon(job) {
      if (cancelOnReturn && signal.aborted && !hasCheckpoint()) await cancel(client, job)
    },
  }
}

/** Whoever left is told nothing of a failure: it would take the place of their own outcome. */
async function cancel(client: JsonClient, job: string): Promise<void> {
  const deadline = new AbortController()
  const timer = client.clock.setTimeout(() => deadline.abort(), MAX_CANCELLATION)
  try {
    await client.request('DELETE', jobPath(job), { signal: deadline.signal })
  } catch (error) {
    if (!jobNotCancelled.hasSubscribers) return
    jobNotCancelled.publish({ jobId: job, code: error instanceof EverbearerError ? error.code : undefined })
  } finally {
    timer.clear()
  }
}

function jobPath(job: string): string {
  return `${JOBS}/${pathSegment('job', job)}`
}
