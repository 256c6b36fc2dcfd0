import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { EverbearerError, TokenError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { customGrant } from '../../src/grants/custom-grant.js'
import type { CustomGrantOptions } from '../../src/grants/custom-grant.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { Arrived, AuthorizationServer } from './authorization-server.js'

const { signal } = new AbortController()
const token = { access_token: 't', token_type: 'Bearer', expires_in: 3600 }

let server: AuthorizationServer
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.arrived.splice(0)
  server.response = (response) => json(response, 200, token)
})

const grantOf = (options: Partial<CustomGrantOptions> = {}) =>
  customGrant({ tokenEndpoint: server.origin, ...options } as CustomGrantOptions)
async function ask(options: Partial<CustomGrantOptions> = {}): Promise<Arrived> {
  await grantOf(options).requestToken({ signal })
  return server.arrived.at(-1)!
}
const failure = (options: Partial<CustomGrantOptions>) =>
  grantOf(options)
    .requestToken({ signal })
    .then(() => undefined)
    .catch((error: unknown) => error as TokenError)

describe('a form', () => {
  it('has the grant type, the parameters and what the token is to be good for', async () => {
    const { body, headers } = await ask({
      grantType: 'account_credentials',
      clientId: 'id',
      clientSecret: 'secret',
      scope: 'b a',
      parameters: { account_id: 'x y' },
    })
    expect(body).toBe('grant_type=account_credentials&scope=a+b&account_id=x+y')
    expect(headers.authorization).toBe(`Basic ${Buffer.from('id:secret').toString('base64')}`)
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
  })

  it('may have neither grant type nor client', async () => {
    const { body, headers } = await ask({ parameters: { key: 'v' } })
    expect(body).toBe('key=v')
    expect(headers).not.toHaveProperty('authorization')
  })

  it('names a client that has nothing to prove it with', async () => {
    expect((await ask({ grantType: 'g', clientId: 'id' })).body).toBe('grant_type=g&client_id=id')
  })
})

describe('JSON', () => {
  it('holds whatever JSON can hold', async () => {
    const { body, headers } = await ask({
      body: 'json',
      grantType: 'g',
      scope: 'b a',
      resource: ['https://a/', 'https://b/'],
      clientId: 'id',
      clientSecret: 'secret',
      clientAuthentication: 'client_secret_post',
      parameters: { permissions: { contents: 'read' }, repository_ids: [1, 2], name: '"x"', all: true, empty: '' },
    })
    expect(JSON.parse(body)).toEqual({
      grant_type: 'g',
      scope: 'a b',
      resource: ['https://a/', 'https://b/'],
      permissions: { contents: 'read' },
      repository_ids: [1, 2],
      name: '"x"',
      all: true,
      empty: '',
      client_id: 'id',
      client_secret: 'secret',
    })
    expect(headers['content-type']).toBe('application/json')
  })

  it('is an empty object where there is nothing to say', async () => {
    expect((await ask({ body: 'json' })).body).toBe('{}')
  })

  it('stays as it was when the caller changes the options later', async () => {
    const parameters = { ids: [1] }
    const grant = grantOf({ body: 'json', parameters })
    parameters.ids.push(2)
    await grant.requestToken({ signal })
    expect(server.arrived[0]?.body).toBe('{"ids":[1]}')
  })
})

describe('headers', () => {
  it('are made anew for each try, and go before those that would be there without', async () => {
    let count = 0
    const grant = grantOf({
      headers: async () => ({ Authorization: `Bearer jwt-${++count}`, Accept: 'application/vnd.example+json' }),
    })
    for (let times = 0; times < 2; times++) await grant.requestToken({ signal })
    expect(server.arrived.map(({ headers }) => [headers.authorization, headers.accept])).toEqual([
      ['Bearer jwt-1', 'application/vnd.example+json'],
      ['Bearer jwt-2', 'application/vnd.example+json'],
    ])
  })

  it('leave one Authorization alone, that of the client', async () => {
    const { headers } = await ask({ clientId: 'i', clientSecret: 's', headers: () => ({ AUTHORIZATION: 'Bearer x' }) })
    expect(headers.authorization).toMatch(/^Basic /)
  })

  it.each([
    ['nothing', undefined],
    ['a text', 'canary'],
    ['a number in it', { 'x-a': 5 }],
    ['two lines', { 'x-a': 'canary\r\nx-b: canary' }],
    ['a name that is none', { 'canary:': 'a' }],
  ])('that are %s are told before anything is sent', async (_, made) => {
    const error = await failure({ headers: () => made as never })
    expect(error).toMatchObject({ code: 'grant_failed', requestSent: false, retryable: false })
    expect(reachableText(error)).not.toContain('canary')
    expect(server.arrived).toEqual([])
  })

  it('that cannot be made may be made later, and what the function threw is not shown', async () => {
    const error = await failure({ headers: () => Promise.reject(new TypeError('canary')) })
    expect(error).toMatchObject({ code: 'grant_failed', requestSent: false, retryable: true })
    expect((error as Error).message).toContain('headers function failed (TypeError)')
    expect(reachableText(error)).not.toContain('canary')
  })
})

describe('an answer', () => {
  it('with other names is read by those of the RFC, at the time that the clock says', async () => {
    const clock = new FakeClock()
    const expiresAt = new Date(clock.now() + 3_600_000).toISOString()
    server.response = (response) =>
      json(response, 201, { token: 'ghs_x', expires_at: expiresAt, permissions: { a: 1 } })
    const grant = grantOf({
      mapResponse: ({ token, expires_at, ...others }, now) => ({
        ...others,
        access_token: token,
        token_type: 'Bearer',
        expires_in: Math.floor((Date.parse(String(expires_at)) - now) / 1_000),
      }),
    })
    const { accessToken, parameters } = await grant.requestToken({ signal, clock })
    expect([accessToken.reveal(), accessToken.lifetime]).toEqual(['ghs_x', 3_600_000])
    expect({ ...parameters }).toEqual({ permissions: { a: 1 } })
  })

  it('whose reader throws is an error that shows nothing of it, and of no other try', async () => {
    const answer = () => {
      throw new RangeError('canary')
    }
    const error = await failure({ mapResponse: answer })
    expect(error).toMatchObject({ code: 'grant_failed', retryable: false, requestSent: true })
    expect((error as Error).message).toContain('mapResponse function failed (RangeError)')
    expect(reachableText(error)).not.toContain('canary')
  })

  it.each([
    new TokenError('token_response_invalid', 'No member token.', { retryable: true }),
    new EverbearerError('closed', 'Closed.'),
  ])('whose reader throws an error of this package keeps its code: $code', async (thrown) => {
    const error = await failure({
      mapResponse: () => {
        throw thrown
      },
    })
    expect(error).toBeInstanceOf(TokenError)
    expect(error).toMatchObject({ code: thrown.code, message: thrown.message })
  })

  it.each([undefined, null, 'canary'])('whose reader gives %s is an error', async (given) => {
    expect(await failure({ mapResponse: () => given as never })).toMatchObject({
      code: 'grant_failed',
      retryable: false,
    })
  })

  it('that quotes what was sent is not shown', async () => {
    server.response = (response, { body, headers }) =>
      json(response, 401, { error: 'x', error_description: `${body} ${headers.authorization}` })
    for (const body of ['form', 'json'] as const) {
      const error = await failure({
        body,
        parameters: { password: 'canary-password' },
        headers: () => ({ authorization: 'Bearer canary-assertion' }),
      })
      expect(error).toMatchObject({ code: 'token_denied', error: 'x' })
      expect(reachableText(error)).not.toContain('canary')
    }
  })
})

describe('an answer that quotes one word of a header', () => {
  it.each(['form', 'json'] as const)('is shown without the word beside a body of %s', async (body) => {
    const error_description = 'canary-assertion is not known'
    server.response = (response) => json(response, 401, { error: 'x', error_description })
    const error = await failure({ body, headers: () => ({ authorization: 'Bearer canary-assertion' }) })
    expect(error).toMatchObject({ errorDescription: '[redacted] is not known' })
  })
})

describe('an answer that quotes one value of a JSON body', () => {
  it.each([
    ['an object', { login: { password: 'canary-password' } }],
    ['a list', { logins: [['user', 'canary-password']] }],
    ['a list of objects', { logins: [{ password: 'canary-password' }] }],
  ])('is shown without the value if that is inside %s', async (_, parameters) => {
    const error_description = 'canary-password is wrong'
    server.response = (response) => json(response, 401, { error: 'x', error_description })
    const error = await failure({ body: 'json', parameters })
    expect(error).toMatchObject({ errorDescription: '[redacted] is wrong' })
    expect(reachableText(error)).not.toContain('canary')
  })

  it('is shown without a number that is as long as a secret', async () => {
    server.response = (response) => json(response, 401, { error: 'x', error_description: 'PIN 12345678 of tenant 7' })
    const error = await failure({ body: 'json', parameters: { login: { pin: 12_345_678, tenant: 7 } } })
    expect(error).toMatchObject({ errorDescription: 'PIN [redacted] of tenant 7' })
  })
})

describe('the identity', () => {
  it('names everything that shapes the token, except for what a function makes', () => {
    const access = { scope: 'b a', audience: 'x', resource: 'https://a/' }
    const { identity, repeatable, userBound } = grantOf({ ...access, grantType: 'g', clientId: 'id', subject: 'app 7' })
    expect({ ...identity }).toEqual({
      tokenEndpoint: `${server.origin}/`,
      clientId: 'id',
      grantType: 'g',
      scope: ['a', 'b'],
      audience: 'x',
      resource: ['https://a/'],
      parameters: {},
      subject: 'app 7',
    })
    expect({ repeatable, userBound }).toEqual({ repeatable: true, userBound: false })
    expect(grantOf({ headers: () => ({}) }).userBound).toBe(true)
  })

  it('tells a form from JSON, and what JSON tells apart', () => {
    const identities = [
      grantOf({ parameters: { a: '1' } }),
      grantOf({ body: 'json', parameters: { a: '1' } }),
      grantOf({ body: 'json', parameters: { a: 1 } }),
      grantOf({ parameters: { a: '"1"' } }),
      grantOf({ body: 'json', grantType: 'in', parameters: { a: 1 } }),
    ].map(({ identity }) => JSON.stringify({ ...identity }))
    expect(new Set(identities).size).toBe(5)
  })

  it('shows no parameter', () => {
    expect(reachableText(JSON.stringify(grantOf({ body: 'json', parameters: { a: 'canary' } })))).not.toContain(
      'canary',
    )
  })
})

describe('what is refused', () => {
  it.each([
    { body: 'xml' },
    { grantType: '' },
    { headers: {} },
    { mapResponse: 'access_token' },
    { subject: '' },
    { clientId: '' },
    { clientId: 5 },
    { clientSecret: 's' },
    { clientAuthentication: 'client_secret_post' },
    { parameters: { a: 5 } },
    { parameters: null },
    { parameters: { scope: 'canary' } },
    { body: 'json', parameters: [] },
    { body: 'json', parameters: { scope: 'canary' } },
    { body: 'json', parameters: { a: new Secret('canary') } },
    { body: 'json', parameters: { a: () => 'canary' } },
    { body: 'json', parameters: { a: 5n } },
  ])('%o', (options) => {
    const refused = () => grantOf(options as never)
    expect(refused).toThrow(EverbearerError)
    expect(refused).not.toThrow(/canary/)
  })
})
