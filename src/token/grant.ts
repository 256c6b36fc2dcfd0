import type { Clock } from '../base/clock.js'
import type { Secret } from '../base/secret.js'
import type { AccessToken } from './access-token.js'
import type { Prover } from './prover.js'

/**
 * Everything that shapes a token. Two grants whose identities differ in any member may never share one: the tokens of
 * two tenants were handed to each other wherever a member was left out (CVE-2025-26620, CVE-2026-40155). They are
 * compared member by member: what an identity prints, or is as JSON, may leave values out.
 */
export interface GrantIdentity {
  /** The token endpoint's URL, or the issuer's where that names it. */
  readonly tokenEndpoint: string
  readonly clientId: string
  /** RFC 6749's name, such as `client_credentials`. */
  readonly grantType: string
  /** Sorted: a scope is a set (RFC 6749 section 3.3). */
  readonly scope: readonly string[]
  readonly audience?: string | undefined
  /** RFC 8707 resource indicators, sorted. */
  readonly resource: readonly string[]
  /** What a vendor adds to the token request. */
  readonly parameters: Readonly<Record<string, string>>
  /** Whose token it is, for grants that act for a user. */
  readonly subject?: string | undefined
  /** RFC 7638 thumbprint of the key that the tokens are bound to (RFC 9449), which no other key can use. */
  readonly confirmation?: string | undefined
}

/** What an authorization server hands out in one answer. */
export interface TokenSet {
  readonly accessToken: AccessToken
  readonly refreshToken?: Secret | undefined
  readonly idToken?: Secret | undefined
  /** The answer's other members, as they came. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What {@link Grant.requestToken} is told. */
export interface TokenRequestOptions {
  readonly previous?: TokenSet | undefined
  readonly signal: AbortSignal
  readonly clock?: Clock | undefined
}

/** What {@link Grant.revokeToken} is told. */
export interface RevocationOptions {
  readonly signal: AbortSignal
  readonly clock?: Clock | undefined
}

/**
 * Digests of what a grant presents, for comparing alone. They are no part of its identity, since a secret may be replaced and a
 * session go on; but what was got with one secret is not for who shows another.
 */
export interface GrantCredentials {
  /** What the client authenticates with. */
  readonly client: Secret
  /** The same, and by what it shows for whom it asks. */
  readonly all: Secret
}

/** How an authorization server is asked for tokens. `clientCredentials()` makes one. */
export interface Grant {
  readonly identity: GrantIdentity
  /** False when asking spends something: a refresh token that rotates, a code. */
  readonly repeatable: boolean
  /** Absent: whoever has the identity may have the tokens. */
  readonly credentials?: GrantCredentials | undefined
  /** True when the tokens are a user's: where many identities live together, `identity.subject` must say whose. */
  readonly userBound?: boolean | undefined
  /**
   * Names the option that must tell this client from others where many identities live together, and that is not given:
   * the client's certificate is inside its dispatcher.
   */
  readonly unnamed?: string | undefined
  /**
   * Returns whether it brings a new sign-in, which goes before what a store holds and takes nothing over from it. A method,
   * because the answer changes: a copy of the grant, such as `{ ...grant, requestToken }`, must ask the original.
   */
  fresh?(): boolean
  /** Proves possession of the key that the tokens are bound to, where they are. */
  readonly prover?: Prover | undefined
  /**
   * Asks once. A manager decides about further tries by the error's `retryable` and `requestSent`. `clock` is the
   * manager's, for a grant to which the time of day matters; without one it is the machine's.
   */
  requestToken(options: TokenRequestOptions): Promise<TokenSet>
  /** RFC 7009 or the vendor's own way. */
  revokeToken?(tokens: TokenSet, options: RevocationOptions): Promise<void>
}
