import { Secret } from '../base/secret.js'
import type { TokenResponse } from '../protocol/token-response.js'
import { AccessToken } from '../token/access-token.js'
import type { TokenSet } from '../token/grant.js'
import type { Prover } from '../token/prover.js'

/** What a token endpoint handed out, with its tokens out of sight; `prover` has the key that they are bound to. */
export function tokenSet(response: TokenResponse, prover?: Prover): TokenSet {
  const { accessToken, lifetime, scope, refreshToken, idToken, parameters } = response
  return {
    accessToken: new AccessToken(accessToken, { lifetime, scope, prover }),
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
    idToken: idToken === undefined ? undefined : new Secret(idToken),
    parameters,
  }
}
