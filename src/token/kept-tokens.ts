import type { TokenSet } from './grant.js'

/**
 * What the next token request needs of the answers so far, also of one that came after its flight had ended: a refresh
 * token that took the place of another is the only one that its server still takes (RFC 9700 section 4.14.2).
 */
export class KeptTokens {
  #latest: TokenSet | undefined

  get latest(): TokenSet | undefined {
    return this.#latest
  }

  /** `previous` is what the request was made with. */
  keep(set: TokenSet, previous: TokenSet | undefined): void {
    const latest = this.#latest
    const { refreshToken } = set
    if (latest === previous || latest === undefined) {
      this.#latest = set
    } else if (refreshToken !== undefined && latest.refreshToken === previous?.refreshToken) {
      // A later flight was faster, but it did not replace the refresh token that this one was asked with.
      this.#latest = { ...latest, refreshToken }
    }
  }
}
