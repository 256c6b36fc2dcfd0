import { describe, expect, it } from '@jest/globals'
import { tokenSet } from '../../src/grants/token-set.js'
import { reachableText } from '../base/reachable.js'

describe('tokenSet', () => {
  it('keeps the tokens out of sight', () => {
    const set = tokenSet({
      accessToken: 'canary-access',
      tokenType: 'Bearer',
      lifetime: 60_000,
      scope: ['a', 'b'],
      refreshToken: 'canary-refresh',
      idToken: 'canary-id',
      parameters: { instance_url: 'https://x.example.com' },
    })
    expect(set.accessToken).toMatchObject({ lifetime: 60_000, scope: ['a', 'b'] })
    expect(set.accessToken.reveal()).toBe('canary-access')
    expect(set.refreshToken?.reveal()).toBe('canary-refresh')
    expect(set.idToken?.reveal()).toBe('canary-id')
    expect(set.parameters).toEqual({ instance_url: 'https://x.example.com' })
    expect(reachableText(set)).not.toContain('canary')
  })

  it('has every member, also what the server did not send', () => {
    const unsent = { lifetime: undefined, scope: undefined, refreshToken: undefined, idToken: undefined }
    const set = tokenSet({ ...unsent, accessToken: 't', tokenType: 'Bearer', parameters: {} })
    expect(Object.keys(set)).toEqual(['accessToken', 'refreshToken', 'idToken', 'parameters'])
    expect(set).toMatchObject({ refreshToken: undefined, idToken: undefined })
    expect(set.accessToken).toMatchObject({ lifetime: undefined, scope: undefined })
  })
})
