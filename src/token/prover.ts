import type { AccessToken } from './access-token.js'

/** A request that a proof is for. */
export interface ProvenRequest {
  readonly method: string
  /** Its query and fragment are left out of the proof (RFC 9449 section 4.2). */
  readonly url: string
  /** The token that goes with it; none goes with a token request. */
  readonly accessToken?: AccessToken | undefined
}

/** Proves possession of the key that a token is bound to (RFC 9449). */
export interface Prover {
  /** RFC 7638 thumbprint of the public key, as in the tokens' `cnf` claim. */
  readonly thumbprint: string
  /** The value of a `DPoP` header, made anew for every attempt to send the request. */
  prove(request: ProvenRequest): Promise<string>
  /** A server has handed out a nonce: the next proof for its origin carries it (RFC 9449 section 8.2). */
  remember(origin: string, nonce: string): void
}
