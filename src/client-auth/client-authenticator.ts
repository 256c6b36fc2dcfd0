import type { TokenError } from '../base/errors.js'
import type { Clock } from '../base/clock.js'

/** What a client adds to a request to show who it is. */
export interface AuthenticationFields {
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: readonly (readonly [name: string, value: string])[]
  /** What a server must not make us print by quoting the request. */
  readonly secrets: readonly string[]
}

/** The server that the client authenticates to, and the time. */
export interface AuthenticationContext {
  /** The authorization server's own name, where it is known. */
  readonly issuer?: string | undefined
  readonly clock: Clock
}

/** Called for every try: a secret may rotate, and an assertion counts once. Throws {@link TokenError}. */
export type AuthenticateClient = (request: AuthenticationContext) => Promise<AuthenticationFields>
