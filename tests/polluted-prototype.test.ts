import { afterEach, describe, expect, it } from '@jest/globals'

import { runSource } from './base/run-source.js'
import { closeServers, loopback, read } from './http/loopback.js'
import type { Hit } from './http/loopback.js'

afterEach(closeServers)

/**
 * What a hole elsewhere in the process may have put on every object (CWE-1321). Not `error`, `timeout` and the like, which
 * Node's own sockets take for listeners: readers of answers meet those in tests/fuzz, options in tests/inherited-options.test.ts.
 */
const POLLUTION = {
  access_token: 'polluted',
  expires_in: 1,
  token_type: 'mac',
  scope: 'polluted',
  audience: 'polluted',
  resource: 'https://polluted.example/',
  parameters: { polluted: 'polluted' },
  clientAuthentication: 'client_secret_post',
  basicEncoding: 'polluted',
  privateKey: 'polluted',
  keyId: 'polluted',
  certificate: 'polluted',
  signingAlgorithm: 'polluted',
  assertionAudience: 'polluted',
  refreshToken: 'polluted',
  clientSecret: 'polluted',
  subject: 'polluted',
  actorToken: 'polluted',
  requestedTokenType: 'urn:polluted',
  grantType: 'polluted',
  encode: 'polluted',
  rename: 'polluted',
  response: 'polluted',
  issued_token_type: 'polluted',
  lifetime: 1,
  rejected: 'polluted',
  retryable: true,
  keepAuthorization: true,
  unlisted: 'polluted',
  maxReplayBytes: -1,
  isTokenRejected: 'polluted',
  refresh: 'polluted',
  revoke: true,
  clock: 'polluted',
  store: 'polluted',
  sessionTtl: -1,
  encryptionKey: 'polluted',
  prefix: 'polluted',
  expectedVersion: 'polluted',
  fence: -1,
  ttl: -1,
  lease: 'polluted',
  text: 'polluted',
  failure: 'polluted',
  authorization: 'Bearer polluted',
}

const flow = (pollution: { before?: object; after?: object }, origin: string) => `
  const pollute = (members) => {
    for (const [name, value] of Object.entries(members)) Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true })
  }
  pollute(${JSON.stringify(pollution.before ?? {})})
  const { TokenManager, clientCredentials, createFetch, bearer, EverbearerError, ...grants } = await import('./src/index.ts')
  const { redisTokenStore } = await import('./src/redis/index.ts')
  const { Agent, request } = await import('undici')
  pollute(${JSON.stringify(pollution.after ?? {})})
  const origin = '${origin}'
  const told = []
  const manager = new TokenManager(clientCredentials({ tokenEndpoint: origin + '/token', clientId: 'id', clientSecret: 'secret' }))
  const token = await manager.getToken()
  told.push(token.reveal(), token.scope !== undefined)
  const dispatcher = new Agent().compose(bearer(manager, { origins: [origin] }))
  told.push((await request(origin + '/api', { dispatcher })).statusCode)
  told.push((await createFetch(manager, { origins: [origin] })(origin + '/api')).status)
  const denied = new TokenManager(clientCredentials({ tokenEndpoint: origin + '/denied', clientId: 'id', clientSecret: 'secret' }))
  const error = await denied.getToken().catch((error) => error)
  told.push(error instanceof EverbearerError, error.code, error.retryable, Object.hasOwn(error, 'error'))
  const server = { tokenEndpoint: origin + '/token' }
  const type = 'urn:ietf:params:oauth:token-type:access_token'
  for (const grant of [
    grants.refreshToken({ ...server, clientId: 'id', clientSecret: 'secret', refreshToken: 'r' }),
    grants.jwtBearer({ ...server, assertion: 'a' }),
    grants.saml2Bearer({ ...server, assertion: 'a' }),
    grants.tokenExchange({ ...server, subjectToken: 's', subjectTokenType: type }),
    grants.customGrant({ ...server, parameters: { p: 'q' } }),
    grants.customGrant({ ...server, body: 'json', parameters: { p: 'q' } }),
  ]) {
    const tokens = new TokenManager(grant)
    told.push((await tokens.getToken()).reveal(), grant.identity.subject !== undefined)
    await tokens.close()
  }
  const { mkdtemp, rm } = await import('node:fs/promises')
  const directory = await mkdtemp((await import('node:os')).tmpdir() + '/everbearer-')
  for (const store of [
    new grants.MemoryTokenStore(),
    new grants.FileTokenStore(directory + '/plain'),
    new grants.FileTokenStore(directory + '/sealed', { encryptionKey: Buffer.alloc(32) }),
  ]) {
    const lease = await store.lease('key', 1_000)
    told.push(await store.compareAndSet('key', 'stored', { expectedVersion: undefined, fence: lease.fence, ttl: 60_000 }))
    // As the wait for a flight does: a store's own timers keep no process alive.
    const alive = setInterval(() => undefined, 1_000)
    const waiting = store.lease('key', 1_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await lease.release()
    told.push((await store.get('key')).value, (await waiting) === undefined)
    clearInterval(alive)
  }
  await rm(directory, { recursive: true })
  const inRedis = redisTokenStore(async (script, [key]) => void told.push(key), { encryptionKey: Buffer.alloc(32) })
  told.push(typeof (await inRedis.get('key')))
  await manager.close()
  await dispatcher.close()
  console.log(JSON.stringify([...told]))
`

async function run(pollution: { before?: object; after?: object }) {
  const server = await loopback(async (incoming, outgoing, hit) => {
    hit.body = await read(incoming)
    const token = { access_token: 'real', token_type: 'Bearer', expires_in: 3600, issued_token_type: 'urn:real' }
    if (incoming.url === '/token') outgoing.end(JSON.stringify(token))
    else if (incoming.url === '/denied') outgoing.writeHead(400).end('{}')
    else outgoing.end('{}')
  })
  const output = await runSource(flow(pollution, server.origin))
  const seen = (hit: Hit) => [hit.path, hit.authorization, String(hit.body)]
  return { told: JSON.parse(output) as unknown, hits: server.hits.map(seen) }
}

describe('a polluted Object.prototype changes nothing in what is asked, sent and told [R38]', () => {
  it.each(['before', 'after'] as const)('%s everbearer is loaded', async (when) => {
    const clean = await run({})
    const others = Array.from({ length: 6 }, () => ['real', false]).flat()
    const stores = Array.from({ length: 3 }, () => [true, 'stored', true]).flat()
    const first = ['real', false, 200, 200, true, 'token_endpoint_failed', false, false]
    const inRedis = [expect.stringMatching(/^everbearer:\{/), 'undefined']
    expect(clean.told).toEqual([...first, ...others, ...stores, ...inRedis])
    expect(clean.hits.map(([path]) => path)).toEqual(['/token', '/api', '/api', '/denied', ...Array(6).fill('/token')])
    expect(await run({ [when]: POLLUTION })).toEqual(clean)
  })
})
