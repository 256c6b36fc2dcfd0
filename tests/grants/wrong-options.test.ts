import { generateKeyPairSync } from 'node:crypto'

import { describe, expect, it } from '@jest/globals'

import { customGrant, jwtBearer, refreshToken, saml2Bearer, Secret, tokenExchange } from '../../src/index.js'
import { but, casesOf, NO_TEXT, ofType, present, refusals, WRONG } from '../wrong-values.js'
import type { Call, WrongOption } from '../wrong-values.js'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')

/** Neither a text, a Secret, nor a function. */
const NO_SECRET = but('text', '10').filter((value) => typeof value !== 'function')
const NO_FUNCTION = ofType('function', 'undefined')
const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0

const COMMON: readonly WrongOption[] = [
  ['tokenEndpoint', WRONG],
  ['clientSecret', NO_SECRET.filter((value) => value !== undefined)],
  ['scope', ofType('string', 'undefined').filter((value) => !isEmptyList(value) && value !== null)],
  ['audience', ofType('string', 'undefined').filter((value) => value !== null)],
  ['resource', but(undefined, null).filter((value) => !isEmptyList(value))],
  ['dispatcher', but(undefined)],
  ['subject', NO_TEXT],
]
const PARAMETERS: WrongOption = [
  'parameters',
  [...present, [], [42], { a: 1 }, { a: new Secret('s') }, { grant_type: 's' }],
]
const OPTIONAL_CLIENT: WrongOption = ['clientId', NO_TEXT]

const CALLS: readonly Call[] = [
  ['refreshToken', refreshToken, [...COMMON, PARAMETERS, ['clientId', but('text', '10')]]],
  ['refreshToken', refreshToken, [['refreshToken', NO_SECRET.filter((value) => value !== undefined)]]],
  ['jwtBearer', jwtBearer, [...COMMON, PARAMETERS, OPTIONAL_CLIENT]],
  ['saml2Bearer', saml2Bearer, [...COMMON, PARAMETERS, OPTIONAL_CLIENT, ['assertion', NO_SECRET]]],
  ['tokenExchange', tokenExchange, [...COMMON, PARAMETERS, OPTIONAL_CLIENT, ['subjectToken', NO_SECRET]]],
  [
    'tokenExchange',
    tokenExchange,
    [
      ['subjectTokenType', WRONG],
      ['requestedTokenType', but(undefined)],
      ['actorTokenType', but(undefined)],
      ['actorToken', but(undefined)],
    ],
  ],
  ['customGrant', customGrant, [...COMMON, PARAMETERS, OPTIONAL_CLIENT, ['grantType', NO_TEXT]]],
  [
    'customGrant',
    customGrant,
    [
      ['headers', NO_FUNCTION],
      ['mapResponse', NO_FUNCTION],
      ['body', but(undefined)],
    ],
  ],
]

const NEEDED: Readonly<Record<string, object>> = {
  refreshToken: { clientSecret: 's', refreshToken: 'r' },
  jwtBearer: { assertion: 'a' },
  saml2Bearer: { assertion: 'a' },
  tokenExchange: { subjectToken: 's', subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt' },
  customGrant: {},
}
const needed = (name: string) => ({ tokenEndpoint: 'https://login.example.com', clientId: 'id', ...NEEDED[name] })

const withAssertion = (option: string) => (value: never) =>
  jwtBearer({ ...needed('jwtBearer'), assertion: { privateKey, [option]: value } })
const ASSERTION: readonly WrongOption[] = [
  ['assertion.privateKey', [...WRONG, publicKey]],
  ['assertion.keyId', NO_TEXT],
  ['signingAlgorithm', but(undefined, null)],
  ['assertion.issuer', NO_TEXT],
  ['assertion.audience', NO_TEXT],
  ['assertion.lifetime', [...ofType('number', 'undefined'), 0, NaN, Infinity]],
  ['assertion.claims', [...present, [], [42], { iss: 'i' }, { a: 10n }]],
]

const CREDENTIALS = ['clientId', 'clientSecret', 'privateKey', 'dpop', 'actorToken']

const TOLD = { code: 'invalid_option', retryable: false }

describe('a wrong value is told at once, by an error that names the option:', () => {
  it.each(casesOf(CALLS, needed))('%s', async (option, wrong, hand) => {
    for (const error of await refusals(wrong, hand)) {
      expect(error).toMatchObject(TOLD)
      expect(error.message).toContain(option)
    }
  })

  it.each(ASSERTION)('%s', async (option, wrong) => {
    for (const error of await refusals(wrong, withAssertion(option.replace('assertion.', '')))) {
      expect(error).toMatchObject(TOLD)
      expect(error.message).toContain(option)
    }
  })
})

describe('an absent value is the default:', () => {
  it.each(CALLS)('undefined is as good as nothing for %s', (name, grant, options) => {
    const none = Object.fromEntries(options.map(([option]) => [option, undefined]))
    const isOptional = (option: string) => !Object.hasOwn(needed(name), option) && !CREDENTIALS.includes(option)
    const absent = Object.fromEntries(Object.entries(none).filter(([option]) => isOptional(option)))
    expect(() => grant({ ...needed(name), ...absent } as never)).not.toThrow()
  })

  it.each(CALLS)('a credential of %s that is undefined is rejected, since a variable may be unset', (name, grant) => {
    for (const option of CREDENTIALS.filter((option) => option !== 'actorToken' || name === 'tokenExchange')) {
      expect(() => grant({ ...needed(name), [option]: undefined } as never)).toThrow(
        `Option \`${option}\` is undefined: the variable that it comes from may be unset.`,
      )
    }
  })
})
