import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { EverbearerError } from '../../src/base/errors.js'
import { saml2Bearer } from '../../src/grants/saml2-bearer.js'
import type { Saml2BearerOptions } from '../../src/grants/saml2-bearer.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { AuthorizationServer } from './authorization-server.js'

const { signal } = new AbortController()
const XML = '<saml:Assertion ID="é">\n???>>></saml:Assertion>'

let server: AuthorizationServer
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => void server.arrived.splice(0))

const grantOf = (options: Partial<Saml2BearerOptions> = {}) =>
  saml2Bearer({ tokenEndpoint: server.origin, assertion: 'PHNhbWw-', ...options } as Saml2BearerOptions)

describe('the token request', () => {
  it('has the assertion, what a vendor adds, and the proof of the client', async () => {
    const client = { clientId: 'id', clientSecret: 'secret' }
    await grantOf({ ...client, parameters: { orgName: 'acme' } }).requestToken({ signal })
    const { form, headers } = server.arrived[0]!
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
      assertion: 'PHNhbWw-',
      orgName: 'acme',
    })
    expect(headers.authorization).toMatch(/^Basic /)
  })

  it('has XML in base64url, without padding', async () => {
    await grantOf({ assertion: `\n ${XML}` }).requestToken({ signal })
    const assertion = String(server.arrived[0]?.form.get('assertion'))
    expect(assertion).toMatch(/^[\w-]+$/)
    expect(Buffer.from(assertion, 'base64url').toString()).toBe(`\n ${XML}`)
  })

  it('may go without a client, or with its name alone', async () => {
    await grantOf().requestToken({ signal })
    await grantOf({ clientId: 'id' }).requestToken({ signal })
    expect(server.arrived.map(({ form }) => form.get('client_id'))).toEqual([null, 'id'])
    for (const { headers } of server.arrived) expect(headers).not.toHaveProperty('authorization')
  })

  it('asks a function for each assertion, and may then be made again', async () => {
    let count = 0
    const grant = grantOf({ assertion: async () => `a${++count}` })
    for (let times = 0; times < 2; times++) await grant.requestToken({ signal })
    expect(server.arrived.map(({ form }) => form.get('assertion'))).toEqual(['a1', 'a2'])
    expect([grant.repeatable, grantOf().repeatable]).toEqual([true, false])
  })
})

describe('the assertion', () => {
  it('is in no error that quotes it, as it was given or sent', async () => {
    const before = server.response
    server.response = (response, { body }) => json(response, 400, { error: 'invalid_grant', error_description: body })
    const error: unknown = await grantOf({ assertion: `<canary>${XML}` })
      .requestToken({ signal })
      .catch((reason: unknown) => reason)
    server.response = before
    expect(error).toMatchObject({ code: 'token_denied', error: 'invalid_grant' })
    expect(reachableText(error)).not.toContain('PGNhbmFyeT')
    expect(reachableText(grantOf({ assertion: 'canary' }))).not.toContain('canary')
  })
})

describe('the identity', () => {
  it('names whose tokens they are', () => {
    const grant = grantOf({ clientId: 'id', parameters: { orgName: 'acme' }, scope: 'b a', subject: 'user' })
    expect({ ...grant.identity }).toEqual({
      tokenEndpoint: `${server.origin}/`,
      clientId: 'id',
      grantType: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
      scope: ['a', 'b'],
      resource: [],
      parameters: { orgName: 'acme' },
      subject: 'user',
    })
    expect(grant.userBound).toBe(true)
  })
})

describe('what is refused', () => {
  it.each([{ assertion: '' }, { assertion: undefined }, { subject: 5 }, { parameters: { assertion: 'canary' } }])(
    '%j',
    (options) => {
      expect(() => grantOf(options as never)).toThrow(EverbearerError)
      expect(() => grantOf(options as never)).toThrow(/Option `(assertion|subject|parameters)`/)
    },
  )
})
