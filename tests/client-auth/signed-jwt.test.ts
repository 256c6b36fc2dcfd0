import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { decodeJwt, jwtVerify } from 'jose'

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
    const payload = { sub: 'me', iat: 2, jti: expect.any(String) }
    expect(await jwtVerify(jwt, key)).toEqual({ payload, protectedHeader: { alg: 'HS256' } })
  })

  it.each([
    [undefined, 3_600_000, -5, 3_595],
    [0, 3_600_000, 0, 3_600],
    [60_000, 3_600_000, -60, 3_540],
    [60_000, 10_000, -1, 9],
    [60_000, undefined, -60, undefined],
  ])(
    'with a clockTolerance of %p ms and a lifetime of %p lies back by that, or a tenth',
    async (clockTolerance, lifetime, back, until) => {
      const now = 1_000_000
      const key = createSecretKey(Buffer.from('a secret of some length, as there are many'))
      const at = new FakeClock({ now: now * 1_000 })
      const jwt = await signJwt({ key, algorithm: 'HS256', claims: {}, clock: at, lifetime, clockTolerance })
      const { iat, exp } = decodeJwt(jwt)
      expect([Number(iat) - now, exp && exp - now]).toEqual([back, until])
    },
  )

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
