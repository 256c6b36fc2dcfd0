import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeProtectedHeader, jwtVerify } from 'jose'

import { clientAuthenticator, isByCertificate } from '../../src/client-auth/client-authentication.js'
import type { Client, ClientAuthentication } from '../../src/client-auth/client-authentication.js'
import { FakeClock } from '../../src/testing/index.js'

const clock = new FakeClock({ now: Date.parse('2026-11-22T12:00:00.900Z') })
const issuer = 'https://login.example.com'
const audience = 'https://login.example.com/token'
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const secret = 'a secret that is long enough to sign with'
const dispatcher = { dispatch() {}, request() {} }
const pem = (name: string) => readFileSync(join(import.meta.dirname, '../interop/certificates', name), 'utf8')
const [certificate, certifiedKey] = [pem('service.pem'), pem('service-key.pem')]

const prove = (client: Client) => clientAuthenticator({ clientId: 'id', ...client })({ issuer, clock })

function decode(authorization: string | undefined): string[] {
  const [scheme, credentials = ''] = String(authorization).split(' ')
  expect(scheme).toBe('Basic')
  return Buffer.from(credentials, 'base64').toString().split(':')
}

const formDecoded = (half: string) => new URLSearchParams(`v=${half}`).get('v') ?? ''

async function assertionOf(client: Client): Promise<string> {
  const { headers, parameters, secrets } = await prove(client)
  const { client_assertion: assertion = '', ...others } = Object.fromEntries(parameters)
  expect(headers).toEqual({})
  expect(others).toEqual({
    client_id: 'id',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
  expect(secrets).toEqual([assertion])
  return assertion
}

describe('client_secret_basic', () => {
  it('form-encodes both halves before it joins them', async () => {
    const { headers, parameters } = await prove({ clientId: 'a:b c+é%', clientSecret: ' %&+£€' })
    expect(decode(headers['authorization'])).toEqual(['a%3Ab+c%2B%C3%A9%25', '+%25%26%2B%C2%A3%E2%82%AC'])
    expect(parameters).toEqual([])
  })

  it('arrives as it was meant, whatever it holds [R21]', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        const { headers } = await prove({ clientId, clientSecret })
        expect(decode(headers['authorization']).map(formDecoded)).toEqual([clientId, clientSecret])
      }),
    )
  })

  it('by rfc7617 joins them as they are, for servers that do not decode', async () => {
    const { headers } = await prove({ clientId: 'a b+é%', clientSecret: 's: %&+£€', basicEncoding: 'rfc7617' })
    expect(decode(headers['authorization']).join(':')).toBe('a b+é%:s: %&+£€')
  })

  it('by rfc7617 is not for an id with a colon, of which the server would see the beginning', () => {
    const client = { clientId: 'a:b', clientSecret: 's', basicEncoding: 'rfc7617' } as const
    expect(() => clientAuthenticator(client)).toThrow('Option `clientId` must have no colon')
  })
})

describe('client_secret_post', () => {
  it('puts both into the body and nothing into the headers', async () => {
    expect(await prove({ clientSecret: 's&=', clientAuthentication: 'client_secret_post' })).toEqual({
      headers: {},
      parameters: [
        ['client_id', 'id'],
        ['client_secret', 's&='],
      ],
      secrets: ['s&='],
    })
  })
})

describe.each(['client_secret_basic', 'client_secret_post'] as const)('%s', (clientAuthentication) => {
  it('names each spelling in which the secret leaves', async () => {
    const { headers, secrets } = await prove({ clientSecret: 'a b', clientAuthentication })
    expect(secrets).toEqual(expect.arrayContaining(['a b']))
    for (const value of Object.values(headers)) expect(secrets).toContain(value.split(' ')[1])
  })

  it('reads the secret for each try, as it may rotate', async () => {
    const secrets = ['one', 'two']
    const proof = clientAuthenticator({ clientId: 'id', clientSecret: () => secrets.shift()!, clientAuthentication })
    expect((await proof({ clock })).secrets).toContain('one')
    expect((await proof({ clock })).secrets).toContain('two')
  })
})

describe('private_key_jwt', () => {
  it('is what a private key is for: a JWT of the client, for the issuer alone, for a minute', async () => {
    const { payload, protectedHeader } = await jwtVerify(await assertionOf({ privateKey, issuer }), publicKey, {
      currentDate: new Date(clock.now()),
    })
    // Five seconds back, for a server whose clock is behind.
    const now = Date.parse('2026-11-22T12:00:00Z') / 1_000 - 5
    const jti = expect.stringMatching(/^[\da-f-]{36}$/)
    expect(payload).toEqual({ iss: 'id', sub: 'id', aud: issuer, jti, iat: now, exp: now + 60 })
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT' })
  })

  it('has an id of its own for every try [R21]', async () => {
    const proof = clientAuthenticator({ clientId: 'id', privateKey, issuer })
    const ids = new Set<unknown>()
    for (let i = 0; i < 10; i++) {
      const { client_assertion: assertion } = Object.fromEntries((await proof({ issuer, clock })).parameters)
      const { payload } = await jwtVerify(String(assertion), publicKey, { currentDate: new Date(clock.now()) })
      ids.add(payload.jti)
    }
    expect(ids.size).toBe(10)
  })

  it('names its key, by keyId or by its JWK', async () => {
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'its own' }
    expect(decodeProtectedHeader(await assertionOf({ privateKey: jwk, issuer })).kid).toBe('its own')
    expect(decodeProtectedHeader(await assertionOf({ privateKey: jwk, keyId: 'k', issuer })).kid).toBe('k')
  })

  it('names the certificate of its key by the thumbprint (RFC 7515 section 4.1.8)', async () => {
    const header = decodeProtectedHeader(
      await assertionOf({ privateKey: certifiedKey, certificate, keyId: 'k', issuer }),
    )
    const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url')
    expect(header).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'k', 'x5t#S256': thumbprint })
  })

  it.each([
    ['of another key', certificate, 'must be that of the private key'],
    ['that is a key', certifiedKey, 'must be the PEM of a certificate'],
    ['that is a text', 'certificate.pem', 'must be the PEM of a certificate'],
    ['that is no text', 7 as never, 'must be the PEM of a certificate'],
  ])('takes no certificate %s, and quotes nothing of it', (_what, wrong, complaint) => {
    const make = () => clientAuthenticator({ clientId: 'id', privateKey, certificate: wrong, issuer })
    expect(make).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: expect.stringMatching(`^Option \`certificate\` ${complaint}`),
      }),
    )
    expect(make).not.toThrow(String(wrong).slice(0, 20))
  })

  it('signs with another algorithm that the key knows', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const jwt = await assertionOf({ privateKey: rsa, signingAlgorithm: 'PS256', issuer })
    expect(decodeProtectedHeader(jwt).alg).toBe('PS256')
  })
})

describe('client_secret_jwt', () => {
  it.each([undefined, 'HS256', 'HS384', 'HS512'])('signs with the secret: %s', async (signingAlgorithm) => {
    const jwt = await signed(signingAlgorithm)
    const { payload, protectedHeader } = await jwtVerify(jwt, Buffer.from(secret), {
      currentDate: new Date(clock.now()),
    })
    expect(payload).toMatchObject({ iss: 'id', sub: 'id', aud: issuer })
    expect(protectedHeader).toEqual({ alg: signingAlgorithm ?? 'HS256', typ: 'JWT' })
    expect(jwt).not.toContain(secret)
  })

  it('reads the secret for each try', async () => {
    const secrets = [secret, secret.toUpperCase()]
    const client = { clientSecret: () => secrets.shift()!, clientAuthentication: 'client_secret_jwt', issuer } as const
    for (const each of [...secrets]) {
      await jwtVerify(await assertionOf(client), Buffer.from(each), { currentDate: new Date(clock.now()) })
    }
  })

  function signed(signingAlgorithm: string | undefined) {
    return assertionOf({ clientSecret: secret, clientAuthentication: 'client_secret_jwt', signingAlgorithm, issuer })
  }
})

describe('the audience of an assertion', () => {
  const audienceOf = async (client: Client) => {
    const jwt = await assertionOf({ privateKey, ...client })
    return (await jwtVerify(jwt, publicKey, { currentDate: new Date(clock.now()) })).payload.aud
  }

  it('is what the server calls itself, or what it wants instead: one text', async () => {
    expect(await audienceOf({ issuer })).toBe(issuer)
    expect(await audienceOf({ assertionAudience: audience })).toBe(audience)
    expect(await audienceOf({ issuer, assertionAudience: audience })).toBe(audience)
  })

  it.each(['private_key_jwt', 'client_secret_jwt'] as const)('must be known for %s', (clientAuthentication) => {
    const key = clientAuthentication === 'private_key_jwt' ? { privateKey } : { clientSecret: secret }
    expect(() => clientAuthenticator({ clientId: 'id', ...key, clientAuthentication })).toThrow(
      'Option `assertionAudience` must name the server',
    )
  })
})

describe.each(['none', 'tls_client_auth', 'self_signed_tls_client_auth'] as const)('%s', (clientAuthentication) => {
  it('names the client and no more', async () => {
    expect(await prove({ clientAuthentication, dispatcher })).toEqual({
      headers: {},
      parameters: [['client_id', 'id']],
      secrets: [],
    })
  })

  it('says whether it is a certificate that proves it', () => {
    expect(isByCertificate({ clientAuthentication })).toBe(clientAuthentication !== 'none')
  })
})

describe('a method', () => {
  const all: Record<ClientAuthentication, Client> = {
    client_secret_basic: { clientSecret: 's', basicEncoding: 'rfc6749' },
    client_secret_post: { clientSecret: 's' },
    client_secret_jwt: { clientSecret: 's', signingAlgorithm: 'HS512', assertionAudience: audience },
    private_key_jwt: {
      privateKey: certifiedKey,
      keyId: 'k',
      certificate,
      signingAlgorithm: 'ES256',
      assertionAudience: audience,
    },
    tls_client_auth: { certificate },
    self_signed_tls_client_auth: { certificate },
    none: { certificate },
  }
  const options: Client = { ...all.client_secret_basic, ...all.private_key_jwt }

  it.each(Object.keys(all) as ClientAuthentication[])('takes its own options, and no other: %s [R21]', (method) => {
    const own = { clientId: 'id', clientAuthentication: method, dispatcher, ...all[method] }
    expect(() => clientAuthenticator(own)).not.toThrow()
    const strange = Object.entries(options).filter(([name]) => !Object.hasOwn(all[method], name))
    expect(strange.length).toBeGreaterThan(1)
    for (const [name, value] of strange) {
      expect(() => clientAuthenticator({ ...own, [name]: value })).toThrow(
        expect.objectContaining({
          code: 'invalid_option',
          message: expect.stringContaining(`Option \`${name}\` does not go with ${method}`),
        }),
      )
    }
  })

  it.each<[method: ClientAuthentication, missing: string]>([
    ['client_secret_basic', 'clientSecret'],
    ['client_secret_post', 'clientSecret'],
    ['client_secret_jwt', 'clientSecret'],
    ['private_key_jwt', 'privateKey'],
    ['tls_client_auth', 'dispatcher'],
    ['self_signed_tls_client_auth', 'dispatcher'],
  ])('%s needs %s', (clientAuthentication, missing) => {
    expect(() => clientAuthenticator({ clientId: 'id', issuer, clientAuthentication })).toThrow(
      `Option \`${missing}\` must`,
    )
  })

  it('is not of what an object inherits', () => {
    const inherited = Object.create({ privateKey, basicEncoding: 'rfc2617' }) as Client
    expect(() => clientAuthenticator(Object.assign(inherited, { clientId: 'id', clientSecret: 's' }))).not.toThrow()
  })

  it('is never guessed: a client without a credential says none', () => {
    expect(() => clientAuthenticator({ clientId: 'id' })).toThrow('Option `clientSecret` is missing')
    expect(() => clientAuthenticator({ clientId: 'id' })).toThrow("says clientAuthentication: 'none'")
  })

  it('is one: a secret and a private key are one too many', () => {
    const both = { clientId: 'id', clientSecret: 's', privateKey, issuer }
    expect(() => clientAuthenticator(both)).toThrow('Option `privateKey` does not go with client_secret_basic')
  })

  it.each<Client>([
    { clientId: '' },
    { clientId: undefined },
    { clientSecret: '' },
    { clientAuthentication: 'toString' as never },
    { clientAuthentication: null as never },
    { clientAuthentication: ['none'] as never },
    { basicEncoding: 'rfc2617' as never },
    { clientAuthentication: 'client_secret_jwt', issuer, signingAlgorithm: 'ES256' },
    { clientAuthentication: 'client_secret_jwt', issuer, signingAlgorithm: 'none' },
    { clientAuthentication: 'client_secret_jwt', assertionAudience: '' },
    { clientSecret: undefined, privateKey, issuer, keyId: '' },
    { clientSecret: undefined, privateKey, issuer, signingAlgorithm: null as never },
    { clientSecret: undefined, privateKey, issuer, signingAlgorithm: 'HS256' },
    { clientSecret: undefined, privateKey: publicKey, issuer },
  ])('is refused when something about it is wrong: %j', (wrong) => {
    expect(() => clientAuthenticator({ clientId: 'id', clientSecret: 's', ...wrong })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    )
  })
})

describe('where something else shows who asks', () => {
  const optional = (client: Client) => clientAuthenticator(client, { optional: true })({ issuer, clock })

  it('a client is named only, or not even that', async () => {
    expect(await optional({ clientId: 'id' })).toEqual({ headers: {}, parameters: [['client_id', 'id']], secrets: [] })
    expect(await optional({})).toEqual({ headers: {}, parameters: [], secrets: [] })
    expect(await optional({ clientAuthentication: 'none' })).toEqual({ headers: {}, parameters: [], secrets: [] })
  })

  it('it proves who it is when it can', async () => {
    expect((await optional({ clientId: 'id', clientSecret: 's' })).headers['authorization']).toMatch(/^Basic /)
    expect((await optional({ clientId: 'id', privateKey, issuer })).parameters).toHaveLength(3)
  })

  it.each<Client>([
    { clientSecret: 's' },
    { privateKey, issuer },
    { clientId: '' },
    { clientId: 'id', keyId: 'k' },
    { keyId: 'k' },
    { clientAuthentication: 'tls_client_auth', dispatcher },
  ])('it is refused when something about it is wrong: %j', (client) => {
    expect(() => clientAuthenticator(client, { optional: true })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    )
  })
})
