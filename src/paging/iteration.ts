import { EverbearerError } from '../base/errors.js'
import { linkedSignal } from '../base/linked-signal.js'
import { invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { readCheckpoint, writeCheckpoint } from './checkpoint.js'
import type { CheckpointSubject } from './checkpoint.js'

/** Some rows that arrived together, and how to go on after any of them. */
export interface Page<Row, Position> {
  readonly rows: readonly Row[]
  /** The place before the first row, where there is more to it than having read the page before. */
  readonly before?: Position | undefined
  /** The place after the row with this index: everything up to it has been handed out. */
  after(index: number): Position
}

/** What a source is told of the iteration that reads it. */
export interface Reading {
  /** Aborts when nobody waits for rows any more: the caller left, or gave up by a signal. */
  readonly signal: AbortSignal
  /** Whether a checkpoint was handed out: somebody may go on from there. */
  hasCheckpoint(): boolean
}

/** What an iteration is made of. */
export interface IterationSource<Row, Position> {
  readonly subject: CheckpointSubject
  /** Where to begin; absent: at the start. */
  readonly checkpoint?: string | null | undefined
  /** Ends the iteration before the next row, and the wait for it. */
  readonly signal?: AbortSignal | undefined
  /** The position that a checkpoint held, checked. Throws {@link EverbearerError} `invalid_checkpoint`. */
  readPosition(value: unknown): Position
  /** All pages from there on. */
  pages(from: Position | undefined, reading: Reading): AsyncIterable<Page<Row, Position>>
}

/** What {@link Iteration.toArray} is told. */
export interface ToArrayOptions {
  /**
   * The most rows to keep in memory.
   *
   * @defaultValue 100,000
   */
  max?: number | undefined
}

const MAX_ROWS = 100_000
const TO_ARRAY_OPTIONS: OptionNames<ToArrayOptions> = { max: true }

/**
 * Rows of a long listing, one by one, with a place to go on from. It can be iterated once; leaving the loop early ends
 * it, also (by the iterator's `return()`) while a row is waited for. It never ends early by itself: an error in the
 * middle is thrown, and its `checkpoint` says where.
 *
 * @example
 * ```js
 * import { GenesysCloud } from 'everbearer/genesys'
 *
 * const genesys = GenesysCloud.fromEnv()
 * const users = genesys.users.list()
 * for await (const user of users) {
 *   console.log(user.name) // store the row first, then its checkpoint
 *   const checkpoint = users.checkpoint()
 * }
 * await genesys.close()
 * ```
 */
export class Iteration<Row, Position = unknown> implements AsyncIterable<Row> {
  readonly #source: IterationSource<Row, Position>
  readonly #from: Position | undefined
  #place: () => Position | undefined
  #begun = false
  #hasCheckpoint = false

  constructor(source: IterationSource<Row, Position>) {
    this.#source = source
    const { subject, checkpoint } = source
    if (checkpoint != null) {
      const position = readCheckpoint(subject, checkpoint)
      // A checkpoint from before the first row.
      if (position !== null) this.#from = source.readPosition(position)
    }
    this.#place = () => this.#from
  }

  /**
   * The place after the last row that was handed out, whatever was fetched ahead. Give it back as the `checkpoint`
   * option of the same call, in this process or another, to go on from there. Take it after the row is stored.
   */
  checkpoint(): string {
    this.#hasCheckpoint = true
    return writeCheckpoint(this.#source.subject, this.#place() ?? null)
  }

  /**
   * Reads all rows into memory.
   *
   * @param options - `max`: the most rows to keep (default 100,000).
   * @throws EverbearerError `too_many_rows` if there are more: no array is shorter than the listing.
   */
  async toArray(options: ToArrayOptions = {}): Promise<Row[]> {
    const { max = MAX_ROWS } = knownOptions(options, 'toArray', TO_ARRAY_OPTIONS)
    if (!(Number.isSafeInteger(max) || max === Infinity) || max < 0) {
      throw invalidOption('max', 'must be a whole number of rows from 0 up, or Infinity')
    }
    const rows: Row[] = []
    for await (const row of this) {
      if (rows.length === max) throw tooManyRowsError(max)
      rows.push(row)
    }
    return rows
  }

  /** Throws {@link EverbearerError} `iteration_reused` the second time. */
  [Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    if (this.#begun) {
      throw new EverbearerError('iteration_reused', 'This was iterated before: make the call again for a second pass.')
    }
    this.#begun = true
    const leaving = new AbortController()
    const rows = this.#rows(leaving.signal)
    const end = rows.return.bind(rows)
    // A generator's own would wait until the next row is there.
    rows.return = (value) => {
      leaving.abort()
      return end(value)
    }
    return rows
  }

  async *#rows(left: AbortSignal): AsyncGenerator<Row, void, undefined> {
    const { signal, unlink } = linkedSignal([left, this.#source.signal])
    const reading = { signal, hasCheckpoint: () => this.#hasCheckpoint }
    try {
      for await (const page of this.#source.pages(this.#from, reading)) {
        const { before } = page
        if (before !== undefined) this.#place = () => before
        for (const [index, row] of page.rows.entries()) {
          signal.throwIfAborted()
          this.#place = () => page.after(index)
          yield row
        }
      }
    } catch (error) {
      if (left.aborted) return
      // The reason of an abort is the caller's own, and may have come from another iteration.
      if (error instanceof EverbearerError && error !== signal.reason) error.checkpoint = this.checkpoint()
      throw error
    } finally {
      unlink()
    }
  }
}

function tooManyRowsError(max: number): EverbearerError {
  const message = `The listing has more than ${max} rows: toArray() keeps no more. Iterate over the rows, or raise \`max\`.`
  return new EverbearerError('too_many_rows', message)
}
