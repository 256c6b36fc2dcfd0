import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { EverbearerError } from '../../src/base/errors.js'
import { tokenExchange } from '../../src/grants/token-exchange.js'
import type { TokenExchangeOptions } from '../../src/grants/token-exchange.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { AuthorizationServer } from './authorization-server.js'

const { signal } = new AbortController()
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'
const token = { access_token: 't', token_type: 'Bearer', expires_in: 60, issued_token_type: ACCESS_TOKEN }

let server: AuthorizationServer
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.arrived.splice(0)
  server.response = (response) => json(response, 200, token)
})

const grantOf = (options: Partial<TokenExchangeOptions> = {}) =>
  tokenExchange({
    tokenEndpoint: server.origin,
    subjectToken: 's',
    subjectTokenType: ACCESS_TOKEN,
    ...options,
  } as TokenExchangeOptions)
const ask = async (options: Partial<TokenExchangeOptions> = {}) => {
  const set = await grantOf(options).requestToken({ signal })
  return { set, ...server.arrived.at(-1)! }
}
const failure = (options: Partial<TokenExchangeOptions> = {}) =>
  grantOf(options)
    .requestToken({ signal })
    .then(() => undefined)
    .catch((error: unknown) => error as EverbearerError)

describe('the token request', () => {
  it('has the subject token and its type', async () => {
    const { form, headers } = await ask()
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 's',
      subject_token_type: ACCESS_TOKEN,
    })
    expect(headers).not.toHaveProperty('authorization')
  })

  it('has all else that there may be', async () => {
    const { form, headers } = await ask({
      clientId: 'id',
      clientSecret: 'secret',
      actorToken: 'a',
      actorTokenType: JWT,
      requestedTokenType: ACCESS_TOKEN,
      audience: 'x',
      resource: ['https://b/', 'https://a/'],
      scope: 'b a',
    })
    expect([...form]).toEqual([
      ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      ['subject_token', 's'],
      ['actor_token', 'a'],
      ['subject_token_type', ACCESS_TOKEN],
      ['actor_token_type', JWT],
      ['requested_token_type', ACCESS_TOKEN],
      ['scope', 'a b'],
      ['audience', 'x'],
      ['resource', 'https://a/'],
      ['resource', 'https://b/'],
    ])
    expect(headers.authorization).toMatch(/^Basic /)
  })

  it('asks functions for the tokens of each try', async () => {
    let count = 0
    const next = async () => `t${++count}`
    const grant = grantOf({ subjectToken: next, actorToken: next, actorTokenType: JWT })
    for (let times = 0; times < 2; times++) await grant.requestToken({ signal })
    const sent = server.arrived.map(({ form }) => [form.get('subject_token'), form.get('actor_token')])
    expect(sent).toEqual([
      ['t1', 't2'],
      ['t3', 't4'],
    ])
    expect(grant.repeatable).toBe(true)
  })
})

describe('the answer', () => {
  it('says what was issued', async () => {
    const { set } = await ask()
    expect(set.accessToken.reveal()).toBe('t')
    expect({ ...set.parameters }).toEqual({ issued_token_type: ACCESS_TOKEN })
  })

  it.each([undefined, null, 5])('is none with an issued_token_type of %s', async (issued_token_type) => {
    server.response = (response) => json(response, 200, { ...token, issued_token_type })
    expect(await failure()).toMatchObject({ code: 'token_response_invalid', retryable: false })
  })

  it('of the type N_A is no access token', async () => {
    server.response = (response) => json(response, 200, { ...token, token_type: 'N_A' })
    const error = await failure()
    expect(error).toMatchObject({ code: 'token_response_invalid', retryable: false })
    expect(error?.message).toContain('token_type')
  })

  it('that quotes the tokens shows none of them', async () => {
    server.response = (response, { body }) => json(response, 400, { error: 'invalid_request', error_description: body })
    const error = await failure({ subjectToken: 'canary-1', actorToken: 'canary-2', actorTokenType: JWT })
    expect(error).toMatchObject({ code: 'token_denied' })
    expect(reachableText(error)).not.toContain('canary')
    expect(reachableText(grantOf({ subjectToken: 'canary' }))).not.toContain('canary')
  })
})

describe('the identity', () => {
  it('names the types, and whose tokens come back', () => {
    const types = { actorToken: 'a', actorTokenType: JWT, requestedTokenType: JWT }
    const { identity, userBound } = grantOf({ ...types, parameters: { p: 'q' }, clientId: 'id', subject: 'user' })
    expect({ ...identity }).toEqual({
      tokenEndpoint: `${server.origin}/`,
      clientId: 'id',
      grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
      scope: [],
      resource: [],
      parameters: {
        p: 'q',
        subject_token_type: ACCESS_TOKEN,
        actor_token_type: JWT,
        requested_token_type: JWT,
      },
      subject: 'user',
    })
    expect(userBound).toBe(true)
  })
})

describe('what is refused', () => {
  it.each([
    { subjectToken: undefined },
    { subjectToken: '' },
    { subjectTokenType: undefined },
    { subjectTokenType: 'access_token' },
    { actorToken: 'a' },
    { actorTokenType: JWT },
    { actorToken: 5, actorTokenType: JWT },
    { requestedTokenType: '' },
    { requestedTokenType: null },
    { subject: '' },
    ...['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type'].map(
      (name) => ({ parameters: { [name]: 'canary' } }),
    ),
  ])('%j', (options) => {
    expect(() => grantOf(options as never)).toThrow(EverbearerError)
    const [name] = Object.keys(options)
    expect(() => grantOf(options as never)).toThrow(name === 'actorToken' ? 'actorToken' : `\`${name}\``)
  })
})
