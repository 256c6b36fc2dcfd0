import { afterEach, describe, expect, test } from '@jest/globals'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Agent } from 'undici'
import * as z from 'zod'
import { ApiError, TokenError } from '../../src/base/errors.js'
import { apiError } from '../../src/client/api-response.js'
import type { StandardSchema } from '../../src/client/standard-schema.js'
import type { ApiResponse } from '../../src/client/api-response.js'
import { JsonClient } from '../../src/client/json-client.js'
import type { JsonClientOptions } from '../../src/client/json-client.js'
import { FakeClock } from '../../src/testing/index.js'
import { AccessToken } from '../../src/token/access-token.js'
import { staticToken } from '../../src/token/static-token.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { HurriedClock } from '../http/hurried-clock.js'
import { closeServers, loopback, read } from '../http/loopback.js'
import { ScriptedSource } from '../http/scripted-source.js'
import { until } from '../waiting.js'

afterEach(closeServers)

/** One answer of a script. */
interface Scripted {
  status?: number
  headers?: Record<string, string | string[]>
  body?: string
  /** Destroys the connection instead, before the answer or in the middle of it. */
  cut?: 'before' | 'within'
  /** Never answers. */
  hangs?: boolean
}

const fine: Scripted = { body: '{"fine":true}' }

/** A client, and an API that gives these answers in turn, and the last one for ever. */
async function setUp(script: readonly Scripted[], options: Partial<JsonClientOptions> = {}) {
  const api = await loopback(async (incoming, outgoing, hit) => {
    hit.body = await read(incoming)
    response(outgoing, script[Math.min(api.hits.length, script.length) - 1] ?? fine)
  })
  const clock = new HurriedClock()
  const client = new JsonClient({
    apiUrl: api.origin,
    tokens: new ScriptedSource(['one', 'two', 'three']),
    concurrency: 8,
    requestsPerMinute: Infinity,
    patience: 60_000,
    clock,
    dispatcher: new Agent(),
    errorFrom: ({ status, headers }, what) =>
      apiError(status, `${what} failed.`, {
        retryAfter: 'retry-after' in headers ? Number(headers['retry-after']) * 1_000 : undefined,
      }),
    ...options,
  })
  return { api, clock, client }
}

function response(outgoing: ServerResponse, { status = 200, headers = {}, body = '', cut, hangs }: Scripted): void {
  if (hangs) return
  if (cut === 'before') return void outgoing.destroy()
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
  if (cut === 'within') return void outgoing.write('{"fi', () => outgoing.destroy())
  outgoing.end(body)
}

const failsWith = (code: string, message = expect.any(String) as unknown): unknown =>
  expect.objectContaining({ code, message })

describe('a request', () => {
  test('carries the token, the query and the body, and gives the answer’s JSON', async () => {
    const { api, client } = await setUp([fine])
    const query = { page: 2, list: ['a', 'b'], flag: true, left: undefined }
    expect(await client.request('POST', '/things', { query, body: { name: 'x' } })).toEqual({ fine: true })
    expect(api.hits).toMatchObject([
      {
        method: 'POST',
        path: '/things?page=2&list=a&list=b&flag=true',
        authorization: ['Bearer one'],
        headers: { accept: 'application/json', 'content-type': 'application/json' },
      },
    ])
    expect(String(api.hits[0]?.body)).toBe('{"name":"x"}')
  })

  test('without a body has no content type', async () => {
    const { api, client } = await setUp([fine])
    await client.request('GET', '/things')
    expect(api.hits[0]?.headers).not.toHaveProperty('content-type')
  })

  test('whose body JSON cannot hold is told so, and not sent', async () => {
    const { api, client } = await setUp([fine])
    for (const body of [1n, () => 1, Symbol('s')]) {
      const error = await client.request('POST', '/things', { body }).catch((thrown: unknown) => thrown)
      expect(error).toEqual(failsWith('invalid_option', expect.stringContaining('`body`')))
    }
    expect(api.hits).toEqual([])
    await client.request('POST', '/things', { body: null })
    expect(String(api.hits[0]?.body)).toBe('null')
  })

  test('that is answered with nothing gives undefined', async () => {
    const { client } = await setUp([{ status: 204 }])
    expect(await client.request('DELETE', '/things/1')).toBeUndefined()
  })

  test('with a schema gives what the schema gives', async () => {
    const { client } = await setUp([{ body: '{"n":"7"}' }])
    const schema = z.object({ n: z.coerce.number() })
    expect(await client.request('GET', '/things', { schema })).toEqual({ n: 7 })
  })

  test('that does not fit its schema is told where it does not, and not what it held [R41]', async () => {
    const { client } = await setUp([{ body: '{"entities":[{"id":"a"},{"id":"secret-value-7","n":"secret-value-7"}]}' }])
    const schema = z.object({ entities: z.array(z.object({ id: z.string(), n: z.optional(z.number()) })) })
    const error = await client.request('GET', '/things', { schema }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'schema_mismatch', path: 'entities.1.n', retryable: false })
    expect(String(error)).toContain('GET /things')
    expect(String(error)).not.toContain('secret-value-7')
  })

  test('that is answered with nothing although a schema asks for something is an error', async () => {
    const { client } = await setUp([{ body: '' }])
    const schema = z.object({})
    await expect(client.request('GET', '/things', { schema })).rejects.toEqual(failsWith('api_response_invalid'))
  })

  test('that is answered with HTML is an error that says so, without quoting it', async () => {
    const { client } = await setUp([{ headers: { 'content-type': 'text/html' }, body: '<h1>Sign in</h1>' }])
    const error = await client.request('GET', '/things').catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({
      code: 'api_response_invalid',
      status: 200,
      message: "The answer to GET /things is not JSON (text/html): check the API's URL, and what stands between.",
    })
  })

  test('that is answered without end is cut off', async () => {
    const { api, client } = await setUp([fine])
    const megabyte = Buffer.alloc(1024 * 1024, '[')
    let sent = 0
    api.listener = (_incoming, outgoing) => {
      const more = () => {
        while (!outgoing.destroyed && (sent += 1) && outgoing.write(megabyte));
      }
      outgoing.on('drain', more)
      more()
    }
    await expect(client.request('GET', '/things')).rejects.toEqual(
      failsWith('api_response_invalid', 'The answer to GET /things is longer than 268435456 bytes.'),
    )
    expect(sent).toBeLessThan(400)
  }, 30_000)

  test('whose answer quotes the token tells it to nobody who is going to show its words', async () => {
    const { client } = await setUp([
      { body: '{"errorMessage":"not with Bearer one"}', headers: { 'content-type': 'application/json' } },
    ])
    expect(await client.request('GET', '/things', { isShown: true })).not.toMatchObject({
      errorMessage: expect.stringContaining('one'),
    })
    expect(await client.request('GET', '/things')).toEqual({ errorMessage: 'not with Bearer one' })
  })

  test('whose error quotes the token does not make us print it', async () => {
    const seen: unknown[] = []
    const headers = { 'x-echo': 'Bearer one', 'x-twice': ['Bearer one', 'fine'] }
    const quoted = { status: 400, body: '{"message":"bad header: Bearer one"}', headers }
    const { client } = await setUp([quoted], {
      errorFrom: (response, what) => {
        seen.push(response)
        return apiError(response.status, what, {})
      },
    })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_bad_request'))
    expect(seen).toMatchObject([
      {
        text: '{"message":"bad header: Bearer [redacted]"}',
        headers: { 'x-echo': 'Bearer [redacted]', 'x-twice': ['Bearer [redacted]', 'fine'] },
      },
    ])
  })

  test('whose error quotes the token in escapes does not make us print it', async () => {
    // As Gson writes it.
    const quoted = { status: 400, body: '{"message":"bad header: Bearer a/b\\u003d\\u003d, a\\/b=="}' }
    const errorFrom = ({ status, text }: ApiResponse) =>
      apiError(status, (JSON.parse(text) as { message: string }).message, {})
    const { client } = await setUp([quoted], { errorFrom, tokens: staticToken('a/b==') })
    await expect(client.request('GET', '/things')).rejects.toThrow('bad header: Bearer [redacted], [redacted]')
  })

  test.each<[string, Scripted]>([
    ['an error', { status: 400 }],
    ['a redirect', { status: 302 }],
    ['HTML', { body: '<html>' }],
    ['what does not fit its schema', { body: '{}' }],
    ['nothing', { cut: 'before' }],
  ])('that is answered with %s is told without its query', async (_, scripted) => {
    const { client } = await setUp([scripted])
    const request = { query: { name: 'canary' }, schema: z.object({ id: z.number() }) }
    const error = await client.request('POST', '/things?canary', request).catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ message: expect.stringContaining('POST /things') as unknown })
    expect((error as Error).message).not.toContain('canary')
  })

  test('whose schema quotes a good answer does not make us print the token that the API echoes', async () => {
    const { client } = await setUp([{ status: 200, body: '{"a/b==":1,"kind":"a\\/b=="}' }], {
      tokens: staticToken('a/b=='),
    })
    // Some libraries of schemas quote what they received.
    const schema: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => ({ issues: [{ message: `received ${JSON.stringify(value)}`, path: ['a/b=='] }] }),
      },
    }
    await expect(client.request('GET', '/things', { schema })).rejects.toMatchObject({
      path: '[redacted]',
      message: expect.stringContaining('at [redacted]: received {"[redacted]":1,"kind":"[redacted]"}') as unknown,
    })
  })

  test('whose error is endless is known by its status', async () => {
    const seen: ApiResponse[] = []
    const errorFrom = (response: ApiResponse) => {
      seen.push(response)
      return apiError(response.status, 'too long', {})
    }
    const { client } = await setUp([{ status: 400, body: 'x'.repeat(300_000) }], { errorFrom })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_bad_request'))
    expect(seen).toMatchObject([{ status: 400, text: '' }])
  })

  test.each(['//evil.test/x', 'https://evil.test/x', '\\\\evil.test/x', 'http://user@127.0.0.1/x', 'http://['])(
    'to %s is not sent [R41]',
    async (path) => {
      const { api, client } = await setUp([fine])
      await expect(client.request('GET', path)).rejects.toEqual(failsWith('unsafe_link'))
      expect(api.hits).toEqual([])
    },
  )

  test('to a whole URL of the API itself, as a link may be, is sent', async () => {
    const { api, client } = await setUp([fine])
    await client.request('GET', `${api.origin}/things?page=2`)
    expect(api.hits[0]?.path).toBe('/things?page=2')
  })
})

describe('a request that fails for now', () => {
  const passing: [string, Scripted][] = [
    ['502 with HTML', { status: 502, body: '<html>' }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a cut connection', { cut: 'before' }],
    ['an answer that breaks off', { cut: 'within' }],
  ]

  test.each(passing)('with %s is tried again when it may be', async (_what, fault) => {
    const { api, client } = await setUp([fault, fault, fine])
    expect(await client.request('GET', '/things')).toEqual({ fine: true })
    expect(await client.request('POST', '/search', { idempotent: true })).toEqual({ fine: true })
    expect(api.hits).toHaveLength(4)
  })

  test.each(passing)('with %s is not tried again when it may have taken effect', async (_what, fault) => {
    const { api, client } = await setUp([fault, fine])
    await expect(client.request('POST', '/things')).rejects.toBeInstanceOf(ApiError)
    expect(api.hits).toHaveLength(1)
  })

  test.each([400, 403, 404, 409, 500, 501])('not for now but with %d is not tried again', async (status) => {
    const { api, client } = await setUp([{ status }, fine])
    await expect(client.request('GET', '/things')).rejects.toMatchObject({ status, retryable: false })
    expect(api.hits).toHaveLength(1)
  })

  test('waits with full jitter under a doubling cap, and no less than the server asks', async () => {
    const { clock, client } = await setUp([
      { status: 503 },
      { status: 503 },
      { status: 503 },
      { status: 503, headers: { 'retry-after': '7' } },
      fine,
    ])
    await client.request('GET', '/things')
    expect(clock.waits).toEqual([250, 500, 1_000, 7_000])
  })

  test('waits no less than the pause that it names, and as long as the server asks beyond that', async () => {
    const script = [{ status: 503 }, { status: 503, headers: { 'retry-after': '40' } }, fine]
    const { client, clock } = await setUp(script, { patience: 100_000 })
    await client.request('GET', '/things', { pause: 30_000 })
    expect(clock.waits).toEqual([30_000, 40_000])
  })

  test('ends with its last error when the patience is spent', async () => {
    const { api, clock, client } = await setUp([{ status: 503 }], { patience: 10_000 })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_server_error'))
    expect(clock.waits).toEqual([250, 500, 1_000, 2_000, 4_000])
    expect(api.hits).toHaveLength(6)
  })

  test('counts the time of its failed attempts as patience', async () => {
    const { api, clock, client } = await setUp([{ status: 503 }], {
      patience: 10_000,
      errorFrom: ({ status }) => {
        clock.pass(9_800)
        return apiError(status, 'Down.', {})
      },
    })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_server_error'))
    expect(api.hits).toHaveLength(1)
  })

  test.each([
    ['GET', 2],
    ['HEAD', 2],
    ['OPTIONS', 2],
    ['PUT', 2],
    ['DELETE', 2],
    ['POST', 1],
    ['PATCH', 1],
  ])('sends a %s again only where RFC 9110 lets it: %d requests', async (method, count) => {
    const { api, client } = await setUp([{ status: 503 }, fine])
    await client.request(method, '/things').catch(() => undefined)
    expect(api.hits).toHaveLength(count)
  })

  test('gives up at once with no patience', async () => {
    const { api, client } = await setUp([{ status: 503 }], { patience: 0 })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_server_error'))
    expect(api.hits).toHaveLength(1)
  })

  test.each([
    [1_000, 10_000],
    [10_000, 1_000],
  ])('has the patience of the request or of the client, whichever is less: %d, %d', async (patience, ofClient) => {
    const { clock, client } = await setUp([{ status: 503 }], { patience: ofClient })
    await expect(client.request('GET', '/things', { patience })).rejects.toEqual(failsWith('api_server_error'))
    expect(clock.waits).toEqual([250, 500])
  })
})

describe('a rate limit', () => {
  const limited = (seconds: number) => ({ status: 429, headers: { 'retry-after': String(seconds) } })

  test('is waited for, and that wait is not counted against the patience', async () => {
    const { api, client } = await setUp([limited(100), limited(100), limited(100), fine], { patience: 5_000 })
    expect(await client.request('GET', '/things')).toEqual({ fine: true })
    expect(api.hits).toHaveLength(4)
  })

  test('that asks for more than 180 s surfaces', async () => {
    const { api, clock, client } = await setUp([limited(181), fine])
    const error = client.request('GET', '/things')
    await expect(error).rejects.toMatchObject({ code: 'api_rate_limited', retryAfter: 181_000 })
    expect(api.hits).toHaveLength(1)
    await client.request('GET', '/things')
    expect(clock.waits).toEqual([])
  })

  test('that names no time is waited for by jitter alone', async () => {
    const { clock, client } = await setUp([{ status: 429 }, fine])
    expect(await client.request('GET', '/things')).toEqual({ fine: true })
    expect(clock.waits.filter((wait) => wait > 0)).toEqual([250])
  })

  test('of 180 s is waited for', async () => {
    const { api, client } = await setUp([limited(180), fine])
    expect(await client.request('GET', '/things')).toEqual({ fine: true })
    expect(api.hits).toHaveLength(2)
  })

  test('that never ends does not go on for ever', async () => {
    const { client } = await setUp([limited(0)], { patience: 20_000 })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_rate_limited'))
  })

  test('holds back what was in the queue already', async () => {
    const clock = new FakeClock()
    const { api, client } = await setUp([limited(30), fine], { clock, concurrency: 1 })
    const requests = [client.request('GET', '/1'), client.request('GET', '/2')]
    await until(() => clock.pendingTimers > 0)
    await clock.advance(29_999)
    expect(api.hits.map(({ path }) => path)).toEqual(['/1'])
    await clock.advance(1_000)
    await Promise.all(requests)
    expect(api.hits).toHaveLength(3)
  })

  test.each([30, 180])(
    'of %d s surfaces from a request that may not be sent twice, and holds the others back all the same',
    async (seconds) => {
      const { clock, client } = await setUp([limited(seconds), fine])
      await expect(client.request('POST', '/things')).rejects.toEqual(failsWith('api_rate_limited'))
      await client.request('GET', '/things')
      expect(clock.waits).toEqual([seconds * 1_000])
    },
  )
})

describe('a token that cannot be had', () => {
  const error = (retryable: boolean, retryAfter?: number) =>
    new TokenError('token_unavailable', 'Not now.', { retryable, retryAfter })

  /** A source that fails so many times and then has a token. */
  function failing(times: number, failure: TokenError): TokenSource {
    return {
      current: () => undefined,
      getToken: () => (times-- > 0 ? Promise.reject(failure) : Promise.resolve(new AccessToken('late'))),
    }
  }

  test('is waited for by every request, for nothing was sent', async () => {
    const { api, clock, client } = await setUp([fine], { tokens: failing(2, error(true, 4_000)) })
    await client.request('POST', '/things')
    expect(clock.waits).toEqual([4_000, 4_000])
    expect(api.tokens()).toEqual(['late'])
  })

  test('surfaces when another try cannot help', async () => {
    const { api, client } = await setUp([fine], { tokens: failing(1, error(false)) })
    await expect(client.request('GET', '/things')).rejects.toBeInstanceOf(TokenError)
    expect(api.hits).toEqual([])
  })
})

describe('a 401 that reaches the client', () => {
  /** A source that serves one token, and answers its rejections from a script; the last one for ever. */
  function rejecting(script: (TokenError | string)[]): TokenSource {
    let token = new AccessToken('old')
    return {
      current: () => token,
      getToken: ({ rejected } = {}) => {
        const next = rejected && (script.length > 1 ? script.shift() : script[0])
        if (next instanceof TokenError) return Promise.reject(next)
        if (next !== undefined) token = new AccessToken(next)
        return Promise.resolve(token)
      },
    }
  }
  const later = new TokenError('token_unavailable', 'Not now.', { retryable: true, retryAfter: 3_000 })

  test('while the exchange cannot be made is tried again after the wait that the exchange asks for', async () => {
    const { api, clock, client } = await setUp([{ status: 401 }, { status: 401 }, fine], {
      tokens: rejecting([later, 'new']),
    })
    await client.request('POST', '/things')
    expect(api.tokens()).toEqual(['old', 'old', 'new'])
    expect(clock.waits.filter((wait) => wait === 3_000)).toHaveLength(1)
  })

  test('from a replay is tried again with the next token', async () => {
    const { api, client } = await setUp([{ status: 401 }, { status: 401 }, fine], {
      tokens: rejecting(['two', 'three']),
    })
    await client.request('POST', '/things')
    expect(api.tokens()).toEqual(['old', 'two', 'three'])
  })

  test('surfaces when no other token will be had', async () => {
    const never = new TokenError('token_rejected', 'There is no other.')
    const { api, client } = await setUp([{ status: 401 }, fine], { tokens: rejecting([never]) })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_unauthorized'))
    expect(api.hits).toHaveLength(1)
  })

  test('surfaces at once when the source offers the refused token again', async () => {
    const same: TokenSource = {
      current: () => new AccessToken('same'),
      getToken: () => Promise.resolve(new AccessToken('same')),
    }
    const { api, client } = await setUp([{ status: 401 }, fine], { tokens: same })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_unauthorized'))
    expect(api.hits).toHaveLength(1)
  })

  test('surfaces when it says nothing of the token', async () => {
    const challenge = { status: 401, headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } }
    const { api, client } = await setUp([challenge, fine], { tokens: rejecting(['new']) })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_unauthorized'))
    expect(api.hits).toHaveLength(1)
  })

  test('surfaces when the patience is spent', async () => {
    const { client } = await setUp([{ status: 401 }], { tokens: rejecting([later]), patience: 5_000 })
    await expect(client.request('GET', '/things')).rejects.toEqual(failsWith('api_unauthorized'))
  })
})

describe('events', () => {
  test('tell of each further try, and of a rate limit, without the query', async () => {
    const { client } = await setUp([{ status: 503 }, { status: 429, headers: { 'retry-after': '2' } }, fine])
    const heard: unknown[] = []
    const listener = (message: unknown) => void heard.push(message)
    const channels = ['everbearer:request-retried', 'everbearer:rate-limited']
    for (const channel of channels) subscribe(channel, listener)
    await client.request('GET', '/things', { query: { name: 'somebody' } })
    for (const channel of channels) unsubscribe(channel, listener)
    const retried = { method: 'GET', path: '/things' }
    expect(heard).toEqual([
      { ...retried, attempt: 1, delay: 250, code: 'api_server_error', status: 503 },
      { delay: 2_000 },
      { ...retried, attempt: 2, delay: 2_500, code: 'api_rate_limited', status: 429 },
    ])
  })
})

describe('an abort', () => {
  const reason = new Error('The user gave up.')

  test('ends a request under way, with the signal’s reason', async () => {
    const aborter = new AbortController()
    const { api, client } = await setUp([fine])
    api.listener = () => aborter.abort(reason)
    await expect(client.request('GET', '/things', { signal: aborter.signal })).rejects.toBe(reason)
  })

  test('ends a wait, and what waits in the queue', async () => {
    const aborter = new AbortController()
    const { api, client } = await setUp([fine], { concurrency: 1, signal: aborter.signal })
    api.listener = () => aborter.abort(reason)
    const requests = Array.from({ length: 3 }, () => client.request('GET', '/things'))
    for (const request of requests) await expect(request).rejects.toBe(reason)
    expect(api.hits).toHaveLength(1)
  })

  test('of either signal counts', async () => {
    const both = [new AbortController(), new AbortController()] as const
    const { client } = await setUp([fine], { signal: both[0].signal })
    both[0].abort(reason)
    await expect(client.request('GET', '/things', { signal: both[1].signal })).rejects.toBe(reason)
  })

  test('signal that outlives many requests keeps no listener of them', async () => {
    const { signal } = new AbortController()
    const { client } = await setUp([fine, { status: 503 }, fine], { signal })
    for (let i = 0; i < 50; i++) await client.request('GET', '/things')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('a wait between two requests', () => {
  const reason = new Error('The user gave up.')

  test('is as long as it is told, on the client’s clock', async () => {
    const clock = new FakeClock()
    const { client } = await setUp([], { clock })
    let over = false
    void client.wait(1_000).then(() => (over = true))
    await clock.advance(999)
    expect(over).toBe(false)
    await clock.advance(1)
    expect(over).toBe(true)
  })

  test('ends with what ends a request: a signal, the client’s own, or close', async () => {
    const clock = new FakeClock()
    const [own, shared] = [new AbortController(), new AbortController()]
    const { client } = await setUp([], { clock, signal: shared.signal })
    const waits = [client.wait(1_000, own.signal), client.wait(1_000)] as const
    own.abort(reason)
    await expect(waits[0]).rejects.toBe(reason)
    const other = await setUp([], { clock })
    const closed = [other.client.wait(1_000), other.client.wait(1_000)].map((wait) =>
      wait.catch((error: unknown) => error),
    )
    other.client.close()
    const errors = await Promise.all(closed)
    for (const error of errors) expect(error).toMatchObject({ name: 'TokenError', code: 'closed' })
    expect(errors[0]).not.toBe(errors[1])
    shared.abort(reason)
    await expect(waits[1]).rejects.toBe(reason)
    expect(clock.pendingTimers).toBe(0)
    expect(getEventListeners(shared.signal, 'abort')).toHaveLength(0)
  })
})

describe('close', () => {
  const limited = { status: 429, headers: { 'retry-after': '100' } }

  test.each<[string, Scripted, Partial<JsonClientOptions>, number]>([
    ['under way', { hangs: true }, {}, 3],
    ['in the queue', { hangs: true }, { concurrency: 1 }, 1],
    ['held back by a rate limit', limited, { concurrency: 1 }, 1],
    ['waiting for another try', { status: 503 }, {}, 3],
  ])('ends requests that are %s at once, each with an error of its own', async (_where, script, options, arrived) => {
    const clock = new FakeClock()
    const { api, client } = await setUp([script], { clock, ...options })
    let connections = 0
    api.server.on('connection', (socket) => {
      connections += 1
      socket.once('close', () => (connections -= 1))
    })
    const requests = Array.from({ length: 3 }, () => client.request('GET', '/things').catch((error: unknown) => error))
    await until(() => api.hits.length === arrived)
    await clock.advance(0)
    client.close()
    client.close()
    const errors = await Promise.all([...requests, client.request('GET', '/late').catch((error: unknown) => error)])
    const closed = { name: 'TokenError', code: 'closed', retryable: false, message: 'The client was closed.' }
    for (const error of errors) expect(error).toMatchObject(closed)
    expect(new Set(errors).size).toBe(4)
    expect(api.hits).toHaveLength(arrived)
    if (script.hangs) await until(() => connections === 0)
  })

  test('does not take the place of an abort', async () => {
    const { client } = await setUp([fine])
    const reason = new Error('The user gave up.')
    const request = client.request('GET', '/things', { signal: AbortSignal.abort(reason) })
    client.close()
    await expect(request).rejects.toBe(reason)
  })
})

describe('an answer without end', () => {
  const hangs = { hangs: true }

  test('is given up after a minute, and asked for again while the patience lasts', async () => {
    const clock = new FakeClock()
    const { api, client } = await setUp([hangs, fine], { clock, patience: 61_000 })
    const response = client.request('GET', '/things')
    await until(() => api.hits.length === 1)
    await clock.advance(60_000)
    await until(() => clock.pendingTimers === 1)
    await clock.advance(500)
    expect(await response).toEqual({ fine: true })
    expect([api.hits.length, clock.pendingTimers]).toEqual([2, 0])
  })

  test('is not asked for again when the request may have taken effect', async () => {
    const clock = new FakeClock()
    const { api, client } = await setUp([hangs, fine], { clock, patience: 600_000 })
    const response = client.request('POST', '/things').catch((error: unknown) => error)
    await until(() => api.hits.length === 1)
    await clock.advance(60_000)
    expect(await response).toMatchObject({ code: 'api_unreachable', retryable: true })
    expect(api.hits).toHaveLength(1)
  })
})

describe('options', () => {
  test.each([
    [{ concurrency: 0 }, 'Option `concurrency` must be a whole number above 0.'],
    [{ concurrency: 1.5 }, 'Option `concurrency` must be a whole number above 0.'],
    [{ requestsPerMinute: 0 }, 'Option `requestsPerMinute` must be a number above 0.'],
    [{ requestsPerMinute: [null] as never }, 'Option `requestsPerMinute` must be a number above 0.'],
    [{ patience: '5' as never }, 'Option `patience` must be a number of milliseconds from 0 up.'],
    [{ requestsPerMinute: NaN }, 'Option `requestsPerMinute` must be a number above 0.'],
    [{ patience: -1 }, 'Option `patience` must be a number of milliseconds from 0 up.'],
    [{ patience: NaN }, 'Option `patience` must be a number of milliseconds from 0 up.'],
  ])('%j is refused by name', async (options, message) => {
    await expect(setUp([fine], options)).rejects.toMatchObject({ code: 'invalid_option', message })
  })
})

describe('an API whose place is found out', () => {
  test('is asked for before the first request, and once', async () => {
    const { api, client: known } = await setUp([fine])
    known.close()
    let asked = 0
    const { client } = await setUp([], { apiUrl: () => Promise.resolve((asked++, api.origin)) })
    expect(client.resolve('/things').origin).toBe('https://api.invalid')
    expect(await client.request('GET', '/things')).toEqual({ fine: true })
    expect(await client.request('GET', `${api.origin}/things?page=2`)).toEqual({ fine: true })
    expect(client.resolve('/things').origin).toBe(api.origin)
    expect(asked).toBe(1)
    expect(api.hits.map(({ path }) => path)).toEqual(['/things', '/things?page=2'])
  })

  test('is sought again while that may help and the patience lasts, for any request', async () => {
    const failure = () => new TokenError('token_endpoint_failed', 'Not now.', { retryable: true, retryAfter: 2_000 })
    const { api, client: known } = await setUp([fine])
    known.close()
    const places = [failure(), failure(), api.origin]
    const apiUrl = async () => {
      const place = places.shift()
      if (typeof place === 'string') return place
      throw place ?? failure()
    }
    const { client, clock } = await setUp([], { apiUrl })
    const began = clock.monotonic()
    expect(await client.request('POST', '/things')).toEqual({ fine: true })
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(4_000)

    const { client: impatient } = await setUp([], { apiUrl, patience: 1_000 })
    await expect(impatient.request('GET', '/things')).rejects.toMatchObject({ message: 'Not now.' })
    await expect(client.request('GET', '/things')).resolves.toEqual({ fine: true })
  })

  test('that cannot be found, or is none, is the error of the request', async () => {
    const lost = new TokenError('token_endpoint_failed', 'Nowhere.')
    const { client } = await setUp([], { apiUrl: () => Promise.reject(lost) })
    await expect(client.request('GET', '/things')).rejects.toBe(lost)
    const { client: elsewhere } = await setUp([], { apiUrl: () => Promise.resolve('http://api.example.com') })
    await expect(elsewhere.request('GET', '/things')).rejects.toEqual(failsWith('insecure_url'))
  })

  test('is waited for no longer than its caller, or the client, is there', async () => {
    const { client } = await setUp([], { apiUrl: () => new Promise<string>(() => undefined) })
    const caller = new AbortController()
    const left = client.request('GET', '/things', { signal: caller.signal })
    const closed = client.request('GET', '/things')
    caller.abort('gone')
    await expect(left).rejects.toBe('gone')
    client.close()
    await expect(closed).rejects.toEqual(failsWith('closed'))
  })
})

describe('an answer of 204', () => {
  test('stands for what the request says, and is checked by no schema', async () => {
    const { client } = await setUp([{ status: 204 }, { status: 204 }, fine])
    const request = { schema: z.object({ fine: z.boolean() }), noContent: { fine: false } }
    expect(await client.request('GET', '/things', request)).toEqual({ fine: false })
    expect(await client.request('GET', '/things')).toBeUndefined()
    expect(await client.request('GET', '/things', request)).toEqual({ fine: true })
  })
})

describe('before a request, on its own', () => {
  test('a token is had, and the API is not asked', async () => {
    const { api, client } = await setUp([fine])
    expect((await client.token({})).reveal()).toBe('one')
    expect(api.hits).toEqual([])
  })

  test('a token that cannot be had for now is tried for as long as the patience of one request lasts', async () => {
    let tries = 0
    const down: TokenSource = {
      current: () => undefined,
      async getToken() {
        tries += 1
        throw new TokenError('token_endpoint_failed', 'Down.', { retryable: true })
      },
    }
    const { client } = await setUp([fine], { tokens: down })
    await expect(client.token({ patience: 0 })).rejects.toEqual(failsWith('token_endpoint_failed'))
    expect(tries).toBe(1)
    await expect(client.token({ patience: 5_000 })).rejects.toEqual(failsWith('token_endpoint_failed'))
    expect(tries).toBeGreaterThan(2)
  })

  test('the API is found once, or is known already', async () => {
    const { api, client: knowing } = await setUp([fine])
    expect(await knowing.locate({})).toBe(api.origin)
    let asked = 0
    const { client: asking } = await setUp([fine], { apiUrl: async () => ((asked += 1), api.origin) })
    expect(await asking.locate({})).toBe(api.origin)
    expect(await asking.request('GET', '/things')).toEqual({ fine: true })
    expect(asked).toBe(1)
    expect(api.hits).toHaveLength(1)
  })

  test('one who gives up waiting for the place of the API leaves alone', async () => {
    const { api } = await setUp([fine])
    let found!: (origin: string) => void
    const place = new Promise<string>((resolve) => (found = resolve))
    const { client } = await setUp([fine], { apiUrl: () => place })
    const controller = new AbortController()
    const leaving = client.request('GET', '/things', { signal: controller.signal })
    const staying = client.request('GET', '/things')
    controller.abort(new Error('enough'))
    await expect(leaving).rejects.toThrow('enough')
    found(api.origin)
    expect(await staying).toEqual({ fine: true })
  })
})

describe('a client', () => {
  test('without a value for an empty response rejects a 204 that a schema awaits', async () => {
    const schema = z.object({ fine: z.boolean() })
    const { client } = await setUp([{ status: 204 }])
    await expect(client.request('GET', '/things', { schema })).rejects.toEqual(failsWith('api_response_invalid'))
    expect(await client.request('GET', '/things', { schema, noContent: { fine: false } })).toEqual({ fine: false })
  })

  test('passes the signal to the source of tokens', async () => {
    const reason = new Error('enough')
    const signals: (AbortSignal | undefined)[] = []
    const tokens: TokenSource = {
      current: () => undefined,
      getToken: ({ signal } = {}) => {
        signals.push(signal)
        return new Promise(() => undefined)
      },
    }
    const { client } = await setUp([fine], { tokens })
    const aborter = new AbortController()
    const waiting = client.token({ signal: aborter.signal })
    aborter.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect(signals.map((signal) => signal?.aborted)).toEqual([true])
  })

  test('counts the time of a failed search for the API as patience', async () => {
    const clock = new HurriedClock()
    let searches = 0
    const apiUrl = () => {
      searches += 1
      clock.pass(9_800)
      return Promise.reject(new ApiError('api_server_error', 'Down.', { retryable: true }))
    }
    const { client } = await setUp([fine], { apiUrl, clock, patience: 10_000 })
    await expect(client.locate({})).rejects.toEqual(failsWith('api_server_error'))
    expect(searches).toBe(1)
  })

  test('counts no time from before a search for the API as patience', async () => {
    const clock = new HurriedClock()
    clock.pass(50_000)
    let searches = 0
    const apiUrl = () => {
      searches += 1
      clock.pass(9_800)
      return Promise.reject(new ApiError('api_server_error', 'Down.', { retryable: true }))
    }
    const { client } = await setUp([fine], { apiUrl, clock, patience: 20_000 })
    await expect(client.locate({})).rejects.toEqual(failsWith('api_server_error'))
    expect(searches).toBe(2)
  })

  test('searches for the API again after a failure that may pass', async () => {
    let searches = 0
    const { api, client } = await setUp([fine], {
      apiUrl: async () => {
        if (++searches === 1) throw new ApiError('api_server_error', 'Down.', { retryable: true })
        return api.origin
      },
    })
    expect(await client.locate({})).toBe(api.origin)
    expect(searches).toBe(2)
  })

  test('names what JSON cannot hold', async () => {
    const { client } = await setUp([fine])
    await expect(client.request('POST', '/things', { body: 1n })).rejects.toEqual(
      failsWith('invalid_option', 'Option `body` must be what JSON can hold: no function, BigInt or circle.'),
    )
  })

  test.each(['60', null, NaN, 0])('takes no requestsPerMinute of %p', async (requestsPerMinute) => {
    await expect(setUp([fine], { requestsPerMinute: requestsPerMinute as never })).rejects.toEqual(
      failsWith('invalid_option', 'Option `requestsPerMinute` must be a number above 0.'),
    )
  })
})
