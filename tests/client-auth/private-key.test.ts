import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'

import { readPrivateKey } from '../../src/client-auth/private-key.js'
import type { PrivateKey } from '../../src/client-auth/private-key.js'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' })
const ed25519 = generateKeyPairSync('ed25519')

const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' | 'spki') => String(key.export({ type, format: 'pem' }))
const jwk = (key: KeyObject) => key.export({ format: 'jwk' })
const encrypted = (type: 'pkcs8' | 'pkcs1') =>
  String(rsa.privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' }))

describe('a private key', () => {
  it.each<[form: string, value: PrivateKey, key: KeyObject, algorithm: string]>([
    ['RSA, PKCS#8', pem(rsa.privateKey, 'pkcs8'), rsa.privateKey, 'RS256'],
    ['RSA, PKCS#1', pem(rsa.privateKey, 'pkcs1'), rsa.privateKey, 'RS256'],
    ['RSA, JWK', jwk(rsa.privateKey), rsa.privateKey, 'RS256'],
    ['P-256, PKCS#8', pem(p256.privateKey, 'pkcs8'), p256.privateKey, 'ES256'],
    ['P-256, SEC1', pem(p256.privateKey, 'sec1'), p256.privateKey, 'ES256'],
    ['P-256, JWK', jwk(p256.privateKey), p256.privateKey, 'ES256'],
    ['P-384, SEC1', pem(p384.privateKey, 'sec1'), p384.privateKey, 'ES384'],
    ['P-521, KeyObject', p521.privateKey, p521.privateKey, 'ES512'],
    ['Ed25519, PKCS#8', pem(ed25519.privateKey, 'pkcs8'), ed25519.privateKey, 'EdDSA'],
    ['Ed25519, JWK', jwk(ed25519.privateKey), ed25519.privateKey, 'EdDSA'],
  ])('is read: %s', (_, value, key, algorithm) => {
    const read = readPrivateKey('privateKey', value)
    expect(read).toEqual({ key: expect.anything(), algorithm })
    expect(read.key.equals(key)).toBe(true)
  })

  it('that is a JWK brings its kid and alg', () => {
    const named = { ...jwk(rsa.privateKey), kid: 'of today', alg: 'PS256' }
    expect(readPrivateKey('privateKey', named)).toMatchObject({ keyId: 'of today', algorithm: 'PS256' })
  })

  it('signs with the algorithm that was asked for, whatever a JWK says', () => {
    const named = { ...jwk(rsa.privateKey), alg: 'PS256' }
    expect(readPrivateKey('privateKey', named, 'RS512').algorithm).toBe('RS512')
    expect(readPrivateKey('privateKey', ed25519.privateKey, 'Ed25519').algorithm).toBe('Ed25519')
  })

  it.each<[form: string, value: unknown, what: string]>([
    ['a public PEM', pem(rsa.publicKey, 'spki'), 'must be the PEM of a private key: this one is public'],
    ['a public PKCS#1', pem(rsa.publicKey, 'pkcs1'), 'must be the PEM of a private key: this one is public'],
    ['a public KeyObject', rsa.publicKey, 'must be a private key: this one is public'],
    ['a public JWK', jwk(p256.publicKey), 'must be a private key: a PEM, a JWK with its private members, or'],
    ['an encrypted PKCS#8', encrypted('pkcs8'), 'must be the PEM of a private key: this one is encrypted'],
    ['an encrypted PKCS#1', encrypted('pkcs1'), 'must be the PEM of a private key: this one is encrypted'],
    ['a PEM out of an environment variable', pem(p256.privateKey, 'sec1').replaceAll('\n', '\\n'), 'line breaks'],
    ['a PEM that was cut off', pem(rsa.privateKey, 'pkcs8').slice(0, 200), 'must be the PEM of a private key.'],
    ['a secret KeyObject', createSecretKey(Buffer.from('hunter2')), 'must be a private key: this one is secret'],
    ['a secret JWK', { kty: 'oct', k: 'aHVudGVyMg' }, 'must be a private key: a PEM, a JWK'],
    ['a text', 'hunter2', 'must be the PEM of a private key.'],
    ['nothing', undefined, 'must be a private key'],
    ['null', null, 'must be a private key'],
    ['a number', 7, 'must be a private key'],
    ['a list', [], 'must be a private key'],
    ['an inherited key', Object.create(jwk(p256.privateKey)), 'must be a private key'],
    ['Ed448', generateKeyPairSync('ed448').privateKey, 'must be an RSA, P-256, P-384, P-521 or Ed25519 key'],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, 'must be an RSA, P-256'],
    ['a short RSA key', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, 'must have 2048 bits or more'],
    ['a JWK for what it cannot do', { ...jwk(p256.privateKey), alg: 'RS256' }, 'has an alg that does not fit'],
    ['a JWK with an alg of another kind', { ...jwk(p256.privateKey), alg: ['ES256'] }, 'has an alg that does not fit'],
  ])('is refused, and not quoted: %s', (_, value, what) => {
    const read = () => readPrivateKey('privateKey', value as PrivateKey)
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    expect(read).toThrow('Option `privateKey` ')
    expect(read).toThrow(what)
    expect(read).not.toThrow(/hunter2|aHVudGVyMg|\bMII/)
  })

  it.each(['ES384', 'RS256', 'HS256', 'none', '', 7])('cannot sign with %j when it is of P-256', (algorithm) => {
    expect(() => readPrivateKey('privateKey', p256.privateKey, algorithm as string)).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: 'Option `signingAlgorithm` must be ES256 with this key.',
      }),
    )
  })
})
