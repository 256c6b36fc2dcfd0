import { abortable } from '../base/abortable.js'
import { delay, elapsedSince } from '../base/clock.js'
import type { Clock, Timer } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { AccessToken } from './access-token.js'
import { askGrant } from './grant-attempts.js'
import type { GrantResponse } from './grant-attempts.js'
import type { Grant, TokenSet } from './grant.js'
import { leaseTime } from './lease-time.js'
import { freshness, refreshSchedule } from './refresh-schedule.js'
import { publishFailure, release, StoreAccess } from './store-access.js'
import { StorePause } from './store-pause.js'
import { writeTokens } from './stored-tokens.js'
import type { StoredTokens } from './stored-tokens.js'
import { lateError } from './token-errors.js'
import type { Supply, SupplyRequest, TokenSupply } from './token-supply.js'
import type { Lease, TokenStore } from './token-store.js'

/** Share of a flight's time that is spent waiting while somebody else renews: the rest is for the server's answer. */
const WAIT_SHARE = 0.5
/** Share of it that who goes on alone waits first, at the most: a fleet that loses its store does not ask in one moment. */
const ALONE_SHARE = 0.05
/** Before a third look, twice as long before each later one, and each time up to twice that, in milliseconds. */
const LOOK_AGAIN = 10
const MAX_LOOK_AGAIN = 1_000
/** Between two tries to store what the store would not take, in milliseconds. */
const SAVE_AGAIN = 1_000

/** What may be done now: nothing more to ask; the right to ask, as the store was when it was granted; or to ask without it. */
type Turn = { supply: Supply } | { lease: Lease; found: StoredTokens | undefined } | 'alone'

type SuppliedResponse = GrantResponse & Pick<Supply, 'mintedForRejection'>

/** What the server gave and the store has not taken yet. */
interface Unsaved {
  readonly response: SuppliedResponse
  /** The version that it takes the place of. */
  readonly version: string | undefined
  /** Held on to: whoever had it would ask with what is spent. */
  readonly lease?: Lease
}

/** The lease went to somebody else before anything was sent. */
class LeaseLost extends Error {}

/**
 * Tokens that managers share through a store: one of them asks the server, under a lease, and the others take what it
 * wrote. The store is read again once the lease is held, because somebody may have been faster.
 *
 * A grant that spends what it asks with hands nothing out before the store has what took its place, and asks nothing
 * while the store fails. Any other goes on alone, and looks into the store again after a pause.
 */
export class StoredSupply implements TokenSupply {
  readonly #grant: Grant
  readonly #store: StoreAccess
  readonly #clock: Clock
  readonly #timeout: number
  readonly #sessionTtl: number
  readonly #pause: StorePause
  #latest: TokenSet | undefined
  #unsaved: Unsaved | undefined
  #saving: Promise<void> | undefined
  #saveTimer: Timer | undefined
  /** How many are asking: a flight that has ended may still be waited for by the one that stores what it brought. */
  #asking = 0

  constructor(
    grant: Grant,
    store: TokenStore,
    { clock, timeout, sessionTtl }: { clock: Clock; timeout: number; sessionTtl: number },
  ) {
    this.#grant = grant
    this.#store = new StoreAccess(store, grant, { clock, timeout })
    this.#clock = clock
    this.#timeout = timeout
    this.#sessionTtl = sessionTtl
    this.#pause = new StorePause(clock)
  }

  get spending(): boolean {
    return this.#asking > 0 && !this.#grant.repeatable
  }

  get unstored(): boolean {
    return this.#unsaved !== undefined || this.spending
  }

  async obtain(request: SupplyRequest): Promise<Supply> {
    const { signal } = request
    const startedAt = this.#clock.monotonic()
    // Jittered, so that those who wait for one holder do not all go on alone in one moment.
    const waitsUntil = startedAt + WAIT_SHARE * this.#timeout * (1 - this.#clock.random() / 2)
    for (let round = 1; ; round++) {
      // A store may say at once, and for ever, that it is to be looked at again: that must keep neither the process busy
      // nor the authorization server.
      if (round > 2) {
        const pause = Math.min(LOOK_AGAIN * 2 ** (round - 3), MAX_LOOK_AGAIN)
        await delay(this.#clock, pause * (1 + this.#clock.random()), { signal, keepAlive: false })
      }
      const turn = await this.#turn(request, waitsUntil)
      if (turn === undefined) continue
      if (turn === 'alone') return this.#renewAlone(request)
      if ('supply' in turn) return turn.supply
      if (!this.#grant.repeatable && this.#clock.monotonic() - startedAt > WAIT_SHARE * this.#timeout) {
        // Cut short, the request would spend what it was sent with for nothing.
        release(turn.lease)
        throw lateError(this.#timeout)
      }
      const supply = await this.#renew(turn, request)
      if (supply !== undefined) return supply
    }
  }

  async latest(signal: AbortSignal): Promise<TokenSet | undefined> {
    const found = await this.#read(signal)
    return this.#unsaved?.response.set ?? found?.set ?? this.#latest
  }

  async forget(signal: AbortSignal): Promise<void> {
    const lease = await this.#lease(signal, this.#timeout)
    try {
      const found = await this.#read(signal)
      // Without a lease somebody else has just renewed: what was stored is revoked with the rest, or is a new session.
      if (lease && found) await this.#store.write(undefined, { lease, version: found.version, ttl: this.#sessionTtl })
    } finally {
      release(lease)
    }
  }

  async close(): Promise<void> {
    await this.#saveUnsaved().catch(publishFailure)
    this.#saveTimer?.clear()
    if (this.#unsaved === undefined) return
    const { response, version, lease } = this.#unsaved
    this.#unsaved = { response, version }
    release(lease)
  }

  /** Undefined when the store is to be looked at again: somebody else held the lease until now. */
  async #turn({ unwanted, signal }: SupplyRequest, waitsUntil: number): Promise<Turn | undefined> {
    const { repeatable } = this.#grant
    if (repeatable && !this.#pause.isOver) return 'alone'
    const patience = () => (repeatable ? waitsUntil - this.#clock.monotonic() : this.#timeout)
    let lease: Lease | undefined
    try {
      if (this.#unsaved) await this.#saveUnsaved(patience())
      const before = await this.#read(signal)
      this.#pause.end()
      if (before && this.#serves(before, unwanted)) return { supply: { ...before, minted: false } }
      if (patience() <= 0) return 'alone'
      // Somebody else has it, and may bring what ours is to be compared with.
      if (this.#unsaved) return undefined
      lease = await this.#lease(signal, patience())
      if (lease === undefined) return undefined
      const found = await this.#read(signal)
      const supply = found && this.#serves(found, unwanted) ? { ...found, minted: false } : undefined
      // An answer that came late meanwhile has spent what was found.
      if (!supply && !this.#unsaved) return { lease, found }
      release(lease)
      return supply && { supply }
    } catch (cause) {
      release(lease)
      if (signal.aborted || !repeatable) throw cause
      publishFailure(cause)
      this.#pause.start()
      return 'alone'
    }
  }

  #serves({ set, requestedAt, isOwn }: StoredTokens, unwanted: AccessToken | undefined): boolean {
    if (!isOwn || this.#grant.fresh || unwanted?.equals(set.accessToken)) return false
    const age = elapsedSince(requestedAt, this.#clock)
    return freshness(refreshSchedule(set.accessToken.lifetime, 0), age) !== 'must-refresh'
  }

  /** Asks the server. Undefined when the lease was lost: what is in the store then is to be looked at first. */
  async #renew({ lease, found }: { lease: Lease; found: StoredTokens | undefined }, request: SupplyRequest) {
    this.#asking += 1
    try {
      const response = await this.#ask(found, request, () => {
        if (lease.signal.aborted) throw new LeaseLost()
      })
      return (await this.#save(response, lease, found?.version)) ? minted(response) : undefined
    } catch (error) {
      if (error instanceof LeaseLost || (await this.#isOutdated(error, found, request.signal))) return undefined
      throw error
    } finally {
      this.#asking -= 1
      if (this.#unsaved?.lease === undefined) release(lease)
    }
  }

  async #renewAlone(request: SupplyRequest): Promise<Supply> {
    const most = Math.min(ALONE_SHARE * this.#timeout, leaseTime(this.#latest?.accessToken.lifetime))
    const wait = most * this.#clock.random()
    if (wait > 0) await delay(this.#clock, wait, { signal: request.signal, keepAlive: false })
    return minted(await this.#ask(undefined, request))
  }

  /** `mayAsk` is called before each try, the shorter the time from there to the server the better. It throws to forbid it. */
  async #ask(found: StoredTokens | undefined, request: SupplyRequest, mayAsk?: () => void): Promise<SuppliedResponse> {
    const { signal, tries, forRejection } = request
    const grant = this.#grant
    const previous = found?.set ?? this.#latest
    const kept = {
      get latest() {
        mayAsk?.()
        return grant.fresh ? undefined : previous
      },
    }
    const asked = askGrant(grant, { kept, signal, clock: this.#clock, tries }).then((response) => {
      this.#latest = response.set
      return { ...response, mintedForRejection: forRejection }
    })
    return abortable(asked, signal).catch((error: unknown) => {
      // One that comes late all the same is for the next flight to store, unless a later one brought another.
      void asked.then((late) => (this.#unsaved ??= { response: late, version: found?.version })).catch(() => undefined)
      throw error
    })
  }

  /** Whether it was refused because somebody else has spent it meanwhile, as after a pause of this process. */
  async #isOutdated(error: unknown, found: StoredTokens | undefined, signal: AbortSignal): Promise<boolean> {
    if (!(error instanceof TokenError && error.error === 'invalid_grant') || signal.aborted) return false
    const now = await this.#read(signal).catch(() => found)
    return now?.version !== found?.version
  }

  /** Whether the store has it now. It does not when somebody else has written. */
  async #save(response: SuppliedResponse, lease: Lease, version: string | undefined): Promise<boolean> {
    const { set, requestedAt } = response
    const { lifetime } = set.accessToken
    const lives = set.refreshToken !== undefined || lifetime === undefined
    const ttl = lives ? this.#sessionTtl : Math.max(1, lifetime - elapsedSince(requestedAt, this.#clock))
    try {
      const text = writeTokens(set, { ...response, clock: this.#clock, credentials: this.#grant.credentials?.client })
      const isWritten = await this.#store.write(text, { lease, version, ttl })
      this.#unsaved = isWritten ? undefined : { response, version }
      return isWritten
    } catch (error) {
      if (!this.#grant.repeatable) {
        this.#unsaved = { response, version, lease }
        this.#saveLater()
        throw error
      }
      publishFailure(error)
      this.#unsaved = undefined
      return true
    }
  }

  /** Also when nobody asks for a token: others wait for the lease. */
  #saveLater(): void {
    this.#saveTimer?.clear()
    this.#saveTimer = this.#clock.setTimeout(() => void this.#saveUnsaved().catch(publishFailure), SAVE_AGAIN)
  }

  /** Rejects when the store still will not take it. */
  #saveUnsaved(patience = this.#timeout): Promise<void> {
    this.#saveTimer?.clear()
    return (this.#saving ??= this.#saveInPlace(patience).finally(() => (this.#saving = undefined)))
  }

  async #saveInPlace(patience: number): Promise<void> {
    if (this.#unsaved === undefined) return
    const { response, version } = this.#unsaved
    // No caller's: what the server gave is to be stored, whoever has given up meanwhile.
    const { signal } = new AbortController()
    let lease: Lease | undefined
    try {
      lease = await this.#lease(signal, patience)
      if (lease === undefined) return
      if (!this.#grant.repeatable) this.#unsaved = { response, version, lease }
      const found = await this.#read(signal)
      if (found !== undefined && found.version !== version) this.#unsaved = undefined
      else await this.#save(response, lease, found?.version)
    } finally {
      if (this.#unsaved?.lease !== undefined) this.#saveLater()
      else release(lease)
    }
  }

  async #read(signal: AbortSignal): Promise<StoredTokens | undefined> {
    const found = await this.#store.read(signal)
    this.#latest = found?.set ?? this.#latest
    return found
  }

  async #lease(signal: AbortSignal, limit: number): Promise<Lease | undefined> {
    const held = this.#unsaved?.lease
    if (held !== undefined && !held.signal.aborted) return held
    // Two that ask with what is spent by use end the session: better that all wait than that a busy process loses its lease.
    const lifetime = this.#grant.repeatable ? this.#latest?.accessToken.lifetime : undefined
    return this.#store.lease(leaseTime(lifetime), limit, signal)
  }
}

function minted(response: SuppliedResponse): Supply {
  return { ...response, minted: true }
}
