import type { Clock, Timer } from '../base/clock.js'
import type { TokenError } from '../base/errors.js'
import type { AccessToken } from './access-token.js'
import { CoolDown } from './cool-down.js'
import { Flight } from './flight.js'
import type { FlightOptions } from './flight.js'
import type { Grant } from './grant.js'
import type { HeldToken, RefreshReason } from './held-token.js'
import { checkedGrant, closeSettings, managerSettings } from './manager-options.js'
import type { CloseOptions, ManagerSettings, TokenManagerOptions } from './manager-options.js'
import { nextToken } from './next-token.js'
import { isExpired, mustRefresh, shouldRefresh } from './refresh-schedule.js'
import { RejectionPause } from './rejection-pause.js'
import { Revocation } from './revocation.js'
import { StoredSupply } from './stored-supply.js'
import { closedError, expiredError, rejectedError, timeoutError, unavailableError } from './token-errors.js'
import { checkedWait } from './token-source.js'
import type { CheckedWait, GetTokenOptions, TokenSource } from './token-source.js'
import { publishFailure, publishRefresh, publishRejection } from './token-events.js'
import { tokenStatus } from './token-status.js'
import type { TokenStatus } from './token-status.js'
import { GrantSupply } from './grant-supply.js'
import type { FlightProgress, TokenSupply } from './token-supply.js'

/** Tries of one flight; after a failed flight the next one is a probe of a single try. */
const TRIES = 3

/**
 * Keeps one grant's access token fresh: requests it at first use, refreshes it before it expires, replaces it if an API
 * rejects it, and never has more than one token request under way.
 *
 * A caller's abort ends that caller's wait and nothing else. While the old token is valid, a failed refresh is invisible.
 * After that, calls fail at once during a cool-down (docs/defaults.md). No timer keeps the process alive.
 *
 * `getToken` rejects with {@link TokenError}: `token_denied`, `token_endpoint_unreachable`, `token_endpoint_timeout`,
 * `token_endpoint_failed`, `token_response_invalid`, `token_malformed` or `grant_failed` from a token request,
 * `token_unavailable` during a cool-down, `token_rejected` if the API keeps rejecting new tokens, `closed` after `close()`.
 *
 * @example
 * ```js
 * import { TokenManager, clientCredentials } from 'everbearer'
 *
 * const tokens = new TokenManager(
 *   clientCredentials({ tokenEndpoint: 'https://login.example.com/oauth/token', clientId: 'id', clientSecret: 'secret' }),
 * )
 * const token = await tokens.getToken()
 * console.log(token.lifetime) // milliseconds
 * await tokens.close()
 * ```
 */
export class TokenManager implements TokenSource, AsyncDisposable {
  readonly #settings: ManagerSettings
  readonly #clock: Clock
  readonly #flightOptions: FlightOptions
  readonly #coolDown: CoolDown
  readonly #rejectionPause: RejectionPause
  readonly #supply: TokenSupply
  #held: HeldToken | undefined
  #flight: Flight<AccessToken | undefined> | undefined
  #timer: Timer | undefined
  /** The last token that is not wanted any more: a store may still have it. */
  #dropped: AccessToken | undefined
  /** Counts invalidations: a flight that started before one lands with an access token that is not wanted any more. */
  #generation = 0
  #closing: Promise<void> | undefined
  readonly #revocation: Revocation

  constructor(grant: Grant, options: TokenManagerOptions = {}) {
    const settings = managerSettings(options)
    const { clock, store, timeout } = settings
    checkedGrant(grant, store)
    this.#settings = settings
    this.#clock = clock
    this.#flightOptions = { clock, timeout, onTimeout: () => timeoutError(timeout) }
    this.#supply = store ? new StoredSupply(grant, store, settings) : new GrantSupply(grant, clock)
    this.#revocation = new Revocation(this.#supply, grant, clock)
    this.#coolDown = new CoolDown(clock)
    this.#rejectionPause = new RejectionPause(clock)
  }

  current(): AccessToken | undefined {
    const held = this.#held
    return held && (held.useIfFresh() ?? this.#useStale(held))
  }

  /** A token that should be refreshed serves meanwhile, also while the server is backed off from. */
  #useStale(held: HeldToken): AccessToken | undefined {
    if (held.isBeingReplaced) return undefined
    const { schedule, age } = held
    if (!mustRefresh(schedule, age)) this.#refreshBehind()
    else if (isExpired(schedule, age) || this.#coolDown.remaining() === 0) return undefined
    return held.use()
  }

  #refreshBehind(): void {
    if (this.#flight === undefined && !this.#closing && this.#coolDown.remaining() === 0) this.#startFlight('schedule')
  }

  /** Whether only this manager's memory holds the refresh token. One that the server rejected is none. */
  get unstored(): boolean {
    return this.#supply.unstored && !this.#coolDown.isRejection
  }

  /** Returns what is known of the token and of the last token request. Holds no secret and requests nothing. */
  status(): TokenStatus {
    return tokenStatus(this.#held, this.#coolDown, this.#supply, this.#clock)
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    const held = this.#held
    return held && options === undefined && this.current() !== undefined ? held.promise : this.#wait(options)
  }

  async #wait(options: GetTokenOptions | undefined): Promise<AccessToken> {
    const { signal, rejected, minValidity } = checkedWait(options)
    signal?.throwIfAborted()
    if (rejected && this.#held) publishRejection(this.#held, rejected)
    let wait = { rejected, minValidity }
    for (;;) {
      const next = this.#next(wait)
      if (!(next instanceof Flight)) return next
      let token: AccessToken | undefined
      try {
        token = await next.join(signal)
      } catch (error) {
        // While the old token serves, no caller needs to know of a failed refresh.
        const valid = signal?.aborted ? undefined : this.current()
        if (valid === undefined || rejected?.equals(valid)) throw error
        return valid
      }
      // A server whose tokens are valid for less is not asked again for the same call.
      wait = { rejected, minValidity: 0 }
      // Discarded by invalidate(), or the very token that was rejected: look again.
      if (token === undefined || rejected?.equals(token)) continue
      if (this.#held?.token === token) this.#held.use()
      return token
    }
  }

  /** Drops the access token, and that of a flight under way. The next call asks the server; a refresh token is kept. */
  invalidate(): void {
    this.#generation += 1
    this.#drop()
    this.#timer?.clear()
  }

  #drop(): void {
    this.#dropped = this.#held?.token ?? this.#dropped
    this.#held = undefined
  }

  /** Forgets past failures and rejections: the next call asks the server at once. For after the cause was mended. */
  reset(): void {
    this.#coolDown.reset()
    this.#rejectionPause.reset()
    this.#held?.forgive()
  }

  /**
   * Ends all use: stops the timer, ends a flight (one that spends a credential is awaited, so that what it returns is
   * not lost), and rejects who waits and who comes later with `closed`. May be called again.
   *
   * With `revoke` the token is revoked at the server, within `timeout`; when that fails the manager is closed all the
   * same, and another `close({ revoke: true })` tries once more. {@link TokenError} `revocation_unsupported` when the
   * grant knows no way, and the manager then stays open.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { revoke } = closeSettings(options)
    if (revoke) this.#revocation.checkSupported()
    await (this.#closing ??= this.#close())
    if (revoke) await this.#revocation.run((work) => new Flight(work, this.#flightOptions))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /**
   * Returns the token to serve now, or the flight to wait for. Throws if there can be neither.
   *
   * A token serves until it expires, is rejected, or is valid for less than the caller needs. A flight starts if there is
   * none, unless the server is backed off from.
   */
  #next({
    rejected,
    minValidity,
  }: Pick<CheckedWait, 'rejected' | 'minValidity'>): AccessToken | Flight<AccessToken | undefined> {
    if (this.#closing) throw closedError()
    const held = this.#held
    const isRejected = rejected !== undefined && held !== undefined && held.token.equals(rejected)
    const token = isRejected ? undefined : this.current()
    if (token !== undefined && (minValidity === 0 || held?.isValidFor(minValidity))) return token
    if (isRejected) held.onRejected(this.#rejectionPause)
    if (this.#flight === undefined) {
      const coolDown = this.#coolDown.remaining()
      const pause = isRejected ? this.#rejectionPause.remaining() : 0
      if (pause > 0) throw rejectedError(pause)
      if (coolDown > 0) {
        if (token !== undefined) return token
        // While its replacement cannot succeed, a rejected token is worth nothing.
        if (isRejected && this.#coolDown.error?.retryable === false) this.#drop()
        throw unavailableError(coolDown, this.#coolDown.error)
      }
    }
    // A flight under way already replaces a rejected token.
    const flight = this.#flight ?? this.#startFlight(isRejected ? 'rejection' : held ? 'schedule' : 'first')
    if (isRejected) held.onReplacing()
    return flight
  }

  #startFlight(reason: RefreshReason): Flight<AccessToken | undefined> {
    this.#timer?.clear()
    const progress: FlightProgress = { cause: undefined }
    const options = { ...this.#flightOptions, onTimeout: () => timeoutError(this.#settings.timeout, progress.cause) }
    return (this.#flight = new Flight((signal) => this.#refresh(reason, signal, progress), options))
  }

  /** Everything that a flight does. Resolves with undefined if the access token is no longer wanted. */
  async #refresh(
    reason: RefreshReason,
    signal: AbortSignal,
    progress: FlightProgress,
  ): Promise<AccessToken | undefined> {
    const generation = this.#generation
    const startedAt = this.#clock.monotonic()
    try {
      if (this.#closing) throw closedError()
      const request = {
        unwanted: this.#held?.token ?? this.#dropped,
        isForRejection: reason === 'rejection',
        signal,
        progress,
        tries: this.#coolDown.isFailing ? 1 : TRIES,
        refreshAhead: this.#settings.refreshAhead,
      }
      const held = await nextToken(this.#supply, request, this.#clock)
      if (this.#closing || generation !== this.#generation) {
        this.#dropped = held.token
        return undefined
      }
      this.#hold(held)
      publishRefresh(held, reason, startedAt, this.#clock)
      return held.token
    } catch (error) {
      throw this.#closing ? closedError() : this.#fail(error)
    } finally {
      this.#flight = undefined
    }
  }

  #hold(held: HeldToken): void {
    const { schedule, age } = held
    if (isExpired(schedule, age)) throw expiredError()
    if (this.#coolDown.isFailing) this.#coolDown.reset()
    this.#held = held
    this.#armTimer(held, age)
  }

  /** Starts the cool-down. Returns the error for the callers, which says when to try again. */
  #fail(error: unknown): TokenError {
    const held = this.#held
    const failure = this.#coolDown.start(error, held?.longestPause)
    publishFailure(failure)
    if (held?.isBeingReplaced) {
      held.onNotReplaced()
      // A rejected token is worth serving again only while its replacement may yet succeed.
      if (!failure.retryable) this.#drop()
    }
    if (this.#held) this.#armTimer(this.#held, this.#held.age, failure.retryAfter)
    return failure
  }

  /** Wakes when the token should be refreshed, or after the cool-down, and looks at the clock again. No timer is running. */
  #armTimer(held: HeldToken, age: number, pause = 0): void {
    const { schedule } = held
    if (this.#settings.refresh === 'on-demand' || this.#closing) return
    if (isExpired(schedule, age) || schedule.expiresAt === Infinity) return
    const wait = Math.max(schedule.shouldRefreshAt - age, pause, 0)
    this.#timer = this.#clock.setTimeout(() => this.#onTimer(held), wait)
  }

  #onTimer(held: HeldToken): void {
    const { schedule, age } = held
    if (shouldRefresh(schedule, age)) {
      // A token that nobody used since it was requested is let go.
      if (!held.isUsed) return
      this.#refreshBehind()
    }
    // Too early: a timer holds 24 days at most, timers and clocks differ by a millisecond, or the clock was set back.
    if (this.#flight === undefined) this.#armTimer(held, age, this.#coolDown.remaining())
  }

  async #close(): Promise<void> {
    this.#timer?.clear()
    this.#held = undefined
    if (this.#supply.spending) await this.#flight?.join().catch(() => undefined)
    else this.#flight?.abort(closedError())
    await this.#supply.close()
  }
}
