import { elapsedSince } from '../base/clock.js'
import type { Clock, Timer } from '../base/clock.js'
import type { Grant, TokenSet } from './grant.js'
import type { HeldToken } from './held-token.js'
import { publishFailure, release } from './store-access.js'
import type { StoreAccess } from './store-access.js'
import { writeTokens } from './stored-tokens.js'
import type { Lease } from './token-store.js'

/** Between two tries to store what the store would not take, in milliseconds. */
const WRITE_AGAIN = 1_000

/** What the server sent and the store has not taken yet. */
interface Pending {
  readonly held: HeldToken
  /** The version that it takes the place of. */
  readonly version: string | undefined
  /** Held on to: whoever had it would send what is used up. */
  readonly lease?: Lease | undefined
}

/** Owns what the server sent until the store has taken it, or has something newer. */
export class TokenWriter {
  readonly #grant: Grant
  readonly #store: StoreAccess
  readonly #clock: Clock
  readonly #timeout: number
  readonly #sessionTtl: number
  #pending: Pending | undefined
  #flushing: Promise<void> | undefined
  #timer: Timer | undefined

  constructor(
    grant: Grant,
    store: StoreAccess,
    { clock, timeout, sessionTtl }: { clock: Clock; timeout: number; sessionTtl: number },
  ) {
    this.#grant = grant
    this.#store = store
    this.#clock = clock
    this.#timeout = timeout
    this.#sessionTtl = sessionTtl
  }

  /** The tokens that the store has not taken yet. */
  get pending(): TokenSet | undefined {
    return this.#pending?.held.set
  }

  /** A response came after its flight had ended. It waits to be stored, unless a later one does already. */
  onLate(held: HeldToken, version: string | undefined): void {
    this.#pending ??= { held, version }
  }

  /** Removes the tokens, which were revoked. */
  async remove(lease: Lease, version: string): Promise<void> {
    await this.#store.write(undefined, { lease, version, ttl: this.#sessionTtl })
  }

  /** Releases a lease, unless it is held on to. */
  release(lease: Lease | undefined): void {
    if (this.#pending?.lease === undefined) release(lease)
  }

  /** The lease that is held on to, or a new one. */
  async lease(limit: number, signal: AbortSignal): Promise<Lease | undefined> {
    const held = this.#pending?.lease
    return held !== undefined && !held.signal.aborted ? held : this.#store.lease(limit, signal)
  }

  /** Returns whether the store has it now. It does not if another manager has written. */
  async write(held: HeldToken, lease: Lease, version: string | undefined): Promise<boolean> {
    try {
      const isWritten = await this.#store.write(this.#textOf(held), { lease, version, ttl: this.#ttlOf(held) })
      this.#pending = isWritten ? undefined : { held, version }
      return isWritten
    } catch (error) {
      if (!this.#grant.repeatable) {
        this.#pending = { held, version, lease }
        this.#flushLater()
        throw error
      }
      this.#store.onFailure(error)
      this.#pending = undefined
      return true
    }
  }

  /** Writes what is pending, within `limit` milliseconds. Rejects if the store still does not take it. */
  flush(limit = this.#timeout): Promise<void> {
    this.#timer?.clear()
    return (this.#flushing ??= this.#flush(limit).finally(() => (this.#flushing = undefined)))
  }

  /** Tries a last time, and lets go of the lease. */
  async close(): Promise<void> {
    await this.flush().catch(publishFailure)
    this.#timer?.clear()
    if (this.#pending === undefined) return
    const { held, version, lease } = this.#pending
    this.#pending = { held, version }
    release(lease)
  }

  async #flush(limit: number): Promise<void> {
    if (this.#pending === undefined) return
    const { held, version } = this.#pending
    // No caller's: what the server sent is to be stored, whoever has given up meanwhile.
    const { signal } = new AbortController()
    let lease: Lease | undefined
    try {
      lease = await this.lease(limit, signal)
      if (lease === undefined) return
      if (!this.#grant.repeatable) this.#pending = { held, version, lease }
      const found = await this.#store.read(signal)
      if (found !== undefined && found.version !== version) this.#pending = undefined
      else await this.write(held, lease, found?.version)
    } finally {
      if (this.#pending?.lease !== undefined) this.#flushLater()
      else release(lease)
    }
  }

  /** Also when nobody asks for a token: others wait for the lease. */
  #flushLater(): void {
    this.#timer?.clear()
    this.#timer = this.#clock.setTimeout(() => void this.flush().catch(publishFailure), WRITE_AGAIN)
  }

  #textOf({ set, requestedAt, isForRejection }: HeldToken): string {
    const credentials = this.#grant.credentials?.client
    return writeTokens(set, { requestedAt, isForRejection, clock: this.#clock, credentials })
  }

  /** A session outlives its access token. */
  #ttlOf({ set, requestedAt }: HeldToken): number {
    const { lifetime } = set.accessToken
    if (set.refreshToken !== undefined || lifetime === undefined) return this.#sessionTtl
    return Math.max(1, lifetime - elapsedSince(requestedAt, this.#clock))
  }
}
