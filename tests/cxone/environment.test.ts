import { describe, expect, test } from '@jest/globals'
import { credentialsFromEnvironment } from '../../src/cxone/environment.js'
import { reachableText } from '../base/reachable.js'

const KEY = { CXONE_ACCESS_KEY_ID: 'key-id', CXONE_ACCESS_KEY_SECRET: 'key-secret====' }
const CLIENT = { CXONE_CLIENT_ID: 'client-id', CXONE_CLIENT_SECRET: 'client-secret==' }
const ENDPOINT = 'https://na1.example.com/token/access-key'

describe('credentials come from', () => {
  test('an access key and a client', () => {
    expect(credentialsFromEnvironment({ ...KEY, ...CLIENT, PATH: '/bin' })).toEqual({
      accessKeyId: 'key-id',
      accessKeySecret: 'key-secret====',
      clientId: 'client-id',
      clientSecret: 'client-secret==',
    })
  })

  test('an access key and an area', () => {
    expect(credentialsFromEnvironment({ ...KEY, CXONE_AREA: 'na1' })).toEqual({
      accessKeyId: 'key-id',
      accessKeySecret: 'key-secret====',
      area: 'na1',
    })
  })

  test('an access key and the address that takes it', () => {
    expect(credentialsFromEnvironment({ ...KEY, CXONE_ACCESS_KEY_ENDPOINT: ENDPOINT })).toEqual({
      accessKeyId: 'key-id',
      accessKeySecret: 'key-secret====',
      accessKeyEndpoint: ENDPOINT,
    })
  })

  test.each([
    ['a client', CLIENT],
    ['an area', { CXONE_AREA: 'au1' }],
    ['an address', { CXONE_ACCESS_KEY_ENDPOINT: ENDPOINT }],
  ])('another issuer too, with %s', (_, env) => {
    const issuer = 'https://cxone-gov.niceincontact.com'
    expect(credentialsFromEnvironment({ ...KEY, ...env, CXONE_ISSUER: issuer })).toHaveProperty('issuer', issuer)
  })

  test.each([
    ['a client', CLIENT],
    ['an area', { CXONE_AREA: 'au1' }],
    ['an address', { CXONE_ACCESS_KEY_ENDPOINT: ENDPOINT }],
  ])('the domains of the API too, with %s', (_, env) => {
    const given = { ...KEY, ...env, CXONE_API_DOMAINS: 'api.example, cx.example ,' }
    expect(credentialsFromEnvironment(given)).toHaveProperty('apiDomains', ['api.example', 'cx.example'])
  })

  test('the origins of the token endpoint too, with a client', () => {
    const given = { ...KEY, ...CLIENT, CXONE_ENDPOINT_ORIGINS: 'https://a.example https://b.example' }
    const endpointOrigins = ['https://a.example', 'https://b.example']
    expect(credentialsFromEnvironment(given)).toHaveProperty('endpointOrigins', endpointOrigins)
  })

  test('the client before the access key alone', () => {
    const both = { ...KEY, ...CLIENT, CXONE_AREA: 'na1', CXONE_ACCESS_KEY_ENDPOINT: ENDPOINT }
    expect(credentialsFromEnvironment(both)).toMatchObject({ clientId: 'client-id', area: 'na1' })
    expect(credentialsFromEnvironment(both)).not.toHaveProperty('accessKeyEndpoint')
  })
})

describe('one error names all that are missing', () => {
  const orClient = 'CXONE_AREA (or CXONE_CLIENT_ID with CXONE_CLIENT_SECRET)'
  test.each<[string, Record<string, string>, string]>([
    ['nothing is set', {}, `CXONE_ACCESS_KEY_ID, CXONE_ACCESS_KEY_SECRET, ${orClient}`],
    ['the access key stands alone', KEY, orClient],
    ['the access key stands beside blanks', { ...KEY, CXONE_CLIENT_ID: '', CXONE_AREA: ' ' }, orClient],
    ['a client has no secret', { ...KEY, CXONE_CLIENT_ID: 'id', CXONE_AREA: 'na1' }, 'CXONE_CLIENT_SECRET'],
    ['a client has no id', { ...KEY, CXONE_CLIENT_SECRET: 's' }, 'CXONE_CLIENT_ID'],
    ['a client has no access key', CLIENT, 'CXONE_ACCESS_KEY_ID, CXONE_ACCESS_KEY_SECRET'],
    ['an area has no access key', { CXONE_AREA: 'na1' }, 'CXONE_ACCESS_KEY_ID, CXONE_ACCESS_KEY_SECRET'],
    [
      'an address has no secret',
      { CXONE_ACCESS_KEY_ID: 'id', CXONE_ACCESS_KEY_ENDPOINT: ENDPOINT },
      'CXONE_ACCESS_KEY_SECRET',
    ],
  ])('when %s', (_when, env, missing) => {
    expect(() => credentialsFromEnvironment(env)).toThrow(
      expect.objectContaining({
        code: 'missing_environment',
        message: `Missing or empty environment variables: ${missing}.`,
      }),
    )
  })

  test('and never shows a value', () => {
    let thrown: unknown
    try {
      credentialsFromEnvironment({ ...KEY, CXONE_CLIENT_ID: 'client-id' })
    } catch (error) {
      thrown = error
    }
    expect(reachableText(thrown)).toContain('CXONE_CLIENT_SECRET')
    expect(reachableText(thrown)).not.toMatch(/key-id|key-secret|client-id/)
  })
})
