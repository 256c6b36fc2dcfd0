import { EverbearerError } from '../base/errors.js'
import { readCheckpoint, writeCheckpoint } from './checkpoint.js'
import type { CheckpointSubject } from './checkpoint.js'

/** Some rows that arrived together, and how to go on after any of them. */
export interface Page<Row, Position> {
  readonly rows: readonly Row[]
  /** The place after the row with this index: everything up to it has been handed out. */
  after(index: number): Position
}

/** What an iteration is made of. */
export interface IterationSource<Row, Position> {
  readonly subject: CheckpointSubject
  /** Where to begin; absent: at the start. */
  readonly checkpoint?: string | undefined
  /** Ends the iteration before the next row. */
  readonly signal?: AbortSignal | undefined
  /** The position that a checkpoint held, checked. Throws {@link EverbearerError} `invalid_checkpoint`. */
  readPosition(value: unknown): Position
  /** All pages from there on. */
  pages(from: Position | undefined): AsyncIterable<Page<Row, Position>>
}

/**
 * Rows of a long listing, one by one, with a place to go on from. It can be iterated once; leaving the loop early ends
 * it. It never ends early by itself: an error in the middle is thrown, and its `checkpoint` says where.
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
  #page: Page<Row, Position> | undefined
  #index = 0
  #begun = false

  constructor(source: IterationSource<Row, Position>) {
    this.#source = source
    const { subject, checkpoint } = source
    if (checkpoint !== undefined) {
      const position = readCheckpoint(subject, checkpoint)
      // A checkpoint from before the first row.
      if (position !== null) this.#from = source.readPosition(position)
    }
  }

  /**
   * The place after the last row that was handed out, whatever was fetched ahead. Give it back as the `checkpoint`
   * option of the same call, in this process or another, to go on from there. Take it after the row is stored.
   */
  checkpoint(): string {
    const position = this.#page ? this.#page.after(this.#index) : this.#from
    return writeCheckpoint(this.#source.subject, position ?? null)
  }

  /** Throws {@link EverbearerError} `iteration_reused` the second time. */
  [Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    if (this.#begun) {
      throw new EverbearerError('iteration_reused', 'This was iterated before: make the call again for a second pass.')
    }
    this.#begun = true
    return this.#rows()
  }

  async *#rows(): AsyncGenerator<Row, void, undefined> {
    try {
      for await (const page of this.#source.pages(this.#from)) {
        for (const [index, row] of page.rows.entries()) {
          this.#source.signal?.throwIfAborted()
          this.#page = page
          this.#index = index
          yield row
        }
      }
    } catch (error) {
      if (error instanceof EverbearerError) error.checkpoint = this.checkpoint()
      throw error
    }
  }
}
