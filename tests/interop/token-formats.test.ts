import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { decodeProtectedHeader } from 'jose'
import { TokenManager, clientCredentials } from '../../src/index.js'
import { closeAgents } from '../http/agents.js'
import { closeServers, sha256 } from '../http/loopback.js'
import { BOTH_CALLERS, CALLERS } from './callers.js'
import { byIntrospection, bySignature, protectedApi } from './protected-api.js'
import { RunningProvider } from './provider.js'
import { CLIENTS, JWT_RESOURCE, OPAQUE_RESOURCE } from './registrations.js'

let provider: RunningProvider
beforeAll(async () => {
  provider = await RunningProvider.start()
})
afterAll(() => provider.close())
beforeEach(() => void provider.tokenRequests.splice(0))
afterEach(async () => {
  closeServers()
  await closeAgents()
})

const FORMATS = [
  { format: 'an opaque token', resource: OPAQUE_RESOURCE, check: byIntrospection, isJwt: false },
  { format: 'a JWT', resource: JWT_RESOURCE, check: bySignature, isJwt: true },
]

describe.each(BOTH_CALLERS)('through %s', (way) => {
  it.each(FORMATS)('$format for a resource is taken by its API: one for all', async ({ resource, check, isJwt }) => {
    const api = await protectedApi(check(provider))
    const scope = 'things:write things:read'
    const tokens = new TokenManager(
      clientCredentials({ tokenEndpoint: provider.tokenEndpoint, ...CLIENTS.plain, resource, scope }),
    )
    const call = CALLERS[way](tokens, api.origin)
    const bodies = Array.from({ length: 10 }, (_, i) => `thing ${i}`)
    const responses = await Promise.all(bodies.map(call))
    expect(responses).toEqual(bodies.map((body) => ({ status: 200, text: sha256(body) })))

    const [token = '', ...others] = api.taken
    expect(others).toEqual([])
    expect(isStructured(token)).toBe(isJwt)
    expect(api.refused).toBe(0)
    expect(provider.tokenRequests).toEqual([
      {
        scheme: 'Basic',
        form: { grant_type: 'client_credentials', scope: 'things:read things:write', resource },
        status: 200,
      },
    ])
    expect((await tokens.getToken()).scope).toEqual(['things:read', 'things:write'])
    await tokens.close()
  })
})

function isStructured(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === 'at+jwt'
  } catch {
    return false
  }
}
