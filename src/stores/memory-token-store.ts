import { abortable } from '../base/abortable.js'
import { elapsedSince, instant, systemClock } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'
import type { EverbearerError } from '../base/errors.js'
import { checkClock, knownOptions } from '../base/options.js'
import { leaseArguments, readArguments, writeArguments } from '../token/store-arguments.js'
import type { CompareAndSetOptions, Lease, StoredValue, TokenStore } from '../token/token-store.js'

/** What a {@link MemoryTokenStore} is told. */
export interface MemoryTokenStoreOptions {
  /** Where time comes from. Default: the machine's own. */
  clock?: Clock | undefined
}

/** What is known of one key. */
interface Entry {
  stored?: Stored | undefined
  /** The highest one granted. */
  fence: number
  /** Settles when the lease that is held is released. */
  held?: Promise<void> | undefined
}

interface Stored {
  readonly value: string
  readonly version: string
  readonly writtenAt: Instant
  readonly ttl: number
}

/** How many entries there are before those that nobody needs any more are looked for. */
const FIRST_SWEEP = 64

/**
 * Keeps tokens as long as the process lives: for managers of one process that share an identity, and for tests. A value
 * is forgotten when its `ttl` is over; no timer runs. Its holders live and die with it, so a lease is never lost.
 *
 * Throws {@link EverbearerError} `invalid_option`.
 *
 * @example
 * ```js
 * import { MemoryTokenStore } from 'everbearer'
 *
 * const store = new MemoryTokenStore()
 * const lease = await store.lease('key', 10_000)
 * await store.compareAndSet('key', 'value', { expectedVersion: undefined, fence: lease.fence, ttl: 3_600_000 })
 * await lease.release()
 * console.log((await store.get('key')).value) // value
 * ```
 */
export class MemoryTokenStore implements TokenStore {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  #sweepAt = FIRST_SWEEP
  #fence = 0
  #version = 0
  /** The highest fence among the entries that were swept: below it nobody can tell any more. */
  #swept = 0

  constructor(options: MemoryTokenStoreOptions = {}) {
    const { clock = systemClock } = knownOptions(options, 'MemoryTokenStore', { clock: true })
    checkClock(clock)
    this.#clock = clock
  }

  async get(key: string, options: { readonly signal?: AbortSignal | undefined } = {}) {
    readArguments(key, options).signal?.throwIfAborted()
    return this.#read(this.#entries.get(key))
  }

  async compareAndSet(key: string, value: string | undefined, options: CompareAndSetOptions): Promise<boolean> {
    const { expectedVersion, fence, ttl } = writeArguments(key, value, options)
    const entry = this.#entries.get(key)
    if (fence < (entry?.fence ?? this.#swept)) return false
    if (this.#read(entry)?.version !== expectedVersion) return false
    const next = entry ?? this.#newEntry(key, fence)
    if (value === undefined) delete next.stored
    else next.stored = { value, version: String(++this.#version), writtenAt: instant(this.#clock), ttl }
    return true
  }

  async lease(
    key: string,
    ttl: number,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Lease | undefined> {
    const { signal } = leaseArguments(key, ttl, options)
    signal?.throwIfAborted()
    const entry = this.#entries.get(key) ?? this.#newEntry(key, 0)
    if (entry.held) {
      await (signal ? abortable(entry.held, signal) : entry.held)
      return undefined
    }
    return this.#grant(entry)
  }

  #grant(entry: Entry): Lease {
    let end!: () => void
    const held = (entry.held = new Promise<void>((resolve) => (end = resolve)))
    entry.fence = ++this.#fence
    return {
      fence: entry.fence,
      signal: new AbortController().signal,
      async release() {
        if (entry.held === held) delete entry.held
        end()
      },
    }
  }

  #read(entry: Entry | undefined): StoredValue | undefined {
    if (entry?.stored === undefined) return undefined
    const { value, version, writtenAt, ttl } = entry.stored
    const age = elapsedSince(writtenAt, this.#clock)
    return age < ttl ? { value, version, age } : undefined
  }

  #newEntry(key: string, fence: number): Entry {
    if (this.#entries.size >= this.#sweepAt) this.#sweep()
    const entry: Entry = { fence }
    this.#entries.set(key, entry)
    return entry
  }

  #sweep(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.held !== undefined || this.#read(entry) !== undefined) continue
      this.#swept = Math.max(this.#swept, entry.fence)
      this.#entries.delete(key)
    }
    this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#entries.size)
  }
}
