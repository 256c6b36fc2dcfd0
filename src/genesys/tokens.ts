import { ApiError } from '../base/errors.js'
import { checkSignal, knownOptions } from '../base/options.js'
import { TokenManager } from '../token/token-manager.js'
import type { TokenSource } from '../token/token-source.js'
import { tokenInfo } from './models/tokens.js'
import type { TokenInfo } from './models/tokens.js'
import { CHECK_PATIENCE } from '../platform/session.js'
import type { GenesysSession } from './session.js'
import type { TokenRevocation } from './token-revocation.js'

/** What the calls of {@link Tokens} are told. */
export interface TokenCallOptions {
  signal?: AbortSignal | undefined
}

/** The token of the session. */
export class Tokens {
  readonly #session: GenesysSession
  readonly #source: TokenSource
  readonly #revocation: TokenRevocation

  constructor(session: GenesysSession, source: TokenSource, revocation: TokenRevocation) {
    this.#session = session
    this.#source = source
    this.#revocation = revocation
  }

  /**
   * Whether the API takes the session's token (`HEAD /api/v2/tokens/me`): false when it answers 401 to that one and to
   * the one that took its place, or to every token because the address is not allowed. Which of these it is, and what
   * to do, {@link GenesysCloud.verify} tells. Needs no permission.
   *
   * Throws {@link TokenError} when no token can be had, {@link ApiError} for any other failure, and
   * {@link EverbearerError} `invalid_option`.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * console.log(await genesys.tokens.check()) // true
   * await genesys.close()
   * ```
   */
  async check(options: TokenCallOptions = {}): Promise<boolean> {
    const { signal } = checkedOptions(options, 'tokens.check')
    try {
      await this.#session.client.request('HEAD', '/api/v2/tokens/me', { patience: CHECK_PATIENCE, signal })
      return true
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false
      throw error
    }
  }

  /**
   * What Genesys knows of the session's token: its organization, its OAuth client, and when it idles out
   * (`GET /api/v2/tokens/me?preserveIdleTTL=true`, so asking does not put that off). Needs no permission. There is no
   * user in it when the token is an OAuth client's own.
   *
   * Throws {@link TokenError}, {@link ApiError}, {@link SchemaError}, or {@link EverbearerError} `invalid_option`.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const { organization, OAuthClient } = await genesys.tokens.me()
   * console.log(organization?.name, OAuthClient?.name)
   * await genesys.close()
   * ```
   */
  async me(options: TokenCallOptions = {}): Promise<TokenInfo> {
    const { signal } = checkedOptions(options, 'tokens.me')
    const { client, validate } = this.#session
    const query = { preserveIdleTTL: true }
    return client.request('GET', '/api/v2/tokens/me', { query, schema: tokenInfo[validate], signal })
  }

  /**
   * Revokes the token in use, and no other (`DELETE /api/v2/tokens/me`); one that is dead already is as good. The next
   * request gets a new token, and requests under way are sent again with it. Needs no permission. To revoke the last
   * token at the end of the work, `close({ revoke: true })`.
   *
   * When it fails the token is still in use: call it again. `close()` does not end it. A token that was handed in by
   * `tokens` is revoked for everybody who uses it; a source that is no {@link TokenManager} learns of it by the next 401.
   *
   * Throws {@link ApiError}, {@link TokenError} when there is no token and none can be had, or {@link EverbearerError}
   * `invalid_option`.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * await genesys.tokens.check()
   * await genesys.tokens.revoke() // it got into a log, say
   * await genesys.close()
   * ```
   */
  async revoke(options: TokenCallOptions = {}): Promise<void> {
    const { signal } = checkedOptions(options, 'tokens.revoke')
    const source = this.#source
    const token = await source.getToken({ signal })
    await this.#revocation(token, signal)
    // Unless the 401 of another request has set off its exchange meanwhile.
    if (source instanceof TokenManager && source.current()?.equals(token)) source.invalidate()
  }
}

function checkedOptions(options: TokenCallOptions, whose: string): TokenCallOptions {
  const own = knownOptions(options, whose, { signal: true })
  checkSignal(own.signal)
  return own
}
