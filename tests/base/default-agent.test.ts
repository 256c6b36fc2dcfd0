import { expect, test } from '@jest/globals'
import {
  Agent,
  BalancedPool,
  Client,
  EnvHttpProxyAgent,
  getGlobalDispatcher,
  interceptors,
  MockAgent,
  Pool,
  ProxyAgent,
  RetryAgent,
} from 'undici'
import type { Dispatcher } from 'undici'
import { isDefaultAgent } from '../../src/base/default-agent.js'
import { closeLater } from '../platform/connection.js'
import { runSource } from './run-source.js'
import { copy, older } from './other-undici.js'

test('an Agent without options is the default one, of any copy of undici', () => {
  for (const plain of [new Agent(), new Agent({}), new copy.Agent(), new older.Agent()]) {
    expect(isDefaultAgent(plain)).toBe(true)
  }
})

test('an Agent with an option, an interceptor or a dispatch of its own is none, nor is one of another class', () => {
  const patched = new Agent()
  patched.dispatch = () => true
  const composed = new Agent().compose((dispatch) => (options, handler) => dispatch(options, handler))
  let made = 0
  class OwnAgent extends Agent {
    constructor() {
      super()
      made += 1
    }
  }
  const origin = 'https://api.example.com'
  const others = [
    ...[Agent, copy.Agent, older.Agent].flatMap((Class) => [
      new Class({ connect: { ca: 'a certificate' } }),
      new Class({ connections: 1 }),
      new Class({ factory: () => new Client(origin) }),
    ]),
    patched,
    composed,
    new OwnAgent(),
    new RetryAgent(new Agent()),
    new MockAgent(),
    new Pool(origin),
    new Client(origin),
    new BalancedPool([]),
    ...['http://127.0.0.1:1'].flatMap((uri) => [new ProxyAgent(uri), new older.ProxyAgent(uri)]),
    new EnvHttpProxyAgent(),
    new older.EnvHttpProxyAgent(),
    { dispatch: () => true },
    Object.create(null) as object,
  ]
  expect(others.filter(isDefaultAgent)).toEqual([])
  expect(made).toBe(1)
})

test('the Agent of undici is still the default one after it was used', async () => {
  const output = await runSource(
    `import { createServer } from 'node:http'
     import { getGlobalDispatcher, request } from 'undici'
     import { isDefaultAgent } from './src/base/default-agent.js'
     const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
     await new Promise((resolve) => server.once('listening', resolve))
     const { body } = await request('http://127.0.0.1:' + server.address().port)
     console.log(await body.text(), isDefaultAgent(getGlobalDispatcher()))
     server.close()
     server.closeAllConnections()`,
  )
  expect(output).toBe('ok true\n')
})

test("undici's own global dispatcher is a default agent", () => {
  expect(isDefaultAgent(getGlobalDispatcher())).toBe(true)
  expect(isDefaultAgent(new Agent())).toBe(true)
})

test.each<[string, () => Dispatcher]>([
  ['an Agent with a certificate', () => new Agent({ connect: { ca: 'x' } })],
  ['an Agent with a connect function', () => new Agent({ connect: () => undefined })],
  ['an Agent with a limit', () => new Agent({ connections: 4 })],
  ['an Agent with a timeout', () => new Agent({ bodyTimeout: 5 })],
  ['an Agent with a factory', () => new Agent({ factory: (origin) => new Pool(origin) })],
  ['a composed Agent', () => new Agent().compose(interceptors.retry())],
  ['an Agent that was composed twice', () => new Agent().compose(interceptors.retry()).compose(interceptors.retry())],
  ['a subclass of Agent', () => new (class extends Agent {})()],
  [
    'an Agent whose dispatch was replaced',
    () => {
      const agent = new Agent()
      const dispatch = agent.dispatch.bind(agent)
      return Object.assign(agent, { dispatch: (...given: Parameters<typeof dispatch>) => dispatch(...given) })
    },
  ],
  ['a ProxyAgent', () => new ProxyAgent('http://127.0.0.1:9')],
  ['an EnvHttpProxyAgent', () => new EnvHttpProxyAgent({ httpProxy: 'http://127.0.0.1:9' })],
  ['a MockAgent', () => new MockAgent()],
  ['a Client', () => new Client('http://127.0.0.1:9')],
  ['a Pool', () => new Pool('http://127.0.0.1:9')],
])('%s is not a default agent', async (_what, make) => {
  const dispatcher = make()
  closeLater(dispatcher)
  expect(isDefaultAgent(dispatcher)).toBe(false)
})
