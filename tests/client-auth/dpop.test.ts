import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { calculateJwkThumbprint } from 'jose'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { DpopProver } from '../../src/client-auth/dpop.js'
import { refreshToken } from '../../src/grants/refresh-token.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { AccessToken } from '../../src/token/access-token.js'
import { Secret } from '../../src/base/secret.js'
import { ProofReader } from '../http/proofs.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signal = new AbortController().signal

describe('DpopProver [R39]', () => {
  const url = 'https://api.example.com/things'
  const accessToken = new AccessToken('token')
  const payload = (proof: string) =>
    JSON.parse(Buffer.from(String(proof.split('.')[1]), 'base64url').toString()) as Record<string, unknown>
  const nonceFor = async (prover: DpopProver, request: { url: string; accessToken?: AccessToken }) =>
    payload(await prover.prove({ method: 'GET', ...request }))['nonce']

  it.each([
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['Ed25519', generateKeyPairSync('ed25519')],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('has the thumbprint of its public key, and proves possession of it: %s', async (_, pair) => {
    const prover = new DpopProver(pair.privateKey)
    const dpop = await prover.prove({ method: 'POST', url: `${url}?a=b#c`, accessToken })
    const proof = await new ProofReader().read({ method: 'POST', url, headers: { dpop } }, 'token')
    expect(proof.thumbprint).toBe(prover.thumbprint)
    expect(prover.thumbprint).toBe(await calculateJwkThumbprint(pair.publicKey.export({ format: 'jwk' })))
    expect(proof.jwk).toEqual(pair.publicKey.export({ format: 'jwk' }))
  })

  it('is what it was after a restart, from whatever the key was kept in', () => {
    const { thumbprint } = new DpopProver(privateKey)
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    expect(new DpopProver(pem).thumbprint).toBe(thumbprint)
    expect(new DpopProver({ kid: 'k', ...privateKey.export({ format: 'jwk' }) }).thumbprint).toBe(thumbprint)
  })

  it('makes each proof anew, by the clock of whoever asks, with a hash of the token alone', async () => {
    const prover = new DpopProver(privateKey)
    const clock = new FakeClock()
    const proofs = await Promise.all([1, 2].map(() => prover.prove({ method: 'GET', url, accessToken, clock })))
    const [one, other] = proofs.map(payload)
    expect(one?.['jti']).not.toBe(other?.['jti'])
    expect(Object.keys(one ?? {}).sort()).toEqual(['ath', 'htm', 'htu', 'iat', 'jti'])
    expect(one?.['iat']).toBe(Math.floor(clock.now() / 1_000) - 5)
    expect(payload(await prover.prove({ method: 'POST', url }))).not.toHaveProperty('ath')
  })

  it('keeps one nonce for each server, the last one', async () => {
    const prover = new DpopProver(privateKey)
    const other = 'https://api.example.com:8443/things'
    expect(await nonceFor(prover, { url, accessToken })).toBeUndefined()
    prover.remember({ method: 'GET', url, accessToken }, 'first')
    prover.remember({ method: 'GET', url: `${url}/others?a=b`, accessToken }, 'second')
    expect(await nonceFor(prover, { url, accessToken })).toBe('second')
    expect(await nonceFor(prover, { url: other, accessToken })).toBeUndefined()
  })

  it('keeps the nonces of an authorization server and of an API apart, at one origin too', async () => {
    const prover = new DpopProver(privateKey)
    prover.remember({ method: 'POST', url }, 'of the authorization server')
    expect(await nonceFor(prover, { url, accessToken })).toBeUndefined()
    prover.remember({ method: 'POST', url, accessToken }, 'of the API')
    expect(await nonceFor(prover, { url })).toBe('of the authorization server')
    expect(await nonceFor(prover, { url, accessToken })).toBe('of the API')
  })

  it('forgets the nonce that is oldest when there are more than 100 servers', async () => {
    const prover = new DpopProver(privateKey)
    const server = (i: number) => ({ url: `https://${i}.example.com/`, accessToken })
    for (let i = 0; i < 100; i++) prover.remember({ method: 'GET', ...server(i) }, `n${i}`)
    prover.remember({ method: 'GET', ...server(0) }, 'again')
    prover.remember({ method: 'GET', ...server(100) }, 'n100')
    expect(await Promise.all([0, 1, 2, 100].map((i) => nonceFor(prover, server(i))))).toEqual([
      'again',
      undefined,
      'n2',
      'n100',
    ])
  })

  it('shows nothing of the key when it is printed', () => {
    const { d } = privateKey.export({ format: 'jwk' })
    const grant = clientCredentials({ ...options('https://login.example.com'), dpop: privateKey })
    expect(inspect(grant, { depth: Infinity, showHidden: true }) + JSON.stringify(grant)).not.toContain(d)
  })
})

function options(origin: string) {
  return { tokenEndpoint: `${origin}/token`, clientId: 'id', clientSecret: 'secret', dpop: privateKey }
}

describe('a token request with a proof [R39]', () => {
  let server: AuthorizationServer
  let proofs: ProofReader
  beforeEach(async () => {
    server = await startAuthorizationServer()
    proofs = new ProofReader()
    server.response = bound
  })
  afterEach(() => server.close())

  const bound: AuthorizationServer['response'] = (response) => json(response, 200, DPOP_ANSWER)
  const DPOP_ANSWER = { access_token: 't', token_type: 'dpop', expires_in: 60, refresh_token: 'r' }
  const refusal = { error: 'use_dpop_nonce', error_description: 'Authorization server requires nonce in DPoP proof' }
  const readProof = (index: number) => {
    const { method, url, headers } = server.arrived[index]!
    return proofs.read({ method, url: server.origin + url, headers })
  }

  it('brings a token that is bound to the key, and says so in its identity', async () => {
    const grant = clientCredentials(options(server.origin))
    const { accessToken } = await grant.requestToken({ signal })
    expect(accessToken.authorization).toBe('DPoP t')
    expect(accessToken.prover).toBe(grant.prover)
    const { thumbprint, claims } = await readProof(0)
    expect(grant.identity.confirmation).toBe(thumbprint)
    expect(grant.prover?.thumbprint).toBe(thumbprint)
    expect(claims).not.toHaveProperty('ath')
  })

  it('refuses a token of type Bearer, which would be bound to nothing', async () => {
    server.response = (response) => json(response, 200, { ...DPOP_ANSWER, token_type: 'Bearer' })
    await expect(clientCredentials(options(server.origin)).requestToken({ signal })).rejects.toMatchObject({
      code: 'token_response_invalid',
      message: expect.stringContaining('of type Bearer, which is bound to no key'),
    })
  })

  it('refuses a bound token that was not asked for, since nobody could use it', async () => {
    const { dpop, ...without } = options(server.origin)
    await expect(clientCredentials(without).requestToken({ signal })).rejects.toMatchObject({
      code: 'token_response_invalid',
      message: expect.stringContaining('has a token_type other than Bearer'),
    })
    expect([dpop, server.arrived[0]?.headers['dpop']]).toEqual([privateKey, undefined])
  })

  it.each([400, 401])('is made once more, all anew, with the nonce that a %d asks for', async (status) => {
    const secrets = ['one', 'two']
    server.response = (response) => {
      if (server.arrived.length === 1) json(response, status, refusal, { 'DPoP-Nonce': 'n1' })
      else bound(response, server.arrived[1]!, undefined as never)
    }
    const clientSecret = () => secrets.shift() ?? 'none'
    await clientCredentials({ ...options(server.origin), clientSecret }).requestToken({ signal })
    const [first, second] = [await readProof(0), await readProof(1)]
    expect([first.claims['nonce'], second.claims['nonce']]).toEqual([undefined, 'n1'])
    const clients = server.arrived.map(({ headers }) => atob(String(headers.authorization?.slice(6))))
    expect(clients).toEqual(['id:one', 'id:two'])
  })

  it('is made no third time for a server that wants another nonce each time', async () => {
    server.response = (response) => json(response, 400, refusal, { 'DPoP-Nonce': `n${server.arrived.length}` })
    await expect(clientCredentials(options(server.origin)).requestToken({ signal })).rejects.toMatchObject({
      code: 'token_denied',
      error: 'use_dpop_nonce',
      retryable: false,
    })
    expect(server.arrived).toHaveLength(2)
  })

  it.each([
    ['without a nonce', {}],
    ['with two', { 'DPoP-Nonce': 'a, b' }],
  ])('is made no second time for a server that asks for one %s', async (_, headers: Record<string, string>) => {
    server.response = (response) => json(response, 400, refusal, headers)
    await expect(clientCredentials(options(server.origin)).requestToken({ signal })).rejects.toMatchObject({
      error: 'use_dpop_nonce',
    })
    expect(server.arrived).toHaveLength(1)
  })

  it('is made no second time for another error, whatever nonce came with it', async () => {
    server.response = (response) => json(response, 400, { error: 'invalid_dpop_proof' }, { 'DPoP-Nonce': 'n1' })
    await expect(clientCredentials(options(server.origin)).requestToken({ signal })).rejects.toMatchObject({
      error: 'invalid_dpop_proof',
      message: expect.stringContaining("Check this machine's clock"),
    })
    expect(server.arrived).toHaveLength(1)
  })

  it('carries the nonce that came with the token before', async () => {
    server.response = (response) => json(response, 200, DPOP_ANSWER, { 'DPoP-Nonce': `n${server.arrived.length}` })
    const grant = clientCredentials(options(server.origin))
    for (let i = 0; i < 3; i++) await grant.requestToken({ signal })
    const nonces = await Promise.all([0, 1, 2].map(async (i) => (await readProof(i)).claims['nonce']))
    expect(nonces).toEqual([undefined, 'n1', 'n2'])
  })

  it('asks again with the same refresh token, which a wanted nonce has not spent', async () => {
    server.response = (response) => {
      if (server.arrived.length === 1) json(response, 400, refusal, { 'DPoP-Nonce': 'n1' })
      else bound(response, server.arrived[1]!, undefined as never)
    }
    const grant = refreshToken({ ...options(server.origin), refreshToken: new Secret('r0') })
    expect((await grant.requestToken({ signal })).accessToken.tokenType).toBe('DPoP')
    expect(server.arrived.map(({ form }) => form.get('refresh_token'))).toEqual(['r0', 'r0'])
  })

  it('never mixes the nonces of two servers, or of two keys', async () => {
    const other = await startAuthorizationServer()
    try {
      for (const one of [server, other]) {
        one.response = (response) => json(response, 200, DPOP_ANSWER, { 'DPoP-Nonce': `of-${one.port}` })
      }
      const second = generateKeyPairSync('ed25519').privateKey
      const grants = [
        clientCredentials(options(server.origin)),
        clientCredentials({ ...options(server.origin), dpop: second }),
        clientCredentials(options(other.origin)),
      ]
      for (let i = 0; i < 2; i++) await Promise.all(grants.map((grant) => grant.requestToken({ signal })))
      const nonces = async ({ arrived, origin }: AuthorizationServer) => {
        const all = arrived.map(({ method, url, headers }) => proofs.read({ method, url: origin + url, headers }))
        return new Set(
          (await Promise.all(all)).map(({ thumbprint, claims }) => `${thumbprint} ${String(claims['nonce'])}`),
        )
      }
      const [key, otherKey] = grants.map(({ prover }) => prover?.thumbprint)
      const [own, foreign] = [`of-${server.port}`, `of-${other.port}`]
      expect(await nonces(server)).toEqual(
        new Set([`${key} undefined`, `${otherKey} undefined`, `${key} ${own}`, `${otherKey} ${own}`]),
      )
      expect(await nonces(other)).toEqual(new Set([`${key} undefined`, `${key} ${foreign}`]))
    } finally {
      other.close()
    }
  })
})
