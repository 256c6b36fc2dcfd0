import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'

import { isBearerToken } from '../base/bearer-token.js'
import { TokenError } from '../base/errors.js'
import { ownOptions } from '../base/options.js'
import { Secret } from '../base/secret.js'

const MALFORMED =
  'The access token holds characters that may not stand in an Authorization header (RFC 6750 section 2.1), such as a ' +
  'space or a line break: trim it, and leave out `Bearer`.'

/** What an access token is made of. */
export interface AccessTokenInit {
  /** Milliseconds from the moment the request for it was sent; absent when the server named none. */
  lifetime?: number | undefined
  /** The granted scope, where the server names it. */
  scope?: readonly string[] | undefined
}

/**
 * An immutable access token that can be stamped on a request: its value fits a header by construction, and never shows
 * when the token is printed, cloned or turned into JSON.
 *
 * Throws {@link TokenError} `token_malformed` when the value is no string, or not a token68 (RFC 6750 section 2.1).
 *
 * @example
 * ```js
 * import { AccessToken } from 'everbearer'
 *
 * const token = new AccessToken('mF_9.B5f-4.1JqM', { lifetime: 3_600_000 })
 * const headers = { authorization: token.authorization } // 'Bearer mF_9.B5f-4.1JqM'
 * ```
 */
export class AccessToken {
  readonly #value: Secret
  readonly #authorization: string
  /** How the token is presented. A proof-of-possession type (RFC 9449) would be another one. */
  readonly tokenType = 'Bearer'
  /** Milliseconds from the moment the request for it was sent; absent when the server named none. */
  declare readonly lifetime?: number
  /** The granted scope, where the server names it. */
  declare readonly scope?: readonly string[]

  constructor(value: string, init: AccessTokenInit = {}) {
    // `Bearer undefined` is a token68 too.
    if (typeof value !== 'string' || value === '') {
      throw new TokenError('token_malformed', 'There is no access token: expected a string that is not empty.')
    }
    if (!isBearerToken(value)) throw new TokenError('token_malformed', MALFORMED)
    this.#value = new Secret(value)
    this.#authorization = `Bearer ${value}`
    const { lifetime, scope } = ownOptions(init, 'AccessToken')
    if (lifetime !== undefined) this.lifetime = lifetime
    if (scope !== undefined) this.scope = scope
  }

  /** The value of the `Authorization` header. */
  get authorization(): string {
    return this.#authorization
  }

  /** The bare token, for a protocol that carries it elsewhere. */
  reveal(): string {
    return this.#value.reveal()
  }

  /** Whether both are the same token, compared by value. */
  equals(other: AccessToken): boolean {
    return this.#value.equals(other.#value)
  }

  /** `util.inspect` can be told to call getters. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { tokenType, lifetime, scope } = this
    return `AccessToken ${inspect({ tokenType, lifetime, scope }, options)}`
  }
}
