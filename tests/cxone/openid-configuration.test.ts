import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Agent } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import { EverbearerError, TokenError } from '../../src/base/errors.js'
import { discoverTokenEndpoint, parseIssuer, readTokenEndpoint } from '../../src/cxone/openid-configuration.js'
import { thrownBy } from '../protocol/thrown-by.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

const ISSUER = 'https://login.example.com'
const ENDPOINT = `${ISSUER}/auth/token`
/** On an origin that is listed. */
const LISTED = 'https://tokens.example.com/token'
const endpointOrigins: ReadonlySet<string> = new Set(['https://tokens.example.com'])

describe('parseIssuer', () => {
  it.each([
    ['https://login.example.com', ISSUER],
    ['https://LOGIN.example.com:443/', ISSUER],
    ['https://login.example.com/tenant/', `${ISSUER}/tenant`],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('%s is %s', (given, issuer) => {
    expect(parseIssuer(given)).toBe(issuer)
  })

  it.each([
    ['login.example.com', 'invalid_option'],
    [undefined, 'invalid_option'],
    ['https://login.example.com/?tenant=x', 'invalid_option'],
    ['https://login.example.com/#x', 'invalid_option'],
    ['https://me:canary@login.example.com', 'invalid_option'],
    ['http://login.example.com', 'insecure_url'],
  ])('%s is refused', (given, code) => {
    const error = thrownBy(() => parseIssuer(given as string), EverbearerError)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/issuer/)
    expect(error.message).not.toMatch(/canary/)
  })
})

describe('readTokenEndpoint [R40]', () => {
  const read = (members: object) =>
    readTokenEndpoint({ issuer: ISSUER, token_endpoint: ENDPOINT, ...members }, { issuer: ISSUER, endpointOrigins })
      .href

  it.each([[{ issuer: ISSUER }], [{ issuer: `${ISSUER}/` }]])('is read from %j', (members) => {
    expect(read(members)).toBe(ENDPOINT)
  })

  it('may be on a listed origin', () => {
    expect(read({ token_endpoint: LISTED })).toBe(LISTED)
  })

  it('may be on loopback', () => {
    const issuer = 'http://127.0.0.1'
    const members = { issuer, token_endpoint: 'http://127.0.0.1:80/token' }
    expect(readTokenEndpoint(members, { issuer, endpointOrigins }).href).toBe('http://127.0.0.1/token')
  })

  it('does not depend on members that are not used', () => {
    expect(read({ authorization_endpoint: 'https://pages.example.com/', revocation_endpoint: 5 })).toBe(ENDPOINT)
  })

  it.each([
    [{ issuer: undefined }, /names another issuer than the one that was asked/],
    [{ issuer: null }, /names another issuer than the one that was asked/],
    [{ issuer: 'https://me:canary@evil.example.com/canary' }, /names another issuer than/],
    [{ issuer: 'https://evil.example.com' }, /names another issuer, https:\/\/evil\.example\.com, than/],
    [{ issuer: `${ISSUER}/another` }, /names another issuer/],
    [{ issuer: `${ISSUER}//` }, /names another issuer/],
    [{ issuer: [ISSUER] }, /names another issuer/],
    [{ issuer: 'https://LOGIN.example.com' }, /names another issuer/],
    [{ issuer: 5 }, /names another issuer/],
    [{ issuer: {} }, /names another issuer/],
    [{ issuer: '\u001b[2J' }, /names another issuer than/],
    [{ token_endpoint: undefined }, /names no token_endpoint/],
    [{ token_endpoint: ['https://a.example'] }, /token_endpoint is not a URL/],
    [{ token_endpoint: '/auth/token' }, /token_endpoint is not a URL/],
    [{ token_endpoint: 'http://tokens.example.com/token' }, /token_endpoint at .* unencrypted/],
    [{ token_endpoint: 'file:///etc/passwd' }, /token_endpoint must begin with https/],
    [
      { token_endpoint: 'https://evil.test/canary' },
      /another origin, https:\/\/evil\.test: list it as endpointOrigins/,
    ],
    [{ token_endpoint: `${ISSUER}.evil.test/canary` }, /another origin/],
    [{ token_endpoint: 'https://login.example.com:8443/token' }, /another origin, https:\/\/login\.example\.com:8443/],
    [{ token_endpoint: 'http://127.0.0.1/token' }, /another origin, http:\/\/127\.0\.0\.1/],
    [{ token_endpoint: 'https://login.example.com@evil.test/' }, /must not hold a user name/],
  ])('%j is refused', (members, words) => {
    const error = thrownBy(() => read(members), TokenError)
    expect(error).toMatchObject({ code: 'discovery_failed', retryable: false, message: expect.stringMatching(words) })
    expect(error.message).toContain(ISSUER)
    expect(error.message).not.toContain('canary')
  })
})

describe('discoverTokenEndpoint', () => {
  let server: AuthorizationServer
  const dispatcher = new Agent()
  beforeAll(async () => {
    server = await startAuthorizationServer()
  })
  afterAll(async () => {
    server.close()
    await dispatcher.destroy()
  })

  it.each(['', '/tenant'])('asks below the path of the issuer: %j', async (path) => {
    const issuer = server.origin + path
    server.response = (response) => json(response, 200, { issuer, token_endpoint: LISTED })
    const { signal } = new AbortController()
    const endpoint = await discoverTokenEndpoint(
      { issuer, endpointOrigins },
      { dispatcher, signal, clock: systemClock },
    )
    expect(endpoint.href).toBe(LISTED)
    expect(server.arrived.at(-1)).toMatchObject({ method: 'GET', url: `${path}/.well-known/openid-configuration` })
  })

  it('says what it asked for when it fails', async () => {
    server.response = (response) => response.writeHead(404).end()
    const { signal } = new AbortController()
    const found = discoverTokenEndpoint(
      { issuer: server.origin, endpointOrigins },
      { dispatcher, signal, clock: systemClock },
    )
    await expect(found).rejects.toMatchObject({
      code: 'discovery_failed',
      message: `The answer for the OpenID configuration at ${server.origin} was 404. Check the issuer.`,
    })
  })
})
