import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Agent } from 'undici'

import {
  authorizationCode,
  clientCredentials,
  customGrant,
  jwtBearer,
  MemoryTokenStore,
  refreshToken,
  saml2Bearer,
  tokenExchange,
  TokenManager,
  TokenManagerPool,
} from '../../src/index.js'
import type { Grant, TokenSource, TokenStore } from '../../src/index.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { AuthorizationServer } from './authorization-server.js'

const file = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')
const GOOD = { cert: file('../interop/certificates/service.pem'), key: file('../interop/certificates/service-key.pem') }
const EVIL = {
  cert: file('../docs/certificates/example.com.pem'),
  key: file('../docs/certificates/example.com-key.pem'),
}
const METHODS = ['tls_client_auth', 'self_signed_tls_client_auth'] as const

let server: AuthorizationServer
const agents: Agent[] = []

beforeAll(async () => {
  server = await startAuthorizationServer((listener) =>
    createServer({ ...EVIL, requestCert: true, rejectUnauthorized: false }, listener),
  )
})
afterAll(async () => {
  server.close()
  await Promise.all(agents.map((agent) => agent.destroy()))
})
beforeEach(() => {
  server.arrived.splice(0)
  server.response = (response, _, { socket }) => {
    const name = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subject : undefined
    if (name !== 'CN=service.example.com') return json(response, 401, { error: 'invalid_client' })
    return json(response, 200, { access_token: 'token-of-good', token_type: 'Bearer', expires_in: 3600 })
  }
})

function presenting(pair: typeof GOOD): Agent {
  const agent = new Agent({ connect: { ...pair, rejectUnauthorized: false } })
  agents.push(agent)
  return agent
}

/** A client whose dispatcher presents this pair's certificate. */
function clientOf(pair: typeof GOOD, clientAuthentication: (typeof METHODS)[number] = 'tls_client_auth') {
  const tokenEndpoint = `https://127.0.0.1:${server.port}/token`
  return { tokenEndpoint, clientId: 'shared', clientAuthentication, dispatcher: presenting(pair) }
}

const grantOf = (pair: typeof GOOD, certificate = pair.cert) => clientCredentials({ ...clientOf(pair), certificate })
const got = (tokens: TokenSource) =>
  tokens.getToken().then(
    (token) => token.reveal(),
    (error: unknown) => (error as { error?: string }).error,
  )

describe('two clients with one id and different certificates [R02]', () => {
  it('share no token in TokenManagerPool', async () => {
    const managers = new TokenManagerPool()
    expect(await got(managers.get(grantOf(GOOD)))).toBe('token-of-good')
    expect(managers.get(grantOf(EVIL)).current()).toBeUndefined()
    expect(await got(managers.get(grantOf(EVIL)))).toBe('invalid_client')
    expect(await got(managers.get(grantOf(GOOD)))).toBe('token-of-good')
    expect(server.arrived).toHaveLength(2)
    await managers.close()
  })

  it('share no token in a store', async () => {
    const store = new MemoryTokenStore()
    const managed = (grant: Grant) => new TokenManager(grant, { store })
    expect(await got(managed(grantOf(GOOD)))).toBe('token-of-good')
    expect(await got(managed(grantOf(EVIL)))).toBe('invalid_client')
    expect(await got(managed(grantOf(GOOD)))).toBe('token-of-good')
    expect(server.arrived).toHaveLength(2)
  })

  it('share none with a client of that id that shows nothing', async () => {
    const store = new MemoryTokenStore()
    expect(await got(new TokenManager(grantOf(GOOD), { store }))).toBe('token-of-good')
    const { tokenEndpoint, clientId, dispatcher } = clientOf(EVIL)
    const nobody = clientCredentials({ tokenEndpoint, clientId, clientSecret: 'x', dispatcher })
    expect(await got(new TokenManager(nobody, { store }))).toBe('invalid_client')
  })
})

describe('a renewed certificate', () => {
  it('goes on with the session in the store', async () => {
    server.response = (response) =>
      json(response, 200, { access_token: 't', token_type: 'Bearer', expires_in: 3600, refresh_token: 'next' })
    const store = new MemoryTokenStore()
    const session = (pair: typeof GOOD) =>
      refreshToken({ ...clientOf(pair), certificate: pair.cert, refreshToken: 'first', subject: 'user 42' })
    await new TokenManager(session(GOOD), { store }).getToken()
    await new TokenManager(session(EVIL), { store }).getToken()
    expect(server.arrived.map(({ form }) => form.get('refresh_token'))).toEqual(['first', 'next'])
  })
})

/** Every grant, by a client whose dispatcher proves its identity. */
const GRANTS: Readonly<Record<string, (client: ReturnType<typeof clientOf>) => Grant>> = {
  clientCredentials,
  refreshToken: (client) => refreshToken({ ...client, refreshToken: 'r', subject: 's' }),
  authorizationCode: (client) =>
    authorizationCode({
      ...client,
      redirectUri: 'https://app.example.com/',
      callbackUrl: '/?code=c&state=s',
      state: 's',
      codeVerifier: 'v',
      subject: 's',
    }),
  jwtBearer: (client) => jwtBearer({ ...client, assertion: 'a', subject: 's' }),
  saml2Bearer: (client) => saml2Bearer({ ...client, assertion: 'a', subject: 's' }),
  tokenExchange: (client) => tokenExchange({ ...client, subjectToken: 's', subjectTokenType: 'urn:x', subject: 's' }),
  customGrant: (client) => customGrant({ ...client, grantType: 'g' }),
}
const store: TokenStore = new MemoryTokenStore()
const MISSING = {
  code: 'invalid_option',
  message:
    'Option `certificate` is missing: a store and TokenManagerPool can’t see what the dispatcher presents. ' +
    'Give the PEM of its certificate.',
}

describe.each(METHODS)('without its certificate, a client by %s', (method) => {
  it.each(Object.keys(GRANTS))(
    'is rejected by a store and TokenManagerPool, and taken by a plain manager: %s',
    (name) => {
      const make = GRANTS[name]!
      const grant = make(clientOf(GOOD, method))
      expect(() => new TokenManagerPool().get(grant)).toThrow(expect.objectContaining(MISSING))
      expect(() => new TokenManager(grant, { store })).toThrow(expect.objectContaining(MISSING))
      expect(() => new TokenManager(grant)).not.toThrow()
      const named = make({ ...clientOf(GOOD, method), certificate: GOOD.cert } as never)
      expect(() => new TokenManagerPool().get(named)).not.toThrow()
      expect(() => new TokenManager(named, { store })).not.toThrow()
    },
  )
})

describe('a public client of clientCredentials', () => {
  it('with a dispatcher of its own must name the certificate, since no public client may use that grant', () => {
    const client = { ...clientOf(GOOD), clientAuthentication: 'none' as const }
    const sourceOf = (options: object) => () => new TokenManagerPool().get(clientCredentials({ ...client, ...options }))
    expect(sourceOf({})).toThrow(expect.objectContaining(MISSING))
    expect(sourceOf({ certificate: GOOD.cert })).not.toThrow()
    expect(sourceOf({ dispatcher: undefined })).not.toThrow()
  })
})

describe('the certificate', () => {
  it.each([
    ['a path', 'certificate.pem'],
    ['an empty text', ''],
    ['a key', GOOD.key],
    ['a number', 1],
    ['an object', {}],
    ['null', null],
  ])('must be a PEM, and is not quoted: %s', (_what, wrong) => {
    for (const clientAuthentication of [...METHODS, 'none'] as const) {
      const client = { ...clientOf(GOOD), clientAuthentication } as ReturnType<typeof clientOf>
      expect(() => clientCredentials({ ...client, certificate: wrong as never })).toThrow(
        expect.objectContaining({
          code: 'invalid_option',
          message: 'Option `certificate` must be the PEM of a certificate.',
        }),
      )
    }
  })

  it('counts by its thumbprint, however it is written', () => {
    const digest = (pem: string) => grantOf(GOOD, pem).credentials?.client.reveal()
    expect(digest(`Subject: CN=service\n${GOOD.cert}\n${EVIL.cert}`)).toBe(digest(GOOD.cert))
    expect(digest(GOOD.cert)).not.toBe(digest(EVIL.cert))
  })

  it('of a private key changes no digest: the key is what proves', () => {
    const options = { tokenEndpoint: 'https://login.example.com/token', clientId: 'id', issuer: 'https://a.example' }
    const plain = clientCredentials({ ...options, privateKey: GOOD.key })
    const certified = clientCredentials({ ...options, privateKey: GOOD.key, certificate: GOOD.cert })
    expect(plain.credentials?.all.equals(certified.credentials!.all)).toBe(true)
  })
})
