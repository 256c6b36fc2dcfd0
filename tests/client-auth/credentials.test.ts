import { generateKeyPairSync } from 'node:crypto'

import { describe, expect, it } from '@jest/globals'
import { Secret } from '../../src/base/secret.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { credentialsOf } from '../../src/client-auth/credentials.js'
import { refreshToken } from '../../src/grants/refresh-token.js'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { privateKey: otherKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const client = (options: object) => credentialsOf(options).client.reveal()
const all = (options: object) => credentialsOf(options).all.reveal()

describe('credentialsOf', () => {
  it.each([
    [{ clientSecret: 'a' }, { clientSecret: 'b' }],
    [{ clientSecret: 'a' }, {}],
    [{ clientSecret: 'a' }, { privateKey: 'a' }],
    [{ clientSecret: 'a' }, { clientSecret: () => 'a' }],
    [{ privateKey }, { privateKey: otherKey }],
    [{ privateKey: { kty: 'EC', d: 'a' } }, { privateKey: { kty: 'EC', d: 'b' } }],
    [{ assertion: { privateKey } }, { assertion: { privateKey: otherKey } }],
    [{ assertion: { privateKey, keyId: '1' } }, { assertion: { privateKey, keyId: '2' } }],
  ])('tells apart %o and %o', (one, other) => {
    expect(client(one)).not.toBe(client(other))
    expect(all(one)).not.toBe(all(other))
  })

  it.each([
    [{ refreshToken: 'a' }, { refreshToken: new Secret('b') }],
    [{ subjectToken: 'a' }, { actorToken: 'a' }],
    [{ assertion: 'a' }, { assertion: 'b' }],
  ])('tells apart what is shown for a user, %o and %o, and not the client', (one, other) => {
    expect(client(one)).toBe(client(other))
    expect(all(one)).not.toBe(all(other))
  })

  it('does not tell apart a text from a Secret, nor two functions, nor anything else', () => {
    expect(client({ clientSecret: 'a' })).toBe(client({ clientSecret: new Secret('a'), scope: 's' }))
    expect(client({ clientSecret: () => 'a' })).toBe(client({ clientSecret: () => 'b' }))
    expect(client({ privateKey })).toBe(client({ privateKey }))
  })

  it('holds no secret', () => {
    expect(client({ clientSecret: 'canary' })).toMatch(/^[0-9a-f]{64}$/)
  })

  it('takes whatever callers without types may hand in', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    for (const clientSecret of [4, 4n, null, Symbol('s'), circle, [circle]]) client({ clientSecret })
  })

  it('goes with each grant', () => {
    const options = { tokenEndpoint: 'https://login.example.com/token', clientId: 'id', clientSecret: 'secret' }
    const own = credentialsOf({ clientSecret: 'secret' }).client
    const session = refreshToken({ ...options, refreshToken: 'r' })
    for (const grant of [clientCredentials(options), session]) expect(grant.credentials?.client.equals(own)).toBe(true)
    expect(session.credentials?.all.equals(own)).toBe(false)
  })
})
