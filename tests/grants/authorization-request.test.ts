import { createHash } from 'node:crypto'

import { describe, expect, it } from '@jest/globals'

import { authorizationRequest } from '../../src/grants/authorization-request.js'
import type { AuthorizationRequestOptions } from '../../src/grants/authorization-request.js'

const REQUEST = {
  authorizationEndpoint: 'https://login.example.com/authorize',
  clientId: 'the id',
  redirectUri: 'https://app.example.com/callback?tab=1',
}
const begun = (options: Partial<AuthorizationRequestOptions> = {}) => authorizationRequest({ ...REQUEST, ...options })
const queryOf = (url: string) => [...new URL(url).searchParams]

describe('an authorization request', () => {
  it('asks for a code, by a challenge that only the verifier answers', () => {
    const { url, state, codeVerifier } = begun()
    expect(url).toMatch(/^https:\/\/login\.example\.com\/authorize\?/)
    expect(queryOf(url)).toEqual([
      ['response_type', 'code'],
      ['client_id', 'the id'],
      ['redirect_uri', 'https://app.example.com/callback?tab=1'],
      ['state', state],
      ['code_challenge', createHash('sha256').update(codeVerifier, 'ascii').digest('base64url')],
      ['code_challenge_method', 'S256'],
    ])
    expect([state, codeVerifier]).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)])
  })

  it('has a state and a verifier of its own each time, neither of which tells of the other', () => {
    const values = Array.from({ length: 100 }, () => begun()).flatMap(({ state, codeVerifier }) => [
      state,
      codeVerifier,
    ])
    expect(new Set(values).size).toBe(200)
  })

  it('can be kept as JSON', () => {
    const request = begun()
    expect(JSON.parse(JSON.stringify(request))).toEqual(request)
    expect(request.url).not.toContain(request.codeVerifier)
  })

  it('says what the token is to be good for, and what else the server wants to know', () => {
    const { url } = begun({
      scope: ['openid', 'offline_access'],
      audience: 'https://api.example.com',
      resource: ['https://a.example/', 'https://b.example/'],
      parameters: { org: 'acme', prompt: 'login' },
    })
    expect(queryOf(url).slice(6)).toEqual([
      ['scope', 'offline_access openid'],
      ['audience', 'https://api.example.com'],
      ['resource', 'https://a.example/'],
      ['resource', 'https://b.example/'],
      ['org', 'acme'],
      ['prompt', 'login'],
    ])
  })

  it('leaves the query that the endpoint has', () => {
    const { url } = begun({ authorizationEndpoint: 'https://login.example.com/authorize?p=policy' })
    expect(queryOf(url)[0]).toEqual(['p', 'policy'])
  })

  it('may lead back to an app by a scheme of its own', () => {
    expect(queryOf(begun({ redirectUri: 'com.example.app:/callback' }).url)).toContainEqual([
      'redirect_uri',
      'com.example.app:/callback',
    ])
  })

  it.each<[string, Partial<AuthorizationRequestOptions>, string]>([
    [
      'a server that names no place to sign in',
      { authorizationEndpoint: undefined } as unknown as AuthorizationRequestOptions,
      'authorizationEndpoint',
    ],
    ['a parameter twice', { authorizationEndpoint: 'https://login.example.com/?state=s' }, 'authorizationEndpoint'],
    ['a state of somebody else', { parameters: { state: 's' } }, 'parameters'],
    ['a plain challenge', { parameters: { code_challenge_method: 'plain' } }, 'parameters'],
    ['a relative redirect URI', { redirectUri: '/callback' }, 'redirectUri'],
    ['a fragment', { redirectUri: 'https://app.example.com/#f' }, 'redirectUri'],
    ['no client', { clientId: '' }, 'clientId'],
  ])('refuses %s', (_, options, option) => {
    expect(() => begun(options)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(`\`${option}\``) }),
    )
  })

  it('is sent in clear text to this machine only', () => {
    expect(() => begun({ authorizationEndpoint: 'http://login.example.com/' })).toThrow(
      expect.objectContaining({ code: 'insecure_url' }),
    )
    expect(begun({ authorizationEndpoint: 'http://localhost/' }).url).toMatch(/^http:\/\/localhost\/\?/)
  })
})
