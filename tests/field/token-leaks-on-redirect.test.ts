/**
 * An API answers with a redirect, and the token follows it to whoever the Location names. undici's `request` did so until
 * 6.11.1 (CVE-2024-30260; nodejs/undici#872, sindresorhus/got#1090, apify/crawlee#4134); Go dropped the header and put it
 * back on a later hop (CVE-2024-45336); undici-oidc-interceptor 0.9.0 stamps each hop anew, wherever it leads.
 *
 * everbearer decides for every dispatch by scheme, host and port. A hop to an origin that is not listed carries nothing.
 */
import { describe, expect, it } from '@jest/globals'
import { Client, Pool, fetch as fetchOfUndici, interceptors, request } from 'undici'
import type { Dispatcher } from 'undici'
import { allowInsecure, bearer, createFetch } from '../../src/index.js'
import { agent, agentWith, builtInFetch, kept, undiciFetch } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import type { Loopback } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

type Interceptor = Dispatcher.DispatcherComposeInterceptor

/** /1 leads to /2 on the same origin, that to the stranger, and the stranger back to /4. */
async function journey(status: number): Promise<{ a: Loopback; evil: Loopback }> {
  const evil = await loopback(
    (_incoming, outgoing) => void outgoing.writeHead(status, { location: `${a.origin}/4` }).end(),
  )
  const a: Loopback = await loopback((incoming, outgoing) => {
    const next = { '/1': '/2', '/2': `${evil.origin}/3` }[String(incoming.url)]
    if (next === undefined) outgoing.end('arrived')
    else outgoing.writeHead(status, { location: next }).end()
  })
  return { a, evil }
}

const redirect = interceptors.redirect({ maxRedirections: 5 })
const followed = async (url: string, dispatcher: Dispatcher) => (await request(url, { dispatcher })).body.text()

/** The ways of sending that users have, each given the interceptor that stamps. */
const WAYS: [name: string, send: (url: string, stamp: Interceptor) => Promise<string>][] = [
  ['request, the redirects followed outside', (url, stamp) => followed(url, agent(stamp, redirect))],
  ['request, the redirects followed inside', (url, stamp) => followed(url, agent(redirect, stamp))],
  ["undici's fetch", async (url, stamp) => (await undiciFetch(agent(stamp))(url)).text()],
  ['the built-in fetch', async (url, stamp) => (await builtInFetch(agent(stamp))(url)).text()],
]

const STATUSES = [301, 302, 303, 307, 308]

describe('an interceptor that stamps whatever passes', () => {
  const careless: Interceptor = (dispatch) => (options, handler) =>
    dispatch({ ...options, headers: { authorization: 'Bearer token-1' } }, handler)

  it.each(WAYS.filter(([name]) => !name.endsWith('inside')))(
    'under %s: the stranger has the token',
    async (_, send) => {
      const { a, evil } = await journey(302)
      await send(`${a.origin}/1`, careless)
      expect(evil.tokens()).toEqual(['token-1'])
    },
  )
})

describe.each(STATUSES)('a redirect with %i to another port and back [R01]', (status) => {
  it.each(WAYS)('by %s: the stranger sees no token', async (name, send) => {
    const issuer = await loopback(mints())
    const { a, evil } = await journey(status)
    const text = await send(`${a.origin}/1`, bearer(tokensFrom(issuer), { origins: [a.origin] }))
    expect(text).toBe('arrived')
    expect(evil.hits).toHaveLength(1)
    expect(evil.hits[0]!.authorization).toEqual([])
    // Inside, it is undici that follows: it drops the header where it leaves the origin, and never brings it back.
    expect(a.tokens()).toEqual(['token-1', 'token-1', name.endsWith('inside') ? '' : 'token-1'])
  })

  it.each([
    ['the built-in fetch', undefined],
    ["undici's fetch", fetchOfUndici],
  ])('by createFetch over %s: no token leaves the origin', async (_, fetch) => {
    const issuer = await loopback(mints())
    const { a, evil } = await journey(status)
    const options = { origins: [a.origin], ...(fetch && { fetch }) }
    const response = await createFetch(tokensFrom(issuer), options)(`${a.origin}/1`)
    expect(await response.text()).toBe('arrived')
    expect(evil.hits[0]!.authorization).toEqual([])
    expect(a.tokens()).toEqual(['token-1', 'token-1', ''])
  })

  it('of a POST, with its body: the stranger sees no token', async () => {
    const issuer = await loopback(mints())
    const { a, evil } = await journey(status)
    const tokens = tokensFrom(issuer)
    for (const fetch of [
      createFetch(tokens, { origins: [a.origin] }),
      undiciFetch(agent(bearer(tokens, { origins: [a.origin] }))),
    ]) {
      await (await fetch(`${a.origin}/1`, { method: 'POST', body: 'x' })).text()
    }
    expect(evil.hits).toHaveLength(2)
    expect(evil.hits.flatMap(({ authorization }) => authorization)).toEqual([])
  })

  it.each([
    ['Pool', (origin: string) => new Pool(origin)],
    ['Client', (origin: string) => new Client(origin)],
  ])('under a %s: nothing reaches the stranger, and no token anybody but the API', async (_, make) => {
    const issuer = await loopback(mints())
    const { a, evil } = await journey(status)
    const interceptor = bearer(tokensFrom(issuer), { origins: [a.origin] })
    for (const order of [
      [interceptor, redirect],
      [redirect, interceptor],
    ]) {
      const dispatcher = kept<Dispatcher>(make(a.origin)).compose(order)
      await request(`${a.origin}/1`, { dispatcher }).then(
        ({ body }) => body.text(),
        () => 'refused',
      )
    }
    expect(a.tokens()).toContain('token-1')
    expect(evil.hits.flatMap(({ authorization }) => authorization)).toEqual([])
  })
})

it.each([
  ['another host name of the same machine', ({ port }: Loopback) => `http://localhost:${port}/3`],
  [
    'a user name that looks like the API',
    ({ port }: Loopback, a: Loopback) => `http://127.0.0.1:${a.port}%40x@127.0.0.1:${port}/3`,
  ],
  ['a path that begins with two slashes', ({ port }: Loopback) => `//127.0.0.1:${port}/3`],
  ['upper case', ({ port }: Loopback) => `HTTP://LOCALHOST:${port}/3`],
  ['a short form of the address', ({ port }: Loopback) => `http://127.1:${port}/3`],
])('a Location that spells the stranger with %s takes no token there', async (_, location) => {
  const issuer = await loopback(mints())
  const evil = await loopback()
  const a: Loopback = await loopback(
    (_incoming, outgoing) => void outgoing.writeHead(302, { location: location(evil, a) }).end(),
  )
  const interceptor = bearer(tokensFrom(issuer), { origins: [a.origin] })
  for (const [, send] of WAYS) await send(`${a.origin}/1`, interceptor).catch(() => undefined)
  expect(a.tokens()).toEqual(Array(WAYS.length).fill('token-1'))
  expect(evil.hits.length).toBeGreaterThan(0)
  expect(evil.hits.flatMap(({ authorization }) => authorization)).toEqual([])
})

describe('hosts that look alike, all of them this machine', () => {
  const lookup = (_host: string, _options: object, found: (error: null, addresses: object[]) => void) =>
    found(null, [{ address: '127.0.0.1', family: 4 }])

  async function hostsWithToken(location: (port: number) => string) {
    const issuer = await loopback(mints())
    const server = await loopback((incoming, outgoing) => {
      if (incoming.url === '/1') outgoing.writeHead(302, { location: location(server.port) }).end()
      else outgoing.end('arrived')
    })
    const origin = `http://api.test:${server.port}`
    const interceptor = bearer(tokensFrom(issuer), { origins: [origin], [allowInsecure]: [origin] })
    const dispatcher = agentWith({ connect: { lookup } as never }, interceptor, redirect)
    expect(await followed(`${origin}/1`, dispatcher)).toBe('arrived')
    return server.hits.map(({ headers, authorization }) => [headers.host?.split(':')[0], authorization.length])
  }

  it.each([
    ...['api.test.evil.test', 'evil-api.test', 'www.api.test', 'api.test.', 'xn--pi-7kc.test', 'api.test@evil.test'],
    ...['api.test%40evil.test', '127.0.0.1', '[::ffff:127.0.0.1]', 'api.testing', 'pi.test', 'api', 'api.tes'],
  ])('%s gets none', async (host) => {
    const [first, second, ...none] = await hostsWithToken((port) => `http://${host}:${port}/2`).catch(() => [])
    expect([first ?? ['api.test', 1], second?.[1] ?? 0, none]).toEqual([['api.test', 1], 0, []])
  })

  it.each(['api.test', 'API.test', 'me:pw@api.test', 'api%2Etest'])('%s is the listed one', async (host) => {
    expect(await hostsWithToken((port) => `http://${host}:${port}/2`)).toEqual([
      ['api.test', 1],
      ['api.test', 1],
    ])
  })
})
