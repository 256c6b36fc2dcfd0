import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import type { ClientCredentialsOptions } from '../../src/grants/client-credentials.js'
import { serverEndpoints } from '../../src/server/server-endpoints.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'

let server: AuthorizationServer
let metadata: Record<string, unknown>
beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.arrived.splice(0)
  metadata = { issuer: server.origin, token_endpoint: `${server.origin}/token` }
  server.response = (response, { url }) => {
    const token = { access_token: 't', token_type: 'Bearer' }
    json(response, 200, url.startsWith('/.well-known') ? metadata : token)
  }
})

const signal = new AbortController().signal
const paths = () => server.arrived.map(({ url }) => url.replace('/.well-known/', ''))
const grant = (options: Partial<ClientCredentialsOptions>) =>
  clientCredentials({ clientId: 'id', clientSecret: 'secret', ...options } as ClientCredentialsOptions)

describe('a grant that is given an issuer [R40]', () => {
  it('asks it at the first use, and never again', async () => {
    const one = grant({ issuer: server.origin })
    expect(paths()).toEqual([])
    await one.requestToken({ signal })
    await one.requestToken({ signal })
    expect(paths()).toEqual(['oauth-authorization-server', '/token', '/token'])
    expect(one.identity.tokenEndpoint).toBe(server.origin)
  })

  it('asks it again after the token endpoint failed, but not after it refused', async () => {
    const one = grant({ issuer: server.origin })
    await one.requestToken({ signal })
    const { response: answer } = server
    for (const [status, error] of [
      [400, 'invalid_scope'],
      [503, 'server_error'],
    ] as const) {
      server.response = (response, arrived) =>
        arrived.url === '/token' ? json(response, status, { error }) : answer(response, arrived, undefined as never)
      await expect(one.requestToken({ signal })).rejects.toMatchObject({ status })
    }
    server.response = answer
    server.arrived.splice(0)
    metadata['token_endpoint'] = `${server.origin}/moved`
    await one.requestToken({ signal })
    expect(paths()).toEqual(['oauth-authorization-server', '/moved'])
  })

  it('does not ask it when the token endpoint is given too', async () => {
    const one = grant({ issuer: 'https://login.example.com', tokenEndpoint: `${server.origin}/token` })
    await one.requestToken({ signal })
    expect(paths()).toEqual(['/token'])
    expect(one.identity.tokenEndpoint).toBe(`${server.origin}/token`)
  })

  it('revokes where the issuer says, and cannot where it does not say', async () => {
    const tokens = new TokenManager(grant({ issuer: server.origin }))
    await tokens.getToken()
    await expect(tokens.close({ revoke: true })).rejects.toMatchObject({ code: 'revocation_unsupported' })

    metadata['revocation_endpoint'] = `${server.origin}/revoke`
    const others = new TokenManager(grant({ issuer: server.origin }))
    await others.getToken()
    await others.close({ revoke: true })
    expect(paths().at(-1)).toBe('/revoke')
  })

  it('fails as discovery does', async () => {
    metadata['issuer'] = 'https://evil.example.com'
    await expect(new TokenManager(grant({ issuer: server.origin })).getToken()).rejects.toMatchObject({
      code: 'discovery_failed',
    })
    expect(paths()).toEqual(['oauth-authorization-server'])
  })
})

describe('serverEndpoints', () => {
  const transport = () => ({ dispatcher: undefined, signal, clock: undefined as never })
  const TOKEN = 'https://login.example.com/token'

  it.each([
    [{}, 'invalid_option'],
    [{ tokenEndpoint: 'http://login.example.com/' }, 'insecure_url'],
    [{ tokenEndpoint: TOKEN, issuer: 4 }, 'invalid_option'],
    [{ tokenEndpoint: TOKEN, revocationEndpoint: 'x' }, 'invalid_option'],
    [{ issuer: 'https://login.example.com/?x=1' }, 'invalid_option'],
    [{ issuer: 'https://login.example.com', endpointOrigins: 'https://a.example' }, 'invalid_option'],
    [{ issuer: 'https://login.example.com', endpointOrigins: ['https://a.example/path'] }, 'invalid_origin'],
    [{ issuer: 'https://login.example.com', revocationEndpoint: 'http://a.example/' }, 'insecure_url'],
  ])('refuses %j', (options, code) => {
    expect(() => serverEndpoints(options as never, { mtls: false })).toThrow(expect.objectContaining({ code }))
  })

  it('takes the aliases of a client that shows a certificate, and of no other', async () => {
    const mtlsEndpointAliases = { tokenEndpoint: 'https://mtls.example.com/token' }
    const options = {
      tokenEndpoint: TOKEN,
      revocationEndpoint: 'https://login.example.com/revoke',
      mtlsEndpointAliases,
    }
    const place = async (mtls: boolean) => {
      const { tokenEndpoint, revocationEndpoint } = await serverEndpoints(options, { mtls }).find(transport())
      return [tokenEndpoint.href, revocationEndpoint?.href]
    }
    expect(await place(false)).toEqual([TOKEN, 'https://login.example.com/revoke'])
    expect(await place(true)).toEqual(['https://mtls.example.com/token', 'https://login.example.com/revoke'])
    expect(serverEndpoints(options, { mtls: true }).identity).toBe(TOKEN)
    const aliased = {
      tokenEndpoint: TOKEN,
      mtlsEndpointAliases: { revocationEndpoint: 'https://mtls.example.com/revoke' },
    }
    expect([true, false].map((mtls) => serverEndpoints(aliased, { mtls }).mayRevoke)).toEqual([true, false])
  })

  it('takes the revocation endpoint that is given before the one that the issuer names', async () => {
    metadata['revocation_endpoint'] = `${server.origin}/theirs`
    const search = serverEndpoints(
      { issuer: server.origin, revocationEndpoint: `${server.origin}/ours` },
      { mtls: false },
    )
    const { revocationEndpoint } = await search.find({ ...transport(), clock: { now: Date.now } as never })
    expect(revocationEndpoint?.pathname).toBe('/ours')
  })
})
