import { abortable } from '../base/abortable.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import type { TokenErrorCode } from '../base/errors.js'
import { linkedSignal } from '../base/linked-signal.js'
import type { Secret } from '../base/secret.js'
import { telemetry } from '../base/telemetry.js'
import type { Grant, TokenSet } from './grant.js'
import { identityKey } from './identity-key.js'
import type { Prover } from './prover.js'
import { readTokens } from './stored-tokens.js'
import type { StoredTokens } from './stored-tokens.js'
import type { Lease, TokenStore } from './token-store.js'

const storeFailed = telemetry('everbearer:store-failed')
const warned = new WeakSet<TokenStore>()

/** Half the time between "should be refreshed" and the end of a token: a holder that was paused costs nobody a call. */
const LEASE_SHARE = 0.1
const MIN_LEASE = 200
const MAX_LEASE = 10_000

/** Share of a flight's time that a read or a write may take. */
const OPERATION_SHARE = 0.2
/** Who can go on alone need not wait for a store that hangs. A write is waited for by nobody else, and a disk may be slow. */
const FORGIVING_READ_SHARE = 0.1

/**
 * One grant's place in a store, which is somebody else's code: whatever it does, each operation ends in time, and with
 * {@link TokenError} `token_store_failed`, `token_store_corrupt`, or the signal's reason when it fails.
 */
export class StoreAccess {
  readonly #store: TokenStore
  readonly #key: string
  readonly #reader: { prover: Prover | undefined; credentials: Secret | undefined }
  readonly #clock: Clock
  readonly #readLimit: number
  readonly #writeLimit: number
  readonly #isRepeatable: boolean
  #latest: TokenSet | undefined
  #isStored = false

  /** `timeout` is a flight's, in milliseconds. */
  constructor(store: TokenStore, grant: Grant, { clock, timeout }: { clock: Clock; timeout: number }) {
    this.#store = store
    this.#key = identityKey(grant.identity)
    this.#reader = { prover: grant.prover, credentials: grant.credentials?.client }
    this.#clock = clock
    this.#readLimit = (grant.repeatable ? FORGIVING_READ_SHARE : OPERATION_SHARE) * timeout
    this.#writeLimit = OPERATION_SHARE * timeout
    this.#isRepeatable = grant.repeatable
  }

  /** The last tokens that the store had or that the server sent. */
  get latest(): TokenSet | undefined {
    return this.#latest
  }

  /** Whether the store had the latest tokens when it was last asked. */
  get isStored(): boolean {
    return this.#isStored
  }

  /** The server sent these. */
  remember(set: TokenSet): void {
    this.#latest = set
    this.#isStored = false
  }

  async read(signal: AbortSignal): Promise<StoredTokens | undefined> {
    const value = await this.#within(this.#readLimit, signal, (signal) => this.#store.get(this.#key, { signal }))
    const found = value && readTokens(value, this.#clock, this.#reader)
    this.#latest = found?.set ?? this.#latest
    this.#isStored = found !== undefined
    return found
  }

  /** Whether it was written. No signal ends it: what a server gave is to be stored, whoever has given up meanwhile. */
  async write(
    value: string | undefined,
    { lease, version, ttl }: { lease: Lease; version: string | undefined; ttl: number },
  ): Promise<boolean> {
    const options = { expectedVersion: version, fence: lease.fence, ttl }
    const write = () => this.#store.compareAndSet(this.#key, value, options)
    const isWritten = await this.#within(this.#writeLimit, undefined, write)
    if (isWritten) this.#isStored = value !== undefined
    return isWritten
  }

  /** Publishes a failure that costs no call. The first one of a store is a warning too: nobody may listen. */
  onFailure(cause: unknown): void {
    publishFailure(cause)
    if (warned.has(this.#store)) return
    warned.add(this.#store)
    const { message } = asStoreError(cause)
    process.emitWarning(
      `${message} Tokens are requested without it meanwhile (everbearer:store-failed tells of each failure).`,
      {
        type: 'EverbearerWarning',
        code: 'EVERBEARER_STORE_FAILED',
      },
    )
  }

  /** Waits for a lease for at most `limit` milliseconds. */
  lease(limit: number, signal: AbortSignal): Promise<Lease | undefined> {
    const ttl = this.leaseTime()
    return this.#within(limit, signal, (signal) => this.#store.lease(this.#key, ttl, { signal }), release)
  }

  /**
   * Returns the milliseconds that a lease is taken for: by the lifetime of the tokens, and the longest if a refresh token is
   * used up. Two that use one up end the session: better that all wait than that a busy process loses its lease.
   */
  leaseTime(): number {
    const lifetime = this.#isRepeatable ? this.#latest?.accessToken.lifetime : undefined
    return Math.min(Math.max(LEASE_SHARE * (lifetime ?? Infinity), MIN_LEASE), MAX_LEASE)
  }

  /** `onLate` is given what comes after the wait has ended. */
  async #within<Result>(
    limit: number,
    signal: AbortSignal | undefined,
    operation: (signal: AbortSignal) => Promise<Result>,
    onLate?: (result: Result) => void,
  ): Promise<Result> {
    const expiry = new AbortController()
    const expire = () => expiry.abort(slowError(limit))
    // A process that was too busy finds its timer and an answer due at the same moment: it is the answer that counts.
    let timer = this.#clock.setTimeout(() => (timer = this.#clock.setTimeout(expire, 1)), limit)
    const link = linkedSignal([signal, expiry.signal])
    // It may throw where it should reject.
    const work = Promise.resolve(link.signal).then(operation)
    try {
      return await abortable(work, link.signal)
    } catch (error) {
      if (onLate) void work.then(onLate).catch(() => undefined)
      throw signal?.aborted ? error : asStoreError(error)
    } finally {
      timer.clear()
      link.unlink()
    }
  }
}

/** Nobody waits for it, and its failure is only told: the store ends the lease by itself. */
export function release(lease: Lease | undefined): void {
  lease?.release().catch(publishFailure)
}

export function publishFailure(cause: unknown): void {
  const { code, retryable, message } = asStoreError(cause)
  storeFailed.publish({ code, retryable, message })
}

function slowError(limit: number): TokenError {
  const message = `The token store did not answer within ${limit} ms.`
  return new TokenError('token_store_failed', message, { retryable: true, requestSent: false })
}

function asStoreError(cause: unknown): TokenError {
  if (cause instanceof TokenError) return cause
  if (cause instanceof EverbearerError) {
    // Of a store: no API has a part in it.
    const { code, message, retryable } = cause
    return new TokenError(code as TokenErrorCode, message, { retryable, requestSent: false })
  }
  // A foreign error may quote what was to be stored: its name is all that is safe to pass on.
  const name = cause instanceof Error ? cause.name : typeof cause
  const message = `The token store failed with an error of its own (${name}): check that it can be reached and written.`
  return new TokenError('token_store_failed', message, { retryable: true, requestSent: false })
}
