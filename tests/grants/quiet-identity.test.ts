import { describe, expect, it } from '@jest/globals'
import { format, inspect } from 'node:util'

import { clientCredentials } from '../../src/grants/client-credentials.js'

const grant = clientCredentials({
  tokenEndpoint: 'https://login.example.com/token?key=canary',
  clientId: 'id',
  clientSecret: 'canary',
  scope: 'a',
  parameters: { password: 'canary' },
})

describe('the identity of a grant', () => {
  it('shows no value of a parameter or a query when it is printed or turned into JSON', () => {
    for (const value of [grant, grant.identity]) {
      const shown = [
        inspect(value, { showHidden: true, depth: Infinity }),
        format('%o %O %s %j', value, value, value, value),
      ]
      expect([...shown, JSON.stringify(value), String(value as unknown as string)].join()).not.toMatch(/canary/i)
    }
    expect(JSON.parse(JSON.stringify(grant.identity))).toEqual({
      tokenEndpoint: 'https://login.example.com/token?[redacted]',
      clientId: 'id',
      grantType: 'client_credentials',
      scope: ['a'],
      resource: [],
      parameters: { password: '[redacted]' },
    })
    expect(inspect(grant.identity)).toContain("password: '[redacted]'")
  })

  it('is complete all the same', () => {
    expect(grant.identity.tokenEndpoint).toBe('https://login.example.com/token?key=canary')
    expect(grant.identity.parameters).toEqual({ password: 'canary' })
    expect(Object.keys(grant.identity)).not.toContain('toJSON')
  })
})
