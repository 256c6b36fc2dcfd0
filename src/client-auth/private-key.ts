import { createPrivateKey, KeyObject } from 'node:crypto'
import type { JsonWebKey } from 'node:crypto'

import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'

/**
 * A private key to sign with: RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519. As a PEM (PKCS#8, PKCS#1 or
 * SEC1, not encrypted), as a JWK, whose `kid` and `alg` count, or as Node's own `KeyObject`.
 */
export type PrivateKey = KeyObject | string | JsonWebKey

/** A key, and what it signs with. */
export interface SigningKey {
  readonly key: KeyObject
  /** JOSE's name (RFC 7518 section 3.1, RFC 8037). */
  readonly algorithm: string
  /** Which of the client's keys it is, when that is known. */
  readonly keyId?: string | undefined
}

/** What each kind of key can sign with; the first is what it does unless told otherwise. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  rsa: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  prime256v1: ['ES256'],
  secp384r1: ['ES384'],
  secp521r1: ['ES512'],
  ed25519: ['EdDSA', 'Ed25519'],
}

const MIN_RSA_BITS = 2048

/**
 * Reads the key of an option; `algorithm` is that of `signingAlgorithm`, and goes before a JWK's own. Throws
 * {@link EverbearerError} `invalid_option`, which quotes nothing of the key.
 */
export function readPrivateKey(option: string, value: PrivateKey, algorithm?: string): SigningKey {
  const { key, alg, kid } = keyOf(option, value)
  const { modulusLength = MIN_RSA_BITS, namedCurve } = ownMembers(key.asymmetricKeyDetails ?? {})
  const algorithms = ALGORITHMS[namedCurve ?? key.asymmetricKeyType ?? '']
  if (algorithms === undefined) throw invalidOption(option, 'must be an RSA, P-256, P-384, P-521 or Ed25519 key')
  if (modulusLength < MIN_RSA_BITS) throw invalidOption(option, `must have ${MIN_RSA_BITS} bits or more`)
  const asked: unknown = algorithm ?? alg ?? algorithms[0]
  const chosen = algorithms.find((name) => name === asked)
  if (chosen === undefined) {
    const which = `must be ${algorithms.join(', ')} with this key`
    throw algorithm === undefined
      ? invalidOption(option, `has an alg that does not fit: it ${which}`)
      : invalidOption('signingAlgorithm', which)
  }
  return { key, algorithm: chosen, ...(typeof kid === 'string' && { keyId: kid }) }
}

function keyOf(option: string, value: PrivateKey): { key: KeyObject; alg?: unknown; kid?: unknown } {
  if (typeof value === 'string') return { key: keyOfPem(option, value) }
  if (value instanceof KeyObject) {
    if (value.type === 'private') return { key: value }
    throw invalidOption(option, `must be a private key: this one is ${value.type}`)
  }
  try {
    const jwk = ownMembers(value)
    return { key: createPrivateKey({ key: jwk, format: 'jwk' }), alg: jwk['alg'], kid: jwk['kid'] }
  } catch {
    // Node's errors quote what they do not like.
    throw invalidOption(option, 'must be a private key: a PEM, a JWK with its private members, or a KeyObject')
  }
}

function keyOfPem(option: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw invalidOption(option, `must be the PEM of a private key${whatIsWrong(pem)}`)
  }
}

/** What people hand in by mistake. */
function whatIsWrong(pem: string): string {
  if (pem.includes('ENCRYPTED')) return ': this one is encrypted, decrypt it first with createPrivateKey of node:crypto'
  if (/-BEGIN (PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-/.test(pem)) return ': this one is public'
  if (pem.includes('\\n')) return ': this one has \\n in place of its line breaks'
  return ''
}
