import type { Clock } from '../base/clock.js'

/** A request that a proof is for. */
export interface ProvenRequest {
  /** As it is sent. */
  readonly method: string
  /** Its query and fragment are left out of the proof (RFC 9449 section 4.2). */
  readonly url: string
  /** The `AccessToken` that goes with it; none goes with a token request. */
  readonly accessToken?: { reveal(): string } | undefined
  /** Says when the proof is made. Default: the machine's own. */
  readonly clock?: Clock | undefined
}

/** Proves possession of the key that a token is bound to (RFC 9449). */
export interface Prover {
  /** RFC 7638 thumbprint of the public key, as in the tokens' `cnf` claim. */
  readonly thumbprint: string
  /** The value of a `DPoP` header, made anew for every attempt to send the request. */
  prove(request: ProvenRequest): Promise<string>
  /**
   * A server has answered this request with a nonce: the next proof for it carries it (RFC 9449 section 8.2). The nonces
   * of an authorization server and of an API are kept apart, also where both are at one origin (section 9).
   */
  remember(request: ProvenRequest, nonce: string): void
}
