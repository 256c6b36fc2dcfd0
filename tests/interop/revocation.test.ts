import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { TokenManager, clientCredentials } from '../../src/index.js'
import { closeAgents } from '../http/agents.js'
import { closeServers, sha256 } from '../http/loopback.js'
import { BOTH_CALLERS, CALLERS } from './callers.js'
import { byIntrospection, protectedApi } from './protected-api.js'
import { RunningProvider } from './provider.js'
import { CLIENTS } from './registrations.js'

let provider: RunningProvider
beforeAll(async () => {
  provider = await RunningProvider.start()
  provider.latency = 20
})
afterAll(() => provider.close())
beforeEach(() => void provider.tokenRequests.splice(0))
afterEach(async () => {
  closeServers()
  await closeAgents()
})

describe.each(BOTH_CALLERS)('a token that is revoked at the provider while %s uses it', (way) => {
  it('is exchanged once, and no caller sees a 401', async () => {
    const api = await protectedApi(byIntrospection(provider))
    // Some 401s come while the token is exchanged, others when that is long over.
    api.lateness = 100
    const tokens = new TokenManager(clientCredentials({ tokenEndpoint: provider.tokenEndpoint, ...CLIENTS.plain }))
    const call = CALLERS[way](tokens, api.origin)
    const old = (await tokens.getToken()).reveal()

    let revocation: Promise<void> | undefined
    const responses = await Promise.all(
      Array.from({ length: 10 }, async (_, loop) => {
        for (let i = 0; i < 12; i++) {
          if (loop === 0 && i === 3) revocation = provider.revoke(old)
          const body = `${loop}/${i}`.repeat(200)
          expect(await call(body)).toEqual({ status: 200, text: sha256(body) })
        }
        return 'done'
      }),
    )
    await revocation
    expect(responses).toHaveLength(10)
    expect(api.refused).toBeGreaterThan(1)
    expect(provider.tokenRequests.map(({ status }) => status)).toEqual([200, 200])
    expect(provider.mostAtOnce).toBe(1)

    const current = (await tokens.getToken()).reveal()
    expect([...api.taken]).toEqual([old, current])
    expect(await provider.introspect(old)).toEqual({ active: false })
    expect(await provider.introspect(current)).toMatchObject({ active: true, client_id: CLIENTS.plain.clientId })
    await tokens.close()
  })
})
