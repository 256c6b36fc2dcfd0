import { generateKeyPairSync } from 'node:crypto'

import {
  AccessToken,
  allowInsecure,
  authorizationCode,
  authorizationRequest,
  bearer,
  clientCredentials,
  createFetch,
  FileTokenStore,
  MemoryTokenStore,
  Secret,
  staticToken,
  TokenManager,
  TokenManagerPool,
} from '../../src/index.js'
import type { Clock } from '../../src/index.js'
import { redisTokenStore } from '../../src/redis/index.js'
import { anObject, but, NO_LIST, NO_TEXT, ofType, WRONG } from './cases.js'
import type { Case } from './cases.js'

const nothing = [undefined, null]
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const tokenEndpoint = 'https://login.example.com/token'
const grantOptions = { tokenEndpoint, clientId: 'id', clientSecret: 'secret' }
const grant = clientCredentials(grantOptions)
const source = staticToken('t')
const bearerOptions = { origins: ['https://api.example.com'] }
const clock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  setTimeout: () => ({ ref: () => undefined, unref: () => undefined, clear: () => undefined }),
  random: () => 0,
}

const withGrant = (name: PropertyKey) => (value: never) => clientCredentials({ ...grantOptions, [name]: value })
const withKey = (name: PropertyKey) => (value: never) =>
  clientCredentials({ tokenEndpoint, clientId: 'id', privateKey, issuer: 'me', [name]: value })
const request = {
  authorizationEndpoint: 'https://login.example.com/authorize',
  clientId: 'id',
  redirectUri: 'https://app.example.com/callback',
}
const code = {
  ...grantOptions,
  redirectUri: request.redirectUri,
  callbackUrl: '/?code=c&state=s',
  state: 's',
  codeVerifier: 'v',
}
const withRequest = (name: PropertyKey) => (value: never) => authorizationRequest({ ...request, [name]: value })
const withCode = (name: PropertyKey) => (value: never) => authorizationCode({ ...code, [name]: value })
const withManager = (name: PropertyKey) => (value: never) => new TokenManager(grant, { [name]: value })
const withBearer = (name: PropertyKey) => (value: never) => bearer(source, { ...bearerOptions, [name]: value })
const withFetch = (name: PropertyKey) => (value: never) => createFetch(source, { ...bearerOptions, [name]: value })

const withRedis = (name: PropertyKey) => (value: never) =>
  redisTokenStore(async () => null, { encryptionKey: Buffer.alloc(32), [name]: value })

const BEARER_CASES: readonly [option: PropertyKey, wrong: readonly unknown[], shown?: string][] = [
  ['origins', WRONG],
  ['isTokenRejected', ofType('function', 'undefined')],
  ['maxReplayBytes', [...ofType('number', 'undefined'), NaN, -1]],
  ['keepAuthorization', ofType('boolean', 'undefined')],
  ['unlisted', but(undefined)],
  ['clock', [...but(undefined), { ...clock, now: undefined }]],
  [allowInsecure, NO_LIST, '[allowInsecure]'],
]

/** What the core's functions and classes refuse. */
export const CORE_CASES: readonly Case[] = [
  ['options of clientCredentials', anObject, (value) => clientCredentials(value)],
  ['tokenEndpoint', WRONG, withGrant('tokenEndpoint')],
  ['clientId', but('text', '10'), withGrant('clientId')],
  [
    'clientSecret',
    but('text', '10', ...WRONG.filter((value) => typeof value === 'function')),
    withGrant('clientSecret'),
  ],
  ['scope', ofType('string', 'undefined').filter((value) => !isEmptyList(value) && value !== null), withGrant('scope')],
  ['audience', ofType('string', 'undefined').filter((value) => value !== null), withGrant('audience')],
  ['resource', but(...nothing).filter((value) => !isEmptyList(value)), withGrant('resource')],
  [
    'resource',
    [['https://a/', '/rel'], 'https://a/#f', [new URL('https://a/')], new URL('https://a/')],
    withGrant('resource'),
  ],
  ['parameters', [...anObject.filter((value) => value !== undefined), [], [42]], withGrant('parameters')],
  [
    'parameters',
    [{ a: 1 }, { a: null }, { a: new Secret('s') }, { scope: 's' }, { client_secret: 's' }],
    withGrant('parameters'),
  ],
  [
    'clientAuthentication',
    [...but(undefined), 'constructor', ['client_secret_post']],
    withGrant('clientAuthentication'),
  ],
  ['basicEncoding', but(undefined), withGrant('basicEncoding')],
  ['privateKey', but(undefined), withKey('privateKey')],
  ['keyId', NO_TEXT, withKey('keyId')],
  ['certificate', ['certificate.pem', 1, {}, null], withKey('certificate')],
  ['signingAlgorithm', but(undefined), withKey('signingAlgorithm')],
  ['assertionAudience', NO_TEXT, withKey('assertionAudience')],
  ['issuer', NO_TEXT, withGrant('issuer')],
  ['dispatcher', [...but(undefined), { dispatch: true }], withGrant('dispatcher')],
  ['dpop', [...but(undefined), 'a key', { kty: 'EC' }], withGrant('dpop')],
  ['[allowInsecure]', NO_LIST, withGrant(allowInsecure)],

  ['options of authorizationRequest', anObject, (value) => authorizationRequest(value)],
  ['authorizationEndpoint', WRONG, withRequest('authorizationEndpoint')],
  ['clientId', but('text', '10'), withRequest('clientId')],
  ['redirectUri', WRONG, withRequest('redirectUri')],
  ['redirectUri', [new URL('https://app.example.com/'), 'https://app.example.com/#'], withRequest('redirectUri')],
  ['scope', [42, [42]], withRequest('scope')],
  ['parameters', [{ a: 1 }, { state: 's' }, { code_challenge: 'c' }], withRequest('parameters')],
  ['[allowInsecure]', NO_LIST, withRequest(allowInsecure)],
  ['options of authorizationCode', anObject, (value) => authorizationCode(value)],
  ['redirectUri', WRONG, withCode('redirectUri')],
  ['callbackUrl', ofType('string'), withCode('callbackUrl')],
  ['state', [...ofType('string'), ''], withCode('state')],
  ['codeVerifier', [...ofType('string'), ''], withCode('codeVerifier')],
  ['issuer', ofType('string', 'undefined'), withCode('issuer')],
  ['subject', [...ofType('string', 'undefined'), ''], withCode('subject')],
  ['parameters', [{ a: 1 }, { code_verifier: 'v' }], withCode('parameters')],

  ['grant', WRONG, (value) => new TokenManager(value)],
  [
    'options of TokenManager',
    anObject.filter((value) => value !== undefined),
    (value) => new TokenManager(grant, value),
  ],
  ['refresh', [...but(undefined), 'Background'], withManager('refresh')],
  ['refreshAhead', [...ofType('number', 'undefined'), -1, NaN], withManager('refreshAhead')],
  ['timeout', [...ofType('number', 'undefined'), 0, -1, NaN], withManager('timeout')],
  ['sessionTtl', [...ofType('number', 'undefined'), 0, -1, NaN], withManager('sessionTtl')],
  [
    'options of TokenManagerPool',
    anObject.filter((value) => value !== undefined),
    (value) => new TokenManagerPool(value),
  ],
  [
    'max',
    [...ofType('number', 'undefined'), 0, -1, NaN, 1.5, Infinity],
    (value) => new TokenManagerPool({ max: value }),
  ],
  ['idle', [...ofType('number', 'undefined'), 0, -1, NaN], (value) => new TokenManagerPool({ idle: value })],
  ['grant', WRONG, (value) => new TokenManagerPool().get(value)],
  ['store', [...but(undefined), { get: () => undefined }], withManager('store')],
  ['clock', [...but(undefined), { ...clock, random: 4 }], withManager('clock')],

  [
    'options of MemoryTokenStore',
    anObject.filter((value) => value !== undefined),
    (value) => new MemoryTokenStore(value),
  ],
  ['clock', [...but(undefined), { ...clock, now: 'noon' }], (value) => new MemoryTokenStore({ clock: value })],
  ['directory', but('text', '10'), (value) => new FileTokenStore(value)],
  [
    'directory',
    ['https://a.example/', 'file://another.example/tokens', 'file:///a%2Fb'].map((url) => new URL(url)),
    (value) => new FileTokenStore(value),
  ],
  [
    'options of FileTokenStore',
    anObject.filter((value) => value !== undefined),
    (value) => new FileTokenStore('tokens', value),
  ],
  ['clock', [...but(undefined), { ...clock, now: 'noon' }], (value) => new FileTokenStore('tokens', { clock: value })],
  [
    'encryptionKey',
    [...WRONG, Buffer.alloc(31), Buffer.alloc(33), new Secret('s'), [Buffer.alloc(32), 'text'], new ArrayBuffer(32)],
    (value) => new FileTokenStore('tokens', { encryptionKey: value }),
  ],

  [
    'Redis token store',
    [...WRONG.filter((value) => typeof value !== 'function'), { eval: 'text' }, { defineCommand: () => undefined }],
    (value) => redisTokenStore(value, { encryptionKey: Buffer.alloc(32) }),
  ],
  ['options of redisTokenStore', anObject, (value) => redisTokenStore(async () => null, value)],
  ['encryptionKey', [...WRONG, Buffer.alloc(31), [Buffer.alloc(32), null]], withRedis('encryptionKey')],
  ['prefix', [...ofType('string', 'undefined'), '{', 'a}'], withRedis('prefix')],
  ['clock', [...but(undefined), { ...clock, now: 'noon' }], withRedis('clock')],

  ['issuer', WRONG.filter((value) => value !== undefined), withGrant('issuer')],
  ['revocationEndpoint', WRONG.filter((value) => value !== undefined), withGrant('revocationEndpoint')],

  ['first argument', WRONG, (value) => bearer(value, bearerOptions)],
  ['first argument', [grant, 'token', ...WRONG], (value) => createFetch(value, bearerOptions)],
  ['origins', nothing, (value) => bearer(source, value)],
  ['origins', nothing, (value) => createFetch(source, value)],
  ['options of bearer', anObject.filter((value) => value != null), (value) => bearer(source, value)],
  ['options of createFetch', anObject.filter((value) => value != null), (value) => createFetch(source, value)],
  ...BEARER_CASES.map(([name, wrong, shown = String(name)]): Case => [shown, wrong, withBearer(name)]),
  ...BEARER_CASES.map(([name, wrong, shown = String(name)]): Case => [shown, wrong, withFetch(name)]),
  ['fetch', ofType('function', 'undefined'), withFetch('fetch')],

  ['access token', but('text', '10'), (value) => staticToken(value)],
  ['options of AccessToken', anObject.filter((value) => value !== undefined), (value) => new AccessToken('t', value)],
  ['prover', [...but(undefined), { prove: () => 'proof' }], (value) => new AccessToken('t', { prover: value })],
  ...[source, new TokenManager(grant)].flatMap((tokens): Case[] => [
    ['options of getToken', anObject.filter((value) => value !== undefined), (value) => tokens.getToken(value)],
    ['signal', but(...nothing), (value) => tokens.getToken({ signal: value })],
    ['rejected', [...but(...nothing), { reveal: () => 't' }], (value) => tokens.getToken({ rejected: value })],
  ]),
  [
    'options of close',
    anObject.filter((value) => value !== undefined),
    (value) => new TokenManager(grant).close(value),
  ],
  ['revoke', ofType('boolean', 'undefined'), (value) => new TokenManager(grant).close({ revoke: value })],
]

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
