import { describe, expect, it } from '@jest/globals'

import { nearestName } from '../../src/base/nearest-name.js'

const NAMES = ['scope', 'tokenEndpoint', 'clientId', 'clientSecret', 'privateKey', 'keyId', 'origins', 'maxReplayBytes']

describe('nearestName', () => {
  it.each([
    ['scopes', 'scope'],
    ['scpoe', 'scope'],
    ['SCOPE', 'scope'],
    ['origin', 'origins'],
    ['client_id', 'clientId'],
    ['client-id', 'clientId'],
    ['token_endpoint', 'tokenEndpoint'],
    ['tokenEndPoint', 'tokenEndpoint'],
    ['maxReplayByte', 'maxReplayBytes'],
    ['maxRepalyBytes', 'maxReplayBytes'],
    ['secret', 'clientSecret'],
    ['client', 'clientId'],
    ['clientSecretFile', 'clientSecret'],
    // A Cyrillic letter.
    ['s\u0441ope', 'scope'],
  ])('takes %s for %s', (misspelt, meant) => {
    expect(nearestName(misspelt, NAMES)).toBe(meant)
  })

  it.each([['url'], ['key'], ['id'], ['o'], [''], ['\u65e5\u672c'], ['timeout'], ['toString']])(
    'takes %j for none, or for more than one',
    (misspelt) => {
      expect(nearestName(misspelt, NAMES)).toBeUndefined()
    },
  )

  it('takes the nearest of several', () => {
    expect(nearestName('jobPageSizes', ['userPageSize', 'jobPageSize'])).toBe('jobPageSize')
  })

  it('costs nothing for a name without an end', () => {
    expect(nearestName('x'.repeat(5_000_000), NAMES)).toBeUndefined()
  })
})
