import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Agent } from 'undici'
import { EverbearerError, TokenError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { apiLocation } from '../../src/cxone/api-location.js'
import { cxoneGrant } from '../../src/cxone/cxone-grant.js'
import type { CxoneAccessKeyAlone, CxoneClient } from '../../src/cxone/credentials.js'
import type { ClientAuthentication } from '../../src/client-auth/client-authentication.js'
import { staticToken } from '../../src/token/static-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { json } from '../grants/authorization-server.js'
import { thrownBy } from '../protocol/thrown-by.js'
import { CLIENT_SECRET, clockAhead, jwt, KEY_SECRET, refuse, startNice, TENANT } from './nice.js'
import type { Nice } from './nice.js'

const HOUR = 3_600_000
const ENDPOINTS = { accessKey: '/authentication/v1/token/access-key', refresh: '/public/user/refresh' }

let nice: Nice
let dispatcher: Agent
beforeEach(async () => {
  nice = await startNice()
  dispatcher = new Agent()
})
afterEach(async () => {
  nice.close()
  await dispatcher.destroy()
})

/** An access key with a client, and alone. */
const WAYS = {
  'with a client': (more: object = {}): CxoneClient => ({
    accessKeyId: 'key-id',
    accessKeySecret: KEY_SECRET,
    clientId: 'client:id',
    clientSecret: CLIENT_SECRET,
    issuer: nice.origin,
    ...more,
  }),
  'without a client': (more: object = {}): CxoneAccessKeyAlone => ({
    accessKeyId: 'key-id',
    accessKeySecret: KEY_SECRET,
    accessKeyEndpoint: nice.origin + ENDPOINTS.accessKey,
    issuer: nice.origin,
    ...more,
  }),
}
const withClient = WAYS['with a client']
const withoutClient = WAYS['without a client']
/** What a sign-in and a renewal are asked as, and the discovery before them. */
const NAMES = {
  'with a client': { discovery: ['openid-configuration'], signIn: 'password', renewal: 'refresh_token' },
  'without a client': { discovery: [], signIn: 'access-key', renewal: 'renew' },
}

/** A manager of the grant, and its clock. */
function manage(credentials: CxoneClient | CxoneAccessKeyAlone = withClient()) {
  const clock = clockAhead()
  const grant = cxoneGrant(credentials, dispatcher)
  const manager = new TokenManager(grant, { clock, refresh: 'on-demand' })
  const next = async () => {
    clock.pass(HOUR)
    return (await manager.getToken()).reveal()
  }
  return { clock, grant, manager, next, token: async () => (await manager.getToken()).reveal() }
}

/** The error that no token comes of, in which no secret is to be found. */
async function failure(credentials?: CxoneClient | CxoneAccessKeyAlone): Promise<TokenError> {
  const error: unknown = await manage(credentials)
    .token()
    .then(
      () => undefined,
      (reason: unknown) => reason,
    )
  expect(error).toBeInstanceOf(TokenError)
  expect(reachableText(error)).not.toContain('c4n4ry')
  return error as TokenError
}

describe.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('an access key %s', (way) => {
  const { discovery, signIn, renewal } = NAMES[way]
  const credentials = WAYS[way]

  it('does nothing before it is asked, then signs in', async () => {
    const { token, grant } = manage(credentials())
    expect(grant.tenantId()).toBeUndefined()
    expect(nice.arrived).toEqual([])
    expect(await token()).toBe('a1')
    expect(nice.asked()).toEqual([...discovery, signIn])
    expect(grant.tenantId()).toBe(TENANT)
  })

  it('renews by the refresh token, and next time by the one that came with it', async () => {
    const { token, next, grant } = manage(credentials())
    await token()
    expect(await next()).toBe('a2')
    expect(await next()).toBe('a3')
    expect(nice.asked()).toEqual([...discovery, signIn, `${renewal} r1`, `${renewal} r2`])
    expect(grant.tenantId()).toBe(TENANT)
  })

  it('keeps the refresh token when a renewal brings no other', async () => {
    const { token, next } = manage(credentials())
    await token()
    nice.script.push((response) =>
      json(response, 200, {
        access_token: 'x',
        token: 'x',
        token_type: 'Bearer',
        tokenExpirationTimeSec: 60,
        expires_in: 60,
      }),
    )
    await next()
    await next()
    expect(nice.asked()).toEqual([...discovery, signIn, `${renewal} r1`, `${renewal} r1`])
  })

  it.each([
    ['is dead', refuse('invalid_grant')],
    ['meets a page of HTML', (response: ServerResponse) => response.end('<html>')],
    ['meets a 404', refuse('', 404)],
  ])('signs in at once when the refresh token %s', async (_, answer) => {
    const { token, next } = manage(credentials())
    await token()
    nice.script.push(answer)
    expect(await next()).toBe('a2')
    const asked = nice.asked().filter((name) => name !== 'openid-configuration')
    expect(asked).toEqual([signIn, `${renewal} r1`, signIn])
    await next()
    expect(nice.asked().at(-1)).toBe(`${renewal} r2`)
  })

  it('signs in with the next try, and not with this one, when the refresh token met a failure that may pass', async () => {
    const { grant } = manage(credentials())
    const { signal } = new AbortController()
    const previous = await grant.requestToken({ signal })
    nice.script.push(refuse('server_error', 503))
    await expect(grant.requestToken({ previous, signal })).rejects.toMatchObject({ retryable: true, status: 503 })
    expect(nice.asked().at(-1)).toBe(`${renewal} r1`)
    await grant.requestToken({ previous, signal })
    expect(nice.asked().at(-1)).toBe(signIn)
  })

  it('does so within one flight', async () => {
    const { token, next } = manage(credentials())
    await token()
    nice.script.push(refuse('server_error', 503))
    expect(await next()).toBe('a2')
  })

  it.each([
    ['a 503', refuse('server_error', 503), 'token_endpoint_failed'],
    ['a page of HTML', (response: ServerResponse) => response.end('<html>'), 'token_response_invalid'],
    ['a cut connection', (response: ServerResponse) => response.destroy(), 'token_endpoint_unreachable'],
  ])('does not take %s for a refusal', async (_, answer, code) => {
    nice.script.push(answer, answer, answer)
    expect(await failure(credentials())).toMatchObject({
      code,
      message: expect.stringMatching(/^The .*token endpoint/),
    })
  })

  it('never presents a refresh token again that did not work, also when no other came', async () => {
    const { token, next } = manage(credentials())
    await token()
    const withoutRefreshToken: Nice['openidConfiguration'] = (response) =>
      json(response, 200, { access_token: 'x', token_type: 'Bearer', expires_in: 3_600 })
    nice.script.push(refuse('invalid_grant'), withoutRefreshToken, withoutRefreshToken)
    await next()
    await next()
    const asked = nice.asked().filter((name) => name !== 'openid-configuration')
    expect(asked).toEqual([signIn, `${renewal} r1`, signIn, signIn])
  })

  it('replaces a token that the API refused', async () => {
    const { manager } = manage(credentials())
    const rejected = await manager.getToken()
    expect((await manager.getToken({ rejected })).reveal()).toBe('a2')
    expect(nice.asked().at(-1)).toBe(`${renewal} r1`)
  })

  it('does not sign in when the flight was aborted', async () => {
    let read = 0
    const { token, clock, manager } = manage(credentials({ accessKeySecret: () => `${KEY_SECRET}${++read}` }))
    await token()
    clock.pass(HOUR)
    const arrived = new Promise((resolve) => nice.script.push(resolve))
    const waiting = manager.getToken().catch((error: unknown) => error)
    await arrived
    await manager.close()
    expect(await waiting).toMatchObject({ code: 'closed' })
    await new Promise(setImmediate)
    expect(read).toBe(1)
    expect(nice.asked()).toEqual([...discovery, signIn, `${renewal} r1`])
  })

  it.each([
    ['the id token', { id_token: jwt({ tenantId: 'id-tenant' }) }, 'id-tenant'],
    ['else the access token', { access_token: jwt({ tenantId: 'access-tenant' }) }, 'access-tenant'],
    ['else nobody', { id_token: jwt({ tenantId: 5 }) }, undefined],
    ['nor a token that is no JWT', { id_token: 'a.b.c' }, undefined],
  ])('has its tenant from %s', async (_, tokens, tenantId) => {
    nice.script.push((response) =>
      json(response, 200, { access_token: 'x', token_type: 'Bearer', expires_in: 60, ...tokens }),
    )
    const { token, grant } = manage(credentials())
    await token()
    expect(grant.tenantId()).toBe(tenantId)
  })

  it('reads its secrets anew for every sign-in', async () => {
    const secrets = ['one====', new Secret('two====')]
    const { token, next } = manage(credentials({ accessKeySecret: async () => secrets.shift()! }))
    await token()
    nice.script.push(refuse('invalid_grant'))
    await next()
    const sent = nice.arrived.map(({ body }) => /(one|two)/.exec(body)?.[1]).filter((secret) => secret)
    expect(sent).toEqual(['one', 'two'])
  })

  it('says so when its secret cannot be read, and sends nothing', async () => {
    expect(await failure(credentials({ accessKeySecret: () => '' }))).toMatchObject({
      code: 'grant_failed',
      message: expect.stringContaining('accessKeySecret'),
    })
    expect(nice.arrived).toEqual([])
  })

  it('has an identity that names its owner, and shows no secret', () => {
    const { grant } = manage(credentials())
    expect(grant.identity).toMatchObject({ subject: 'key-id', scope: [], resource: [], parameters: {} })
    expect(grant.repeatable).toBe(true)
    expect(reachableText(grant)).not.toContain('c4n4ry')
  })

  it.each(['of a sign-in', 'of a renewal'])('hides what was sent in the words of a server %s', async (when) => {
    const grant = cxoneGrant(credentials(), dispatcher)
    const { signal } = new AbortController()
    const previous = when === 'of a renewal' ? await grant.requestToken({ signal }) : undefined
    nice.script.push((response, { body, form, headers }) => {
      const pair = Buffer.from(String(headers.authorization).slice('Basic '.length), 'base64').toString()
      const said = [...form.values(), body, headers.authorization, pair].join(' ').slice(0, 280)
      json(response, 503, { error: 'server_error', error_description: said })
    })
    const asked = grant.requestToken({ previous, signal })
    const error = (await asked.catch((reason: unknown) => reason)) as TokenError
    expect(error).toMatchObject({ code: 'token_endpoint_failed', status: 503 })
    expect(error.errorDescription).toContain('[redacted]')
    expect(reachableText(error)).not.toMatch(/c4n4ry/)
    const sent = nice.arrived.at(-1)!.headers.authorization?.slice('Basic '.length)
    if (sent !== undefined) expect(error.message).not.toContain(sent)
  })

  it('does without its tenant being told anew', async () => {
    const { token, next, grant } = manage(credentials())
    await token()
    nice.claims = {}
    nice.script.push(refuse('invalid_grant'))
    await next()
    expect(grant.tenantId()).toBe(TENANT)
  })
})

describe('a sign-in with a client', () => {
  it.each(['client_secret_basic', 'client_secret_post', undefined] as const)(
    'sends both secrets as they are, the client by one method: %s',
    async (clientAuthentication: ClientAuthentication | undefined) => {
      await manage(withClient({ clientAuthentication })).token()
      const { headers, form, url, method } = nice.arrived.at(-1)!
      expect([method, url, headers['content-type']]).toEqual([
        'POST',
        '/auth/token',
        'application/x-www-form-urlencoded',
      ])
      const isBasic = clientAuthentication !== 'client_secret_post'
      expect([...form]).toEqual([
        ['grant_type', 'password'],
        ['username', 'key-id'],
        ['password', KEY_SECRET],
        ...(isBasic
          ? []
          : [
              ['client_id', 'client:id'],
              ['client_secret', CLIENT_SECRET],
            ]),
      ])
      expect(clientOf(headers.authorization)).toEqual(isBasic ? ['client:id', CLIENT_SECRET] : undefined)
    },
  )

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'renews with the client id in the form once, whatever the method: %s',
    async (clientAuthentication) => {
      const { token, next } = manage(withClient({ clientAuthentication }))
      await token()
      await next()
      const { headers, form } = nice.arrived.at(-1)!
      const isBasic = clientAuthentication === 'client_secret_basic'
      expect([...form].sort()).toEqual([
        ['client_id', 'client:id'],
        ...(isBasic ? [] : [['client_secret', CLIENT_SECRET]]),
        ['grant_type', 'refresh_token'],
        ['refresh_token', 'c4n4ry-r1'],
      ])
      expect(clientOf(headers.authorization)).toEqual(isBasic ? ['client:id', CLIENT_SECRET] : undefined)
    },
  )

  function clientOf(authorization: string | undefined): string[] | undefined {
    return authorization === undefined
      ? undefined
      : Buffer.from(authorization.replace('Basic ', ''), 'base64')
          .toString()
          .split(':')
          .map((half) => new URLSearchParams(`v=${half}`).get('v')!)
  }

  it('asks where the token endpoint is once, and again when what answers there is no token endpoint', async () => {
    const { token, next } = manage()
    await token()
    await next()
    nice.script.push(refuse('invalid_grant'))
    await next()
    nice.script.push((response) => response.writeHead(502).end('<html>'))
    await next()
    expect(nice.asked()).toEqual([
      'openid-configuration',
      'password',
      'refresh_token r1',
      'refresh_token r2',
      'password',
      'refresh_token r3',
      'openid-configuration',
      'password',
    ])
  })

  it('tries again when the OpenID configuration could not be had for a moment', async () => {
    const configuration = nice.openidConfiguration
    nice.openidConfiguration = (response) => {
      nice.openidConfiguration = configuration
      response.writeHead(500).end('<html>')
    }
    expect(await manage().token()).toBe('a1')
    expect(nice.asked()).toEqual(['openid-configuration', 'openid-configuration', 'password'])
  })

  it('sends no secret when the OpenID configuration is that of another issuer', async () => {
    nice.openidConfiguration = (response) =>
      json(response, 200, { issuer: 'https://evil.example.com', token_endpoint: `${nice.origin}/auth/token` })
    expect(await failure()).toMatchObject({ code: 'discovery_failed', retryable: false })
    expect(nice.asked()).toEqual(['openid-configuration'])
  })

  it('sends no secret when the OpenID configuration names no issuer [R13]', async () => {
    nice.openidConfiguration = (response) => json(response, 200, { token_endpoint: `${nice.origin}/auth/token` })
    expect(await failure()).toMatchObject({ code: 'discovery_failed', retryable: false })
    expect(nice.asked()).toEqual(['openid-configuration'])
  })

  it('sends no secret to a token endpoint on another origin, unless `endpointOrigins` lists it [R13]', async () => {
    const other = await startNice()
    nice.openidConfiguration = (response) =>
      json(response, 200, { issuer: nice.origin, token_endpoint: `${other.origin}/auth/token` })
    expect(await failure()).toMatchObject({
      code: 'discovery_failed',
      message: expect.stringMatching(`${other.origin}: list it as endpointOrigins`),
    })
    expect(other.arrived).toEqual([])
    expect(await manage(withClient({ endpointOrigins: [other.origin] })).token()).toBe('a1')
    expect(other.asked()).toEqual(['password'])
    other.close()
  })

  it('goes where the OpenID configuration says', async () => {
    nice.openidConfiguration = (response) =>
      json(response, 200, { issuer: nice.origin, token_endpoint: `${nice.origin}/another/token` })
    await manage().token()
    expect(nice.arrived.at(-1)!.url).toBe('/another/token')
  })

  it.each([
    [
      'invalid_grant',
      /refused the access key: invalid_grant \(no\)\. Check first the access key secret, then the access key id, .*issuer \(asked was http/,
    ],
    [
      'invalid_client',
      /refused the client: invalid_client \(no\)\. Check first the client secret, then the client id, .*issuer \(asked was http/,
    ],
    ['unauthorized_client', /refused the client: unauthorized_client .* may sign in with an access key/],
  ])('says what to check first when it is refused with %s', async (error, words) => {
    nice.script.push(refuse(error))
    expect(await failure()).toMatchObject({
      code: 'token_denied',
      error,
      status: 400,
      retryable: false,
      message: expect.stringMatching(words),
    })
    expect(nice.asked()).toEqual(['openid-configuration', 'password'])
  })

  it('tells of white space that nobody sees at the end of a secret', async () => {
    nice.script.push(refuse('invalid_grant'))
    const { message } = await failure(withClient({ accessKeySecret: `${KEY_SECRET}\n` }))
    expect(message).toContain('the access key secret, which begins or ends with white space')
    nice.script.push(refuse('invalid_client'))
    const { message: another } = await failure(withClient({ clientSecret: `${CLIENT_SECRET} ` }))
    expect(another).toContain('the client secret, which begins or ends with white space')
  })

  it('is of its issuer and its client', () => {
    const { identity, issuer } = cxoneGrant(withClient({ issuer: 'https://login.example.com/' }))
    expect(issuer).toBe('https://login.example.com')
    expect(identity).toMatchObject({ tokenEndpoint: issuer, clientId: 'client:id', grantType: 'password' })
  })

  it('is of https://cxone.niceincontact.com when nobody names another issuer', () => {
    expect(cxoneGrant(withClient({ issuer: undefined })).issuer).toBe('https://cxone.niceincontact.com')
  })

  it.each([
    ['with the length in a text', { expires_in: '3600' }],
    ['with another spelling of Bearer', { token_type: 'bearer' }],
  ])('takes an answer %s', async (_, members) => {
    nice.script.push((response) =>
      json(response, 200, { access_token: 'x', token_type: 'Bearer', expires_in: 3_600, ...members }),
    )
    const { manager } = manage()
    expect(await manager.getToken()).toMatchObject({ lifetime: HOUR })
  })
})

describe('a sign-in without a client', () => {
  it('sends the secret as it is, in JSON', async () => {
    const { token, next } = manage(withoutClient())
    await token()
    await next()
    expect(nice.arrived.map(({ method, url, body }) => [method, url, JSON.parse(body) as unknown])).toEqual([
      ['POST', ENDPOINTS.accessKey, { accessKeyId: 'key-id', accessKeySecret: KEY_SECRET }],
      ['POST', ENDPOINTS.refresh, { token: 'c4n4ry-r1' }],
    ])
    for (const { headers } of nice.arrived) {
      expect(headers['content-type']).toBe('application/json')
      expect(headers).not.toHaveProperty('authorization')
    }
  })

  it.each([
    ['without a type', {}],
    ['with a type that is null', { token_type: null }],
    ['with a type', { token_type: 'bearer' }],
    ['with the length in a text', { expires_in: '3600' }],
  ])('takes an answer %s', async (_, members) => {
    nice.script.push((response) => json(response, 200, { access_token: 'x', expires_in: 3_600, ...members }))
    const { manager } = manage(withoutClient())
    expect(await manager.getToken()).toMatchObject({ lifetime: HOUR, tokenType: 'Bearer' })
  })

  it('refuses a token of another type', async () => {
    nice.script.push((response) => json(response, 200, { access_token: 'x', token_type: 'mac' }))
    expect(await failure(withoutClient())).toMatchObject({ code: 'token_response_invalid' })
  })

  it('renews for as long as NICE says, in numbers or in text', async () => {
    const { token, next, manager } = manage(withoutClient())
    await token()
    nice.script.push((response) =>
      json(response, 200, { token: 'x', refreshToken: 'y', tokenExpirationTimeSec: '1800' }),
    )
    await next()
    expect(manager.current()).toMatchObject({ lifetime: HOUR / 2 })
  })

  it('keeps no token in what it shows of an answer', async () => {
    const grant = cxoneGrant(withoutClient(), dispatcher)
    const { signal } = new AbortController()
    const previous = await grant.requestToken({ signal })
    const renewed = await grant.requestToken({ previous, signal })
    expect(renewed.refreshToken!.reveal()).toBe('c4n4ry-r2')
    expect(Object.keys(renewed.parameters)).toEqual([])
    expect(reachableText([previous, renewed])).not.toContain('c4n4ry')
  })

  it.each([
    [
      401,
      { error: 'invalid_grant', error_description: 'no' },
      /refused the access key: invalid_grant \(no\)\. Check first the access key secret, then/,
    ],
    [
      401,
      { status: 401, message: 'c4n4ry' },
      /refused the access key: status 401 \(no description\)\. Check first the access key secret, then .*area/,
    ],
    [404, {}, /refused the access key: status 404 .*Check first the area or `accessKeyEndpoint` \(asked was http/],
  ])('says what to check first when it is refused with %d and %j', async (status, body, words) => {
    nice.script.push((response) => json(response, status, body))
    expect(await failure(withoutClient())).toMatchObject({
      status,
      retryable: false,
      message: expect.stringMatching(words),
    })
    expect(nice.asked()).toEqual(['access-key'])
  })

  it('renews where it is told to', async () => {
    const { token, next } = manage(withoutClient({ refreshEndpoint: `${nice.origin}/elsewhere/refresh` }))
    await token()
    await next()
    expect(nice.arrived.at(-1)!.url).toBe('/elsewhere/refresh')
  })

  it.each([
    [{ area: 'na1' }, 'https://na1.nice-incontact.com/authentication/v1/token/access-key'],
    [{ area: 'na1', accessKeyEndpoint: 'https://keys.example.com/token' }, 'https://keys.example.com/token'],
  ])('is at the address of %j', (where, tokenEndpoint) => {
    const { identity } = cxoneGrant({ accessKeyId: 'key-id', accessKeySecret: 's', ...where })
    expect(identity).toMatchObject({ tokenEndpoint, clientId: '', grantType: 'access-key' })
  })
})

describe('what is refused before anything is sent', () => {
  it.each<[object, string, RegExp]>([
    [withClientGiven({ accessKeyId: '' }), 'invalid_option', /accessKeyId/],
    [withClientGiven({ accessKeyId: 5 }), 'invalid_option', /accessKeyId/],
    [withClientGiven({ accessKeySecret: undefined }), 'invalid_option', /accessKeySecret/],
    [withClientGiven({ clientId: undefined }), 'invalid_option', /clientId/],
    [withClientGiven({ clientSecret: undefined }), 'invalid_option', /clientSecret/],
    [withClientGiven({ clientAuthentication: 'none' }), 'invalid_option', /clientAuthentication/],
    [withClientGiven({ issuer: 'cxone' }), 'invalid_option', /issuer/],
    [withClientGiven({ issuer: 'https://cxone.example.com?x' }), 'invalid_option', /issuer/],
    [withClientGiven({ issuer: 'http://cxone.example.com' }), 'insecure_url', /issuer/],
    [{ accessKeyId: 'id', accessKeySecret: 's' }, 'invalid_option', /area.*accessKeyEndpoint/],
    [{ accessKeyId: 'id', accessKeySecret: 's', area: 'na1.example.com/' }, 'invalid_option', /area/],
    [{ accessKeyId: 'id', accessKeySecret: 's', area: 1 }, 'invalid_option', /area/],
    [
      { accessKeyId: 'id', accessKeySecret: 's', accessKeyEndpoint: 'http://a.example' },
      'insecure_url',
      /accessKeyEndpoint/,
    ],
    [
      { accessKeyId: 'id', accessKeySecret: 's', area: 'na1', refreshEndpoint: 'x' },
      'invalid_option',
      /refreshEndpoint/,
    ],
  ])('%j', (credentials, code, words) => {
    const error = thrownBy(() => cxoneGrant(credentials as never), EverbearerError)
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) })
  })

  function withClientGiven(more: object): object {
    return { accessKeyId: 'id', accessKeySecret: 's', clientId: 'id', clientSecret: 's', ...more }
  }
})

describe('a server that offers HTTP/2', () => {
  const folder = join(import.meta.dirname, '../docs/certificates')
  const cert = readFileSync(join(folder, 'example.com.pem'))
  const key = readFileSync(join(folder, 'example.com-key.pem'))
  const versions: string[] = []
  const secure = createSecureServer({ cert, key, allowHTTP1: true }, (incoming, outgoing) => {
    versions.push(`${incoming.httpVersion} ${incoming.url}`)
    const tokens = { access_token: 't', token: 't', token_type: 'Bearer', expires_in: 60, refresh_token: 'r' }
    const places = { issuer: origin(), token_endpoint: `${origin()}/auth/token`, api_endpoint: origin() }
    outgoing.end(JSON.stringify({ ...tokens, ...places }))
  })
  const origin = () => `https://login.example.com:${(secure.address() as AddressInfo).port}`
  beforeAll(() => once(secure.listen(0, '127.0.0.1'), 'listening'))
  afterAll(() => void secure.close())
  beforeEach(() => void versions.splice(0))

  it('is spoken to in HTTP/1.1', async () => {
    const lookup = (_: string, __: object, found: (error: null, addresses: object[]) => void) =>
      void found(null, [{ address: '127.0.0.1', family: 4 }])
    const trusting = new Agent({ connect: { ca: cert, lookup } as never })
    const { signal } = new AbortController()
    for (const credentials of [
      withClient({ issuer: origin() }),
      withoutClient({ accessKeyEndpoint: `${origin()}/token/access-key` }),
    ]) {
      const grant = cxoneGrant(credentials, trusting)
      await grant.requestToken({ previous: await grant.requestToken({ signal }), signal })
    }
    const grant = { issuer: origin(), tenantId: () => TENANT }
    await apiLocation({ tokens: staticToken('t'), grant, domains: [], dispatcher: trusting }).find()
    expect(versions).toEqual([
      '1.1 /.well-known/openid-configuration',
      '1.1 /auth/token',
      '1.1 /auth/token',
      '1.1 /token/access-key',
      '1.1 /public/user/refresh',
      `1.1 /.well-known/cxone-configuration?tenantId=${TENANT}`,
    ])
    await trusting.destroy()
  })
})
