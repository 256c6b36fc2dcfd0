import { abortable } from '../base/abortable.js'
import { delay, elapsedSince } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { AccessToken } from './access-token.js'
import { Backoff } from './backoff.js'
import type { Grant, TokenSet } from './grant.js'
import { HeldToken } from './held-token.js'
import { mustRefresh, refreshSchedule } from './refresh-schedule.js'
import { requestTokens } from './request-tokens.js'
import { rescuedToken } from './rescued-token.js'
import { publishFailure, release, StoreAccess } from './store-access.js'
import type { StoredTokens } from './stored-tokens.js'
import { isRejection, leaseError } from './token-errors.js'
import type { SupplyRequest, TokenSupply } from './token-supply.js'
import type { Lease, TokenStore } from './token-store.js'
import { TokenWriter } from './token-writer.js'

/** Share of a flight's time that is spent waiting while another manager refreshes: the rest is for the server's response. */
const WAIT_SHARE = 0.5
/** Share of it that a manager without the store waits first, at most: a fleet that loses its store does not ask in one moment. */
const ALONE_SHARE = 0.05
/** Before a third look into the store and each later one; each wait is up to twice that. */
const LOOK_AGAIN = { first: 10, max: 1_000 }
/** After a failure of the store. At least half of it is waited for: a fleet does not come back to it in one moment. */
const STORE_PAUSE = { first: 1_000, max: 10_000 }

/** What may be done now: nothing more; a request under a lease, as the store was when it was granted; or one without it. */
type Turn = { held: HeldToken } | { lease: Lease; found: StoredTokens | undefined } | 'alone'

/** The lease went to another manager before anything was sent. */
class LeaseLost extends Error {}

/**
 * Tokens that managers share through a store: one of them requests, under a lease, and the others take what it wrote. The
 * store is read again once the lease is held, because another manager may have been faster.
 *
 * If the grant uses up what it sends, no token is returned before the store has what took its place, and none is requested
 * while the store fails. Any other grant continues without the store, and looks into it again after a pause.
 */
export class StoredSupply implements TokenSupply {
  readonly #grant: Grant
  readonly #store: StoreAccess
  readonly #writer: TokenWriter
  readonly #clock: Clock
  readonly #timeout: number
  readonly #storePause: Backoff
  /** How many requests are under way: a flight that has ended may still be waited for by the one that stores its tokens. */
  #requests = 0

  constructor(
    grant: Grant,
    store: TokenStore,
    { clock, timeout, sessionTtl }: { clock: Clock; timeout: number; sessionTtl: number },
  ) {
    this.#grant = grant
    this.#store = new StoreAccess(store, grant, { clock, timeout })
    this.#writer = new TokenWriter(grant, this.#store, { clock, timeout, sessionTtl })
    this.#clock = clock
    this.#timeout = timeout
    this.#storePause = new Backoff(clock)
  }

  get spending(): boolean {
    return this.#requests > 0 && !this.#grant.repeatable
  }

  get unstored(): boolean {
    return this.#writer.pending !== undefined || this.spending
  }

  get isStored(): boolean {
    return this.#store.isStored && !this.unstored
  }

  async obtain(request: SupplyRequest): Promise<HeldToken> {
    const { signal } = request
    const startedAt = this.#clock.monotonic()
    // Jittered, so that those who wait for one holder do not all continue alone in one moment.
    const waitsUntil = startedAt + WAIT_SHARE * this.#timeout * (1 - this.#clock.random() / 2)
    const looks = new Backoff(this.#clock)
    for (let round = 1; ; round++) {
      // A store may say at once, and for ever, that it is to be looked at again: that must keep neither the process busy
      // nor the authorization server.
      if (round > 2) {
        const wait = looks.grow(LOOK_AGAIN) * (1 + this.#clock.random())
        await delay(this.#clock, wait, { signal, keepAlive: false })
      }
      const turn = await this.#turn(request, waitsUntil)
      if (turn === undefined) continue
      if (turn === 'alone') return this.#requestAlone(request)
      if ('held' in turn) return turn.held
      if (!this.#grant.repeatable && this.#clock.monotonic() - startedAt > WAIT_SHARE * this.#timeout) {
        // Cut short, the request would use up what it was sent with for nothing.
        release(turn.lease)
        throw leaseError(this.#timeout)
      }
      const held = await this.#requestUnderLease(turn, request)
      if (held !== undefined) return held
    }
  }

  async latest(signal: AbortSignal): Promise<TokenSet | undefined> {
    const found = await this.#store.read(signal)
    return this.#writer.pending ?? found?.set ?? this.#store.latest
  }

  async forget(signal: AbortSignal): Promise<void> {
    const lease = await this.#writer.lease(this.#timeout, signal)
    try {
      const found = await this.#store.read(signal)
      // Without a lease another manager has just refreshed: what was stored is revoked with the rest, or is a new session.
      if (lease && found) await this.#writer.remove(lease, found.version)
    } finally {
      release(lease)
    }
  }

  close(): Promise<void> {
    return this.#writer.close()
  }

  /** Undefined when the store is to be looked at again: another manager held the lease until now. */
  async #turn(request: SupplyRequest, waitsUntil: number): Promise<Turn | undefined> {
    const { unwanted, signal, progress } = request
    const { repeatable } = this.#grant
    if (repeatable && this.#storePause.remaining() > 0) return 'alone'
    const patience = () => (repeatable ? waitsUntil - this.#clock.monotonic() : this.#timeout)
    let lease: Lease | undefined
    try {
      if (this.#writer.pending) await this.#writer.flush(patience())
      const before = await this.#store.read(signal)
      this.#storePause.reset()
      if (before && this.#serves(before, unwanted)) return { held: this.#adopt(before, request) }
      if (patience() <= 0) return 'alone'
      // Another manager has it, and may bring what ours is to be compared with.
      if (this.#writer.pending) return undefined
      progress.cause = leaseError(this.#timeout)
      lease = await this.#writer.lease(patience(), signal)
      progress.cause = lease === undefined ? progress.cause : undefined
      if (lease === undefined) return undefined
      const found = await this.#store.read(signal)
      const held = found && this.#serves(found, unwanted) ? this.#adopt(found, request) : undefined
      // A response that came late meanwhile has used up what was found.
      if (!held && !this.#writer.pending) return { lease, found }
      release(lease)
      return held && { held }
    } catch (cause) {
      release(lease)
      if (signal.aborted || !repeatable || isMissing(cause)) throw cause
      this.#store.onFailure(cause)
      this.#storePause.pause((this.#storePause.grow(STORE_PAUSE) * (1 + this.#clock.random())) / 2)
      return 'alone'
    }
  }

  #serves({ set, requestedAt, isOwn }: StoredTokens, unwanted: AccessToken | undefined): boolean {
    if (!isOwn || this.#grant.fresh?.() || unwanted?.equals(set.accessToken)) return false
    return !mustRefresh(refreshSchedule(set.accessToken.lifetime, 0), elapsedSince(requestedAt, this.#clock))
  }

  #adopt(found: StoredTokens, { refreshAhead }: SupplyRequest): HeldToken {
    return new HeldToken(found.set, { ...found, isAdopted: true, isRepeated: false, refreshAhead }, this.#clock)
  }

  /** Undefined when the lease was lost: what is in the store then is to be looked at first. */
  async #requestUnderLease(
    { lease, found }: { lease: Lease; found: StoredTokens | undefined },
    request: SupplyRequest,
  ): Promise<HeldToken | undefined> {
    this.#requests += 1
    try {
      const held = await this.#request(found, request, () => {
        if (lease.signal.aborted) throw new LeaseLost()
      })
      return (await this.#writer.write(held, lease, found?.version)) ? held : undefined
    } catch (error) {
      const rescued = rescuedToken(error, this.#store.latest, this.#clock)
      if (rescued !== undefined) await this.#writer.write(rescued, lease, found?.version).catch(publishFailure)
      if (error instanceof LeaseLost || (await this.#isOutdated(error, found, request.signal))) return undefined
      throw error
    } finally {
      this.#requests -= 1
      this.#writer.release(lease)
    }
  }

  async #requestAlone(request: SupplyRequest): Promise<HeldToken> {
    const most = Math.min(ALONE_SHARE * this.#timeout, this.#store.leaseTime())
    const wait = most * this.#clock.random()
    if (wait > 0) await delay(this.#clock, wait, { signal: request.signal, keepAlive: false })
    return this.#request(undefined, request)
  }

  /** `mayRequest` is called before each try, the shorter the time from there to the server the better. It throws to forbid it. */
  async #request(found: StoredTokens | undefined, request: SupplyRequest, mayRequest?: () => void): Promise<HeldToken> {
    const grant = this.#grant
    const store = this.#store
    const previous = found?.set ?? store.latest
    const memory = {
      get latest() {
        mayRequest?.()
        return grant.fresh?.() ? undefined : previous
      },
      keep: (set: TokenSet) => store.remember(set),
    }
    const requested = requestTokens(grant, request, memory, this.#clock)
    return abortable(requested, request.signal).catch((error: unknown) => {
      // One that comes late all the same is for the next flight to store, unless a later one brought another.
      const onLate = (late: HeldToken | undefined) => late && this.#writer.onLate(late, found?.version)
      void requested.then(onLate, (late: unknown) => onLate(rescuedToken(late, previous, this.#clock)))
      throw error
    })
  }

  /** Whether it was refused because another manager has used it up meanwhile, as after a pause of this process. */
  async #isOutdated(error: unknown, found: StoredTokens | undefined, signal: AbortSignal): Promise<boolean> {
    if (!isRejection(error) || signal.aborted) return false
    const now = await this.#store.read(signal).catch(() => found)
    return now?.version !== found?.version
  }
}

/** What the store needs is not installed: it will never work, whatever the grant. */
function isMissing(cause: unknown): boolean {
  return cause instanceof TokenError && cause.code === 'dependency_missing'
}
