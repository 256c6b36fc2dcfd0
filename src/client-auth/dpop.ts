import { createHash, createPublicKey } from 'node:crypto'
import type { JsonWebKey } from 'node:crypto'

import { systemClock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { parseUrl } from '../base/parse-url.js'
import type { ProvenRequest, Prover } from '../token/prover.js'
import { readPrivateKey } from './private-key.js'
import type { PrivateKey, SigningKey } from './private-key.js'
import { signJwt } from './signed-jwt.js'

/** Far more than a grant's server and the APIs that its tokens are for. */
const MAX_SERVERS = 100

/** Proves possession of a key (RFC 9449), to each server with the nonce that it handed out last. */
export class DpopProver implements Prover {
  readonly thumbprint: string
  readonly #key: SigningKey
  readonly #clockTolerance: number | undefined
  /** Its public members alone. */
  readonly #jwk: JsonWebKey
  /** The one that was used longest ago is first. */
  readonly #nonces = new Map<string, string>()

  /** Throws {@link EverbearerError} `invalid_option`. */
  constructor(privateKey: PrivateKey, clockTolerance?: number) {
    this.#clockTolerance = clockTolerance
    this.#key = readPrivateKey('dpop', privateKey)
    this.#jwk = createPublicKey(this.#key.key).export({ format: 'jwk' })
    // RFC 7638 section 3: what a public key's JWK must have, which is all that Node exports, in the order of the names.
    const members = Object.entries(this.#jwk).sort(([one], [other]) => (one < other ? -1 : 1))
    this.thumbprint = base64url(JSON.stringify(Object.fromEntries(members)))
  }

  prove(request: ProvenRequest): Promise<string> {
    const { method, url, accessToken, clock = systemClock } = request
    const nonce = this.#nonces.get(serverOf(request))
    return signJwt({
      key: this.#key.key,
      algorithm: this.#key.algorithm,
      header: { typ: 'dpop+jwt', jwk: this.#jwk },
      claims: {
        htm: method,
        htu: url.replace(/[?#].*$/s, ''),
        ...(accessToken !== undefined && { ath: base64url(accessToken.reveal()) }),
        ...(nonce !== undefined && { nonce }),
      },
      clock,
      clockTolerance: this.#clockTolerance,
    })
  }

  remember(request: ProvenRequest, nonce: string): void {
    const server = serverOf(request)
    this.#nonces.delete(server)
    const [oldest] = this.#nonces.keys()
    if (oldest !== undefined && this.#nonces.size >= MAX_SERVERS) this.#nonces.delete(oldest)
    this.#nonces.set(server, nonce)
  }

  /** Asks, and once more when the answer brought the nonce that the server wants (RFC 9449 section 8). */
  async withNonce<Result>(request: ProvenRequest, ask: () => Promise<Result>): Promise<Result> {
    const server = serverOf(request)
    const nonce = this.#nonces.get(server)
    try {
      return await ask()
    } catch (error) {
      const wantsNonce = error instanceof TokenError && error.error === 'use_dpop_nonce'
      if (!wantsNonce || this.#nonces.get(server) === nonce) throw error
      return ask()
    }
  }
}

/** At one origin there may be both kinds, and each knows its own nonces only (RFC 9449 section 9). */
function serverOf({ url, accessToken }: ProvenRequest): string {
  return `${accessToken === undefined ? 'authorization server' : 'API'} ${parseUrl(url)?.origin}`
}

function base64url(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
