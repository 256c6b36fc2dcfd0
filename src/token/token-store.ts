/** A value as a store holds it. */
export interface StoredValue {
  readonly value: string
  /** Changes with each write. Opaque. */
  readonly version: string
  /** Milliseconds since it was written, by the store's own clock: no process's clock is another's. */
  readonly age: number
}

/** The right to renew one key's token, for a while and for one holder at a time. */
export interface Lease {
  /** Greater than that of every earlier lease of the key. */
  readonly fence: number
  /**
   * Aborts once the lease is lost: it could not be renewed in time, as after a pause of the process. Looked at then, it is
   * aborted at once, though no timer had its turn yet.
   */
  readonly signal: AbortSignal
  /** Lets the next one have it. May be called again, and after it was lost. */
  release(): Promise<void>
}

/** What a write is conditional on. */
export interface CompareAndSetOptions {
  /** The version that was read, or undefined when there was no value. */
  readonly expectedVersion: string | undefined
  /** That of the writer's lease. */
  readonly fence: number
  /** Milliseconds after which the value may be forgotten. */
  readonly ttl: number
}

/**
 * Where managers that share an identity keep its tokens: those of one process, of one machine, or of a fleet. Keys are
 * hashes and values are opaque texts that hold secrets; a store that writes them anywhere seals them or says that it does not.
 *
 * Each method rejects with an `EverbearerError` when the store cannot be used or an argument is none (`invalid_option`), and
 * ends by its signal.
 */
export interface TokenStore {
  /** The value as it is now; undefined when there is none, or when its `ttl` is over. */
  get(key: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<StoredValue | undefined>
  /**
   * Writes, or with undefined removes, and says whether it did. It does not when the version is another than expected,
   * or when a lease with a higher fence was granted for the key since: what a holder writes that was paused comes too late.
   * When it resolves, the value is as safe as the store can make it.
   */
  compareAndSet(key: string, value: string | undefined, options: CompareAndSetOptions): Promise<boolean>
  /**
   * Grants the lease at once when nobody holds it. Otherwise waits until its holder has released it, lost it or died, and
   * then resolves with the lease or with undefined: all that waited look at the value then, and need not take turns.
   * It renews itself until it is released; a holder that cannot renew it for `ttl` milliseconds loses it.
   * Neither the wait nor the lease keeps the process alive: whoever waits for the token does.
   */
  lease(key: string, ttl: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<Lease | undefined>
}
