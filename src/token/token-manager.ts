import { abortable } from '../base/abortable.js'
import type { Clock, Timer } from '../base/clock.js'
import type { TokenError } from '../base/errors.js'
import { telemetry } from '../base/telemetry.js'
import type { AccessToken } from './access-token.js'
import { CoolDown } from './cool-down.js'
import { Flight } from './flight.js'
import type { Grant } from './grant.js'
import { HeldToken } from './held-token.js'
import type { MintReason } from './held-token.js'
import { checkedGrant, closeSettings, managerSettings } from './manager-options.js'
import type { CloseOptions, ManagerSettings, TokenManagerOptions } from './manager-options.js'
import { freshness } from './refresh-schedule.js'
import { RejectionPause } from './rejection-pause.js'
import { Revocation } from './revocation.js'
import { StoredSupply } from './stored-supply.js'
import { asTokenError, closedError, rejectedError, timeoutError, unavailableError } from './token-errors.js'
import { checkedWait } from './token-source.js'
import type { GetTokenOptions, TokenSource } from './token-source.js'
import { GrantSupply } from './token-supply.js'
import type { TokenSupply } from './token-supply.js'

const tokenMinted = telemetry('everbearer:token-minted')
const tokenAdopted = telemetry('everbearer:token-adopted')
const tokenFailed = telemetry('everbearer:token-failed')
const tokenRejected = telemetry('everbearer:token-rejected')

/** Tries of one flight; after a failed flight the next one is a probe of a single try. */
const TRIES = 3

/**
 * Keeps one grant's access token alive: fetches it on first use, renews it before it expires, exchanges it when an API
 * rejects it, and never has more than one token request under way, however many callers wait.
 *
 * - A caller's abort ends that caller's wait and nothing else.
 * - A failed renewal is invisible while the old token lives. After that, calls fail at once until the authorization
 *   server has been left alone for a while (see docs/defaults.md); they never sleep.
 * - It does no I/O before the first use, and no timer of its keeps the process alive.
 *
 * `getToken` rejects with {@link TokenError}: `token_denied`, `token_endpoint_unreachable`, `token_endpoint_timeout`,
 * `token_endpoint_failed`, `token_response_invalid`, `token_malformed` and `grant_failed` from a flight,
 * `token_unavailable` (with the flight's error as its cause) while the server is left alone, `token_rejected` when the
 * API keeps rejecting new tokens, `closed` after `close()`.
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
    const { clock, store } = settings
    checkedGrant(grant, store)
    this.#settings = settings
    this.#clock = clock
    this.#supply = store ? new StoredSupply(grant, store, settings) : new GrantSupply(grant, clock)
    this.#revocation = new Revocation(this.#supply, grant, clock)
    this.#coolDown = new CoolDown(clock)
    this.#rejectionPause = new RejectionPause(clock)
  }

  current(): AccessToken | undefined {
    const held = this.#held
    if (held === undefined || held.exchanging) return undefined
    const { age } = held
    const due = freshness(held.schedule, age)
    if (due === 'should-refresh') this.#refreshBehind()
    // What still lives is served while the server is left alone; otherwise callers wait for the new one.
    if (due === 'must-refresh' && (age >= held.schedule.expiresAt || this.#coolDown.remaining() === 0)) return undefined
    held.used = true
    return held.token
  }

  /**
   * Whether nothing but this manager's memory holds the refresh token: without it the session is lost. Once the server has
   * refused it (`invalid_grant`) there is none to lose.
   */
  get unstored(): boolean {
    return this.#supply.unstored && this.#coolDown.error?.error !== 'invalid_grant'
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    const held = this.#held
    return held && options === undefined && this.current() !== undefined ? held.promise : this.#wait(options)
  }

  async #wait(options: GetTokenOptions | undefined): Promise<AccessToken> {
    const { signal, rejected } = checkedWait(options)
    signal?.throwIfAborted()
    if (tokenRejected.hasSubscribers && this.#held && rejected?.equals(this.#held.token)) {
      tokenRejected.publish({ age: this.#held.age })
    }
    for (;;) {
      const next = this.#next(rejected)
      if (!(next instanceof Flight)) return next
      let token: AccessToken | undefined
      try {
        token = await next.join(signal)
      } catch (error) {
        // A failure is nobody's business while the old token serves.
        const living = signal?.aborted ? undefined : this.current()
        if (living === undefined || rejected?.equals(living)) throw error
        return living
      }
      // Discarded by invalidate(), or the very token that was rejected: look again.
      if (token === undefined || rejected?.equals(token)) continue
      if (this.#held?.token === token) this.#held.used = true
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
    if (this.#held) this.#held.mintedForRejection = false
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
    if (revoke) await this.#revocation.run((work) => this.#flightOf(work))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** The token to hand out now, or the flight to wait for. Throws when neither can be. */
  #next(rejected: AccessToken | undefined): AccessToken | Flight<AccessToken | undefined> {
    if (this.#closing) throw closedError()
    const held = this.#held
    if (rejected !== undefined && held?.token.equals(rejected)) return this.#exchange(held)
    const token = this.current()
    if (token !== undefined) return token
    return this.#flight ?? this.#askServer(held === undefined ? 'first' : 'schedule')
  }

  #exchange(held: HeldToken): Flight<AccessToken | undefined> {
    if (!held.rejected) {
      held.rejected = true
      this.#rejectionPause.onFirstRejection(held.mintedForRejection, held.age, held.schedule.expiresAt)
    }
    // A flight under way already replaces that token.
    const flight = this.#flight ?? this.#flyForRejection()
    held.exchanging = true
    return flight
  }

  #flyForRejection(): Flight<AccessToken | undefined> {
    const pause = this.#rejectionPause.remaining()
    if (pause > 0) throw rejectedError(pause)
    // While its exchange cannot succeed, a rejected token is worth nothing.
    if (this.#coolDown.remaining() > 0 && this.#coolDown.error?.retryable === false) this.#drop()
    return this.#askServer('rejection')
  }

  #refreshBehind(): void {
    if (this.#flight === undefined && !this.#closing && this.#coolDown.remaining() === 0) this.#fly('schedule')
  }

  #askServer(reason: MintReason): Flight<AccessToken | undefined> {
    const remaining = this.#coolDown.remaining()
    if (remaining > 0) throw unavailableError(remaining, this.#coolDown.error)
    return this.#fly(reason)
  }

  #fly(reason: MintReason): Flight<AccessToken | undefined> {
    this.#timer?.clear()
    return (this.#flight = this.#flightOf((signal) => this.#mint(reason, signal)))
  }

  #flightOf<Result>(work: (signal: AbortSignal) => Promise<Result>): Flight<Result> {
    const { timeout } = this.#settings
    return new Flight(work, { clock: this.#clock, timeout, onTimeout: () => timeoutError(timeout) })
  }

  /** A flight's whole way. Resolves with undefined when nobody wants the access token any more. */
  async #mint(reason: MintReason, signal: AbortSignal): Promise<AccessToken | undefined> {
    const generation = this.#generation
    const startedAt = this.#clock.monotonic()
    try {
      if (this.#closing) throw closedError()
      const tries = this.#coolDown.failing ? 1 : TRIES
      const unwanted = this.#held?.token ?? this.#dropped
      // A grant that ignores its signal must not hold the callers.
      const forRejection = reason === 'rejection'
      const supply = await abortable(this.#supply.obtain({ unwanted, forRejection, signal, tries }), signal)
      if (this.#closing || generation !== this.#generation) {
        this.#dropped = supply.set.accessToken
        return undefined
      }
      const held = new HeldToken(supply, this.#clock)
      this.#hold(held)
      const { lifetime } = held.token
      if (!supply.minted) tokenAdopted.publish({ lifetime, age: held.age, reason })
      else if (tokenMinted.hasSubscribers) {
        tokenMinted.publish({ lifetime, duration: this.#clock.monotonic() - startedAt, reason })
      }
      return held.token
    } catch (error) {
      throw this.#closing ? closedError() : this.#fail(asTokenError(error))
    } finally {
      this.#flight = undefined
      this.#armTimer()
    }
  }

  #hold(held: HeldToken): void {
    // A server that hands out the same token again is not asked again at once: three libraries ask it on every request.
    if (this.#held?.token.equals(held.token)) this.#coolDown.startForRepetition(held.schedule.expiresAt - held.age)
    else this.#coolDown.reset()
    this.#held = held
  }

  #fail(error: TokenError): TokenError {
    const coolDown = this.#coolDown.start(error)
    tokenFailed.publish({ code: error.code, retryable: error.retryable, coolDown })
    const held = this.#held
    if (held?.exchanging) {
      held.exchanging = false
      // A rejected token is worth serving again only while its exchange may yet succeed.
      if (!error.retryable) this.#drop()
    }
    return error
  }

  /** Wakes when the token should be renewed, or after the cool-down; each time it looks again at the clock. */
  #armTimer(): void {
    this.#timer?.clear()
    const held = this.#held
    if (this.#settings.refresh === 'on-demand' || this.#closing || held === undefined) return
    if (held.expired || held.schedule.expiresAt === Infinity) return
    const wait = Math.max(held.schedule.shouldRefreshAt - held.age, this.#coolDown.remaining(), 0)
    this.#timer = this.#clock.setTimeout(() => this.#onTimer(held), wait)
  }

  #onTimer(held: HeldToken): void {
    if (freshness(held.schedule, held.age) !== 'fresh') {
      // A token that nobody used since it was minted is let go.
      if (!held.used) return
      this.#refreshBehind()
    }
    // Too early: a timer holds 24 days at most, timers and clocks differ by a millisecond, or the clock was set back.
    if (this.#flight === undefined) this.#armTimer()
  }

  async #close(): Promise<void> {
    this.#timer?.clear()
    this.#held = undefined
    if (this.#supply.spending) await this.#flight?.join().catch(() => undefined)
    else this.#flight?.abort(closedError())
    await this.#supply.close()
  }
}
