import { randomBytes } from 'node:crypto'
import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'
import type { Table } from './table.js'

/** Where files are, on the result host. */
export const RESULT_PATH = '/exports/'

const LONG_AGO: Instant = { wall: -Infinity, monotonic: -Infinity }

/** A table that can be had as a file. */
export interface ResultFile {
  readonly name: string
  readonly table: Table
  /** Whether it is still there. */
  readonly isKept: () => boolean
}

/** Where addresses lead, and for how many milliseconds. */
export interface LinkOptions {
  readonly resultOrigin: string
  readonly resultLifetime: number
  readonly clock: Clock
}

/** The addresses of files that were given out. Who has one has the file, for as long as it is good. */
export class SignedLinks {
  readonly #origin: string
  readonly #lifetime: number
  readonly #clock: Clock
  /** By all of the address that comes after the origin. */
  readonly #links = new Map<string, { readonly file: ResultFile; readonly issued: Instant }>()

  constructor({ resultOrigin, resultLifetime, clock }: LinkOptions) {
    this.#origin = resultOrigin
    this.#lifetime = resultLifetime
    this.#clock = clock
  }

  /** A new address of a file. */
  sign(file: ResultFile): string {
    const url = new URL(`${RESULT_PATH}${file.name}`, this.#origin)
    url.searchParams.set('X-Amz-Expires', String(Math.ceil(this.#lifetime / 1_000)))
    // Drawn, not computed: an address of one simulator must be worthless at another.
    url.searchParams.set('X-Amz-Signature', randomBytes(32).toString('hex'))
    this.#links.set(url.pathname + url.search, { file, issued: instant(this.#clock) })
    return url.href
  }

  /** The file of an address, and whether it can still be had there; undefined when the address was not given out. */
  find({ pathname, search }: URL): { file: ResultFile; isGood: boolean } | undefined {
    const link = this.#links.get(pathname + search)
    return link && { file: link.file, isGood: elapsedSince(link.issued, this.#clock) < this.#lifetime }
  }

  /** Every address that was given out so far is dead. */
  expire(): void {
    for (const [place, { file }] of this.#links) this.#links.set(place, { file, issued: LONG_AGO })
  }
}
