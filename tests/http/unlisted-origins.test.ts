import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { bearer } from '../../src/http/bearer.js'
import { AllowedOrigins } from '../../src/http/allowed-origins.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { UnlistedOrigins } from '../../src/http/unlisted-origins.js'
import { staticToken } from '../../src/token/static-token.js'
import { agent, closeAgents } from './agents.js'
import { closeServers, loopback } from './loopback.js'
import type { Loopback } from './loopback.js'

let server: Loopback
let warnings: unknown[]

beforeEach(async () => {
  server = await loopback()
  warnings = []
  const emitWarning = (...warning: unknown[]) => void warnings.push(warning)
  jest.spyOn(process, 'emitWarning').mockImplementation(emitWarning)
})

afterEach(async () => {
  jest.restoreAllMocks()
  await closeAgents()
  closeServers()
})

const source = staticToken('t')
type Options = Partial<Parameters<typeof createFetch>[1]>

const SENDERS = {
  bearer: (options: Options) => {
    const dispatcher = agent(bearer(source, { origins: ['https://api.example'], ...options }))
    return async (origin: string) => {
      const { body } = await dispatcher.request({ origin, path: '/secret-path?secret=query', method: 'GET' })
      return body.text()
    }
  },
  createFetch: (options: Options) => {
    const fetch = createFetch(source, { origins: ['https://api.example'], ...options })
    return async (origin: string) => {
      const url = new URL('/secret-path?secret=query', origin)
      return (await fetch(url)).text()
    }
  },
}

describe.each(Object.entries(SENDERS))('a request to an unlisted origin by %s', (_name, sender) => {
  it('is sent without a token if `unlisted` is `pass`', async () => {
    expect(await sender({ unlisted: 'pass' })(server.origin)).toBe('ok')
    expect(server.tokens()).toEqual([''])
  })

  it('is rejected with the origin alone, and sends nothing, if `unlisted` is `throw`', async () => {
    const error: unknown = await sender({ unlisted: 'throw' })(server.origin).catch((error: unknown) => error)
    expect(error).toMatchObject({
      name: 'EverbearerError',
      code: 'origin_unlisted',
      retryable: false,
      message:
        `Request to ${server.origin} not sent: \`origins\` does not list it. ` +
        "List it, or set `unlisted: 'pass'` to send such requests without a token.",
    })
    expect(server.hits).toEqual([])
  })

  it('is rejected with the listed origin that was probably meant', async () => {
    const send = sender({ unlisted: 'throw', origins: [`http://localhost:${server.port}`] })
    await expect(send(server.origin)).rejects.toThrow(`\`origins\` lists http://localhost:${server.port} instead. List`)
  })

  it.each(['fail', '', true, null, 'PASS'])('cannot be decided by %j', (unlisted) => {
    expect(() => sender({ unlisted: unlisted as never })).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: "Option `unlisted` must be 'pass' or 'throw'.",
      }),
    )
  })
})

it('createFetch rejects a request to an unlisted origin by default, and bearer passes it [R01] [R09]', async () => {
  await expect(SENDERS.createFetch({})(server.origin)).rejects.toMatchObject({ code: 'origin_unlisted' })
  expect(await SENDERS.bearer({})(server.origin)).toBe('ok')
  expect(server.tokens()).toEqual([''])
})

it.each(['data:,x', '/relative', 'not a url'])(
  'createFetch leaves %j to the fetch underneath, as no server gets it',
  async (url) => {
    const fetch = createFetch(source, { origins: ['https://api.example'], fetch: async () => new Response('it') })
    expect(await (await fetch(url)).text()).toBe('it')
  },
)

it('what follows a redirect to an unlisted origin is decided by bearer for each hop', async () => {
  const { interceptors } = await import('undici')
  const api = await loopback((_incoming, outgoing) => void outgoing.writeHead(302, { location: server.origin }).end())
  const send = (unlisted: 'pass' | 'throw') =>
    agent(bearer(source, { origins: [api.origin], unlisted }), interceptors.redirect({ maxRedirections: 1 })).request({
      origin: api.origin,
      path: '/',
      method: 'GET',
    })
  expect(await (await send('pass')).body.text()).toBe('ok')
  expect(server.tokens()).toEqual([''])
  await expect(send('throw')).rejects.toMatchObject({ code: 'origin_unlisted' })
  expect(server.hits).toHaveLength(1)
})

describe('a request without a token to an origin that was probably meant to be listed', () => {
  it.each(Object.entries(SENDERS))('warns once, by %s', async (_name, sender) => {
    const localhost = `http://localhost:${server.port}`
    const send = sender({ unlisted: 'pass', origins: [localhost] })
    await send(server.origin)
    await sender({ unlisted: 'pass', origins: [localhost] })(server.origin)
    const message = `Requests to ${server.origin} get no token: \`origins\` lists ${localhost} instead. List it too, or request what is listed.`
    expect(warnings).toEqual([[message, { type: 'EverbearerWarning', code: 'EVERBEARER_ORIGIN_UNLISTED' }]])
  })

  it.each([
    ['http://localhost:3000', 'http://127.0.0.1:3000', true],
    ['http://localhost:3000', 'http://[::1]:3000', true],
    ['http://127.0.0.1:3000', 'http://127.8.8.8:3000', true],
    ['https://localhost:3002', 'http://127.0.0.1:3002', true],
    ['https://api.example', 'http://api.example', true],
    ['https://api.example:8443', 'http://api.example:8080', true],
    ['https://api.example', 'https://api.example:8443', false],
    ['http://localhost:3000', 'http://127.0.0.1:3001', false],
    ['http://localhost:3000', 'http://10.0.0.5:3000', false],
    ['https://api.example', 'https://other.example', false],
  ])('%s is listed and %s requested: %s', (listed, asked, isNear) => {
    const dispatch = bearer(source, { origins: [listed] })(() => true)
    dispatch({ origin: asked, path: '/', method: 'GET' }, { onResponseError: () => undefined })
    expect(warnings.length).toBe(isNear ? 1 : 0)
  })
})

it('warnings end after a hundred: redirects could lead to any number of names of this machine', () => {
  const dispatch = bearer(source, { origins: ['http://localhost:3000'] })(() => true)
  for (let i = 0; i < 200; i++) {
    dispatch({ origin: `http://127.1.1.${i}:3000`, path: '/', method: 'GET' }, { onResponseError: () => undefined })
  }
  expect(warnings.length).toBeLessThanOrEqual(100)
})

it('a request to no server passes, although unlisted origins are rejected', async () => {
  const fetch = createFetch(source, { origins: ['https://api.example'], unlisted: 'throw' })
  expect(await (await fetch('data:text/plain,hello')).text()).toBe('hello')
})

it.each(['data:text/plain,hello', 'about:blank', 'no URL'])('%s leads to no server that could be unlisted', (url) => {
  const allowed = new AllowedOrigins({ origins: ['https://api.example'] })
  expect(new UnlistedOrigins(allowed, 'throw').refusalOf(url)).toBeUndefined()
  expect(new UnlistedOrigins(allowed, 'throw').refusalOf('https://other.example')?.code).toBe('origin_unlisted')
})
