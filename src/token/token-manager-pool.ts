import type { Clock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { checkMilliseconds, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { AccessToken } from './access-token.js'
import type { Grant, GrantIdentity } from './grant.js'
import { identityKey } from './identity-key.js'
import { checkedGrant, checkNamed, closeSettings, MANAGER_OPTIONS, managerSettings } from './manager-options.js'
import type { CloseOptions, TokenManagerOptions } from './manager-options.js'
import { closedError } from './token-errors.js'
import { TokenManager } from './token-manager.js'
import type { GetTokenOptions, TokenSource } from './token-source.js'

const TEN_MINUTES = 10 * 60_000

/** How {@link TokenManagerPool} behaves: as each manager of its own, and with a bound. */
export interface TokenManagerPoolOptions extends TokenManagerOptions {
  /** The most managers at a time. Default 1,000. */
  max?: number | undefined
  /** Milliseconds without a use after which a manager may be let go. Default 600,000 (10 minutes). */
  idle?: number | undefined
}

const NAMES: OptionNames<TokenManagerPoolOptions> = { ...MANAGER_OPTIONS, max: true, idle: true }

/** How many managers there are. */
export interface TokenManagerCounts {
  readonly managers: number
  /** Of these, those that may be let go. */
  readonly idle: number
  /** Of these, those that may not, whoever uses them: nothing but their memory holds the refresh token. */
  readonly pinned: number
}

interface Entry {
  readonly grant: Grant
  readonly manager: TokenManager
  /** By the monotonic clock. */
  usedAt: number
  waiting: number
}

/**
 * A manager for each identity, for a service with many tenants or users: grants of one identity that present the same
 * credentials share a manager and its tokens, and no other two share anything. At most `max` live at a time: one that was not used for `idle` milliseconds
 * makes room, and is made again at its next use without its source noticing. Never let go is one that somebody waits for,
 * or whose refresh token nothing but its memory holds; with a `store` that is hardly any.
 *
 * A source's `getToken` rejects as a {@link TokenManager}'s, and with {@link TokenError} `too_many_identities` when all
 * `max` are in use. Throws {@link EverbearerError} `invalid_option`.
 *
 * @example
 * ```js
 * import { clientCredentials, createFetch, TokenManagerPool } from 'everbearer'
 *
 * const managers = new TokenManagerPool({ max: 5_000 })
 * const fetchOf = (tenant) =>
 *   createFetch(
 *     managers.get(
 *       clientCredentials({
 *         tokenEndpoint: 'https://login.example.com/oauth/token',
 *         clientId: tenant.clientId,
 *         clientSecret: tenant.clientSecret,
 *       }),
 *     ),
 *     { origins: ['https://api.example.com'] },
 *   )
 * await fetchOf({ clientId: 'a', clientSecret: 'secret' })('https://api.example.com/things')
 * console.log(managers.counts) // { managers: 1, idle: 0, pinned: 0 }
 * await managers.close()
 * ```
 */
export class TokenManagerPool implements AsyncDisposable {
  readonly #options: TokenManagerOptions
  readonly #max: number
  readonly #idle: number
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  #closed = false

  constructor(options: TokenManagerPoolOptions = {}) {
    const { max = 1_000, idle = TEN_MINUTES, ...managers } = knownOptions(options, 'TokenManagerPool', NAMES)
    if (!Number.isSafeInteger(max) || max < 1) throw invalidOption('max', 'must be a whole number above 0')
    checkMilliseconds('idle', idle)
    this.#clock = managerSettings(managers).clock
    this.#options = managers
    this.#max = max
    this.#idle = idle
  }

  /**
   * The tokens of a grant's identity. Costs nothing until it is asked, and holds nothing but the grant. A grant that acts
   * for a user must name it (`subject`), and one that authenticates by a certificate too (`certificate`):
   * {@link EverbearerError} `invalid_option`.
   */
  get(grant: Grant): TokenSource {
    checkNamed(checkedGrant(grant))
    // Whoever knows a client's id, but not its secret, is not that client.
    const key = `${identityKey(grant.identity)} ${grant.credentials?.all.reveal() ?? ''}`
    return {
      current: () => this.#current(key, grant),
      getToken: (options) => this.#getToken(key, grant, options),
    }
  }

  /**
   * Closes the managers of an identity, such as that of a user who signs out. Sources of the identity that are used again get
   * a new manager.
   *
   * @param identity - The `identity` of a grant.
   * @param options - `revoke: true` revokes the tokens too. The managers stay if that fails.
   * @returns Whether there was a manager.
   * @throws TokenError as `TokenManager.close`
   */
  async delete(identity: GrantIdentity, options: CloseOptions = {}): Promise<boolean> {
    closeSettings(options)
    const prefix = `${identityKey(identity)} `
    const entries = [...this.#entries].filter(([key]) => key.startsWith(prefix))
    for (const [key, entry] of entries) {
      await entry.manager.close(options)
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    }
    return entries.length > 0
  }

  /** How many managers live now. */
  get counts(): TokenManagerCounts {
    const entries = [...this.#entries.values()]
    return {
      managers: entries.length,
      idle: entries.filter((entry) => this.#mayGo(entry)).length,
      pinned: entries.filter(({ manager }) => manager.unstored).length,
    }
  }

  /**
   * Closes all managers, as {@link TokenManager.close} does. Whatever a revocation comes to, all are closed; then it
   * rejects with the first error.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { revoke } = closeSettings(options)
    this.#closed = true
    const closing = [...this.#entries.values()].map(async ({ manager }) => {
      try {
        await manager.close({ revoke })
      } finally {
        // One that knows no way to revoke has stayed open.
        await manager.close()
      }
    })
    const failures = (await Promise.allSettled(closing)).filter((result) => result.status === 'rejected')
    for (const { reason } of failures) throw reason
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #current(key: string, grant: Grant): AccessToken | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || isSuperseded(entry, grant)) return undefined
    entry.usedAt = this.#clock.monotonic()
    return entry.manager.current()
  }

  async #getToken(key: string, grant: Grant, options: GetTokenOptions | undefined): Promise<AccessToken> {
    for (;;) {
      const entry = this.#entryOf(key, grant)
      entry.waiting += 1
      try {
        return await entry.manager.getToken(options)
      } catch (error) {
        // A new sign-in took its place while we waited.
        const isReplaced = !this.#closed && this.#entries.get(key) !== entry
        if (!(isReplaced && error instanceof TokenError && error.code === 'closed')) throw error
      } finally {
        entry.waiting -= 1
        entry.usedAt = this.#clock.monotonic()
      }
    }
  }

  #entryOf(key: string, grant: Grant): Entry {
    if (this.#closed) throw closedError()
    const known = this.#entries.get(key)
    if (known !== undefined && !isSuperseded(known, grant)) return known
    if (known !== undefined) this.#letGo(key, known)
    else if (this.#entries.size >= this.#max) this.#makeRoom()
    const manager = new TokenManager(grant, this.#options)
    const entry = { grant, manager, usedAt: this.#clock.monotonic(), waiting: 0 }
    this.#entries.set(key, entry)
    return entry
  }

  #letGo(key: string, { manager }: Entry): void {
    this.#entries.delete(key)
    void manager.close()
  }

  #makeRoom(): void {
    let wait = Infinity
    for (const [key, entry] of this.#entries) {
      if (this.#mayGo(entry)) {
        this.#letGo(key, entry)
      } else if (!entry.manager.unstored) {
        wait = Math.min(wait, Math.max(1, this.#idle - this.#unusedFor(entry)))
      }
    }
    if (this.#entries.size >= this.#max) throw fullError(this.#max, this.#idle, wait)
  }

  #mayGo(entry: Entry): boolean {
    return entry.waiting === 0 && this.#unusedFor(entry) >= this.#idle && !entry.manager.unstored
  }

  #unusedFor({ usedAt }: Entry): number {
    return this.#clock.monotonic() - usedAt
  }
}

/** A new sign-in goes before the session that there is. */
function isSuperseded(entry: Entry, grant: Grant): boolean {
  return entry.grant !== grant && grant.fresh?.() === true
}

function fullError(max: number, idle: number, wait: number): TokenError {
  const [what, mend] =
    wait < Infinity
      ? [`were in use within the last ${idle} ms`, 'raise max, or lower idle']
      : ['hold a refresh token that is stored nowhere else', 'give a store, or raise max']
  const message = `All ${max} managers ${what}: ${mend}.`
  const details = { retryable: true, requestSent: false, ...(wait < Infinity && { retryAfter: Math.ceil(wait) }) }
  return new TokenError('too_many_identities', message, details)
}
