import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { Agent } from 'undici'
import { TokenError } from '../../src/base/errors.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import type { ClientCredentialsOptions } from '../../src/grants/client-credentials.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

const SECRET = 'canary secret/é+%'

let server: AuthorizationServer
let dispatcher: Agent
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  dispatcher = new Agent()
  server.arrived.splice(0)
})
afterEach(() => dispatcher.destroy())

function grantWith(options: Partial<ClientCredentialsOptions> = {}) {
  const tokenEndpoint = `${server.origin}/token`
  return clientCredentials({
    tokenEndpoint,
    clientId: 'id',
    clientSecret: SECRET,
    dispatcher,
    ...options,
  } as ClientCredentialsOptions)
}

/** The error that a token request ends with, in which no secret is to be found. */
async function failure(options: Partial<ClientCredentialsOptions> = {}): Promise<TokenError> {
  const signal = new AbortController().signal
  const error: unknown = await grantWith(options)
    .requestToken({ signal })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    )
  expect(error).toBeInstanceOf(TokenError)
  expect(reachableText(error)).not.toMatch(/canary/)
  return error as TokenError
}

function html(response: ServerResponse, status: number) {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<html><h1>canary</h1></html>')
}

describe('an answer with an error [R19]', () => {
  it('is told as the server told it', async () => {
    server.response = (response) =>
      json(response, 401, { error: 'invalid_client', error_description: 'No such client.' })
    expect(await failure()).toMatchObject({
      code: 'token_denied',
      status: 401,
      error: 'invalid_client',
      errorDescription: 'No such client.',
      retryable: false,
      requestSent: true,
    })
  })

  it.each([
    ['the bare secret', () => SECRET],
    ['the form-encoded secret', () => new URLSearchParams({ '': SECRET }).toString().slice(1)],
    ['the Authorization header', (header: string) => header],
    ['the request', (header: string, body: string) => `${header} ${body}`],
  ])('does not show %s that it quotes, in either method [R14]', async (_, quote) => {
    server.response = (response, { headers, body }) =>
      json(response, 400, {
        error: 'invalid_request',
        error_description: `Bad: ${quote(headers.authorization ?? '', body)}`,
      })
    for (const clientAuthentication of ['client_secret_basic', 'client_secret_post'] as const) {
      const { errorDescription, message } = await failure({ clientAuthentication })
      const shown = `${errorDescription} ${message}`
      expect(shown).not.toContain(Buffer.from('canary').toString('base64').slice(0, 6))
      const sent = server.arrived.at(-1)!.headers.authorization?.split(' ')[1]
      if (sent !== undefined) expect(shown).not.toContain(sent)
      expect(errorDescription).toMatch(/^Bad:/)
    }
  })

  it('is an error even with status 200, and hides what it quotes there too', async () => {
    server.response = (response) => json(response, 200, { error: 'invalid_client', error_description: SECRET })
    expect(await failure()).toMatchObject({ code: 'token_denied', errorDescription: '[redacted]' })
  })

  it.each([
    ['seconds', '120', 120_000],
    ['a date that has passed', 'Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['nonsense', 'soon', undefined],
  ])('honours a Retry-After of %s', async (_, header, retryAfter) => {
    server.response = (response) => json(response, 503, {}, { 'retry-after': header })
    const error = await failure()
    expect(error).toMatchObject({ code: 'token_endpoint_failed', retryable: true, status: 503 })
    expect(error.retryAfter).toBe(retryAfter)
  })

  it('honours a Retry-After of a date to come', async () => {
    server.response = (response) =>
      json(response, 429, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })
    const { retryAfter } = await failure()
    expect(retryAfter).toBeGreaterThan(50_000)
    expect(retryAfter).toBeLessThanOrEqual(60_000)
  })

  it('reads a Retry-After of a date by the clock of the manager', async () => {
    const clock = new FakeClock({ now: Date.UTC(2001, 0, 1) })
    const date = new Date(clock.now() + 90_000).toUTCString()
    server.response = (response) => json(response, 503, {}, { 'retry-after': date })
    const manager = new TokenManager(grantWith(), { clock })
    await expect(manager.getToken()).rejects.toMatchObject({ retryAfter: 90_000 })
  })

  it('hides what parameters and the query hold, unless it is too short to be a secret', async () => {
    server.response = (response) =>
      json(response, 400, { error: 'invalid_request', error_description: 'canary&more, canary-query, of tenant acme' })
    const options = { parameters: { password: 'canary&more', tenant: 'acme' } }
    const tokenEndpoint = `${server.origin}/token?key=canary-query`
    expect(await failure({ ...options, tokenEndpoint })).toMatchObject({
      errorDescription: '[redacted], [redacted], of tenant acme',
    })
  })

  it('hides a secret however the server escapes it', async () => {
    for (const quoted of ['&lt;c@nary&gt;', '%3cc%40nary%3e', '&amp;lt;c@nary&amp;gt;', '<C@NARY>', '\\u003cc@nary>']) {
      server.response = (response) =>
        json(response, 401, { error: 'invalid_client', error_description: `It is ${quoted}.` })
      expect(await failure({ clientSecret: '<c@nary>' })).toMatchObject({ errorDescription: 'It is [redacted].' })
    }
  })

  it("takes Genesys Cloud's 400 for a rate limit", async () => {
    server.response = (response) =>
      json(response, 400, {
        error: 'invalid_request',
        description: 'rate limit exceeded',
        error_description: 'rate limit exceeded',
      })
    expect(await failure()).toMatchObject({ retryable: true, status: 400 })
  })

  it.each([
    ['502', (response: ServerResponse) => html(response, 502), { code: 'token_endpoint_failed', retryable: true }],
    ['404', (response: ServerResponse) => html(response, 404), { code: 'token_endpoint_failed', retryable: false }],
    ['200', (response: ServerResponse) => html(response, 200), { code: 'token_response_invalid', retryable: false }],
  ])('in HTML, with status %s, is not shown', async (_, answer, expected) => {
    server.response = answer
    expect(await failure()).toMatchObject(expected)
  })
})

describe('an answer in the form of a form', () => {
  it('is read by its type', async () => {
    server.response = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })
        .end('access_token=gho_x&scope=repo&token_type=bearer')
    const { accessToken } = await grantWith().requestToken({ signal: new AbortController().signal })
    expect([accessToken.reveal(), accessToken.scope]).toEqual(['gho_x', ['repo']])
  })
})

describe('an answer that is no token', () => {
  it('is read whole up to 64 KiB', async () => {
    const body = JSON.stringify({ access_token: 't', token_type: 'Bearer' }).padEnd(64 * 1024)
    server.response = (response) => response.end(body)
    const set = await grantWith().requestToken({ signal: new AbortController().signal })
    expect(set.accessToken.reveal()).toBe('t')
    server.response = (response) => response.end(`${body} `)
    expect(await failure()).toMatchObject({ code: 'token_response_invalid' })
  })

  it('that ends too early is not shown', async () => {
    server.response = (response) => response.end('{"access_token":"canary')
    expect(await failure()).toMatchObject({ code: 'token_response_invalid' })
  })

  it('has a token that would not fit a header [R15]', async () => {
    server.response = (response) => json(response, 200, { access_token: 'canary\r\nx: y', token_type: 'Bearer' })
    expect(await failure()).toMatchObject({ code: 'token_malformed' })
  })
})
