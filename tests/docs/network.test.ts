import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { codeBlocks } from './code-blocks.js'
import { startConnectProxy } from './connect-proxy.js'
import type { ConnectProxy } from './connect-proxy.js'
import { startExampleHosts } from './example-hosts.js'
import type { ExampleHosts } from './example-hosts.js'
import { runModule } from './run-module.js'

// runModule has a limit of its own.
jest.setTimeout(30_000)

const page = readFileSync(join(import.meta.dirname, '../../docs/network.md'), 'utf8')
const [fromEnvironment = '', forOneClient = '', ownCa = '', mocked = '', ...more] = codeBlocks(page, 'js').map(
  ({ code }) => code,
)

let hosts: ExampleHosts
let proxy: ConnectProxy
let requests = 0
beforeAll(async () => {
  hosts = await startExampleHosts()
  hosts.server.on('request', () => (requests += 1))
  proxy = await startConnectProxy((hosts.server.address() as AddressInfo).port)
})
afterAll(() => {
  proxy.close()
  hosts.close()
})
beforeEach(() => {
  proxy.tunnels.length = 0
  requests = 0
})

/** Without the lead to the example hosts: only the proxy knows where they are. */
function behindProxy(code: string, env: Record<string, string>): Promise<string> {
  return runModule(code, { env: { ...hosts.env, ...env } })
}

/** With the lead, but without Node's trust in their certificate. */
function direct(code: string, { NODE_EXTRA_CA_CERTS: ca, ...env } = hosts.env): Promise<string> {
  return runModule(code, { nodeArguments: hosts.nodeArguments, env: { ...env, CA_FILE: ca! } })
}

test('docs/network.md has four examples, and each is run here', () => {
  expect([fromEnvironment, forOneClient, ownCa, mocked].includes('')).toBe(false)
  expect(more).toEqual([])
})

test('the example of HTTPS_PROXY requests the token by CONNECT through the proxy', async () => {
  await behindProxy(fromEnvironment, { HTTPS_PROXY: proxy.url })
  expect(proxy.tunnels).toEqual(['login.example.com:443'])
  expect(requests).toBe(1)
})

test('the example of HTTPS_PROXY goes around the proxy for a host of NO_PROXY', async () => {
  const env = { ...hosts.env, HTTPS_PROXY: proxy.url, NO_PROXY: 'login.example.com' }
  await runModule(fromEnvironment, { nodeArguments: hosts.nodeArguments, env })
  expect(proxy.tunnels).toEqual([])
  expect(requests).toBe(1)
})

test('the example of a ProxyAgent requests the token by CONNECT through the proxy', async () => {
  await behindProxy(forOneClient, { PROXY_URL: proxy.url })
  expect(proxy.tunnels).toEqual(['login.example.com:443'])
  expect(requests).toBe(1)
})

test('the example of a CA trusts it for its client, and without the CA the token request fails', async () => {
  await direct(ownCa)
  expect(requests).toBe(1)
  const untrusting = ownCa.replace(/dispatcher,\n/, '')
  await expect(direct(untrusting)).rejects.toThrow(/token_endpoint_unreachable/)
  expect(requests).toBe(1)
})

test('NODE_EXTRA_CA_CERTS is enough to trust a CA', async () => {
  const plain = fromEnvironment.replace(/^setGlobalDispatcher.*$/m, '')
  await runModule(plain, hosts)
  expect(requests).toBe(1)
})

test('the example of a MockAgent sends nothing', async () => {
  await runModule(mocked, hosts)
  expect(requests).toBe(0)
})
