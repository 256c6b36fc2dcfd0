import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { jwtVerify } from 'jose'

import { TokenError } from '../../src/base/errors.js'
import { readPrivateKey } from '../../src/client-auth/private-key.js'
import { signJwt } from '../../src/client-auth/signed-jwt.js'
import { FakeClock } from '../../src/testing/fake-clock.js'

const clock = new FakeClock({ now: 7_900 })
const currentDate = new Date(clock.now())
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

afterEach(() => void jest.resetModules())

describe('a signed JWT', () => {
  it.each([
    ['RS256', rsa],
    ['PS384', rsa],
    ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['EdDSA', generateKeyPairSync('ed25519')],
    ['Ed25519', generateKeyPairSync('ed25519')],
  ])('is verified by the public key: %s', async (algorithm, { privateKey, publicKey }) => {
    const signing = readPrivateKey('privateKey', privateKey, algorithm)
    const jwt = await signJwt({
      ...signing,
      header: { typ: 'x+jwt', kid: 'k' },
      claims: { iss: 'me' },
      clock,
      lifetime: 5_999,
    })
    expect(await jwtVerify(jwt, publicKey, { algorithms: [algorithm], currentDate })).toMatchObject({
      protectedHeader: { alg: algorithm, typ: 'x+jwt', kid: 'k' },
      payload: { iss: 'me', iat: 7, exp: 12, jti: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    })
  })

  it('may be made with a secret', async () => {
    const key = createSecretKey(Buffer.from('a secret of some length, as there are many'))
    const jwt = await signJwt({ key, algorithm: 'HS256', claims: { sub: 'me' }, clock })
    const payload = { sub: 'me', iat: 7, jti: expect.any(String) }
    expect(await jwtVerify(jwt, key)).toEqual({ payload, protectedHeader: { alg: 'HS256' } })
  })

  it('says which package to install where there is none', async () => {
    jest.unstable_mockModule('jose', () => {
      throw Object.assign(new Error("Cannot find package 'jose'"), { code: 'ERR_MODULE_NOT_FOUND' })
    })
    jest.resetModules()
    const { signJwt: withoutJose } = await import('../../src/client-auth/signed-jwt.js')
    const key = createSecretKey(Buffer.from('s'))
    const failure: unknown = await withoutJose({ key, algorithm: 'HS256', claims: {}, clock }).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ name: TokenError.name, code: 'dependency_missing', requestSent: false })
    expect(failure).toMatchObject({ message: expect.stringContaining('npm install jose'), retryable: false })
  })
})
