import { ApiError } from '../base/errors.js'
import { damagedCheckpointError } from '../paging/checkpoint.js'
import type { Page } from '../paging/iteration.js'
import { shown } from '../platform/job.js'
import { isPathSegment } from '../platform/path-segment.js'
import { tellResubmission } from '../platform/resubmission.js'
import type { DoneExtraction } from './extraction-jobs.js'

/** A row of a result, by the names of its columns. */
export type ExtractedRow = Record<string, string>

/** How many rows of which job's result were handed out. */
export interface ExtractionPosition {
  readonly job: string
  readonly row: number
}

/** What an export is made of. */
export interface Extraction {
  /** Waits until no other job is waited for; what it gives lets the next one begin. */
  turn(): Promise<() => void>
  /** The new job's id. */
  submit(): Promise<string>
  /** The job once it is done, or undefined: its results are gone. */
  done(job: string, isNew: boolean): Promise<DoneExtraction | undefined>
  /** The rows at an address, which may be refused, or cut off in the middle. */
  download(url: string): Promise<AsyncIterable<ExtractedRow>>
}

type ExtractionPage = Page<ExtractedRow, ExtractionPosition>

/** In a row that brought no new row. */
const MAX_DOWNLOADS = 3
/** Rows that are handed on together: memory holds no more of a result, however long it is. */
const PAGE = 500

/** All rows of a job's result: of the job that the position names, or of a new one. */
export async function* extractedRows(
  extraction: Extraction,
  from: ExtractionPosition | undefined,
): AsyncGenerator<ExtractionPage, void, undefined> {
  let at = from
  for (let resubmissions = 0; ; resubmissions++) {
    let done: DoneExtraction | undefined
    if (at === undefined) {
      const end = await extraction.turn()
      try {
        const begun = { job: await extraction.submit(), row: 0 }
        at = begun
        yield { rows: [], before: begun, after: () => begun }
        done = await extraction.done(begun.job, true)
      } finally {
        // Not with the last row: whoever reads two exports side by side would wait for ever.
        end()
      }
    } else done = await extraction.done(at.job, false)
    const left: ExtractionPosition | undefined = yield* resultRows(extraction, at, done)
    if (left === undefined) return
    if (left.row > 0) throw startAgainError(left)
    tellResubmission(left.job, resubmissions)
    at = undefined
  }
}

/** The rows from a position on, by as many addresses as it takes; returns what was reached when the result is gone. */
async function* resultRows(
  extraction: Extraction,
  from: ExtractionPosition,
  found: DoneExtraction | undefined,
): AsyncGenerator<ExtractionPage, ExtractionPosition | undefined, undefined> {
  const columns = new Columns()
  let at = from
  let fruitless = 0
  for (let done = found; done; done = await extraction.done(at.job, false)) {
    const { row } = at
    try {
      if (done.url === undefined) throw addressMissingError(at)
      for await (const page of newPages(await extraction.download(done.url), at, columns)) {
        yield page
        at = page.after(page.rows.length - 1)
      }
      return undefined
    } catch (error) {
      if (!isWorthAnotherAddress(error)) throw error
      fruitless = at.row > row ? 0 : fruitless + 1
      if (fruitless === MAX_DOWNLOADS) throw isRefusal(error) ? refusedError(at, error) : error
    }
  }
  return at
}

/** What a result has that was not handed out before. What came before it broke off is handed out too. */
async function* newPages(
  rows: AsyncIterable<ExtractedRow>,
  { job, row: skipped }: ExtractionPosition,
  columns: Columns,
): AsyncGenerator<ExtractionPage, void, undefined> {
  let read = 0
  let batch: ExtractedRow[] = []
  const page = () => {
    const [rows, before] = [batch, read - batch.length]
    batch = []
    return { rows, after: (index: number) => ({ job, row: before + index + 1 }) }
  }
  try {
    for await (const row of rows) {
      if (read === 0 && !columns.areThoseOf(row)) throw changedError(job)
      read += 1
      if (read > skipped) batch.push(row)
      if (batch.length === PAGE) yield page()
    }
    if (read < skipped) throw changedError(job)
  } catch (error) {
    if (batch.length > 0) yield page()
    throw error
  }
  if (batch.length > 0) yield page()
}

/** The columns of a result, which is fetched more than once. */
class Columns {
  #names: string | undefined

  areThoseOf(row: ExtractedRow): boolean {
    const names = JSON.stringify(Object.keys(row))
    return (this.#names ??= names) === names
  }
}

/** Reads what an export wrote into a checkpoint. */
export function extractionPosition(value: unknown): ExtractionPosition {
  const { job, row } = (value ?? {}) as Partial<ExtractionPosition>
  if (!isPathSegment(job) || !Number.isSafeInteger(row) || Number(row) < 0) throw damagedCheckpointError()
  return { job, row: Number(row) }
}

function isWorthAnotherAddress(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.retryable || isRefusal(error))
}

/** Mostly 403: the address has expired. */
function isRefusal({ status = 0 }: ApiError): boolean {
  return status >= 400
}

function addressMissingError({ job }: ExtractionPosition): ApiError {
  const message = `The job ${shown(job)} has succeeded, and NICE CXone says nowhere where its result is.`
  return new ApiError('api_response_invalid', message, { retryable: true })
}

function refusedError({ job }: ExtractionPosition, { message, status }: ApiError): ApiError {
  const words = `The address of the result of the job ${shown(job)} was refused ${MAX_DOWNLOADS} times in a row, each time a new one.`
  return new ApiError('job_expired', `${words} ${message}`, { status, retryable: true })
}

/** Another job's rows may be others, or in another order. */
function startAgainError({ job, row }: ExtractionPosition): ApiError {
  const message = `The result of the job ${shown(job)} is gone after ${row} rows: start again without the checkpoint.`
  return new ApiError('job_expired', message)
}

function changedError(job: string): ApiError {
  const message = `The result of the job ${shown(job)} has changed while it was read: start again without the checkpoint.`
  return new ApiError('api_response_invalid', message)
}
