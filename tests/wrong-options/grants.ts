import { generateKeyPairSync } from 'node:crypto'

import { customGrant, jwtBearer, refreshToken, saml2Bearer, Secret, tokenExchange } from '../../src/index.js'
import { but, casesOf, NO_TEXT, ofType, present, WRONG } from './cases.js'
import type { Call, Case, WrongOption } from './cases.js'

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
  ['clockTolerance', [...ofType('number', 'undefined'), -1, 60_001, NaN]],
]
const PARAMETERS: WrongOption = [
  'parameters',
  [...present, [], [42], { a: 1 }, { a: new Secret('s') }, { grant_type: 's' }],
]
const OPTIONAL_CLIENT: WrongOption = ['clientId', NO_TEXT]

/** The grants with the options that they take. */
export const GRANT_CALLS: readonly Call[] = [
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
/** What a grant cannot do without. */
export const neededByGrant = (name: string) => ({
  tokenEndpoint: 'https://login.example.com',
  clientId: 'id',
  ...NEEDED[name],
})

const withAssertion = (option: string) => (value: never) =>
  jwtBearer({ ...neededByGrant('jwtBearer'), assertion: { privateKey, [option]: value } })
const ASSERTION: readonly WrongOption[] = [
  ['assertion.privateKey', [...WRONG, publicKey]],
  ['assertion.keyId', NO_TEXT],
  ['signingAlgorithm', but(undefined, null)],
  ['assertion.issuer', NO_TEXT],
  ['assertion.audience', NO_TEXT],
  ['assertion.lifetime', [...ofType('number', 'undefined'), 0, NaN, Infinity]],
  ['assertion.claims', [...present, [], [42], { iss: 'i' }, { a: 10n }]],
]

/** What the grants refuse. */
export const GRANT_CASES: readonly Case[] = [
  ...casesOf(GRANT_CALLS, neededByGrant),
  ...ASSERTION.map(([option, wrong]): Case => [option, wrong, withAssertion(option.replace('assertion.', ''))]),
]

/** Options that must have a value if they are there. */
export const CREDENTIALS = ['clientId', 'clientSecret', 'privateKey', 'dpop', 'actorToken']
