import { appendFileSync, existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a reader stood: how much of the rows file counts, and how to go on after it. */
interface Place {
  readonly bytes: number
  readonly checkpoint: string | undefined
  /** The most memory that the readers up to here have had resident, in bytes. */
  readonly peak: number
}

/**
 * Rows on a disk, each with a place to go on from, as a nightly job keeps them: first the rows, then the checkpoint, and
 * after a crash whatever was written behind the last checkpoint is cut off.
 */
export class Journal {
  readonly #rows: string
  readonly #place: string
  #written = 0

  constructor(folder: string) {
    this.#rows = join(folder, 'rows')
    this.#place = join(folder, 'place.json')
  }

  /** Where the last reader stood. What it wrote after that is cut off. */
  goOn(): Place {
    const place: Place = existsSync(this.#place)
      ? (JSON.parse(readFileSync(this.#place, 'utf8')) as Place)
      : { bytes: 0, checkpoint: undefined, peak: 0 }
    if (existsSync(this.#rows)) truncateSync(this.#rows, place.bytes)
    this.#written = place.bytes
    return place
  }

  write(ids: readonly string[]): void {
    const lines = ids.map((id) => `${id}\n`).join('')
    appendFileSync(this.#rows, lines)
    this.#written += Buffer.byteLength(lines)
  }

  /** By renaming: half a checkpoint would be none. */
  keep(checkpoint: string, peak: number): void {
    const place: Place = { bytes: this.#written, checkpoint, peak }
    writeFileSync(`${this.#place}.new`, JSON.stringify(place))
    renameSync(`${this.#place}.new`, this.#place)
  }

  ids(): string[] {
    return readFileSync(this.#rows, 'utf8').split('\n').slice(0, -1)
  }
}
