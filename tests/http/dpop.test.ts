import { generateKeyPairSync } from 'node:crypto'
import { Readable } from 'node:stream'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { interceptors } from 'undici'
import type { Dispatcher } from 'undici'
import * as z from 'zod'
import { systemClock } from '../../src/base/clock.js'
import { DpopProver } from '../../src/client-auth/dpop.js'
import { apiError } from '../../src/client/api-response.js'
import { bearer } from '../../src/http/bearer.js'
import type { BearerOptions } from '../../src/http/bearer-options.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { JsonClient } from '../../src/client/json-client.js'
import type { ProvenRequest } from '../../src/token/prover.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { agent, closeAgents, undiciFetch } from './agents.js'
import { closeServers, loopback, read, sha256 } from './loopback.js'
import type { Hit, Loopback } from './loopback.js'
import { ProofReader } from './proofs.js'
import type { ReadProof } from './proofs.js'
import { ScriptedSource } from './scripted-source.js'
import { deferred } from '../waiting.js'

const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))

afterEach(async () => {
  await closeAgents()
  closeServers()
  expect(unhandled.splice(0)).toEqual([])
})

const prover = () => new DpopProver(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

interface Call {
  readonly path?: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string | Readable
  readonly signal?: AbortSignal
}

interface Answer {
  readonly status: number
  readonly text: string
}

type Send = (call?: Call) => Promise<Answer>

/** Both ways in which a token gets on a request. */
const WAYS: [
  name: string,
  sender: (server: Loopback, source: TokenSource, options?: Partial<BearerOptions>) => Send,
][] = [
  [
    'bearer',
    (server, source, options) => {
      const dispatcher = agent(bearer(source, { origins: [server.origin], ...options }))
      return async ({ path = '/', method = 'GET', ...call } = {}) => {
        const answer = await dispatcher.request({ origin: server.origin, path, method, ...call })
        return { status: answer.statusCode, text: await answer.body.text() }
      }
    },
  ],
  [
    'createFetch',
    (server, source, options) => {
      const fetch = createFetch(source, { origins: [server.origin], ...options })
      return async ({ path = '/', ...call } = {}) => {
        const answer = await fetch(server.origin + path, { ...call, duplex: 'half' })
        return { status: answer.status, text: await answer.text() }
      }
    },
  ],
]

/** An API that takes DPoP tokens alone, and what it found in the proofs that came with them. */
class BoundApi {
  readonly proofs: ReadProof[] = []
  readonly bodies: string[] = []
  /** The tokens that it takes; to whose key each is bound, if that matters. */
  readonly good = new Map<string, string | undefined>([['good', undefined]])
  /** What a proof must carry, if anything, and what the answer hands out for the next. */
  nonce: (request: number) => { wanted?: unknown; next?: string | undefined } = () => ({})
  readonly #reader = new ProofReader()
  server!: Loopback

  async start(): Promise<this> {
    this.server = await loopback(async (incoming, outgoing, hit) => {
      const body = await read(incoming)
      const { status, challenge, next } = await this.#judge(hit)
      if (challenge !== undefined) outgoing.setHeader('www-authenticate', challenge)
      if (next !== undefined) outgoing.setHeader('dpop-nonce', next)
      if (status === 200) this.bodies.push(sha256(body))
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(`"${status}"`)
    })
    return this
  }

  async #judge({ method, path, headers, authorization }: Hit) {
    const [scheme, token = ''] = authorization.join(' & ').split(' ')
    let proof: ReadProof
    try {
      if (scheme !== 'DPoP') throw new Error(`the scheme is ${scheme}`)
      proof = await this.#reader.read({ method, url: this.server.origin + path, headers }, token)
    } catch (error) {
      const challenge = `DPoP error="invalid_dpop_proof", error_description="${(error as Error).message}"`
      return { status: 401, challenge }
    }
    this.proofs.push(proof)
    const { wanted, next } = this.nonce(this.proofs.length)
    if (wanted !== undefined && wanted !== proof.claims['nonce']) {
      return { status: 401, challenge: 'DPoP error="use_dpop_nonce", algs="ES256"', next }
    }
    const isBound = (this.good.get(token) ?? proof.thumbprint) === proof.thumbprint
    if (!this.good.has(token) || !isBound) return { status: 401, challenge: 'DPoP error="invalid_token"', next }
    return { status: 200, next }
  }

  get nonces(): unknown[] {
    return this.proofs.map(({ claims }) => claims['nonce'])
  }
}

describe.each(WAYS)('a DPoP token, sent by %s [R39]', (_name, sender) => {
  let api: BoundApi
  beforeEach(async () => {
    api = await new BoundApi().start()
  })

  const sourceOf = (...tokens: string[]) => new ScriptedSource(tokens, { prover: prover() })
  const challenged = (challenge: string, headers: Record<string, string> = {}) => {
    api.server.listener = (_incoming, outgoing) =>
      void outgoing.writeHead(401, { 'www-authenticate': challenge, ...headers }).end()
  }

  it('goes with a proof of its own on each request', async () => {
    const send = sender(api.server, sourceOf('good'))
    const calls = [{ path: '/a?b=c' }, { path: '/a?b=c' }, { path: '/d', method: 'POST', body: 'x' }] as const
    const answers = await Promise.all(calls.map((call) => send(call)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(api.proofs.map(({ claims }) => `${String(claims['htm'])} ${String(claims['htu'])}`).sort()).toEqual([
      `GET ${api.server.origin}/a`,
      `GET ${api.server.origin}/a`,
      `POST ${api.server.origin}/d`,
    ])
  })

  it("takes the place of the caller's own headers", async () => {
    const send = sender(api.server, sourceOf('good'))
    expect((await send({ headers: { DPOP: 'own', Authorization: 'own', 'x-a': '1' } })).status).toBe(200)
    expect(api.server.hits[0]?.headers).toMatchObject({ 'x-a': '1', authorization: 'DPoP good' })
  })

  it('goes with a proof when it had to be waited for', async () => {
    const send = sender(api.server, new ScriptedSource(['good'], { ready: false, prover: prover() }))
    expect((await send()).status).toBe(200)
  })

  it.each([
    ['a text', () => 'x'.repeat(5_000)],
    ['a stream', () => Readable.from(['x'.repeat(3_000), 'x'.repeat(2_000)])],
  ])('is sent again, with the whole body, when the API wants a nonce: %s', async (_, body) => {
    api.nonce = () => ({ wanted: 'n1', next: 'n1' })
    const source = sourceOf('good')
    expect(await sender(api.server, source)({ method: 'POST', body: body() })).toEqual({ status: 200, text: '"200"' })
    expect(api.nonces).toEqual([undefined, 'n1'])
    expect(api.bodies).toEqual([sha256('x'.repeat(5_000))])
    expect(source.rejected).toEqual([])
  })

  it('carries the nonce that came with the answer before', async () => {
    api.nonce = (request) => ({ wanted: request === 1 ? undefined : `n${request - 1}`, next: `n${request}` })
    const send = sender(api.server, sourceOf('good'))
    for (let i = 0; i < 3; i++) expect((await send()).status).toBe(200)
    expect(api.nonces).toEqual([undefined, 'n1', 'n2'])
  })

  it('keeps its nonce after a response that names none', async () => {
    api.nonce = (request) => (request === 1 ? { next: 'n1' } : {})
    const send = sender(api.server, new ScriptedSource(['good'], { prover: prover() }))
    for (let request = 0; request < 3; request++) await send()
    expect(api.nonces).toEqual([undefined, 'n1', 'n1'])
  })

  it('is sent no third time to an API that wants another nonce each time: the caller sees that', async () => {
    api.nonce = (request) => ({ wanted: 'none that it gave', next: `n${request}` })
    const source = sourceOf('good')
    expect((await sender(api.server, source)()).status).toBe(401)
    expect(api.nonces).toEqual([undefined, 'n1'])
    expect(source.rejected).toEqual([])
  })

  it.each([
    ['gives none', {}],
    ['gives two', { 'dpop-nonce': 'a, b' }],
  ])('is sent no second time to an API that wants a nonce and %s', async (_, headers: Record<string, string>) => {
    challenged('DPoP error="use_dpop_nonce"', headers)
    const source = sourceOf('good')
    expect((await sender(api.server, source, { isTokenRejected: () => true })()).status).toBe(401)
    expect(api.server.hits).toHaveLength(1)
    expect(source.rejected).toEqual([])
  })

  it('is exchanged when it is dead, and sent again with a proof for the new one', async () => {
    const source = sourceOf('dead', 'good')
    expect((await sender(api.server, source)({ method: 'POST', body: 'whole' })).status).toBe(200)
    expect(source.rejected).toEqual(['dead'])
    expect(api.proofs).toHaveLength(2)
    expect(api.bodies).toEqual([sha256('whole')])
  })

  it('may lack a nonce and be dead, in either order: three requests and no more', async () => {
    api.nonce = () => ({ wanted: 'n1', next: 'n1' })
    expect((await sender(api.server, sourceOf('dead', 'good'))()).status).toBe(200)
    expect(api.nonces).toEqual([undefined, 'n1', 'n1'])
    api.nonce = (request) => ({
      wanted: request === 4 ? undefined : 'n2',
      next: request === 4 ? undefined : 'n2',
    })
    expect((await sender(api.server, sourceOf('dead', 'good'))()).status).toBe(200)
    expect(api.nonces.slice(3)).toEqual([undefined, undefined, 'n2'])
  })

  it('surfaces the 401 when both tokens that came are refused too', async () => {
    const source = sourceOf('dead', 'dead-too', 'dead-as-well', 'good')
    expect((await sender(api.server, source)()).status).toBe(401)
    expect(api.proofs).toHaveLength(3)
    expect(source.rejected).toEqual(['dead', 'dead-too', 'dead-as-well'])
  })

  it.each(['DPoP error="invalid_dpop_proof"', 'Bearer realm="knows no DPoP"'])(
    'is kept, and not sent as anything else, when the answer is %s',
    async (challenge) => {
      challenged(challenge)
      const source = sourceOf('good')
      expect((await sender(api.server, source)()).status).toBe(401)
      expect(api.server.hits.map(({ authorization }) => authorization)).toEqual([['DPoP good']])
      expect(source.rejected).toEqual([])
    },
  )

  it('is judged by the hook where the API does not ask for a nonce', async () => {
    api.nonce = () => ({ wanted: 'n1', next: 'n1' })
    const asked: string[] = []
    const isTokenRejected = (_headers: unknown, body: string) => asked.push(body) > 0
    expect((await sender(api.server, sourceOf('dead', 'good'), { isTokenRejected })()).status).toBe(200)
    expect(asked).toEqual(['"401"'])
  })

  it('is not sent again with a piece of a body: the nonce serves the next request', async () => {
    api.nonce = () => ({ wanted: 'n1', next: 'n1' })
    const send = sender(api.server, sourceOf('good'), { maxReplayBytes: 10 })
    const body = () => Readable.from(['x'.repeat(20), 'y'])
    expect((await send({ method: 'POST', body: body() })).status).toBe(401)
    expect((await send({ method: 'POST', body: body() })).status).toBe(200)
    expect(api.bodies).toEqual([sha256('x'.repeat(20) + 'y')])
  })

  it('goes with the key that it is bound to, whoever else sends at the same time', async () => {
    let next = 0
    api.nonce = () => ({ next: `n${(next += 1)}` })
    const principals = Array.from({ length: 5 }, (_, i) => ({ token: `token-${i}`, prover: prover() }))
    for (const { token, prover } of principals) api.good.set(token, prover.thumbprint)
    const sends = principals.map(({ token, prover }) => sender(api.server, new ScriptedSource([token], { prover })))
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => sends[i % 5]!()))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(new Set(api.proofs.map(({ thumbprint }) => thumbprint)).size).toBe(5)
  })

  it('can be given up while its proof is awaited', async () => {
    const { promise: proof, resolve } = deferred<string>()
    const slow = { thumbprint: 'jkt', prove: () => proof, remember: () => undefined }
    const abort = new AbortController()
    const sent = sender(api.server, new ScriptedSource(['good'], { prover: slow }))({ signal: abort.signal })
    const reason = new Error('given up')
    setImmediate(() => abort.abort(reason))
    await expect(sent).rejects.toBe(reason)
    resolve('proof')
    expect(api.server.hits).toEqual([])
  })

  it('is not sent at all when there is no proof: the caller hears why', async () => {
    const prove = async () => {
      throw new Error('no proof')
    }
    const failing = { thumbprint: 'jkt', prove, remember: () => undefined }
    await expect(sender(api.server, new ScriptedSource(['good'], { prover: failing }))()).rejects.toThrow('no proof')
    expect(api.server.hits).toEqual([])
  })

  it('remembers no nonce that came from elsewhere', async () => {
    const elsewhere = await loopback((_incoming, outgoing) => void outgoing.setHeader('dpop-nonce', 'foreign').end())
    api.server.listener = (_incoming, outgoing) => void outgoing.writeHead(307, { location: elsewhere.origin }).end()
    const remembered: [ProvenRequest, string][] = []
    const watched = Object.assign(prover(), { remember: (...args: [ProvenRequest, string]) => remembered.push(args) })
    const source = new ScriptedSource(['good'], { prover: watched })
    await sender(api.server, source)().catch(() => undefined)
    await sender(elsewhere, source)()
    expect(remembered.map(([{ url }, nonce]) => [url, nonce])).toEqual([[`${elsewhere.origin}/`, 'foreign']])
  })
})

describe('bearer with a DPoP token', () => {
  const dispatched = async (options: Partial<Dispatcher.DispatchOptions>) => {
    const asked: ProvenRequest[] = []
    const prove = async (request: ProvenRequest) => {
      asked.push(request)
      throw new Error('seen')
    }
    const source = new ScriptedSource(['good'], { prover: { thumbprint: 'jkt', prove, remember: () => undefined } })
    const dispatcher = agent(bearer(source, { origins: ['https://api.example.com'] }))
    const request = { origin: 'https://api.example.com', path: '/', method: 'GET', ...options } as const
    await expect(dispatcher.request(request as never)).rejects.toThrow('seen')
    return asked[0]?.url
  }

  it.each([
    ['an origin in another spelling', { origin: 'HTTPS://API.example.com:443' }, 'https://api.example.com/'],
    ['an origin that is a URL', { origin: new URL('https://api.example.com/') }, 'https://api.example.com/'],
    ['a path that looks like a host', { path: '//evil.example/a' }, 'https://api.example.com//evil.example/a'],
    ['a path as a proxy takes it', { path: 'https://api.example.com/a' }, 'https://api.example.com/a'],
  ])('proves what is sent: %s', async (_, options, url) => {
    expect(await dispatched(options)).toBe(url)
  })
})

it('bearer remembers no nonce of where a redirect inside it led', async () => {
  const elsewhere = await loopback((_incoming, outgoing) => void outgoing.setHeader('dpop-nonce', 'foreign').end())
  const api = await loopback(
    (_incoming, outgoing) => void outgoing.writeHead(307, { location: elsewhere.origin }).end(),
  )
  const remembered: string[] = []
  const watched = Object.assign(prover(), { remember: (_: ProvenRequest, nonce: string) => remembered.push(nonce) })
  const source = new ScriptedSource(['good'], { prover: watched })
  const inside = interceptors.redirect({ maxRedirections: 1 })
  const dispatcher = agent(inside, bearer(source, { origins: [api.origin] }))
  const { statusCode, body } = await dispatcher.request({ origin: api.origin, path: '/', method: 'GET' })
  await body.dump()
  expect([statusCode, elsewhere.hits.length, remembered]).toEqual([307, 0, []])
})

describe('a DPoP proof reaches no other origin by a redirect [R01]', () => {
  const TARGETS = ['another origin', 'its own origin'] as const
  const STATUSES = [301, 302, 303, 307, 308]

  async function redirecting(status: number, target: (typeof TARGETS)[number]) {
    const evil = await loopback()
    const api: Loopback = await loopback((incoming, outgoing) => {
      const location = target === 'another origin' ? `${evil.origin}/` : '/final'
      if (incoming.url === '/final') outgoing.end('final')
      else outgoing.writeHead(status, { location }).end()
    })
    return { evil, api, source: new ScriptedSource(['good'], { prover: prover() }) }
  }

  it.each(STATUSES)('that an interceptor inside bearer would follow (%i): the caller gets it', async (status) => {
    for (const target of TARGETS) {
      const { evil, api, source } = await redirecting(status, target)
      const dispatcher = agent(interceptors.redirect({ maxRedirections: 3 }), bearer(source, { origins: [api.origin] }))
      const { statusCode, body } = await dispatcher.request({ origin: api.origin, path: '/', method: 'GET' })
      await body.dump()
      expect([statusCode, evil.hits, api.hits.length]).toEqual([status, [], 1])
    }
  })

  it('and a response of another origin sets no nonce, although the fetch underneath followed a redirect', async () => {
    const source = new ScriptedSource(['good'], { prover: prover() })
    const sent: Headers[] = []
    const fetch = createFetch(source, {
      origins: ['https://api.example.com'],
      fetch: async (_input: unknown, init?: RequestInit) => {
        sent.push(new Headers(init?.headers))
        const response = new Response('', { headers: { 'dpop-nonce': 'of another origin' } })
        return Object.defineProperty(response, 'url', { value: 'https://evil.example.com/' })
      },
    })
    await fetch('https://api.example.com/')
    await fetch('https://api.example.com/')
    const nonces = sent.map((headers) => decodeJwt(String(headers.get('dpop')))['nonce'])
    expect(nonces).toEqual([undefined, undefined])
  })

  it.each(STATUSES)('that an interceptor outside bearer follows (%i): each hop is decided anew', async (status) => {
    const { evil, api, source } = await redirecting(status, 'another origin')
    const dispatcher = agent(bearer(source, { origins: [api.origin] }), interceptors.redirect({ maxRedirections: 3 }))
    const { statusCode, body } = await dispatcher.request({ origin: api.origin, path: '/', method: 'GET' })
    await body.dump()
    expect([statusCode, evil.hits.map(({ headers }) => headers['dpop'])]).toEqual([200, [undefined]])
  })

  it.each([
    ['the built-in fetch', () => globalThis.fetch],
    ['undici’s fetch', () => undiciFetch(agent())],
  ])('that %s underneath createFetch would follow: the call fails with unsafe_link', async (name, fetchOf) => {
    for (const status of STATUSES) {
      for (const target of TARGETS) {
        const { evil, api, source } = await redirecting(status, target)
        const call = createFetch(source, { origins: [api.origin], fetch: fetchOf() })
        const request = name.includes('built-in') ? new Request(api.origin) : api.origin
        for (const input of [`${api.origin}/?secret`, request]) {
          await expect(call(input)).rejects.toMatchObject({
            code: 'unsafe_link',
            message:
              `Redirect of GET ${api.origin} not followed: a DPoP proof is for one URL and must not reach another ` +
              "origin. Request the final URL, or set `redirect: 'manual'` and follow it yourself.",
          })
        }
        expect([evil.hits, api.hits.length]).toEqual([[], 2])
        const shown = await call(api.origin, { redirect: 'manual' })
        expect([shown.status, api.hits.length]).toEqual([status, 3])
      }
    }
  })

  it('a redirect without a Location, and one that a fetch hides as the standard says, are told apart', async () => {
    const responses = [new Response(null, { status: 302 }), Response.error()]
    Object.defineProperty(responses[1], 'type', { value: 'opaqueredirect' })
    const source = new ScriptedSource(['good'], { prover: prover() })
    const call = createFetch(source, { origins: ['https://api.test'], fetch: async () => responses.shift()! })
    expect((await call('https://api.test')).status).toBe(302)
    await expect(call('https://api.test')).rejects.toMatchObject({ code: 'unsafe_link' })
  })
})

describe('the JSON client', () => {
  it('is given DPoP tokens like any other', async () => {
    const api = await new BoundApi().start()
    api.nonce = () => ({ wanted: 'n1', next: 'n1' })
    const client = new JsonClient({
      apiUrl: api.server.origin,
      tokens: new ScriptedSource(['dead', 'good'], { prover: prover() }),
      concurrency: 1,
      requestsPerMinute: Infinity,
      patience: 1_000,
      clock: systemClock,
      dispatcher: agent(),
      errorFrom: ({ status }, what) => apiError(status, `${what} failed.`, {}),
    })
    expect(await client.request('POST', '/a', { body: { a: 1 }, schema: z.string() })).toBe('200')
    expect(api.nonces).toEqual([undefined, 'n1', 'n1'])
    expect(api.bodies).toEqual([sha256('{"a":1}')])
  })
})

it('sends the request for a nonce over the connection of the 401, whose rest it waits for', async () => {
  let requests = 0
  const server = await loopback((_incoming, outgoing) => {
    if (++requests > 1) return void outgoing.end('ok')
    outgoing.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n' })
    outgoing.write('the beginning')
    setTimeout(() => outgoing.end('the rest'), 20)
  })
  let connections = 0
  server.server.on('connection', () => (connections += 1))
  const dispatcher = agent(bearer(new ScriptedSource(['good'], { prover: prover() }), { origins: [server.origin] }))
  const { body } = await dispatcher.request({ origin: server.origin, path: '/', method: 'GET' })
  expect([await body.text(), requests, connections]).toEqual(['ok', 2, 1])
})
