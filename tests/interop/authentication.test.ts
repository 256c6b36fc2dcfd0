import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { TokenManager, clientCredentials } from '../../src/index.js'
import { RunningProvider } from './provider.js'
import { CLIENTS } from './registrations.js'

let provider: RunningProvider
beforeAll(async () => {
  provider = await RunningProvider.start()
})
afterAll(() => provider.close())
beforeEach(() => void provider.tokenRequests.splice(0))

describe('a client whose id and secret hold every printable character, reserved ones too [R21]', () => {
  it('is known by client_secret_basic: both halves are form-urlencoded', async () => {
    const { tokenEndpoint } = provider
    const tokens = new TokenManager(clientCredentials({ tokenEndpoint, ...CLIENTS.reserved }))
    const token = await tokens.getToken()
    expect(await provider.introspect(token.reveal())).toMatchObject({
      active: true,
      client_id: CLIENTS.reserved.clientId,
      token_type: 'Bearer',
    })
    expect(token.lifetime).toBe(3_600_000)
    expect(provider.tokenRequests).toEqual([
      { scheme: 'Basic', form: { grant_type: 'client_credentials' }, status: 200 },
    ])
    await tokens.close()
  })

  it('is known by client_secret_post, and then has no Authorization', async () => {
    const { clientId, clientSecret } = CLIENTS.reserved
    const tokens = new TokenManager(
      clientCredentials({
        tokenEndpoint: provider.tokenEndpoint,
        clientId,
        clientSecret,
        clientAuthentication: 'client_secret_post',
      }),
    )
    const token = await tokens.getToken()
    expect(await provider.introspect(token.reveal())).toMatchObject({ active: true, client_id: clientId })
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    expect(provider.tokenRequests).toEqual([{ scheme: '', form, status: 200 }])
    await tokens.close()
  })
})
