import { linkedSignal } from '../base/linked-signal.js'
import type { LinkedSignal } from '../base/linked-signal.js'

/** A page that is sure to be asked for. */
export interface NextPage<Key> {
  readonly key: Key
  /** How many pages will be asked for before it that nobody knows of yet, at a guess. Default none. */
  readonly gap?: number | undefined
  /** Whether it will tell what comes after it. It is fetched from twice as far, so that those need not wait for it. */
  readonly leads?: boolean | undefined
}

/** Pages that can be had before they are asked for. */
export interface PrefetchSource<Key, Page> {
  fetch(key: Key, signal: AbortSignal): Promise<Page>
  /** What tells one page from another. */
  idOf(key: Key): string | number
  /**
   * The page that will be asked for after that one, where it is sure that it will be; `page` is that one, when it is there.
   * A page that is never asked for was a request too many.
   */
  after(key: Key, page: Page | undefined): NextPage<Key> | undefined
  /**
   * Whether a page that was fetched ahead was made before rows came in that the one before it was made with, as happens when
   * that one had to be tried again: what moved from it to this one is on neither.
   */
  isOlder?(key: Key, page: Page, before: Page): boolean
  /** How many pages ahead may be on their way, or wait to be asked for. */
  readonly most: number
}

/**
 * Whether a page told of fewer rows than the one before it. Of none, or nothing, tells many an empty one, wherever it is: that
 * is fewer only where the one before it promised rows on this one.
 */
export function hasFewerRows(rows: unknown, rowsBefore: unknown, isPromised: boolean): boolean {
  return Number(rows) > 0 ? Number(rows) < Number(rowsBefore) : isPromised
}

/** How many pages ahead one that was begun is looked for, before it is let go of: a listing may claim any number. */
const MAX_STEPS = 1_000

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
export class Prefetch<Key, Page> {
  readonly #source: PrefetchSource<Key, Page>
  readonly #signal: AbortSignal
  readonly #pages = new Map<string | number, Fetched<Page>>()
  #here: { readonly key: Key; readonly fetched: Fetched<Page> } | undefined
  #asked = false

  constructor(source: PrefetchSource<Key, Page>, signal: AbortSignal) {
    this.#source = source
    this.#signal = signal
  }

  get(key: Key): Promise<Page> {
    const before = this.#here?.fetched.page
    const prefetched = this.#pages.get(this.#source.idOf(key))
    const fetched = prefetched ?? this.#begin(key)
    this.#pages.delete(this.#source.idOf(key))
    if (this.#asked) this.#here = { key, fetched }
    this.#asked = true
    this.#goOn()
    return prefetched && before ? this.#renewed(key, prefetched, before) : fetched.promise
  }

  /** The page that was fetched ahead, or another one in its place if it is older than the one before it. */
  async #renewed(key: Key, prefetched: Fetched<Page>, before: Page): Promise<Page> {
    const page = await prefetched.promise
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

  /** Begins what is near enough, and drops what will not be asked for after all. */
  #goOn(): void {
    if (this.#here === undefined) return
    const source = this.#source
    const unseen = new Set(this.#pages.keys())
    let { key, fetched }: { key: Key; fetched: Fetched<Page> | undefined } = this.#here
    let distance = fetched.page === undefined ? 1 : 0
    const isOver = () => distance >= 2 * source.most && unseen.size === 0
    for (let step = 0; step < MAX_STEPS && !isOver() && !fetched?.failed; step++) {
      const next = source.after(key, fetched?.page)
      if (next === undefined) break
      key = next.key
      distance += 1 + (next.gap ?? 0)
      const id = source.idOf(key)
      fetched = this.#pages.get(id)
      unseen.delete(id)
      if (fetched === undefined && distance <= (next.leads ? 2 * source.most : source.most)) {
        fetched = this.#begin(key)
        this.#pages.set(id, fetched)
      }
    }
    for (const id of unseen) this.#drop(id)
  }
}

/** Pages that are made by asking for others, which are fetched ahead until nobody wants more. */
export async function* prefetching<Key, Fetched, Page>(
  source: PrefetchSource<Key, Fetched>,
  signal: AbortSignal,
  pagesOf: (fetchPage: (key: Key) => Promise<Fetched>) => AsyncIterable<Page>,
): AsyncGenerator<Page, void, undefined> {
  const prefetched = new Prefetch(source, signal)
  try {
    yield* pagesOf((key) => prefetched.get(key))
  } finally {
    prefetched.stop()
  }
}
