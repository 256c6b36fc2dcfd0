import { randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import type { Clock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'

/** What a JWT says, and with what it is signed. */
export interface UnsignedJwt {
  /** A private key, or a secret one for the HS algorithms. */
  readonly key: KeyObject
  readonly algorithm: string
  /** Beside `alg`. */
  readonly header?: Readonly<Record<string, unknown>> | undefined
  /** Beside `jti`, `iat` and `exp`. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly clock: Clock
  /** Milliseconds from its `iat` until it expires. Absent: it does not say. */
  readonly lifetime?: number | undefined
  /** Milliseconds that its `iat` lies back, a tenth of the lifetime at most: a server whose clock is behind rejects the future. */
  readonly clockTolerance?: number | undefined
}

/** As far as clocks that are set by a time server are apart, and more. */
const CLOCK_TOLERANCE = 5_000
export const MAX_CLOCK_TOLERANCE = 60_000

/** A new JWT in its compact form (RFC 7515 section 7.1), with an id that no other has. Throws {@link TokenError} `dependency_missing`. */
export async function signJwt(jwt: UnsignedJwt): Promise<string> {
  const { key, algorithm, header, claims, clock, lifetime, clockTolerance = CLOCK_TOLERANCE } = jwt
  const { SignJWT } = await loadJose()
  const tolerance = Math.min(clockTolerance, (lifetime ?? Infinity) / 10)
  const iat = Math.floor((clock.now() - tolerance) / 1_000)
  const exp = lifetime === undefined ? {} : { exp: iat + Math.floor(lifetime / 1_000) }
  return new SignJWT({ ...claims, jti: randomUUID(), iat, ...exp })
    .setProtectedHeader({ ...header, alg: algorithm })
    .sign(key)
}

/** For those alone who sign something: all others do without the package. */
async function loadJose() {
  try {
    return await import('jose')
  } catch {
    const message = 'Signing a JWT needs the package jose, which could not be loaded: npm install jose.'
    throw new TokenError('dependency_missing', message, { requestSent: false })
  }
}
