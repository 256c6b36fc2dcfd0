import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { decodeJwt } from 'jose'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import type { ClientCredentialsOptions } from '../../src/grants/client-credentials.js'
import { bearer } from '../../src/http/bearer.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { runSource } from '../base/run-source.js'
import { json, startAuthorizationServer } from './authorization-server.js'
import type { AuthorizationServer } from './authorization-server.js'

const SECRET = 'canary secret/é+%'

let server: AuthorizationServer
let other: AuthorizationServer
let dispatcher: Agent
beforeAll(async () => {
  server = await startAuthorizationServer()
  other = await startAuthorizationServer()
})
afterAll(() => {
  server.close()
  other.close()
})
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

describe('under a manager', () => {
  it('proves who the client is anew for each try: no assertion is sent twice', async () => {
    const responses = [503, 500, 200]
    server.response = (response) => json(response, responses.shift()!, { access_token: 't', token_type: 'Bearer' })
    const grant = grantWith({ clientAuthentication: 'client_secret_jwt', issuer: server.origin })
    const tokens = new TokenManager(grant, { clock: { ...systemClock, random: () => 0 } })
    await tokens.getToken()
    const ids = server.arrived.map(({ form }) => decodeJwt(form.get('client_assertion')!).jti)
    expect(new Set(ids).size).toBe(3)
    await tokens.close()
  })

  it.each([
    ['never answers', () => undefined],
    [
      'sends a byte at a time',
      (response: ServerResponse) => {
        response.writeHead(200)
        const interval = setInterval(() => response.write(' '), 5)
        response.once('close', () => clearInterval(interval))
      },
    ],
  ])('a server that %s is given up at the time-out, and its connection is closed [R18]', async (_, answer) => {
    const clock = new FakeClock()
    const manager = new TokenManager(grantWith(), { clock })
    const closed = new Promise((resolve) => {
      server.response = (response) => {
        response.once('close', resolve)
        answer(response)
      }
    })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await server.next()
    await clock.advance(9_999)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await clock.advance(1)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_timeout', retryable: true })
    await closed
    await manager.close()
  })

  it('close() ends a request under way', async () => {
    const manager = new TokenManager(grantWith(), { clock: new FakeClock() })
    const closed = new Promise((resolve) => {
      server.response = (response) => response.once('close', resolve)
    })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await server.next()
    await manager.close()
    expect(await outcome).toMatchObject({ code: 'closed' })
    await closed
  })

  it('a secret that never comes is given up at the time-out too', async () => {
    const clock = new FakeClock()
    const manager = new TokenManager(grantWith({ clientSecret: () => new Promise<never>(() => {}) }), { clock })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_timeout' })
    expect(server.arrived).toEqual([])
  })

  it('what a secret function throws is not shown', async () => {
    const clock = new FakeClock({ random: () => 0 })
    const clientSecret = () => {
      throw new Error('canary')
    }
    const manager = new TokenManager(grantWith({ clientSecret }), { clock })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10)
    const error = await outcome
    expect(error).toMatchObject({ code: 'grant_failed' })
    expect(reachableText(error)).not.toContain('canary')
    expect(server.arrived).toEqual([])
  })
})

describe('the default dispatcher', () => {
  const original = getGlobalDispatcher()
  afterEach(() => setGlobalDispatcher(original))
  beforeEach(() => {
    server.response = (response) => json(response, 200, { access_token: 't', token_type: 'Bearer', expires_in: 3600 })
  })
  const grantWithout = () =>
    clientCredentials({ tokenEndpoint: `${server.origin}/token`, clientId: 'id', clientSecret: SECRET })

  it('is the global one of the moment', async () => {
    const grant = grantWithout()
    const paths: string[] = []
    setGlobalDispatcher(
      dispatcher.compose((dispatch) => (options, handler) => {
        paths.push(options.path)
        return dispatch(options, handler)
      }),
    )
    await grant.requestToken({ signal: new AbortController().signal })
    expect(paths).toEqual(['/token'])
  })

  it('with a bearer interceptor for all origins in it does not wait for itself', async () => {
    const manager = new TokenManager(grantWithout())
    setGlobalDispatcher(dispatcher.compose(bearer(manager, { origins: [server.origin, other.origin] })))
    other.arrived.splice(0)
    const answer = await getGlobalDispatcher().request({ origin: other.origin, path: '/api', method: 'GET' })
    await answer.body.dump()
    expect(other.arrived[0]?.headers.authorization).toBe('Bearer t')
    expect(server.arrived.map(({ headers }) => headers.authorization?.split(' ')[0])).toEqual(['Basic'])
    await manager.close()
  })

  it("is an Agent of our own where Node's own fetch came first", async () => {
    const output = await runSource(`
      await (await fetch('${server.origin}/first')).text()
      const { clientCredentials } = await import('./src/grants/client-credentials.ts')
      const { TokenManager } = await import('./src/token/token-manager.ts')
      const tokens = new TokenManager(clientCredentials({
        tokenEndpoint: '${server.origin}/token', clientId: 'id', clientSecret: 'secret',
      }))
      console.log((await tokens.getToken()).reveal())
      await tokens.close()
    `)
    expect(output).toBe('t\n')
    expect(server.arrived.map(({ url }) => url)).toEqual(['/first', '/token'])
  })
})
