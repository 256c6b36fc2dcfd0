import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Agent } from 'undici'
import { allowInsecure } from '../../src/base/allow-insecure.js'
import { EverbearerError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import type { ClientCredentialsOptions } from '../../src/grants/client-credentials.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { Arrived, AuthorizationServer } from './authorization-server.js'

const BASE = { tokenEndpoint: 'https://login.example.com/token', clientId: 'id', clientSecret: 'secret' }

let server: AuthorizationServer
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => void server.arrived.splice(0))

async function ask(options: Partial<ClientCredentialsOptions> = {}): Promise<Arrived> {
  const grant = clientCredentials({
    ...BASE,
    tokenEndpoint: `${server.origin}/token`,
    ...options,
  } as ClientCredentialsOptions)
  await grant.requestToken({ signal: new AbortController().signal })
  return server.arrived.at(-1)!
}

describe('the token request', () => {
  it('is a POST of a form that asks for JSON', async () => {
    const { method, url, headers, body } = await ask()
    expect({ method, url, body }).toEqual({ method: 'POST', url: '/token', body: 'grant_type=client_credentials' })
    expect(headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from('id:secret').toString('base64')}`,
    })
  })

  it('keeps the query of the token endpoint', async () => {
    expect((await ask({ tokenEndpoint: new URL(`${server.origin}/a/token?tenant=x&y=%20`) })).url).toBe(
      '/a/token?tenant=x&y=%20',
    )
  })

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'uses exactly one method: %s [R21]',
    async (method) => {
      const { headers, form } = await ask({ clientAuthentication: method })
      const isBasic = method === 'client_secret_basic'
      expect('authorization' in headers).toBe(isBasic)
      expect(form.get('client_id')).toBe(isBasic ? null : 'id')
      expect(form.get('client_secret')).toBe(isBasic ? null : 'secret')
    },
  )

  it('carries scope, audience, resources and parameters as they were meant, each once', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 })
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          audience: name,
          scope: fc.array(fc.stringMatching(/^[!#-[\]-~]+$/), { maxLength: 4 }),
          paths: fc.array(fc.stringMatching(/^[a-z ?&=+%]*$/), { maxLength: 3 }),
          parameters: fc.dictionary(
            name.map((one) => `x${one}`),
            name,
            { noNullPrototype: true, maxKeys: 3 },
          ),
        }),
        async ({ audience, scope, paths, parameters }) => {
          const resource = paths.map((path) => `https://api.example.com/${path}`)
          const { form } = await ask({ audience, scope, resource, parameters })
          expect(form.getAll('grant_type')).toEqual(['client_credentials'])
          expect(form.getAll('audience')).toEqual([audience])
          expect(form.getAll('scope')).toEqual(scope.length === 0 ? [] : [[...new Set(scope)].sort().join(' ')])
          expect(form.getAll('resource').sort()).toEqual([...new Set(resource)].sort())
          for (const [key, value] of Object.entries(parameters)) expect(form.getAll(key)).toEqual([value])
        },
      ),
      { numRuns: 50 },
    )
  })

  it('holds no parameter without a value', async () => {
    const { body } = await ask({ scope: ' ', audience: '', resource: [], parameters: { empty: '' } })
    expect(body).toBe('grant_type=client_credentials')
  })

  it('takes one scope and one resource as they are', async () => {
    const { form } = await ask({ scope: 'b a', resource: 'https://api.example.com' })
    expect(form.get('scope')).toBe('a b')
    expect(form.getAll('resource')).toEqual(['https://api.example.com'])
  })
})

describe('the client secret', () => {
  it('is read anew for every request from a function', async () => {
    const secrets = ['one', Promise.resolve('two'), new Secret('three'), Promise.resolve(new Secret('four'))]
    const grant = clientCredentials({
      ...BASE,
      tokenEndpoint: server.origin,
      clientSecret: () => secrets.shift()!,
      clientAuthentication: 'client_secret_post',
    })
    for (let count = 0; count < 4; count++) await grant.requestToken({ signal: new AbortController().signal })
    expect(server.arrived.map(({ form }) => form.get('client_secret'))).toEqual(['one', 'two', 'three', 'four'])
  })

  it('may be a Secret', async () => {
    const { form } = await ask({ clientSecret: new Secret('s'), clientAuthentication: 'client_secret_post' })
    expect(form.get('client_secret')).toBe('s')
  })

  it('is in nothing that the grant shows', () => {
    const grant = clientCredentials({ ...BASE, clientSecret: 'canary' })
    expect(reachableText(grant)).not.toContain('canary')
  })
})

describe('the identity [R02]', () => {
  const identityOf = (options: Partial<ClientCredentialsOptions> = {}) =>
    clientCredentials({ ...BASE, ...options } as ClientCredentialsOptions).identity

  it('names everything that shapes the token, and no secret', () => {
    expect(
      identityOf({ scope: ['b', 'a'], audience: 'x', resource: ['https://b/', 'https://a/'], parameters: { p: 'q' } }),
    ).toEqual({
      tokenEndpoint: 'https://login.example.com/token',
      clientId: 'id',
      grantType: 'client_credentials',
      scope: ['a', 'b'],
      audience: 'x',
      resource: ['https://a/', 'https://b/'],
      parameters: { p: 'q' },
    })
    expect(identityOf()).toHaveProperty('audience', undefined)
  })

  it('is the same for the same set of scopes and resources, however written', () => {
    const identity = identityOf({ scope: ['a', 'b'], resource: ['https://a/', 'https://b/'] })
    for (const scope of ['a b', 'b  a', ' a b a ', ['b', 'a', 'a'], ['b a'], ['a', '', ' b']]) {
      expect(identityOf({ scope, resource: ['https://b/', 'https://a/', 'https://b/'] })).toEqual(identity)
    }
  })

  it('does not follow what the caller does to the options later', () => {
    const parameters = { p: 'q' }
    const resource = ['https://b/', 'https://a/']
    const identity = identityOf({ parameters, resource })
    parameters.p = 'changed'
    resource.push('https://c/')
    expect(identity).toMatchObject({ parameters: { p: 'q' }, resource: ['https://a/', 'https://b/'] })
    expect(resource).toEqual(['https://b/', 'https://a/', 'https://c/'])
  })

  it('may be asked for again and again', () => {
    expect(clientCredentials(BASE).repeatable).toBe(true)
  })
})

describe('what is refused', () => {
  const refused = (options: object): EverbearerError => {
    try {
      clientCredentials({ ...BASE, ...options })
    } catch (error) {
      expect(error).toBeInstanceOf(EverbearerError)
      expect(reachableText(error)).not.toContain('canary')
      return error as EverbearerError
    }
    throw new Error('Expected it to be refused')
  }

  it.each([
    { clientId: '' },
    { clientId: 5 },
    { clientSecret: '' },
    { clientSecret: undefined },
    { clientSecret: { canary: 'canary' } },
    { clientAuthentication: 'none' },
    { clientAuthentication: 'toString' },
    { tokenEndpoint: 'canary' },
    { tokenEndpoint: 'https://user:canary@login.example.com/token' },
    { tokenEndpoint: 'https://login.example.com/token#canary' },
    { tokenEndpoint: 'https://login.example.com/token?client_secret=canary' },
    { resource: '/relative' },
    { resource: ['https://a/', 'https://b/#fragment'] },
    { resource: [5] },
    { parameters: { p: 5 } },
    ...[
      'audience',
      'client_assertion',
      'client_assertion_type',
      'client_id',
      'client_secret',
      'grant_type',
      'resource',
      'scope',
    ].map((name) => ({ parameters: { [name]: 'canary' } })),
  ])('%j [R38]', (options) => {
    expect(refused(options)).toMatchObject({ code: 'invalid_option', retryable: false })
  })

  it.each([
    'http://login.example.com/token',
    'http://10.0.0.1/token',
    'http://localhost.evil.test/',
    'http://0.0.0.0/',
  ])('%s, off loopback', (tokenEndpoint) => {
    expect(refused({ tokenEndpoint }).code).toBe('insecure_url')
    expect(refused({ tokenEndpoint, [allowInsecure]: ['http://another.example.com'] }).code).toBe('insecure_url')
  })

  it.each(['http://127.0.0.1/', 'http://localhost:8080/token', 'http://[::1]/'])('but not %s', (tokenEndpoint) => {
    expect(() => clientCredentials({ ...BASE, tokenEndpoint })).not.toThrow()
  })

  it('nor http off loopback where allowInsecure lists its origin', async () => {
    server.response = (response) => json(response, 200, { access_token: 't', token_type: 'Bearer' })
    const origin = `http://login.internal:${server.port}`
    const dispatcher = new Agent({
      connect: { lookup: (_, __, found) => void found(null, [{ address: '127.0.0.1', family: 4 }]) },
    })
    const { headers } = await ask({ tokenEndpoint: `${origin}/token`, [allowInsecure]: [origin], dispatcher })
    expect(headers.host).toBe(`login.internal:${server.port}`)
    await dispatcher.close()
  })
})
