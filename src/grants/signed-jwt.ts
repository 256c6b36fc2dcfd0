import type { KeyObject } from 'node:crypto'

import type { JWTPayload } from 'jose'

import { TokenError } from '../base/errors.js'

/** What a JWT says, and with what it is signed. */
export interface UnsignedJwt {
  /** A private key, or a secret one for the HS algorithms. */
  readonly key: KeyObject
  readonly algorithm: string
  /** Beside `alg`. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims: JWTPayload
}

/** A JWT in its compact form (RFC 7515 section 7.1). Throws {@link TokenError} `dependency_missing`. */
export async function signJwt({ key, algorithm, header, claims }: UnsignedJwt): Promise<string> {
  const { SignJWT } = await loadJose()
  return new SignJWT(claims).setProtectedHeader({ ...header, alg: algorithm }).sign(key)
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
