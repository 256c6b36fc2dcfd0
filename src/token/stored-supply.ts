import { abortable } from '../base/abortable.js'
import { elapsedSince } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import { linkedSignal } from '../base/linked-signal.js'
import { telemetry } from '../base/telemetry.js'
import { askGrant } from './grant-attempts.js'
import type { GrantAnswer } from './grant-attempts.js'
import type { Grant, TokenSet } from './grant.js'
import { identityKey } from './identity-key.js'
import { freshness, refreshSchedule } from './refresh-schedule.js'
import { readTokens, writeTokens } from './stored-tokens.js'
import type { StoredTokens } from './stored-tokens.js'
import type { Supply, SupplyRequest, TokenSupply } from './token-supply.js'
import type { Lease, TokenStore } from './token-store.js'

const storeFailed = telemetry('everbearer:store-failed')

/** Shares of a flight's time: for a read or a write, and for the wait while somebody else renews. */
const OPERATION_SHARE = 0.2
const WAIT_SHARE = 0.5
/** A lease lasts half the time between "should be renewed" and the end of the token, so that a holder that was paused costs nobody a call. */
const LEASE_SHARE = 0.1
const LEASE_LEAST = 200
const LEASE_MOST = 10_000

/** What may be done now: nothing more to ask, or the right to ask, as the store was when it was granted. */
type Turn = { supply: Supply } | { lease: Lease | undefined; found: StoredTokens | undefined }

/** The lease went to somebody else before anything was sent. */
class LeaseLost extends Error {}

/**
 * Tokens that managers share through a store: one of them asks the server, under a lease, and the others take what it
 * wrote. The store is read again once the lease is held, because somebody may have been faster.
 *
 * A grant that spends what it asks with hands nothing out before the store has what took its place, and asks nothing
 * while the store fails. Any other goes on without it.
 */
export class StoredSupply implements TokenSupply {
  readonly #grant: Grant
  readonly #store: TokenStore
  readonly #key: string
  readonly #clock: Clock
  readonly #timeout: number
  readonly #sessionTtl: number
  #latest: TokenSet | undefined
  /** What the server gave and the store has not taken yet, and the version that it takes the place of. */
  #unsaved: { answer: GrantAnswer; version: string | undefined } | undefined
  #asking = false

  constructor(
    grant: Grant,
    store: TokenStore,
    { clock, timeout, sessionTtl }: { clock: Clock; timeout: number; sessionTtl: number },
  ) {
    this.#grant = grant
    this.#store = store
    this.#key = identityKey(grant.identity)
    this.#clock = clock
    this.#timeout = timeout
    this.#sessionTtl = sessionTtl
  }

  get spending(): boolean {
    return this.#asking && !this.#grant.repeatable
  }

  get unstored(): boolean {
    return this.#unsaved !== undefined
  }

  async obtain(request: SupplyRequest): Promise<Supply> {
    for (;;) {
      const turn = await this.#turn(request)
      if (turn === undefined) continue
      if ('supply' in turn) return turn.supply
      try {
        const supply = await this.#renew(turn, request)
        if (supply !== undefined) return supply
      } finally {
        turn.lease?.release().catch(publishFailure)
      }
    }
  }

  async latest(signal: AbortSignal): Promise<TokenSet | undefined> {
    const found = await this.#read(signal)
    return this.#unsaved?.answer.set ?? found?.set ?? this.#latest
  }

  async forget(signal: AbortSignal): Promise<void> {
    const lease = await this.#lease(signal, this.#timeout)
    try {
      const found = await this.#read(signal)
      // Another may be renewing: what it then writes was revoked with the rest, or is a new session.
      if (lease && found) await this.#write(undefined, { lease, version: found.version, ttl: LEASE_LEAST })
    } finally {
      lease?.release().catch(publishFailure)
    }
  }

  /** Undefined when somebody else held the lease until now. */
  async #turn({ unwanted, signal }: SupplyRequest): Promise<Turn | undefined> {
    const isWanted = ({ set, requestedAt }: StoredTokens) => {
      const { lifetime } = set.accessToken
      if (unwanted?.equals(set.accessToken)) return false
      return freshness(refreshSchedule(lifetime, 0), elapsedSince(requestedAt, this.#clock)) !== 'must-refresh'
    }
    let lease: Lease | undefined
    try {
      const before = await this.#read(signal)
      if (before && isWanted(before)) return { supply: { ...before, minted: false } }
      lease = await this.#lease(signal, this.#timeout * (this.#grant.repeatable ? WAIT_SHARE : 1))
      if (lease === undefined) return undefined
      const found = await this.#read(signal)
      const unsaved = this.#unsaved
      if (unsaved === undefined || (found !== undefined && found.version !== unsaved.version)) {
        this.#unsaved = undefined
        if (found === undefined || !isWanted(found)) return { lease, found }
        lease.release().catch(publishFailure)
        return { supply: { ...found, minted: false } }
      }
      await this.#save(unsaved.answer, lease, found?.version)
    } catch (cause) {
      if (signal.aborted || !this.#grant.repeatable) {
        lease?.release().catch(publishFailure)
        throw cause
      }
      publishFailure(cause)
      return { lease, found: undefined }
    }
    // What an earlier flight brought is stored now, or somebody else was faster: either is there to be read.
    lease.release().catch(publishFailure)
    return undefined
  }

  /** Asks the server. Undefined when the lease was lost: what is in the store then is to be looked at first. */
  async #renew({ lease, found }: Exclude<Turn, { supply: Supply }>, { signal, tries }: SupplyRequest) {
    const previous = found?.set ?? this.#latest
    const kept = {
      get latest() {
        // Looked at before each try: the shorter the time from here to the server, the better.
        if (lease?.signal.aborted) throw new LeaseLost()
        return previous
      },
    }
    this.#asking = true
    try {
      const asked = askGrant(this.#grant, { kept, signal, clock: this.#clock, tries }).then(withRefreshToken)
      void asked.then((answer) => (this.#latest = answer.set)).catch(() => undefined)
      const answer = await abortable(asked, signal).catch((error: unknown) => {
        // One that comes late all the same is for the next flight to store.
        void asked.then((late) => (this.#unsaved = { answer: late, version: found?.version })).catch(() => undefined)
        throw error
      })
      const supply = { set: answer.set, requestedAt: answer.requestedAt, minted: true }
      if (lease === undefined) return supply
      return (await this.#save(answer, lease, found?.version)) ? supply : undefined
    } catch (error) {
      if (error instanceof LeaseLost || (await this.#isOutdated(error, found, signal))) return undefined
      throw error
    } finally {
      this.#asking = false
    }
  }

  /** Whether it was refused because somebody else has spent it meanwhile, as after a pause of this process. */
  async #isOutdated(error: unknown, found: StoredTokens | undefined, signal: AbortSignal): Promise<boolean> {
    if (!(error instanceof TokenError && error.error === 'invalid_grant') || signal.aborted) return false
    const now = await this.#read(signal).catch(() => found)
    return now?.version !== found?.version
  }

  /** Whether the store has it now. */
  async #save(answer: GrantAnswer, lease: Lease, version: string | undefined): Promise<boolean> {
    const { set, requestedAt } = answer
    const { lifetime } = set.accessToken
    const lives = set.refreshToken !== undefined || lifetime === undefined
    const ttl = lives ? this.#sessionTtl : Math.max(1, lifetime - elapsedSince(requestedAt, this.#clock))
    try {
      const isWritten = await this.#write(writeTokens(set, requestedAt, this.#clock), { lease, version, ttl })
      this.#unsaved = isWritten ? undefined : { answer, version }
      return isWritten
    } catch (error) {
      if (!this.#grant.repeatable) {
        this.#unsaved = { answer, version }
        throw error
      }
      publishFailure(error)
      return true
    }
  }

  async #read(signal: AbortSignal): Promise<StoredTokens | undefined> {
    const value = await this.#within(OPERATION_SHARE * this.#timeout, signal, (signal) =>
      this.#store.get(this.#key, { signal }),
    )
    if (value === undefined) return undefined
    const found = readTokens(value, this.#clock, this.#grant.prover)
    this.#latest = found.set
    return found
  }

  async #write(
    value: string | undefined,
    { lease, version, ttl }: { lease: Lease; version: string | undefined; ttl: number },
  ): Promise<boolean> {
    const options = { expectedVersion: version, fence: lease.fence, ttl }
    // What the server gave is to be stored whoever has given up meanwhile.
    return this.#within(OPERATION_SHARE * this.#timeout, undefined, () =>
      this.#store.compareAndSet(this.#key, value, options),
    )
  }

  #lease(signal: AbortSignal, limit: number): Promise<Lease | undefined> {
    const lifetime = this.#latest?.accessToken.lifetime ?? Infinity
    const ttl = Math.min(Math.max(LEASE_SHARE * lifetime, LEASE_LEAST), LEASE_MOST)
    return this.#within(
      limit,
      signal,
      (signal) => this.#store.lease(this.#key, ttl, { signal }),
      (late) => void late?.release().catch(publishFailure),
    )
  }

  /** `onLate` is given what comes after the wait has ended. */
  async #within<Result>(
    limit: number,
    signal: AbortSignal | undefined,
    operation: (signal: AbortSignal) => Promise<Result>,
    onLate?: (result: Result) => void,
  ): Promise<Result> {
    const expiry = new AbortController()
    const timer = this.#clock.setTimeout(() => expiry.abort(tooSlow(limit)), limit)
    const link = linkedSignal([signal, expiry.signal])
    // A store is somebody else's: it may throw where it should reject.
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

/** The refresh token that a request was made with stays good when the answer brings no other (RFC 6749 section 6). */
function withRefreshToken(answer: GrantAnswer): GrantAnswer {
  const refreshToken = answer.set.refreshToken ?? answer.previous?.refreshToken
  return refreshToken === undefined ? answer : { ...answer, set: { ...answer.set, refreshToken } }
}

function publishFailure(cause: unknown): void {
  const { code, retryable } = asStoreError(cause)
  storeFailed.publish({ code, retryable })
}

function tooSlow(limit: number): TokenError {
  const message = `The token store did not answer within ${limit} ms.`
  return new TokenError('token_store_failed', message, { retryable: true, requestSent: false })
}

function asStoreError(cause: unknown): TokenError {
  if (cause instanceof TokenError) return cause
  if (cause instanceof EverbearerError) {
    const { code, message, retryable } = cause
    return new TokenError(code, message, { retryable, requestSent: false })
  }
  // A foreign error may quote what was to be stored: its name is all that is safe to pass on.
  const name = cause instanceof Error ? cause.name : typeof cause
  const message = `The token store failed with an error of its own (${name}): check that it can be reached and written.`
  return new TokenError('token_store_failed', message, { retryable: true, requestSent: false })
}
