import type { AccessToken } from '../token/access-token.js'

/**
 * Records what became of a request's token. An endpoint client passes one as the dispatch option `opaque`, bearer fills it
 * in, and undici returns it with the response.
 */
export class TokenUse {
  /** The token that the last attempt was sent with. */
  token: AccessToken | undefined
  /** The token that replaces it, if the API rejected it. Nobody has to wait for the promise. */
  replacement: Promise<AccessToken> | undefined

  onAttempt(token: AccessToken): void {
    this.token = token
    this.replacement = undefined
  }
}
