import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import type { Dispatcher } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import { dispatcherFor, isGlobalDispatcherSet, TOKEN_REQUEST } from '../../src/base/dispatcher.js'
import { asPeerDispatcher } from '../../src/base/foreign-dispatcher.js'
import { downloadResult } from '../../src/cxone/result-download.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { discover } from '../../src/server/discover.js'
import { ApiTransport } from '../../src/client/api-transport.js'
import { staticToken } from '../../src/token/static-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { runModule } from '../docs/run-module.js'
import { closeServers, loopback } from '../http/loopback.js'
import type { Loopback } from '../http/loopback.js'
import { copy, older } from './other-undici.js'
import { bundled } from './run-source.js'

/** Where undici 6 looks. */
const NEWEST = Symbol.for('undici.globalDispatcher.1')
const original = getGlobalDispatcher()
afterEach(() => setGlobalDispatcher(original))

describe('dispatcherFor', () => {
  it("is undici's global one, looked up anew each time", () => {
    expect(dispatcherFor(undefined)).toBe(original)
    const another = new Agent()
    setGlobalDispatcher(another)
    expect(dispatcherFor(undefined)).toBe(another)
  })

  it('is the given one, whatever the global one is', () => {
    const [given, foreign] = [new Agent(), new older.Agent()]
    older.setGlobalDispatcher(new older.MockAgent())
    expect(dispatcherFor(given)).toBe(given)
    expect(dispatcherFor(foreign)).toBe(asPeerDispatcher(foreign))
  })

  it('is the one that was set last, by whichever copy of undici [R46]', () => {
    const seen: string[] = []
    const named = (name: string) => ({ dispatch: () => seen.push(name) > 0 })
    const send = () =>
      dispatcherFor(undefined).dispatch({ origin: 'https://api.example.com', path: '/', method: 'GET' }, idle)
    setGlobalDispatcher(named('installed') as never)
    send()
    copy.setGlobalDispatcher(named('copy'))
    send()
    older.setGlobalDispatcher(named('undici 6'))
    send()
    copy.setGlobalDispatcher(named('copy again'))
    send()
    older.setGlobalDispatcher(named('undici 6 again'))
    send()
    setGlobalDispatcher(named('installed again') as never)
    send()
    expect(seen).toEqual(['installed', 'copy', 'undici 6', 'copy again', 'undici 6 again', 'installed again'])
  })

  it('keeps an interceptor that undici 6 composed on the dispatcher which it found', () => {
    const seen: unknown[] = []
    const found = older.getGlobalDispatcher()
    older.setGlobalDispatcher(found.compose(() => (options, _handler) => seen.push(options.path) > 0))
    dispatcherFor(undefined).dispatch({ origin: 'https://api.example.com', path: '/x', method: 'GET' }, idle)
    expect(seen).toEqual(['/x'])
  })

  it('throws if the global dispatcher has no dispatch method', () => {
    for (const useless of [{}, 1, 'a dispatcher', { dispatch: true }]) {
      putThere(useless)
      expect(() => dispatcherFor(undefined)).toThrow(
        expect.objectContaining({
          code: 'unsupported_dispatcher',
          message:
            'The request was not sent: the global dispatcher of undici has no method `dispatch`. ' +
            'Call `setGlobalDispatcher` with a dispatcher of undici.',
        }),
      )
    }
  })

  it("is of undici 7 or 8 even where Node's own fetch came first, so that an interceptor works, and always the same", async () => {
    // A module of its own: bundled with the test, it would import undici before anything else.
    const folder = mkdtempSync(join(import.meta.dirname, '../../node_modules/.everbearer-'))
    const late = join(folder, 'late.mjs')
    const sources = `
      export { dispatcherFor, isGlobalDispatcherSet } from './src/base/dispatcher.js'
      export { bearer } from './src/http/bearer.js'
      export { AccessToken } from './src/token/access-token.js'`
    writeFileSync(late, await bundled(sources))
    const output = await runModule(`
      import { createServer } from 'node:http'
      const answer = ({ headers }, response) => response.end(headers.authorization ?? 'no token')
      const server = createServer(answer).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const origin = 'http://127.0.0.1:' + server.address().port
      console.log(await (await globalThis.fetch(origin)).text())
      const { Dispatcher } = await import('undici')
      const { AccessToken, bearer, dispatcherFor, isGlobalDispatcherSet } = await import('${pathToFileURL(late).href}')
      const dispatcher = dispatcherFor(undefined)
      console.log(dispatcher instanceof Dispatcher, dispatcher === dispatcherFor(undefined), isGlobalDispatcherSet())
      const late = { current: () => undefined, getToken: async () => new AccessToken('late') }
      const { body } = await dispatcher.compose(bearer(late, { origins: [origin] })).request({ origin, path: '/', method: 'GET' })
      console.log(await body.text())
      server.close()
      server.closeAllConnections()
    `)
    rmSync(folder, { recursive: true })
    expect(output).toBe('no token\ntrue true false\nBearer late\n')
  })

  it('finds the same dispatchers in a minified bundle', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { Agent, EnvHttpProxyAgent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
          import * as older from 'undici6'
          import { dispatcherFor, isGlobalDispatcherSet } from './src/base/dispatcher.js'
          const print = (...values) => console.log(...values.map(String))
          print(isGlobalDispatcherSet(), dispatcherFor() === getGlobalDispatcher())
          setGlobalDispatcher(new Agent({ connections: 1 }))
          print(isGlobalDispatcherSet(), dispatcherFor() === getGlobalDispatcher())
          setGlobalDispatcher(new EnvHttpProxyAgent())
          print(isGlobalDispatcherSet(), dispatcherFor() === getGlobalDispatcher())
          const mock = new older.MockAgent()
          mock.disableNetConnect()
          mock.get('https://api.example.com').intercept({ path: '/' }).reply(200, 'mocked')
          older.setGlobalDispatcher(mock)
          const { body } = await dispatcherFor().request({ origin: 'https://api.example.com', path: '/', method: 'GET' })
          print(isGlobalDispatcherSet(), await body.text())`,
        resolveDir: join(import.meta.dirname, '../..'),
      },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      logLevel: 'silent',
    })
    const output = await runModule(outputFiles[0]!.text, { nodeArguments: ['--no-warnings'] })
    expect(output).toBe('false true\ntrue true\ntrue true\ntrue mocked\n')
  })
})

const CALLS: readonly [what: string, code: string, call: (origin: string) => Promise<string>][] = [
  [
    'a token request with its secret',
    'token_endpoint_unreachable',
    async (origin) => {
      const grant = clientCredentials({ tokenEndpoint: `${origin}/token`, clientId: 'a', clientSecret: 'b' })
      return (await new TokenManager(grant).getToken()).reveal()
    },
  ],
  [
    'discovery',
    'discovery_failed',
    async (origin) => {
      const { tokenEndpoint } = await discover(`${origin}/issuer`)
      return String(tokenEndpoint)
    },
  ],
  [
    'a request of an endpoint client with its token',
    'api_unreachable',
    async (origin) => {
      const transport = new ApiTransport({ apiUrl: origin, tokens: staticToken('good'), clock: systemClock })
      const request = { method: 'GET', body: undefined, signal: undefined, onRejected: () => undefined }
      return (await transport.send({ ...request, url: new URL(`${origin}/things`) })).text
    },
  ],
  [
    'a download of a result',
    'api_unreachable',
    async (origin) => {
      const { signal } = new AbortController()
      const chunks = await downloadResult({
        url: `${origin}/result.csv`,
        apiUrl: origin,
        dispatcher: undefined,
        signal,
      })
      let text = ''
      for await (const chunk of chunks) text += String(chunk)
      return text
    },
  ],
]

describe.each(CALLS)('%s', (_what, unreachable, call) => {
  let server: Loopback
  beforeEach(async () => {
    server = await loopback((_incoming, outgoing) => void outgoing.end('{"access_token":"real"}'))
  })
  afterEach(closeServers)

  it.each([
    ['undici 6', older],
    ['another copy of undici', copy],
  ])('goes to the MockAgent that %s set, and nowhere else [R46]', async (_name, other) => {
    const mock = new other.MockAgent()
    mock.disableNetConnect()
    other.setGlobalDispatcher(mock)
    const body = {
      issuer: `${server.origin}/issuer`,
      token_endpoint: `${server.origin}/mocked`,
      access_token: 'mocked',
    }
    const headers = { 'content-type': 'application/json', 'content-length': String(JSON.stringify(body).length) }
    for (const method of ['GET', 'POST']) {
      mock
        .get(server.origin)
        .intercept({ path: /./, method })
        .reply(200, { ...body, token_type: 'Bearer' }, { headers })
    }
    expect(await call(server.origin)).toContain('mocked')
    await expect(call(server.origin)).rejects.toMatchObject({ code: unreachable })
    expect(server.hits).toEqual([])
  })

  it.each([
    ['undici 6', older],
    ['another copy of undici', copy],
  ])('goes through the ProxyAgent that %s set, and nowhere else [R46]', async (_name, other) => {
    const proxy = await loopback((_incoming, outgoing) => void outgoing.writeHead(502).end())
    const tunnels: unknown[] = []
    proxy.server.on('connect', (request, socket) => {
      tunnels.push(request.url)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    other.setGlobalDispatcher(new other.ProxyAgent(proxy.origin))
    // The transport of an endpoint client returns the 502 of the proxy.
    await call(server.origin).catch(() => undefined)
    expect(tunnels.length + proxy.hits.length).toBeGreaterThan(0)
    expect(server.hits).toEqual([])
  })

  it('is not sent if the global dispatcher cannot be used [R46]', async () => {
    putThere({})
    await expect(call(server.origin)).rejects.toMatchObject({ code: 'unsupported_dispatcher', retryable: false })
    expect(server.hits).toEqual([])
  })
})

describe('isGlobalDispatcherSet', () => {
  it('is false for a plain Agent, and true for what a process sets instead', () => {
    setGlobalDispatcher(new Agent())
    expect(isGlobalDispatcherSet()).toBe(false)
    setGlobalDispatcher(new Agent().compose((dispatch) => (options, handler) => dispatch(options, handler)))
    expect(isGlobalDispatcherSet()).toBe(true)
    setGlobalDispatcher(new Agent())
    older.setGlobalDispatcher(new older.EnvHttpProxyAgent())
    expect(isGlobalDispatcherSet()).toBe(true)
  })
})

describe('TOKEN_REQUEST', () => {
  it('is the same for two copies of the package', () => {
    expect(TOKEN_REQUEST).toBe(Symbol.for('everbearer.tokenRequest'))
  })
})

const idle: Dispatcher.DispatchHandler = { onRequestStart: () => undefined, onResponseError: () => undefined }

/** What a copy of undici would never set. */
function putThere(value: unknown): void {
  Object.assign(globalThis, { [NEWEST]: value })
}
