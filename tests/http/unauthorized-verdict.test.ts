import { generateKeyPairSync } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Readable } from 'node:stream'

import { afterEach, describe, expect, it } from '@jest/globals'
import { DpopProver } from '../../src/client-auth/dpop.js'
import { bearer } from '../../src/http/bearer.js'
import type { BearerOptions } from '../../src/http/bearer-options.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { verdictOn, verdictOnRejection } from '../../src/http/unauthorized-verdict.js'
import type { RequestState } from '../../src/http/unauthorized-verdict.js'
import { AccessToken } from '../../src/token/access-token.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { agent, closeAgents, undiciFetch } from './agents.js'
import { closeServers, loopback, read } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(async () => {
  await closeAgents()
  closeServers()
})

const prover = new DpopProver(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
const INVALID = 'Bearer error="invalid_token"'
const NONCE = 'DPoP error="use_dpop_nonce"'
const SCOPE = 'Bearer error="insufficient_scope"'

type Send = (body?: Readable) => Promise<{ status: number; text: string }>
type Driver = (origin: string, source: TokenSource, options: Partial<BearerOptions>) => Send

const viaFetch =
  (origin: string, fetch: typeof globalThis.fetch): Send =>
  async (body) => {
    const streamed = body && ({ method: 'POST', body: Readable.toWeb(body), duplex: 'half' } as RequestInit)
    const response = await fetch(`${origin}/things`, streamed)
    return { status: response.status, text: await response.text() }
  }

const DRIVERS: [name: string, driver: Driver][] = [
  [
    'dispatch',
    (origin, source, options) => {
      const dispatcher = agent(bearer(source, { origins: [origin], ...options }))
      return async (body) => {
        const method = body ? 'POST' : 'GET'
        const response = await dispatcher.request({ origin, path: '/things', method, body: body ?? null })
        return { status: response.statusCode, text: await response.body.text() }
      }
    },
  ],
  [
    "undici's fetch",
    (origin, source, options) =>
      viaFetch(origin, undiciFetch(agent(bearer(source, { origins: [origin], ...options })))),
  ],
  [
    'createFetch',
    (origin, source, options) =>
      viaFetch(origin, createFetch(source, { origins: [origin], fetch: undiciFetch(agent()), ...options })),
  ],
]

interface Row {
  readonly what: string
  /** The 401s that the API gives, one after the other, before it gives 200. */
  readonly challenges: readonly (string | undefined)[]
  readonly nonce?: string
  readonly tokens?: readonly string[]
  readonly isDpop?: boolean
  /** A stream of so many bytes is the body. */
  readonly bytes?: number
  readonly isTokenRejected?: BearerOptions['isTokenRejected']
  readonly status: 200 | 401
  /** With which tokens the request is sent. */
  readonly sent: readonly string[]
  /** Which tokens the source hears of. */
  readonly rejected: readonly string[]
}

const ROWS: readonly Row[] = [
  {
    what: 'replays once if the token is invalid',
    challenges: [INVALID],
    status: 200,
    sent: ['a', 'b'],
    rejected: ['a'],
  },
  {
    what: 'replays if the API names no reason',
    challenges: [undefined],
    status: 200,
    sent: ['a', 'b'],
    rejected: ['a'],
  },
  {
    what: 'replays twice if the replacement is rejected as well',
    challenges: [INVALID, INVALID],
    status: 200,
    sent: ['a', 'b', 'c'],
    rejected: ['a', 'b'],
  },
  {
    what: 'reports the third rejected token and returns the 401',
    challenges: [INVALID, INVALID, INVALID],
    status: 401,
    sent: ['a', 'b', 'c'],
    rejected: ['a', 'b', 'c'],
  },
  { what: 'returns the 401 if the scope is missing', challenges: [SCOPE], status: 401, sent: ['a'], rejected: [] },
  {
    what: 'returns the 401 if the source has no other token',
    challenges: [INVALID],
    tokens: ['a'],
    status: 401,
    sent: ['a'],
    rejected: ['a'],
  },
  { what: 'replays a short stream', challenges: [INVALID], bytes: 10, status: 200, sent: ['a', 'b'], rejected: ['a'] },
  {
    what: 'reports the rejected token and returns the 401 if the stream is too long to replay',
    challenges: [INVALID],
    bytes: 100_000,
    status: 401,
    sent: ['a'],
    rejected: ['a'],
  },
  {
    what: 'replays if isTokenRejected says so, whatever the challenge says',
    challenges: [SCOPE],
    isTokenRejected: (_headers, body) => body === 'refused',
    status: 200,
    sent: ['a', 'b'],
    rejected: ['a'],
  },
  {
    what: 'returns the 401 if isTokenRejected says no, whatever the challenge says',
    challenges: [INVALID],
    isTokenRejected: async () => false,
    status: 401,
    sent: ['a'],
    rejected: [],
  },
  {
    what: 'reports the rejected token if isTokenRejected says so and the stream is too long to replay',
    challenges: [INVALID],
    isTokenRejected: () => true,
    bytes: 100_000,
    status: 401,
    sent: ['a'],
    rejected: ['a'],
  },
  {
    what: 'sends a DPoP token again with the nonce of the API',
    challenges: [NONCE],
    nonce: 'n',
    isDpop: true,
    status: 200,
    sent: ['a', 'a'],
    rejected: [],
  },
  {
    what: 'returns the second 401 for a nonce',
    challenges: [NONCE, NONCE],
    nonce: 'n',
    isDpop: true,
    status: 401,
    sent: ['a', 'a'],
    rejected: [],
  },
  {
    what: 'returns the 401 for a nonce that the API does not name',
    challenges: [NONCE],
    isDpop: true,
    status: 401,
    sent: ['a'],
    rejected: [],
  },
  {
    what: 'returns the 401 for a nonce if the stream is too long to send again',
    challenges: [NONCE],
    nonce: 'n',
    isDpop: true,
    bytes: 100_000,
    status: 401,
    sent: ['a'],
    rejected: [],
  },
  {
    what: 'replaces a bearer token although the API asks for a nonce beside it',
    challenges: [`${NONCE}, ${INVALID}`],
    nonce: 'n',
    status: 200,
    sent: ['a', 'b'],
    rejected: ['a'],
  },
  {
    what: 'replaces a DPoP token after its nonce',
    challenges: [NONCE, 'DPoP error="invalid_token"'],
    nonce: 'n',
    isDpop: true,
    status: 200,
    sent: ['a', 'a', 'b'],
    rejected: ['a'],
  },
]

describe.each(DRIVERS)('a 401 through %s', (_name, driver) => {
  it.each(ROWS)('$what', async (row) => {
    const challenges = [...row.challenges]
    const server = await loopback(async (incoming, outgoing) => {
      await read(incoming)
      if (row.nonce !== undefined) outgoing.setHeader('dpop-nonce', row.nonce)
      if (challenges.length === 0) return void outgoing.end('ok')
      const challenge = challenges.shift()
      outgoing.writeHead(401, challenge === undefined ? {} : { 'www-authenticate': challenge }).end('refused')
    })
    const source = new ScriptedSource(row.tokens ?? ['a', 'b', 'c', 'd'], row.isDpop ? { prover } : {})
    const { isTokenRejected } = row
    const send = driver(server.origin, source, isTokenRejected ? { isTokenRejected } : {})
    const body = row.bytes === undefined ? undefined : Readable.from([Buffer.alloc(row.bytes)])
    const { status, text } = await send(body)
    expect([status, text]).toEqual([row.status, row.status === 200 ? 'ok' : 'refused'])
    expect(server.tokens().map((token) => token.replace('DPoP ', ''))).toEqual(row.sent)
    expect(source.rejected).toEqual(row.rejected)
  })
})

describe('verdictOn', () => {
  const bearerToken = new AccessToken('a')
  const dpopToken = new AccessToken('a', { prover })
  const fresh: RequestState = { replays: 0, hasProvedAgain: false, isRepeatable: true }
  const facts = (challenge?: string | string[], nonce?: string) => ({ challenge, nonce })

  it('asks the caller before it reads a challenge of a bearer token', () => {
    expect(verdictOn(facts(SCOPE), bearerToken, fresh, true)).toBe('ask')
    expect(verdictOn(facts(SCOPE), bearerToken, fresh, false)).toBe('return')
  })

  it('asks for a proof before it asks the caller', () => {
    expect(verdictOn(facts(NONCE, 'n'), dpopToken, fresh, true)).toBe('prove')
    expect(verdictOn(facts(NONCE, 'n'), dpopToken, { ...fresh, hasProvedAgain: true }, true)).toBe('return')
    expect(verdictOn(facts([NONCE], 'n'), dpopToken, { ...fresh, isRepeatable: false }, true)).toBe('return')
    expect(verdictOn(facts(NONCE, 'n'), bearerToken, fresh, true)).toBe('ask')
  })

  it('reports a rejection that cannot be mended by a replay', () => {
    expect(verdictOnRejection(fresh)).toBe('replay')
    expect(verdictOnRejection({ ...fresh, replays: 1 })).toBe('replay')
    expect(verdictOnRejection({ ...fresh, replays: 2 })).toBe('report')
    expect(verdictOnRejection({ ...fresh, isRepeatable: false })).toBe('report')
  })
})

describe.each(DRIVERS)('a 401 that passes, over %s', (_, driver) => {
  it.each([
    ['Basic realm="x", Negotiate', ['basic', 'negotiate']],
    ['Bearer error="insufficient_user_authentication", acr_values="mfa"', ['bearer']],
  ])('is published with its schemes, and costs no token: %s', async (challenge, schemes) => {
    const { origin } = await loopback((_incoming, response) => {
      response.writeHead(401, { 'www-authenticate': challenge }).end('no')
    })
    const source = new ScriptedSource(['one', 'two'])
    const published: unknown[] = []
    const listener = (message: unknown) => void published.push(message)
    subscribe('everbearer:challenge-passed', listener)
    expect(await driver(origin, source, {})()).toEqual({ status: 401, text: 'no' })
    unsubscribe('everbearer:challenge-passed', listener)
    expect(published).toEqual([{ origin, schemes }])
    expect(source.rejected).toEqual([])
  })
})
