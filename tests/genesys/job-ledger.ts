import { ApiError } from '../../src/base/errors.js'
import type { Clock } from '../../src/base/clock.js'
import { DataAvailability } from '../../src/genesys/data-availability.js'
import type { DetailsJobs } from '../../src/genesys/details-job.js'
import { exportedConversations } from '../../src/genesys/details-jobs.js'
import type { ConversationExportScope } from '../../src/genesys/details-jobs.js'
import { exportPosition } from '../../src/genesys/export-position.js'
import type { ExportPosition } from '../../src/genesys/export-position.js'
import type { Interval } from '../../src/platform/interval.js'
import type {
  AnalyticsConversationAsyncQueryResponse,
  AsyncQueryStatus,
} from '../../src/genesys/models/conversation-jobs.js'

/** A conversation, by when something happened in it: from the first moment of a spell to before its last. */
export interface Talk {
  readonly id: string
  readonly spells: readonly (readonly [from: number, to: number])[]
}

/** What becomes of a job. */
export interface Fate {
  /** What it says of itself, look by look; then FULFILLED for ever, unless the last of these is final. */
  readonly states?: readonly string[]
  readonly errorMessage?: string
  /** Pages after which its results are gone. */
  readonly pages?: number
  /** How Genesys says so. */
  readonly gone?: 'not found' | 'EXPIRED' | 'CANCELLED' | 'FAILED'
  /** Puts its results into another order. */
  readonly order?: (rows: readonly Talk[]) => readonly Talk[]
}

interface Job {
  readonly interval: Interval
  readonly isFirstPart: boolean
  readonly rows: readonly Talk[]
  readonly fate: Fate
  looks: number
  pages: number
}

const FINAL = ['FAILED', 'CANCELLED', 'EXPIRED']

/** Does jobs out of a list of talks, by the rule that Genesys states, in a time that goes by only while it is waited for. */
export class JobLedger implements DetailsJobs {
  readonly jobs: Job[] = []
  readonly abandoned: string[] = []
  readonly waits: number[] = []
  /** What was asked, in short. */
  readonly asked: string[] = []
  timeout = 3_600_000
  pageSize: number
  talks: readonly Talk[]
  /** Of the jobs in turn; then all goes well. */
  fates: readonly Fate[]
  availableUntil: string | undefined
  #time = 0
  readonly clock: Clock = {
    now: () => this.#time,
    monotonic: () => this.#time,
    setTimeout: () => {
      throw new Error('The ledger sets no timers.')
    },
    random: () => 0.5,
  }

  constructor(
    talks: readonly Talk[],
    { pageSize = 2, fates = [] }: { pageSize?: number; fates?: readonly Fate[] } = {},
  ) {
    this.talks = talks
    this.pageSize = pageSize
    this.fates = fates
  }

  /** What had activity in the interval, in the order of its start; the order within a millisecond is by id. */
  find({ start, end }: Interval): Talk[] {
    return this.talks
      .filter(({ spells }) => spells.some(([from, to]) => from < end && to > start))
      .sort((a, b) => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1))
  }

  truth(interval: Interval): string[] {
    return this.find(interval).map(({ id }) => id)
  }

  submit(interval: Interval, isFirstPart: boolean): Promise<string> {
    const fate = this.fates[this.jobs.length] ?? {}
    const found = this.find(interval)
    this.jobs.push({ interval, isFirstPart, fate, rows: fate.order?.(found) ?? found, looks: 0, pages: 0 })
    this.asked.push('submit')
    return Promise.resolve(`j${this.jobs.length}`)
  }

  status(id: string): Promise<AsyncQueryStatus | undefined> {
    const job = this.#job(id)
    const { states = [], gone = 'not found', errorMessage } = job.fate
    this.asked.push(`status ${id}`)
    if (this.#isGone(job)) return Promise.resolve(gone === 'not found' ? undefined : { state: gone })
    const last = states.at(-1) ?? ''
    const state = states[job.looks++] ?? (FINAL.includes(last) ? last : 'FULFILLED')
    return Promise.resolve({ state, ...(errorMessage !== undefined && { errorMessage }) })
  }

  results(id: string, cursor: string | undefined): Promise<AnalyticsConversationAsyncQueryResponse | undefined> {
    const job = this.#job(id)
    const { states = [], gone = 'not found' } = job.fate
    this.asked.push(`results ${id} ${cursor ?? ''}`.trim())
    if (this.#isGone(job)) {
      if (gone === 'not found') return Promise.resolve(undefined)
      throw new ApiError('api_bad_request', 'There are no results.', { status: 400 })
    }
    if (job.looks <= states.length) throw new ApiError('api_bad_request', 'Not yet fulfilled.', { status: 400 })
    job.pages += 1
    const from = cursor === undefined ? 0 : Number(cursor.slice(3))
    const conversations = job.rows.slice(from, from + this.pageSize).map(conversation)
    const next = from + this.pageSize
    return Promise.resolve({
      // An empty page has none.
      ...(conversations.length > 0 && { conversations }),
      ...(next < job.rows.length && { cursor: `+/=${next}` }),
      ...(this.availableUntil !== undefined && { dataAvailabilityDate: this.availableUntil }),
    })
  }

  abandon(id: string): Promise<void> {
    this.abandoned.push(id)
    return Promise.resolve()
  }

  wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds)
    this.#time += milliseconds
    return Promise.resolve()
  }

  #job(id: string): Job {
    const job = this.jobs[Number(id.slice(1)) - 1]
    if (job === undefined) throw new Error(`no job ${id}`)
    return job
  }

  #isGone({ pages, fate }: Job): boolean {
    return pages >= (fate.pages ?? Infinity)
  }
}

function startOf({ spells }: Talk): number {
  return Math.min(...spells.map(([from]) => from))
}

/** As Genesys writes it. */
export function conversation(talk: Talk) {
  const end = Math.max(...talk.spells.map(([, to]) => to))
  return {
    conversationId: talk.id,
    conversationStart: new Date(startOf(talk)).toISOString(),
    ...(end < Infinity && { conversationEnd: new Date(end).toISOString() }),
  }
}

/** A row, and what a checkpoint after it would hold; without an id a checkpoint from before a row. */
export interface Read {
  readonly id?: string
  readonly position: ExportPosition
}

export function scope(interval: Interval, options: Partial<ConversationExportScope> = {}): ConversationExportScope {
  return { interval, startedFrom: -Infinity, jobDays: 31, availability: new DataAvailability(), ...options }
}

/** Reads to the end. Positions are written out and read again, as in a checkpoint. */
export async function* steps(
  jobs: DetailsJobs,
  of: ConversationExportScope,
  from?: ExportPosition,
): AsyncGenerator<Read, void, undefined> {
  const reread = (position: ExportPosition) => exportPosition(JSON.parse(JSON.stringify(position)), of.interval)
  for await (const { rows, before, after } of exportedConversations(jobs, of, from)) {
    if (before !== undefined) yield { position: reread(before) }
    for (const [index, { conversationId: id }] of rows.entries()) yield { id, position: reread(after(index)) }
  }
}

/** The ids of all that is handed out. */
export async function idsOf(reads: AsyncIterable<Read>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of reads) if (id !== undefined) ids.push(id)
  return ids
}
