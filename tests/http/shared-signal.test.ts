import { afterEach, expect, it } from '@jest/globals'
import { runSource } from '../base/run-source.js'
import { closeServers, loopback } from './loopback.js'

afterEach(closeServers)

// undici's own request() listens once for each call, so that a plain one through `bearer` is its matter.
it('a signal that 50 calls share, waiting or under way, makes Node warn of no leak', async () => {
  const server = await loopback((_incoming, outgoing) => void setTimeout(() => outgoing.end('{}'), 50))
  const output = await runSource(`
    process.on('warning', (warning) => console.log(warning.name, warning.stack))
    const { TokenManager } = await import('./src/token/token-manager.ts')
    const { AccessToken } = await import('./src/token/access-token.ts')
    const { createFetch } = await import('./src/http/create-fetch.ts')
    const { JsonClient } = await import('./src/client/json-client.ts')
    const { apiError } = await import('./src/client/api-response.ts')
    const { delay, systemClock } = await import('./src/base/clock.ts')
    const { signal } = new AbortController()
    const manager = new TokenManager({
      identity: { tokenEndpoint: 'x', clientId: 'x', grantType: 'x', scope: [], resource: [], parameters: {} },
      repeatable: true,
      requestToken: () => delay(systemClock, 50).then(() => ({ accessToken: new AccessToken('t'), parameters: {} })),
    })
    const fetch = createFetch(manager, { origins: ['${server.origin}'] })
    const client = () => new JsonClient({
      apiUrl: '${server.origin}', tokens: manager, concurrency: 30, requestsPerMinute: Infinity, patience: 0,
      errorFrom: ({ status }, what) => apiError(status, what, {}),
    })
    const [one, other] = [client(), client()]
    const calls = [
      () => manager.getToken({ signal }),
      () => delay(systemClock, 50, { signal }),
      () => fetch('${server.origin}', { signal }).then((response) => response.text()),
      () => one.request('GET', '/', { signal }),
      () => other.request('GET', '/'),
    ]
    for (const call of calls) {
      manager.invalidate()
      await Promise.all(Array.from({ length: 50 }, call))
    }
    await manager.close()
    console.log('end')
  `)
  expect(output).toBe('end\n')
  expect(server.hits).toHaveLength(150)
})
