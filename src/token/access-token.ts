import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'

import { isBearerToken } from '../base/bearer-token.js'
import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { checkMethods, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { Prover } from './prover.js'

const MALFORMED =
  'The access token holds characters that may not stand in an Authorization header, such as a space or a line break: ' +
  'trim it, and leave out `Bearer`.'

/** What an access token is made of. */
export interface AccessTokenInit {
  /** Milliseconds from the moment the request for it was sent; absent when the server named none. */
  lifetime?: number | undefined
  /** The granted scope, where the server names it. */
  scope?: readonly string[] | undefined
  /** Proves possession of the key that the token is bound to. With it the token is a `DPoP` token (RFC 9449). */
  prover?: Prover | undefined
}

const NAMES: OptionNames<AccessTokenInit> = { lifetime: true, scope: true, prover: true }

/**
 * An immutable access token that can be stamped on a request: its value fits a header by construction, and never shows
 * when the token is printed, cloned or turned into JSON.
 *
 * Throws {@link TokenError} `token_malformed` when the value is no string, or holds what may not stand in a header, and
 * {@link EverbearerError} `invalid_option`.
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
  readonly #value: string
  readonly #authorization: string
  readonly #prover: Prover | undefined
  /** How the token is presented: a `DPoP` token is good only beside a proof of its key (RFC 9449 section 7.1). */
  readonly tokenType: 'Bearer' | 'DPoP'
  /** Milliseconds from the moment the request for it was sent; absent when the server named none. */
  readonly lifetime: number | undefined
  /** The granted scope, where the server names it. */
  readonly scope: readonly string[] | undefined

  constructor(value: string, init: AccessTokenInit = {}) {
    // `Bearer undefined` is such a token too.
    if (typeof value !== 'string' || value === '') {
      throw new TokenError('token_malformed', 'There is no access token: expected a string that is not empty.')
    }
    if (!isBearerToken(value)) throw new TokenError('token_malformed', MALFORMED)
    const { lifetime, scope, prover } = knownOptions(init, 'AccessToken', NAMES)
    if (prover !== undefined) checkMethods('prover', prover, ['prove', 'remember'])
    this.#value = value
    this.#prover = prover
    this.tokenType = prover === undefined ? 'Bearer' : 'DPoP'
    this.#authorization = `${this.tokenType} ${value}`
    this.lifetime = lifetime
    this.scope = scope
  }

  /** The value of the `Authorization` header. */
  get authorization(): string {
    return this.#authorization
  }

  /** What makes the proof that goes with each request, when this is a `DPoP` token. */
  get prover(): Prover | undefined {
    return this.#prover
  }

  /** The bare token, for a protocol that carries it elsewhere. */
  reveal(): string {
    return this.#value
  }

  /** Whether both are the same token, compared by value. */
  equals(other: AccessToken): boolean {
    return this.#value === other.#value
  }

  /** `util.inspect` can be told to call getters. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { tokenType, lifetime, scope } = this
    return `AccessToken ${inspect({ tokenType, lifetime, scope }, options)}`
  }
}
