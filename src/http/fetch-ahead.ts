import { linkedSignal } from '../base/linked-signal.js'
import type { LinkedSignal } from '../base/linked-signal.js'

/** Pages that can be had before they are asked for. */
export interface AheadSource<Key, Page> {
  fetch(key: Key, signal: AbortSignal): Promise<Page>
  /** What tells one page from another. */
  idOf(key: Key): string | number
  /**
   * The page that will be asked for after that one, where it is sure that it will be; `page` is that one, when it is there.
   * A page that is never asked for was a request too many.
   */
  after(key: Key, page: Page | undefined): Key | undefined
  /**
   * Whether a page that was fetched ahead was made before rows came in that the one before it was made with, as happens when
   * that one had to be tried again: what moved from it to this one is on neither.
   */
  isOlder?(key: Key, page: Page, before: Page): boolean
  /** How many pages may be on their way, or wait to be asked for. */
  readonly most: number
}

/**
 * Whether a page told of fewer rows than the one before it. Of none, or nothing, tells many an empty one, wherever it is: that
 * is fewer only where the one before it promised rows on this one.
 */
export function toldOfFewer(rows: unknown, rowsBefore: unknown, isPromised: boolean): boolean {
  return Number(rows) > 0 ? Number(rows) < Number(rowsBefore) : isPromised
}

/** A page that is on its way, or there. */
interface Fetched<Page> {
  readonly promise: Promise<Page>
  readonly link: LinkedSignal
  page: Page | undefined
  failed: boolean
}

/**
 * Fetches what will be asked for next while its caller is still at work, in that order and no more than `most` pages. The
 * caller asks for one page after the other, as if nobody had: what failed fails when its turn comes. It begins with the
 * second page that is asked for: to look at the first rows of a listing costs one request.
 */
export class FetchAhead<Key, Page> {
  readonly #source: AheadSource<Key, Page>
  readonly #signal: AbortSignal
  readonly #pages = new Map<string | number, Fetched<Page>>()
  #here: { readonly key: Key; readonly fetched: Fetched<Page> } | undefined
  #asked = false

  constructor(source: AheadSource<Key, Page>, signal: AbortSignal) {
    this.#source = source
    this.#signal = signal
  }

  get(key: Key): Promise<Page> {
    const before = this.#here?.fetched.page
    const ahead = this.#pages.get(this.#source.idOf(key))
    const fetched = ahead ?? this.#begin(key)
    this.#pages.delete(this.#source.idOf(key))
    if (this.#asked) this.#here = { key, fetched }
    this.#asked = true
    this.#goOn()
    return ahead && before ? this.#renewed(key, ahead, before) : fetched.promise
  }

  /** The page that was fetched ahead, or another one in its place if it is older than the one before it. */
  async #renewed(key: Key, ahead: Fetched<Page>, before: Page): Promise<Page> {
    const page = await ahead.promise
    if (!this.#source.isOlder?.(key, page, before)) return page
    const fetched = this.#begin(key)
    this.#here = { key, fetched }
    return fetched.promise
  }

  /** Nobody asks for more. */
  stop(): void {
    this.#here = undefined
    for (const id of this.#pages.keys()) this.#drop(id)
  }

  #begin(key: Key): Fetched<Page> {
    const link = linkedSignal([this.#signal])
    const promise = this.#source.fetch(key, link.signal)
    const fetched: Fetched<Page> = { promise, link, page: undefined, failed: false }
    promise.then(
      (page) => {
        link.unlink()
        fetched.page = page
        this.#goOn()
      },
      () => {
        link.unlink()
        fetched.failed = true
      },
    )
    return fetched
  }

  #drop(id: string | number): void {
    const fetched = this.#pages.get(id)
    this.#pages.delete(id)
    fetched?.link.abort()
  }

  /** Begins what there is room for, and drops what will not be asked for after all. */
  #goOn(): void {
    if (this.#here === undefined) return
    const wanted = new Set<string | number>()
    let { key, fetched } = this.#here
    let room = fetched.page === undefined ? this.#source.most - 1 : this.#source.most
    for (; room > 0 && !fetched.failed; room--) {
      const next = this.#source.after(key, fetched.page)
      if (next === undefined) break
      const id = this.#source.idOf(next)
      wanted.add(id)
      key = next
      fetched = this.#pages.get(id) ?? this.#begin(next)
      this.#pages.set(id, fetched)
    }
    for (const id of this.#pages.keys()) if (!wanted.has(id)) this.#drop(id)
  }
}

/** Pages that are made by asking for others, which are fetched ahead until nobody wants more. */
export async function* fetchingAhead<Key, Fetched, Page>(
  source: AheadSource<Key, Fetched>,
  signal: AbortSignal,
  pagesOf: (fetchPage: (key: Key) => Promise<Fetched>) => AsyncIterable<Page>,
): AsyncGenerator<Page, void, undefined> {
  const ahead = new FetchAhead(source, signal)
  try {
    yield* pagesOf((key) => ahead.get(key))
  } finally {
    ahead.stop()
  }
}
