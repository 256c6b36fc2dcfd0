import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { Agent } from 'undici'
import { TokenError } from '../../src/base/errors.js'
import { parseApiDomains } from '../../src/cxone/api-domains.js'
import { apiLocation, readApiEndpoint } from '../../src/cxone/api-location.js'
import { cxoneGrant } from '../../src/cxone/cxone-grant.js'
import { AccessToken } from '../../src/token/access-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { json } from '../grants/authorization-server.js'
import { thrownBy } from '../protocol/thrown-by.js'
import { CLIENT_SECRET, clockAhead, KEY_SECRET, refuse, startNice, TENANT } from './nice.js'
import type { Nice } from './nice.js'

const API = 'https://api-na1.niceincontact.com'
const DOMAINS = parseApiDomains()

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

function scene() {
  const clock = clockAhead()
  const key = { accessKeyId: 'key-id', accessKeySecret: KEY_SECRET }
  const client = { clientId: 'id', clientSecret: CLIENT_SECRET }
  const grant = cxoneGrant({ ...key, ...client, issuer: nice.origin }, dispatcher)
  const manager = new TokenManager(grant, { clock, refresh: 'on-demand' })
  const location = apiLocation({ tokens: manager, grant, domains: DOMAINS, dispatcher, clock })
  return { clock, manager, location, locate: () => location.find() }
}

const failureOf = (locate: () => Promise<string>) => locate().catch((reason: unknown) => reason) as Promise<TokenError>
const configurationsAsked = () => nice.arrived.filter(({ url }) => url.startsWith('/.well-known/cxone-configuration'))

describe('where the API is', () => {
  it('is asked for after the token, by the tenant that it names', async () => {
    const { locate } = scene()
    expect(nice.arrived).toEqual([])
    expect(await locate()).toBe(API)
    expect(nice.arrived.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /.well-known/openid-configuration',
      'POST /auth/token',
      `GET /.well-known/cxone-configuration?tenantId=${TENANT}`,
    ])
  })

  it('is asked for once, for all who wait and all who come later', async () => {
    const { locate } = scene()
    expect(new Set(await Promise.all(Array.from({ length: 50 }, locate)))).toEqual(new Set([API]))
    expect(await locate()).toBe(API)
    expect(configurationsAsked()).toHaveLength(1)
  })

  it('is not waited for any longer once it is closed: the request ends', async () => {
    const { location, locate } = scene()
    const ended = new Promise((resolve) => {
      nice.cxoneConfiguration = (response) => {
        response.once('close', resolve)
        location.close()
      }
    })
    expect(await failureOf(locate)).toMatchObject({ code: 'closed' })
    await ended
  })

  it('needs no token any more once it is known', async () => {
    const { locate, clock } = scene()
    await locate()
    const before = nice.arrived.length
    clock.pass(7_200_000)
    expect(await locate()).toBe(API)
    expect(nice.arrived).toHaveLength(before)
  })

  it('is not asked for again by one who waited longer for a token', async () => {
    const token = new AccessToken('t')
    const late: ((token: AccessToken) => void)[] = []
    const tokens = {
      current: () => undefined,
      getToken: () =>
        late.length === 0 ? new Promise<AccessToken>((resolve) => late.push(resolve)) : Promise.resolve(token),
    }
    const { find: locate } = apiLocation({
      tokens,
      grant: { issuer: nice.origin, tenantId: () => TENANT },
      domains: DOMAINS,
      dispatcher,
    })
    const waiting = locate()
    await locate()
    late[0]!(token)
    expect(await waiting).toBe(API)
    expect(configurationsAsked()).toHaveLength(1)
  })

  it('does not take a tenant for anything but one value', async () => {
    nice.claims = { tenantId: 'a&b=c/../?#' }
    await scene().locate()
    expect(new URL(nice.arrived.at(-1)!.url, nice.origin).searchParams.get('tenantId')).toBe('a&b=c/../?#')
  })
})

describe('when it cannot be found out', () => {
  it.each<[string, (response: ServerResponse) => unknown, object]>([
    [
      'an unknown tenant',
      (response) => response.writeHead(404).end(),
      {
        status: 404,
        retryable: false,
        message: expect.stringMatching(/unknown tenant\. Check the issuer \(asked was http/),
      },
    ],
    ['a 503', (response) => response.writeHead(503).end(), { status: 503, retryable: true }],
    ['a page of HTML', (response) => response.end('<html>'), { retryable: false }],
    ['no place', (response) => json(response, 200, { area: 'na1' }), { retryable: false }],
    ['a cut connection', (response) => response.destroy(), { retryable: true }],
  ])('because of %s, each who waits gets a discovery_failed of its own', async (_, answer, members) => {
    nice.cxoneConfiguration = answer
    const { locate } = scene()
    const errors = await Promise.all(Array.from({ length: 5 }, () => failureOf(locate)))
    expect(new Set(errors).size).toBe(5)
    for (const error of errors) {
      expect(error).toBeInstanceOf(TokenError)
      expect(error).toMatchObject({ code: 'discovery_failed', ...members })
    }
    expect(configurationsAsked()).toHaveLength(1)
  })

  it('because the tokens name no tenant, it says what to set, and asks nobody', async () => {
    nice.claims = {}
    expect(await failureOf(scene().locate)).toMatchObject({
      code: 'discovery_failed',
      retryable: false,
      message: expect.stringContaining('set `apiUrl`'),
    })
    expect(configurationsAsked()).toEqual([])
  })

  it('because there is no token, each gets that error, of its own', async () => {
    nice.script.push(refuse('invalid_grant'))
    const { locate } = scene()
    const [one, another] = await Promise.all([failureOf(locate), failureOf(locate)])
    expect(one).toMatchObject({ code: 'token_denied', error: 'invalid_grant', status: 400 })
    expect(another).toEqual(one)
    expect(another).not.toBe(one)
  })

  it('the issuer is left alone for a second, and then asked again', async () => {
    const { locate, clock } = scene()
    const configuration = nice.cxoneConfiguration
    nice.cxoneConfiguration = (response) => response.writeHead(500).end()
    await failureOf(locate)
    nice.cxoneConfiguration = configuration
    const error = await failureOf(locate)
    expect(error).toMatchObject({ code: 'token_unavailable', retryable: true, cause: { code: 'discovery_failed' } })
    expect(error.retryAfter).toBeLessThanOrEqual(1_000)
    expect(configurationsAsked()).toHaveLength(1)
    clock.pass(1_000)
    expect(await locate()).toBe(API)
  })

  it('an issuer that does not answer is given up after 10 s', async () => {
    const { locate, clock } = scene()
    let fire: (() => void) | undefined
    const { setTimeout } = clock
    clock.setTimeout = (callback, delay) => {
      if (delay === 10_000) fire = callback
      return setTimeout.call(clock, callback, delay)
    }
    const closed = new Promise((resolve) => {
      nice.cxoneConfiguration = (response) => {
        response.once('close', resolve)
        fire?.()
      }
    })
    expect(await failureOf(locate)).toMatchObject({
      code: 'discovery_failed',
      retryable: true,
      message: expect.stringContaining('10000 ms'),
    })
    await closed
  })
})

describe('readApiEndpoint', () => {
  it.each([
    ['https://api-na1.niceincontact.com', 'https://api-na1.niceincontact.com'],
    ['https://api-c42.nice-incontact.com/', 'https://api-c42.nice-incontact.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('%s is %s', (url, origin) => {
    expect(readApiEndpoint({ api_endpoint: url }, nice.origin, DOMAINS)).toBe(origin)
  })

  it.each([
    undefined,
    null,
    '',
    5,
    ['https://api.example.com'],
    'http://api.example.com',
    'https://api.example.com/v1',
  ])('%j is none', (url) => {
    expect(thrownBy(() => readApiEndpoint({ api_endpoint: url }, nice.origin, DOMAINS), TokenError)).toMatchObject({
      code: 'discovery_failed',
      message: expect.stringContaining('api_endpoint'),
    })
  })

  it('rejects an api_endpoint outside the domains, with its origin and the settings in the error', () => {
    expect(
      thrownBy(() => readApiEndpoint({ api_endpoint: 'https://api.evil.test:8443' }, nice.origin, DOMAINS), TokenError),
    ).toMatchObject({
      code: 'discovery_failed',
      retryable: false,
      message:
        `The CXone configuration at ${nice.origin} is not used: its api_endpoint, https://api.evil.test:8443, is on ` +
        "none of NICE's domains. If your API is there, list its domain as `apiDomains` or set `apiUrl`.",
    })
  })
})
