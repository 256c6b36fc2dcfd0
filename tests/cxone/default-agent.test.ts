import { expect, test } from '@jest/globals'
import {
  Agent,
  Client,
  EnvHttpProxyAgent,
  getGlobalDispatcher,
  interceptors,
  MockAgent,
  Pool,
  ProxyAgent,
} from 'undici'
import type { Dispatcher } from 'undici'
import { isDefaultAgent } from '../../src/cxone/default-agent.js'
import { closeLater } from '../platform/connection.js'

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
