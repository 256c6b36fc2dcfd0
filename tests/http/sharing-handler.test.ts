import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'

import { afterEach, describe, expect, it } from '@jest/globals'
import { transform } from 'esbuild'
import { interceptors, MockAgent } from 'undici'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { isSharing, ownClasses } from '../../src/http/sharing-handler.js'
import { staticToken } from '../../src/token/static-token.js'
import { runSource } from '../base/run-source.js'
import { agent, closeAgents } from './agents.js'
import { closeServers, loopback } from './loopback.js'
import { RecordingHandler } from './recording-handler.js'

const require = createRequire(import.meta.url)

afterEach(async () => {
  await closeAgents()
  closeServers()
})

/** What an interceptor passes on for a request that it has not seen. */
function handlerOf(interceptor: Dispatcher.DispatcherComposeInterceptor): object {
  let passed: object | undefined
  const record: Dispatcher.Dispatch = (_options, handler) => Boolean((passed = handler))
  interceptor(record)({ origin: 'https://api.example', path: '/', method: 'GET' }, new RecordingHandler())
  return passed!
}

/** The handlers of another copy of undici, as a bundler leaves them: minified, with other names. */
async function bundled(name: string): Promise<new (...options: unknown[]) => object> {
  const source = await readFile(require.resolve(`undici/lib/handler/${name}.js`), 'utf8')
  const { code } = await transform(source, { minify: true, format: 'cjs' })
  const module = { exports: {} as new () => object }
  const from = createRequire(require.resolve(`undici/lib/handler/${name}.js`))
  const load = compileFunction(code, ['module', 'require']) as (...globals: unknown[]) => void
  load(module, from)
  return module.exports
}

describe('handlers that give one response to several requests', () => {
  it.each([
    ['cache', () => interceptors.cache()],
    ['deduplicate', () => interceptors.deduplicate()],
  ])('of %s are known', (_name, make) => {
    expect(isSharing(handlerOf(make()))).toBe(true)
  })

  it.each([
    ['retry', () => interceptors.retry()],
    ['redirect', () => interceptors.redirect({ maxRedirections: 1 })],
    ['responseError', () => interceptors.responseError()],
    ['dump', () => interceptors.dump()],
    ['decompress', () => interceptors.decompress()],
    ['dns', () => interceptors.dns()],
  ])('are not those of %s', (_name, make) => {
    expect(isSharing(handlerOf(make()))).toBe(false)
  })

  it.each([
    ['cache-handler', [{}, { method: 'GET' }, {}]],
    ['cache-revalidation-handler', [() => undefined, {}, false]],
    ['deduplication-handler', [{}, () => undefined, 1]],
  ])('are known by how they look when another, minified copy of undici made them: %s', async (name, options) => {
    const Handler = await bundled(name)
    expect(isSharing(new Handler(...options))).toBe(true)
    expect(isSharing(new (class extends Handler {})(...options))).toBe(true)
  })

  it.each(['retry-handler', 'redirect-handler', 'decorator-handler', 'wrap-handler', 'unwrap-handler'])(
    'are not those of a minified %s',
    async (name) => {
      const Handler = await bundled(name).catch(() => RecordingHandler) // undici 8 has no wrap-handler
      expect(isSharing(Object.create(Handler.prototype as object) as object)).toBe(false)
    },
  )

  it('are looked for behind one another, and never for ever', () => {
    const endless: { handler?: object } = {}
    endless.handler = endless
    expect(isSharing(endless)).toBe(false)
    expect(isSharing({ handler: { handler: handlerOf(interceptors.cache()) } })).toBe(true)
    expect(isSharing(Object.create(null) as object)).toBe(false)
    expect(isSharing({ handler: null })).toBe(false)
  })
})

it('the sharing handlers of the installed undici are known by their classes', () => {
  const names = [...ownClasses()].map(({ constructor }) => constructor.name)
  expect(names).toEqual(['CacheHandler', 'CacheRevalidationHandler', 'DeduplicationHandler'])
})

it.each([
  [['cache-control', 'last-modified', '304'], true],
  [['304', '504'], true],
  [['last-modified', '304'], false],
  [['cache-control', '304'], false],
  [['cache-control', 'last-modified'], false],
  [['304'], false],
  [['504'], false],
])('a foreign handler whose onResponseStart holds %j is sharing: %s', (texts, expected) => {
  const code = `return class { onResponseStart() { return ${JSON.stringify(texts)} } }`
  const make = compileFunction(code) as () => new () => object
  const Handler = make()
  expect(isSharing(new Handler())).toBe(expected)
})

it('a sharing handler is looked for behind fifteen others, and no further', () => {
  const behind = (count: number): object =>
    count === 0 ? handlerOf(interceptors.cache()) : { handler: behind(count - 1) }
  expect(isSharing(behind(15))).toBe(true)
  expect(isSharing(behind(16))).toBe(false)
})

describe('a cache outside bearer [R03]', () => {
  const origins = ['https://api.example']
  const between = {
    redirect: () => interceptors.redirect({ maxRedirections: 1 }),
    retry: () => interceptors.retry(),
    'redirect and retry': () => [interceptors.redirect({ maxRedirections: 1 }), interceptors.retry()],
  }

  it.each(Object.entries(between))('is rejected although %s is between', async (_name, make) => {
    for (const outer of [interceptors.cache(), interceptors.deduplicate()]) {
      const inner = agent(bearer(staticToken('t'), { origins }), ...[make()].flat())
      const response = inner.compose(outer).request({ origin: origins[0]!, path: '/', method: 'GET' })
      await expect(response).rejects.toMatchObject({ code: 'unsafe_composition' })
    }
  })

  it('in a service that tests with a MockAgent is rejected too', async () => {
    const mock = new MockAgent()
    const dispatcher = mock.compose(bearer(staticToken('t'), { origins }), interceptors.cache())
    const response = dispatcher.request({ origin: origins[0]!, path: '/', method: 'GET' })
    await expect(response).rejects.toMatchObject({ code: 'unsafe_composition' })
    await mock.close()
  })
})

it('a request by each of undici’s own methods passes: their handlers share nothing', async () => {
  const server = await loopback()
  const dispatcher = agent(bearer(staticToken('t'), { origins: [server.origin] }))
  const { body } = await dispatcher.request({ origin: server.origin, path: '/', method: 'GET' })
  expect(await body.text()).toBe('ok')
})

it('a cache outside is rejected by its class although no source can be read', async () => {
  const ran = await runSource(`
    const { Agent, interceptors } = await import('undici')
    const { bearer, staticToken } = await import('./src/index.ts')
    Function.prototype.toString = () => ''
    for (const outer of [interceptors.cache(), interceptors.deduplicate()]) {
      const agent = new Agent().compose(bearer(staticToken('t'), { origins: ['https://api.example'] }), outer)
      await agent.request({ origin: 'https://api.example', path: '/', method: 'GET' }).catch(({ code }) => console.log(code))
    }`)
  expect(ran).toBe('unsafe_composition\nunsafe_composition\n')
})
