import { randomBytes, randomUUID } from 'node:crypto'
import { LiveTokens } from '../platform/live-tokens.js'
import { uuidAt } from '../platform/seeded.js'
import type { ResolvedOptions } from './options.js'
import { PURPOSE } from './purpose.js'

/** Who signed in, and by which of the two ways: with a client, or with the access key alone. */
export interface Owner {
  readonly accessKeyId: string
  readonly clientId: string | undefined
}

/** What a sign-in or a refresh brings. */
export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken: string
  readonly idToken: string
  /** Whole seconds; RFC 6749 has no others, and promising more than a token lives would be wrong. */
  readonly expiresIn: number
  readonly refreshExpiresIn: number
}

/** Who is signed in. Access and refresh tokens live and die apart. */
export class Sessions {
  readonly access: LiveTokens<Owner>
  readonly #refresh: LiveTokens<Owner>
  readonly #options: ResolvedOptions
  signIns = 0
  refreshes = 0

  constructor(options: ResolvedOptions) {
    this.#options = options
    this.access = new LiveTokens(options.clock, { requestsPerMinute: options.limits.requestsPerMinute })
    this.#refresh = new LiveTokens(options.clock)
  }

  signIn(owner: Owner, issuer: string): TokenPair {
    this.signIns += 1
    return this.#pair(owner, issuer, this.#mintRefresh(owner))
  }

  /** Undefined when the refresh token is not alive, or is one of the other way to sign in or of another client. */
  refresh(value: string, clientId: string | undefined, issuer: string): TokenPair | undefined {
    const token = this.#refresh.find(value)
    if (!token || token.owner.clientId !== clientId) return undefined
    this.refreshes += 1
    if (!this.#options.rotateRefreshTokens) return this.#pair(token.owner, issuer, value)
    this.#refresh.revoke(token)
    return this.#pair(token.owner, issuer, this.#mintRefresh(token.owner))
  }

  revokeRefreshTokens(): void {
    this.#refresh.revokeAll()
  }

  #mintRefresh(owner: Owner): string {
    return this.#refresh.mint(owner, this.#options.refreshTokenLifetime * 1_000).value
  }

  #pair(owner: Owner, issuer: string, refreshToken: string): TokenPair {
    const { seed, tenantId, tokenLifetime, refreshTokenLifetime } = this.#options
    const claims = { iss: issuer, sub: `user:${uuidAt(seed, PURPOSE.userId, 0)}`, aud: owner.clientId, tenantId }
    const accessToken = this.#jwt({ ...claims, role: { legacyId: 'Administrator' }, jti: randomUUID() })
    this.access.mint(owner, tokenLifetime * 1_000, accessToken)
    return {
      accessToken,
      refreshToken,
      idToken: this.#jwt({ ...claims, name: 'Simulated access key' }),
      expiresIn: Math.floor(tokenLifetime),
      refreshExpiresIn: Math.floor(refreshTokenLifetime),
    }
  }

  /** Shaped as a signed one; nobody could check the signature, as there is no `jwks_uri`. */
  #jwt(claims: object): string {
    const issued = Math.floor(this.#options.clock.now() / 1_000)
    const dated = { ...claims, iat: issued, exp: issued + Math.floor(this.#options.tokenLifetime) }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(dated)}.${randomBytes(256).toString('base64url')}`
  }
}
