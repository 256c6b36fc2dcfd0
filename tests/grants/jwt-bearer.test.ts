import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'

import { EverbearerError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { jwtBearer } from '../../src/grants/jwt-bearer.js'
import type { JwtAssertion, JwtBearerOptions } from '../../src/grants/jwt-bearer.js'
import { MemoryTokenStore } from '../../src/stores/memory-token-store.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { AuthorizationServer } from './authorization-server.js'

const { signal } = new AbortController()
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

let server: AuthorizationServer
let clock: FakeClock
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.arrived.splice(0)
  clock = new FakeClock()
})

const made = (assertion: Partial<JwtAssertion> = {}, options: Partial<JwtBearerOptions> = {}) =>
  jwtBearer({
    tokenEndpoint: `${server.origin}/token`,
    assertion: { privateKey, issuer: 'robot@example.com', ...assertion },
    ...options,
  } as JwtBearerOptions)
const given = (options: Partial<JwtBearerOptions> = {}) =>
  jwtBearer({ tokenEndpoint: server.origin, assertion: 'a.b.c', ...options } as JwtBearerOptions)
/** What the server reads of the assertion that it was sent last. */
async function received(key = publicKey) {
  const assertion = String(server.arrived.at(-1)?.form.get('assertion'))
  const { payload, protectedHeader } = await jwtVerify(assertion, key, { currentDate: new Date(clock.now()) })
  return { payload, protectedHeader }
}

describe('an assertion that is made here', () => {
  it('gets no tokens of another key’s out of a store, whoever it says that vouches', async () => {
    const store = new MemoryTokenStore({ clock })
    await new TokenManager(made(), { clock, store }).getToken()
    await new TokenManager(made(), { clock, store }).getToken()
    expect(server.arrived).toHaveLength(1)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await new TokenManager(made({ privateKey }), { clock, store }).getToken()
    expect(server.arrived).toHaveLength(2)
  })

  it('says who vouches, to whom, and until when, by the clock of the manager', async () => {
    await made({ keyId: 'k' }).requestToken({ signal, clock })
    // Five seconds back, for a server whose clock is behind.
    const now = Math.floor(clock.now() / 1_000) - 5
    const { payload, protectedHeader } = await received()
    const { jti, ...claims } = payload
    expect(claims).toEqual({ iss: 'robot@example.com', aud: `${server.origin}/token`, iat: now, exp: now + 60 })
    expect(jti).toMatch(/^[\da-f-]{36}$/)
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'k' })
  })

  it('says all that it is told', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const assertion = {
      privateKey: { ...privateKey.export({ format: 'jwk' }), kid: 'own' },
      signingAlgorithm: 'PS256',
      audience: 'https://login.example.com',
      lifetime: 3_600_000,
      claims: { scope: 'a b', nested: { deep: [1] } },
    }
    await made(assertion, { subject: 'user' }).requestToken({ signal, clock })
    // Five seconds back, for a server whose clock is behind.
    const now = Math.floor(clock.now() / 1_000) - 5
    const { payload, protectedHeader } = await received(publicKey)
    expect(payload).toMatchObject({
      sub: 'user',
      aud: 'https://login.example.com',
      exp: now + 3_600,
      scope: 'a b',
      nested: { deep: [1] },
    })
    expect(protectedHeader).toEqual({ alg: 'PS256', typ: 'JWT', kid: 'own' })
  })

  it('is another one for each try', async () => {
    const grant = made()
    for (let times = 0; times < 2; times++) await grant.requestToken({ signal, clock })
    const assertions = server.arrived.map(({ form }) => form.get('assertion'))
    expect(new Set(assertions).size).toBe(2)
    expect(grant.repeatable).toBe(true)
  })

  it('is vouched for by the client where there is one', async () => {
    await made({ issuer: undefined as never }, { clientId: 'id' }).requestToken({ signal, clock })
    expect((await received()).payload.iss).toBe('id')
  })

  it('is for the issuer where the grant names it', async () => {
    await made({}, { issuer: 'https://login.example.com' }).requestToken({ signal, clock })
    expect((await received()).payload.aud).toBe('https://login.example.com')
  })

  it('does not follow what the caller does to the claims later', async () => {
    const claims = { scopes: ['a'] }
    const grant = made({ claims })
    claims.scopes.push('b')
    await grant.requestToken({ signal, clock })
    expect((await received()).payload['scopes']).toEqual(['a'])
  })
})

describe('an assertion that somebody else made', () => {
  it.each([
    ['a text', 'a.b.c', false],
    ['a Secret', new Secret('a.b.c'), false],
    ['a function', async () => 'a.b.c', true],
  ])('may be %s', async (_, assertion, repeatable) => {
    const grant = given({ assertion })
    await grant.requestToken({ signal })
    expect(Object.fromEntries(server.arrived[0]!.form)).toEqual({ grant_type: GRANT_TYPE, assertion: 'a.b.c' })
    expect(grant.repeatable).toBe(repeatable)
    expect(grant.userBound).toBe(true)
  })
})

describe('the client', () => {
  it.each([
    ['nobody', {}, null, false],
    ['a name', { clientId: 'id' }, 'id', false],
    ['a name and a secret', { clientId: 'id', clientSecret: 'secret' }, null, true],
  ])('may be %s', async (_, client, clientId, isBasic) => {
    await given(client).requestToken({ signal })
    const { form, headers } = server.arrived[0]!
    expect(form.get('client_id')).toBe(clientId)
    expect('authorization' in headers).toBe(isBasic)
  })
})

describe('the assertion and its key', () => {
  it('are in nothing that is shown, nor in an error that quotes them', async () => {
    const { response: answer } = server
    server.response = (response, { body }) => json(response, 400, { error: 'invalid_grant', error_description: body })
    const grant = made()
    const error: unknown = await grant.requestToken({ signal, clock }).catch((reason: unknown) => reason)
    server.response = answer
    expect(error).toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
    expect(reachableText(error)).not.toContain(String(server.arrived[0]?.form.get('assertion')).slice(0, 20))
    const { d } = privateKey.export({ format: 'jwk' })
    for (const one of [grant, made({ privateKey: privateKey.export({ format: 'jwk' }) })]) {
      expect(reachableText(one)).not.toContain(d)
    }
    expect(reachableText(given({ assertion: 'canary' }))).not.toContain('canary')
  })
})

describe('the identity', () => {
  it('names what the assertion says, and whose tokens they are', () => {
    const grant = made({ claims: { scope: 'a' }, audience: 'x' }, { clientId: 'id', subject: 'user' })
    expect({ ...grant.identity }).toEqual({
      tokenEndpoint: `${server.origin}/token`,
      clientId: 'id',
      grantType: GRANT_TYPE,
      scope: [],
      resource: [],
      parameters: { assertion: '{"scope":"a","iss":"robot@example.com","aud":"x"}' },
      subject: 'user',
    })
    expect([grant.userBound, made().userBound]).toEqual([true, false])
  })
})

describe('what is refused', () => {
  it.each([
    ['assertion', { assertion: undefined }],
    ['assertion', { assertion: '' }],
    ['assertion', { assertion: null }],
    ['subject', { subject: '' }],
    ['parameters', { parameters: { assertion: 'canary' } }],
    ['scope', { assertion: { privateKey, issuer: 'i', scope: 'a' } }],
    ['assertion.privateKey', { assertion: { issuer: 'i' } }],
    ['assertion.privateKey', { assertion: { issuer: 'i', privateKey: 'canary' } }],
    ['signingAlgorithm', { assertion: { issuer: 'i', privateKey, signingAlgorithm: 'HS256' } }],
    ['assertion.issuer', { assertion: { privateKey } }],
    ['assertion.issuer', { assertion: { privateKey, issuer: 5 }, clientId: 'id' }],
    ['assertion.keyId', { assertion: { privateKey, issuer: 'i', keyId: '' } }],
    ['assertion.audience', { assertion: { privateKey, issuer: 'i', audience: ['a'] } }],
    ...[0, 999, NaN, Infinity, '60000'].map((lifetime): [string, object] => [
      'assertion.lifetime',
      { assertion: { privateKey, issuer: 'i', lifetime } },
    ]),
    ...[5, [], { a: 5n }, { iss: 'i' }, { exp: 1 }, { jti: 'j' }, { aud: 'a' }, { sub: 's' }, { iat: 1 }].map(
      (claims): [string, object] => ['assertion.claims', { assertion: { privateKey, issuer: 'i', claims } }],
    ),
  ])('%s in %o', (name, options) => {
    const refused = () => jwtBearer({ tokenEndpoint: server.origin, assertion: 'a', ...options })
    expect(refused).toThrow(EverbearerError)
    expect(refused).toThrow(`\`${name}\``)
    expect(refused).not.toThrow(/canary/)
  })
})
