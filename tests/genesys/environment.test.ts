import { describe, expect, test } from '@jest/globals'
import { credentialsFromEnvironment } from '../../src/genesys/environment.js'
import { everythingOf } from './connect.js'

const OURS = { GENESYS_CLIENT_ID: 'our-id', GENESYS_CLIENT_SECRET: 'our-secret' }
const URLS = { GENESYS_LOGIN_URL: 'https://login.example.com', GENESYS_API_URL: 'https://api.example.com' }
const THEIRS = {
  GENESYSCLOUD_OAUTHCLIENT_ID: 'their-id',
  GENESYSCLOUD_OAUTHCLIENT_SECRET: 'their-secret',
  GENESYSCLOUD_REGION: 'us-west-2',
}

describe('credentials come from', () => {
  test('GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET and GENESYS_REGION', () => {
    expect(credentialsFromEnvironment({ ...OURS, GENESYS_REGION: 'us-east-1', PATH: '/bin' })).toEqual({
      clientId: 'our-id',
      clientSecret: 'our-secret',
      region: 'us-east-1',
    })
  })

  test('GENESYS_LOGIN_URL and GENESYS_API_URL in the place of the region', () => {
    expect(credentialsFromEnvironment({ ...OURS, ...URLS })).toEqual({
      clientId: 'our-id',
      clientSecret: 'our-secret',
      loginUrl: 'https://login.example.com',
      apiUrl: 'https://api.example.com',
    })
  })

  test("the names that Genesys' own tools use", () => {
    expect(credentialsFromEnvironment(THEIRS)).toEqual({
      clientId: 'their-id',
      clientSecret: 'their-secret',
      region: 'us-west-2',
    })
  })
})

describe('precedence', () => {
  test('both URLs win over a region', () => {
    const credentials = credentialsFromEnvironment({ ...OURS, ...URLS, GENESYS_REGION: 'us-east-1' })
    expect(credentials).toHaveProperty('apiUrl', 'https://api.example.com')
    expect(credentials).not.toHaveProperty('region')
  })

  test("our names win over the tools'", () => {
    const credentials = credentialsFromEnvironment({ ...THEIRS, ...OURS, GENESYS_REGION: 'us-east-1' })
    expect(credentials).toMatchObject({ clientId: 'our-id', region: 'us-east-1' })
  })

  test.each([...Object.keys(OURS), ...Object.keys(URLS), 'GENESYS_REGION'])(
    'as soon as %s is set: the two families are never mixed',
    (name) => {
      expect(() => credentialsFromEnvironment({ ...THEIRS, [name]: 'set' })).toThrow(/GENESYS_CLIENT/)
    },
  )

  test('but not when ours are there and empty', () => {
    const empty = { GENESYS_CLIENT_ID: '', GENESYS_CLIENT_SECRET: '', GENESYS_REGION: '', GENESYS_API_URL: '' }
    expect(credentialsFromEnvironment({ ...empty, ...THEIRS })).toMatchObject({ clientId: 'their-id' })
  })
})

describe('one error names all that are missing', () => {
  test.each<[string, Record<string, string | undefined>, string[]]>([
    ['nothing is set', {}, ['GENESYS_CLIENT_ID', 'GENESYS_CLIENT_SECRET', 'GENESYS_REGION']],
    [
      'all is empty',
      { GENESYS_CLIENT_ID: '', GENESYS_CLIENT_SECRET: '', GENESYS_REGION: '' },
      ['GENESYS_CLIENT_ID', 'GENESYS_CLIENT_SECRET', 'GENESYS_REGION'],
    ],
    ['only the region is set', { GENESYS_REGION: 'us-east-1' }, ['GENESYS_CLIENT_ID', 'GENESYS_CLIENT_SECRET']],
    ['an empty secret', { ...OURS, GENESYS_CLIENT_SECRET: '', GENESYS_REGION: 'x.y' }, ['GENESYS_CLIENT_SECRET']],
    ['only one URL', { ...OURS, GENESYS_LOGIN_URL: 'https://a.b', GENESYS_REGION: 'us-east-1' }, ['GENESYS_API_URL']],
    [
      'only the other URL',
      { GENESYS_API_URL: 'https://a.b' },
      ['GENESYS_CLIENT_ID', 'GENESYS_CLIENT_SECRET', 'GENESYS_LOGIN_URL'],
    ],
    [
      "one of the tools' names",
      { GENESYSCLOUD_REGION: 'us-east-1', GENESYSCLOUD_OAUTHCLIENT_ID: '' },
      ['GENESYSCLOUD_OAUTHCLIENT_ID', 'GENESYSCLOUD_OAUTHCLIENT_SECRET'],
    ],
  ])('when %s', (_when, env, missing) => {
    expect(() => credentialsFromEnvironment(env)).toThrow(
      expect.objectContaining({
        code: 'missing_environment',
        message: `Missing or empty environment variables: ${missing.join(', ')}.`,
      }),
    )
  })

  test('and never shows a value', () => {
    let thrown: Error | undefined
    try {
      credentialsFromEnvironment({ ...OURS, GENESYS_LOGIN_URL: 'https://canary.example.com' })
    } catch (error) {
      thrown = error as Error
    }
    expect(everythingOf(thrown!)).not.toMatch(/our-id|our-secret|canary/)
  })
})
