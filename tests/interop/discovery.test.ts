import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TokenManager, clientCredentials, discover, refreshToken } from '../../src/index.js'
import { RunningProvider } from './provider.js'
import { CLIENTS } from './registrations.js'

let provider: RunningProvider
beforeAll(async () => {
  provider = await RunningProvider.start()
})
afterAll(() => provider.close())

describe('the provider [R40]', () => {
  it('says where its endpoints are, and what it can do', async () => {
    const { issuer, tokenEndpoint } = provider
    const found = await discover(issuer)
    expect(found).toMatchObject({
      issuer,
      tokenEndpoint,
      authorizationEndpoint: `${issuer}/auth`,
      revocationEndpoint: `${issuer}/token/revocation`,
      codeChallengeMethodsSupported: ['S256'],
    })
    expect(found.tokenEndpointAuthMethodsSupported).toEqual(expect.arrayContaining(['private_key_jwt', 'none']))
    const tokens = new TokenManager(clientCredentials({ ...found, ...CLIENTS.plain }))
    expect(await provider.introspect((await tokens.getToken()).reveal())).toMatchObject({ active: true })
    await tokens.close()
  })

  it('is another issuer with a slash more', async () => {
    await expect(discover(`${provider.issuer}/`)).rejects.toMatchObject({ code: 'discovery_failed', retryable: false })
  })

  it('revokes the token of a service that knows its issuer alone', async () => {
    const tokens = new TokenManager(clientCredentials({ issuer: provider.issuer, ...CLIENTS.plain }))
    const token = (await tokens.getToken()).reveal()
    expect(await provider.introspect(token)).toMatchObject({ active: true })
    await tokens.close({ revoke: true })
    expect(await provider.introspect(token)).toEqual({ active: false })
  })

  it('revokes a session whole [R36]', async () => {
    const { issuer } = provider
    const first = await provider.startSession(CLIENTS.app, 'things:read')
    const tokens = new TokenManager(refreshToken({ issuer, ...CLIENTS.app, refreshToken: first }))
    const token = (await tokens.getToken()).reveal()
    await tokens.close({ revoke: true })
    expect(await provider.introspect(token)).toEqual({ active: false })
    const again = refreshToken({ issuer, ...CLIENTS.app, refreshToken: first })
    await expect(new TokenManager(again).getToken()).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
