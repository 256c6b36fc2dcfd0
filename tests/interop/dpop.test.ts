import { generateKeyPairSync } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TokenManager, clientCredentials } from '../../src/index.js'
import { RunningProvider } from './provider.js'
import { CLIENTS } from './registrations.js'

let provider: RunningProvider
beforeAll(async () => {
  provider = await RunningProvider.start()
})
afterAll(() => provider.close())

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

describe('an authorization server that wants a nonce in each proof [R39]', () => {
  it('binds its tokens to the key, and is asked twice for the first one only', async () => {
    const { tokenEndpoint } = provider
    const grant = clientCredentials({ tokenEndpoint, ...CLIENTS.bound, dpop: privateKey })
    const tokens = new TokenManager(grant)
    const token = await tokens.getToken()
    expect(token.tokenType).toBe('DPoP')
    expect(await provider.introspect(token.reveal())).toMatchObject({
      active: true,
      token_type: 'DPoP',
      cnf: { jkt: grant.identity.confirmation },
    })
    expect(provider.tokenRequests.map(({ status }) => status)).toEqual([400, 200])
    await tokens.getToken({ rejected: token })
    expect(provider.tokenRequests.map(({ status }) => status)).toEqual([400, 200, 200])
    await tokens.close()
  })

  it('gives none to the same client without a key', async () => {
    const tokens = new TokenManager(clientCredentials({ tokenEndpoint: provider.tokenEndpoint, ...CLIENTS.bound }))
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'token_denied' })
    await tokens.close()
  })

  it('takes other keys too: Ed25519', async () => {
    const dpop = generateKeyPairSync('ed25519').privateKey
    const tokens = new TokenManager(
      clientCredentials({ tokenEndpoint: provider.tokenEndpoint, ...CLIENTS.plain, dpop }),
    )
    expect((await tokens.getToken()).authorization).toMatch(/^DPoP /)
    await tokens.close()
  })
})
