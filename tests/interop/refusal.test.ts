import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { TokenManager, clientCredentials } from '../../src/index.js'
import type { ClientCredentialsOptions } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { RunningProvider } from './provider.js'
import { CLIENTS, JWT_RESOURCE } from './registrations.js'

let provider: RunningProvider
let clock: FakeClock
beforeAll(async () => {
  provider = await RunningProvider.start()
})
afterAll(() => provider.close())
beforeEach(() => {
  clock = new FakeClock()
  provider.tokenRequests.splice(0)
})

function managed(options: Partial<ClientCredentialsOptions>): TokenManager {
  return new TokenManager(
    clientCredentials({
      tokenEndpoint: provider.tokenEndpoint,
      ...CLIENTS.plain,
      ...options,
    } as ClientCredentialsOptions),
    {
      clock,
    },
  )
}

const statuses = () => provider.tokenRequests.map(({ status }) => status)

describe('a refusal by the provider', () => {
  const refusals: [what: string, options: Partial<ClientCredentialsOptions>, expected: object][] = [
    [
      'a wrong secret',
      { clientSecret: 'wrong' },
      { status: 401, error: 'invalid_client', errorDescription: 'client authentication failed' },
    ],
    [
      'a wrong secret in the form',
      { clientSecret: 'wrong', clientAuthentication: 'client_secret_post' },
      { status: 401, error: 'invalid_client', errorDescription: 'client authentication failed' },
    ],
    ['a client that it does not know', { clientId: 'nobody' }, { status: 401, error: 'invalid_client' }],
    [
      'a scope that the client may not have',
      { ...CLIENTS.reader, scope: 'things:read things:write' },
      { status: 400, error: 'invalid_scope', errorDescription: 'requested scope is not allowed' },
    ],
    [
      'a resource that it does not know',
      { resource: 'https://elsewhere.example.com' },
      { status: 400, error: 'invalid_target' },
    ],
    [
      'two resources, of which it takes one only',
      { resource: [JWT_RESOURCE, 'urn:example:notes'] },
      { status: 400, error: 'invalid_target' },
    ],
  ]

  it.each(refusals)(
    'of %s is a token_denied that names its error, and is not asked for again',
    async (_, options, expected) => {
      const tokens = managed(options)
      const first = await Promise.allSettled(Array.from({ length: 20 }, () => tokens.getToken()))
      for (const outcome of first) {
        expect(outcome).toMatchObject({ reason: { code: 'token_denied', retryable: false, ...expected } })
      }
      await clock.advance(4_999)
      const later = await Promise.allSettled(Array.from({ length: 20 }, () => tokens.getToken()))
      for (const outcome of later) {
        expect(outcome).toMatchObject({
          reason: {
            code: 'token_unavailable',
            retryable: false,
            retryAfter: 1,
            cause: { code: 'token_denied', ...expected },
          },
        })
      }
      expect(statuses()).toHaveLength(1)
      await clock.advance(1)
      await expect(tokens.getToken()).rejects.toMatchObject({ code: 'token_denied' })
      expect(statuses()).toHaveLength(2)
    },
  )

  it('is over once the secret is mended: with the next try, or at once after a reset', async () => {
    let clientSecret = 'wrong'
    const tokens = managed({ clientSecret: () => clientSecret })
    await expect(tokens.getToken()).rejects.toMatchObject({ error: 'invalid_client' })
    clientSecret = CLIENTS.plain.clientSecret
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'token_unavailable' })
    tokens.reset()
    expect(await provider.introspect((await tokens.getToken()).reveal())).toMatchObject({ active: true })
    expect(statuses()).toEqual([401, 200])
  })
})

describe('a scope', () => {
  it('that is a part of what the client may have is granted, and named by the token', async () => {
    const token = await managed({ ...CLIENTS.reader, scope: ['things:read'] }).getToken()
    expect(token.scope).toEqual(['things:read'])
    expect(await provider.introspect(token.reveal())).toMatchObject({ active: true, scope: 'things:read' })
  })

  it('that nobody knows is left out by this provider: the token says what it was granted', async () => {
    const token = await managed({ scope: 'things:read things:paint' }).getToken()
    expect(provider.tokenRequests[0]?.form).toMatchObject({ scope: 'things:paint things:read' })
    expect(token.scope).toEqual(['things:read'])
  })
})
