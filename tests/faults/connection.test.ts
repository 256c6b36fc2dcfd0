import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { Agent } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import type { Clock } from '../../src/base/clock.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { apiError } from '../../src/client/api-response.js'
import { JsonClient } from '../../src/client/json-client.js'
import { FakeClock } from '../../src/testing/index.js'
import { staticToken } from '../../src/token/static-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { closeAgents, kept } from '../http/agents.js'
import { ScriptedSource } from '../http/scripted-source.js'
import { CALLERS, endOf, EVERY_CALLER } from './callers.js'
import type { CallerName } from './callers.js'
import { closeFaultProxies, faultProxy } from './fault-proxy.js'
import type { Fault } from './fault-proxy.js'
import { plain } from './hostile-responses.js'
import { closeHostileServers, hostileServer } from './hostile-server.js'

// What is promised here is an end, not how fast a busy machine comes to it.
jest.setTimeout(20_000)

afterEach(async () => {
  await closeAgents()
  closeFaultProxies()
  closeHostileServers()
})

const token = plain(200, '{"access_token":"good-token","token_type":"Bearer","expires_in":3600}')
const refusal = plain(401, '{"message":"no"}', { 'www-authenticate': 'Bearer error="invalid_token"' })
const chunked = 'HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'
const upTo = (length: number, step = 1) => Array.from({ length: Math.ceil(length / step) }, (_, at) => at * step)

async function tokensThrough() {
  const server = await hostileServer((socket) => socket.write(token))
  const proxy = await faultProxy(server.port)
  const agent = kept(new Agent())
  const tokenEndpoint = `${proxy.origin}/token`
  const grant = clientCredentials({ tokenEndpoint, clientId: 'id', clientSecret: 'secret-canary', dispatcher: agent })
  const managerWith = (clock: Clock) => new TokenManager(grant, { clock })
  return { server, proxy, agent, managerWith }
}

/** An API that answers through a proxy, and refuses the old token. */
async function apiThrough(response: string) {
  const server = await hostileServer((socket, request) => {
    socket.write(request.includes('Bearer old-token') ? refusal : response)
  })
  return { server, proxy: await faultProxy(server.port) }
}

const failed = (caller: CallerName) => (caller === 'an endpoint client' ? 'api_unreachable' : 'failed')

describe.each(['FIN', 'RST'] as const)('a connection that is cut by %s', (by) => {
  it('at any byte of a token request or its answer is made up for by the second try', async () => {
    const { proxy, agent, managerWith } = await tokensThrough()
    const tokens = managerWith({ ...systemClock, random: () => 0 })
    const cuts: Fault[] = [
      ...upTo(token.length, 3).map((after) => ({ kind: 'cut', towards: 'client', after, by }) as const),
      ...upTo(200, 20).map((after) => ({ kind: 'cut', towards: 'server', after, by }) as const),
    ]
    for (const cut of cuts) {
      proxy.script = [cut]
      tokens.invalidate()
      expect((await tokens.getToken()).reveal()).toBe('good-token')
      // It was not spared for a later connection.
      expect(proxy.script).toEqual([])
    }
    await tokens.close()
    await agent.close()
    await proxy.empty()
  })

  it.each(EVERY_CALLER)(
    'at any byte of an API’s answer, with a length or in chunks, is an error for %s',
    async (caller) => {
      for (const response of [plain(200, '{"rows":[1,2,3]}'), chunked]) {
        const { proxy } = await apiThrough(response)
        for (const after of upTo(response.length, 9)) {
          proxy.script = [{ kind: 'cut', towards: 'client', after, by }]
          const { get, close } = CALLERS[caller](proxy.origin, staticToken('good-token'))
          expect([after, await endOf(get())]).toEqual([after, failed(caller)])
          expect(await endOf(get())).toBe(200)
          await close()
        }
        await proxy.empty()
      }
    },
  )

  it.each(EVERY_CALLER)(
    'at any byte of a 401 does not keep %s from sending again, once there is a head',
    async (caller) => {
      const head = refusal.indexOf('\r\n\r\n') + 4
      for (const after of [
        ...upTo(head, 9),
        head - 1,
        head,
        ...upTo(refusal.length - head, 5).map((at) => head + at),
      ]) {
        const { server, proxy } = await apiThrough(plain(200, '{}'))
        proxy.script = [{ kind: 'cut', towards: 'client', after, by }]
        const { get, close } = CALLERS[caller](proxy.origin, new ScriptedSource(['old-token', 'new-token']))
        const outcome = [after, await endOf(get()), server.requests.length]
        // Before the first byte the request may have gone astray as well.
        expect(outcome).toEqual(after < head ? [after, failed(caller), after === 0 ? outcome[2] : 1] : [after, 200, 2])
        await close()
        await proxy.empty()
      }
    },
  )
})

describe('a connection that stalls', () => {
  const stalls: Fault[] = [0, 10, token.length - 1].flatMap((after) => [
    { kind: 'stall', towards: 'client', after },
    { kind: 'stall', towards: 'server', after },
  ])

  it.each(stalls)('%j is given up by the token request at its time-out, and let go of', async (stall) => {
    const { proxy, managerWith } = await tokensThrough()
    const clock = new FakeClock()
    const tokens = managerWith(clock)
    proxy.script = [stall]
    const outcome = tokens.getToken().catch((error: unknown) => error)
    while (proxy.accepted === 0) await clock.advance(0)
    await clock.advance(10_000)
    const error = await outcome
    expect(error).toMatchObject({ code: 'token_endpoint_timeout', retryable: true })
    expect(reachableText(error)).not.toContain('canary')
    await proxy.empty()
    tokens.reset()
    expect((await tokens.getToken()).reveal()).toBe('good-token')
    await tokens.close()
  })

  it('between two requests is no worse: the second is given up in a minute, and made anew on another one', async () => {
    const response = plain(200, '{}')
    const { server, proxy } = await apiThrough(response)
    const clock = new FakeClock({ random: () => 0 })
    proxy.script = [{ kind: 'stall', towards: 'client', after: response.length }]
    const client = new JsonClient({
      apiUrl: proxy.origin,
      tokens: staticToken('good-token'),
      dispatcher: kept(new Agent({ connections: 1 })),
      concurrency: 1,
      requestsPerMinute: Infinity,
      patience: 100_000,
      clock,
      errorFrom: ({ status }, what) => apiError(status, what, {}),
    })
    expect(await client.request('GET', '/1')).toEqual({})
    const second = client.request('GET', '/2')
    while (server.requests.length < 2) await clock.advance(0)
    await clock.advance(60_000)
    // The wait before the next try.
    await clock.advance(1)
    expect(await second).toEqual({})
    expect(server.requests).toHaveLength(3)
  })
})

describe('a connection that trickles, a byte a packet', () => {
  it('brings a token', async () => {
    const { proxy, managerWith } = await tokensThrough()
    proxy.script = [{ kind: 'trickle', towards: 'client', bytes: 1 }]
    expect((await managerWith(systemClock).getToken()).reveal()).toBe('good-token')
  })

  it.each(EVERY_CALLER)('brings a 401 and what follows from it to %s', async (caller) => {
    const { server, proxy } = await apiThrough(plain(200, '{}'))
    proxy.script = (['server', 'client'] as const).map((towards) => ({ kind: 'trickle', towards, bytes: 1 }))
    const { get } = CALLERS[caller](proxy.origin, new ScriptedSource(['old-token', 'new-token']))
    expect(await endOf(get())).toBe(200)
    expect(server.requests).toHaveLength(2)
  })
})

describe('a connection that is refused', () => {
  it('is tried again twice for a token, and then an error', async () => {
    const { proxy, managerWith } = await tokensThrough()
    const tokens = managerWith({ ...systemClock, random: () => 0 })
    proxy.script = Array.from({ length: 5 }, () => ({ kind: 'refuse' }))
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'token_endpoint_unreachable', retryable: true })
    expect(proxy.accepted).toBe(3)
    proxy.script = []
    tokens.reset()
    expect((await tokens.getToken()).reveal()).toBe('good-token')
    await tokens.close()
  })
})
