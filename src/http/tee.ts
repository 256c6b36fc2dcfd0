import { Readable } from 'node:stream'

/** A chunk of a request body. */
export type Chunk = string | Uint8Array

/** A body that is spent by being read. */
export type OneShot = AsyncIterable<Chunk> | Iterable<Chunk>

/**
 * A one-shot body that can be played twice while no more than `limit` bytes of it have been read: the second playing
 * yields what was recorded and then goes on reading the source, so even a body that was only half sent is sent whole.
 * Beyond the limit it stops recording. A playing that is given up does not close the source until {@link Tee.finish}.
 */
export class Tee {
  readonly #source: OneShot
  readonly #iterator: AsyncIterator<Chunk> | Iterator<Chunk>
  readonly #limit: number
  #recorded: Chunk[] = []
  /** Chunks that were dropped from the front of the record because they will not be asked for again. */
  #dropped = 0
  #bytes = 0
  #ended = false
  #finished = false
  #failure: { error: unknown } | undefined
  #pulling: Promise<void> | undefined
  /** The playing that counts: starting another ends the one before. */
  #turn = 0
  #playing = false

  constructor(source: OneShot, limit: number) {
    this.#source = source
    this.#iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
    this.#limit = limit
    // A Readable that fails while nobody reads it yet would end the process; reading it tells of the failure.
    if (source instanceof Readable) source.on('error', () => undefined)
  }

  /** Whether it can be played from the start again. */
  get replayable(): boolean {
    return !this.#finished && this.#bytes <= this.#limit
  }

  /** The whole body, once its end was reached within the limit: so that its length can be told. */
  get bytes(): Uint8Array | undefined {
    if (!this.#ended || !this.replayable || this.#failure) return undefined
    return Buffer.concat(this.#recorded.map((chunk) => Buffer.from(chunk as Uint8Array)))
  }

  /** One playing, from the start. The one before ends at once: it must not read on beyond the limit meanwhile. */
  play(): AsyncGenerator<Chunk, void, undefined> {
    this.#playing = false
    return this.#play(++this.#turn)
  }

  async *#play(turn: number): AsyncGenerator<Chunk, void, undefined> {
    this.#check(turn)
    this.#playing = true
    try {
      for (let next = 0; ; next++) {
        while (next - this.#dropped >= this.#recorded.length && !this.#ended) {
          if (this.#failure) throw this.#failure.error
          await this.#pull()
        }
        this.#check(turn)
        if (next - this.#dropped >= this.#recorded.length) return
        const chunk = this.#recorded[next - this.#dropped] as Chunk
        if (!this.replayable) {
          this.#recorded.splice(0, next - this.#dropped + 1)
          this.#dropped = next + 1
        }
        yield chunk
      }
    } finally {
      if (turn === this.#turn) {
        this.#playing = false
        if (this.#finished) this.dispose()
      }
    }
  }

  /** A playing that does not count any more breaks off: if it ended, its server would take a piece for the whole. */
  #check(turn: number): void {
    if (turn !== this.#turn)
      throw new Error('The body is sent no further here: its request was over, or is sent again.')
  }

  /**
   * Reads ahead up to the limit, until there is a playing. Beyond the limit, lets go of the source: nothing that was
   * read can be played any more.
   */
  async record(): Promise<void> {
    const turn = this.#turn
    while (turn === this.#turn && this.replayable && !this.#ended && !this.#failure) await this.#pull()
    if (turn === this.#turn && !this.replayable) this.dispose()
  }

  /** No further playing will be asked for; the one under way goes on. */
  finish(): void {
    this.#finished = true
    if (!this.#playing) this.dispose()
  }

  /** Lets go of the source at once. A Readable hears why, as it does from undici. */
  dispose(reason?: Error): void {
    this.#turn += 1
    this.#finished = true
    this.#recorded = []
    if (this.#ended) return
    this.#ended = true
    // Ending its iterator closes no Readable that was never read.
    if (this.#source instanceof Readable) this.#source.destroy?.(reason)
    else ignoreFailure(this.#iterator.return?.())
  }

  #pull(): Promise<void> {
    return (this.#pulling ??= this.#read().finally(() => (this.#pulling = undefined)))
  }

  async #read(): Promise<void> {
    try {
      const result = await this.#iterator.next()
      if (result.done) this.#ended = true
      else this.#keep(result.value)
    } catch (error) {
      this.#failure = { error }
    }
  }

  #keep(chunk: Chunk): void {
    this.#bytes += Buffer.byteLength(chunk)
    this.#recorded.push(chunk)
  }
}

/** A source that cannot be closed has nobody left to tell. */
function ignoreFailure(closing: unknown): void {
  Promise.resolve(closing).catch(() => undefined)
}
