import { createHash } from 'node:crypto'

import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import type { JWK, JWTPayload } from 'jose'

/** What a proof says, once its signature and its form were found good. */
export interface ReadProof {
  readonly thumbprint: string
  readonly jwk: JWK
  readonly claims: JWTPayload
}

/** A request that brought a proof. */
export interface ProvingRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/**
 * Reads the proofs of the requests to one server, as RFC 9449 section 4.3 has it. Written with jose alone: nothing of what
 * is tested serves the test.
 */
export class ProofReader {
  readonly #seen = new Set<unknown>()

  /** Throws what is wrong with it. Whether its nonce is the right one is left to the server. */
  async read({ method, url, headers }: ProvingRequest, accessToken?: string): Promise<ReadProof> {
    const { dpop } = headers
    if (typeof dpop !== 'string') throw new Error('there is not exactly one proof')
    const { payload, protectedHeader } = await jwtVerify(dpop, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ASYMMETRIC })
    const jwk = protectedHeader.jwk as JWK
    const ath = accessToken === undefined ? undefined : createHash('sha256').update(accessToken).digest('base64url')
    const expected = { htm: method, htu: url.replace(/\?.*/, ''), ath }
    for (const [name, value] of Object.entries(expected)) {
      if (payload[name] !== value) throw new Error(`${name} is ${String(payload[name])} and not ${value}`)
    }
    if (Math.abs(Number(payload.iat) - Date.now() / 1_000) > 60) throw new Error(`iat is ${payload.iat}`)
    if (this.#seen.has(payload.jti)) throw new Error('its jti comes a second time')
    this.#seen.add(payload.jti)
    if ('d' in jwk) throw new Error('it shows the private key')
    return { thumbprint: await calculateJwkThumbprint(jwk), jwk, claims: payload }
  }
}

const ASYMMETRIC = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA']
