import { generateKeyPairSync } from 'node:crypto'

import * as cxoneEntry from '../src/cxone/index.js'
import * as genesysEntry from '../src/genesys/index.js'
import * as core from '../src/index.js'
import * as redisEntry from '../src/redis/index.js'
import * as testingEntry from '../src/testing/index.js'

const ENTRIES = { core, genesysEntry, cxoneEntry, redisEntry, testingEntry }

const { privateKey } = generateKeyPairSync('ed25519')
const tokenEndpoint = 'https://login.example.com/token'
const client = { tokenEndpoint, clientId: 'id', clientSecret: 's' }
const env = { ...environmentOf('GENESYS'), ...environmentOf('CXONE') }
const origins = ['https://api.example.com']
const source = core.staticToken('t')
const grant = core.clientCredentials(client)
const redirectUri = 'https://app.example.com/callback'
const sessionOfUser = {
  callbackUrl: '/?code=c&state=s&iss=https://login.example.com',
  state: 's',
  codeVerifier: 'v',
  redirectUri,
}
const genesysCredentials = { region: 'mypurecloud.de', clientId: 'id', clientSecret: 's' }
const accessKey = { accessKeyId: 'id', accessKeySecret: 's', area: 'na1' }
const interval = '2026-01-01T00:00Z/2026-01-02T00:00Z'
const dates = { startDate: '2026-01-01T00:00Z', endDate: '2026-01-02T00:00Z' }
const extraction = { entityName: 'x', version: '1', startDate: '2026-01-01', endDate: '2026-01-01' }
const write = { expectedVersion: undefined, fence: 1, ttl: 1 }

const manager = new core.TokenManager(grant)
const managers = new core.TokenManagerPool()
const memoryStore = new core.MemoryTokenStore()
const fileStore = new core.FileTokenStore('tokens')
const redisStore = redisEntry.redisTokenStore(async () => null, { encryptionKey: Buffer.alloc(32) })
const genesys = new genesysEntry.GenesysCloud(genesysCredentials)
const cxone = new cxoneEntry.Cxone(accessKey)
const fakeClock = new testingEntry.FakeClock()
const simulator = new testingEntry.GenesysSimulator()
const cxoneSimulator = new testingEntry.CxoneSimulator()

/** What has methods, by the name that it is exported under. */
const INSTANCES: Readonly<Record<string, object>> = {
  AccessToken: new core.AccessToken('t'),
  Secret: new core.Secret('s'),
  TokenManager: manager,
  TokenManagerPool: managers,
  MemoryTokenStore: memoryStore,
  FileTokenStore: fileStore,
  redisTokenStore: redisStore,
  GenesysCloud: genesys,
  Cxone: cxone,
  FakeClock: fakeClock,
  GenesysSimulator: simulator,
  CxoneSimulator: cxoneSimulator,
}

export interface Call {
  /** Where the option is unknown, as the error says. */
  readonly whose: string
  readonly call: (options: never) => unknown
  /** What it can't do without. */
  readonly needed: object
  /** A slip, and what was meant. */
  readonly near: readonly [misspelt: string, meant: string]
}

const takes = (whose: string, call: Call['call'], near: Call['near'], needed: object = {}): Call => {
  return { whose, call, needed, near }
}
/** It has no object of options. */
const NONE = 'takes no options'
/** They are not ours, or on the hot path. */
const EXEMPT = 'is exempt'

const SIGNAL = ['signl', 'signal'] as const
const store = (of: core.TokenStore) => ({
  get: takes('get', (options) => of.get('k', options), SIGNAL),
  lease: takes('lease', (options) => of.lease('k', 1, options), SIGNAL),
  compareAndSet: takes('compareAndSet', (options) => of.compareAndSet('k', 'v', options), ['TTL', 'ttl'], write),
})
const close = (of: { close(options: never): Promise<void> }) =>
  takes('close', (options) => of.close(options), ['revoked', 'revoke'])

export const SURFACE: Readonly<Record<string, Call | typeof NONE | typeof EXEMPT>> = {
  // The core
  EverbearerError: EXEMPT,
  TokenError: EXEMPT,
  ApiError: EXEMPT,
  SchemaError: EXEMPT,
  Secret: NONE,
  'Secret.equals': NONE,
  'Secret.reveal': NONE,
  'Secret.toJSON': NONE,
  'Secret.toString': NONE,
  authorizationCode: takes('authorizationCode', core.authorizationCode, ['code_verifier', 'codeVerifier'], {
    ...client,
    ...sessionOfUser,
  }),
  authorizationRequest: takes('authorizationRequest', core.authorizationRequest, ['redirectURL', 'redirectUri'], {
    authorizationEndpoint: tokenEndpoint,
    clientId: 'id',
    redirectUri,
  }),
  clientCredentials: takes('clientCredentials', core.clientCredentials, ['scopes', 'scope'], client),
  customGrant: takes('customGrant', core.customGrant, ['header', 'headers'], client),
  refreshToken: takes('refreshToken', core.refreshToken, ['refresh_token', 'refreshToken'], client),
  jwtBearer: takes('jwtBearer', core.jwtBearer, ['resources', 'resource'], { ...client, assertion: 'a' }),
  saml2Bearer: takes('saml2Bearer', core.saml2Bearer, ['secret', 'clientSecret'], { tokenEndpoint, assertion: 'a' }),
  tokenExchange: takes('tokenExchange', core.tokenExchange, ['subjectTokenTyp', 'subjectTokenType'], {
    ...client,
    subjectToken: 's',
    subjectTokenType: 'urn:x',
  }),
  discover: takes('discover', (options) => core.discover('https://login.example.com', options), ['timeOut', 'timeout']),
  bearer: takes('bearer', (options) => core.bearer(source, options), ['origin', 'origins'], { origins }),
  cachePerToken: takes('cachePerToken', (options) => core.cachePerToken(options), ['stores', 'store']),
  createFetch: takes('createFetch', (options) => core.createFetch(source, options), ['fetcher', 'fetch'], { origins }),
  staticToken: NONE,
  AccessToken: takes('AccessToken', (init) => new core.AccessToken('t', init), ['lifeTime', 'lifetime']),
  'AccessToken.equals': NONE,
  'AccessToken.reveal': NONE,
  TokenManager: takes('TokenManager', (options) => new core.TokenManager(grant, options), ['timeOut', 'timeout']),
  'TokenManager.close': close(manager),
  'TokenManager.current': EXEMPT,
  'TokenManager.getToken': EXEMPT,
  'TokenManager.invalidate': NONE,
  'TokenManager.reset': NONE,
  'TokenManager.status': NONE,
  TokenManagerPool: takes('TokenManagerPool', (options) => new core.TokenManagerPool(options), [
    'sessionTTL',
    'sessionTtl',
  ]),
  'TokenManagerPool.close': close(managers),
  'TokenManagerPool.delete': takes('close', (options) => managers.delete(grant.identity, options), [
    'revoked',
    'revoke',
  ]),
  'TokenManagerPool.get': NONE,
  MemoryTokenStore: takes('MemoryTokenStore', (options) => new core.MemoryTokenStore(options), ['Clock', 'clock']),
  FileTokenStore: takes('FileTokenStore', (options) => new core.FileTokenStore('tokens', options), [
    'encryptionkey',
    'encryptionKey',
  ]),
  ...named('MemoryTokenStore', store(memoryStore)),
  ...named('FileTokenStore', store(fileStore)),

  // Redis
  redisTokenStore: takes(
    'redisTokenStore',
    (options) => redisEntry.redisTokenStore(async () => null, options),
    ['prefixes', 'prefix'],
    { encryptionKey: Buffer.alloc(32) },
  ),
  ...named('redisTokenStore', store(redisStore)),

  // Genesys Cloud
  GenesysCloud: takes('GenesysCloud', (options) => new genesysEntry.GenesysCloud(genesysCredentials, options), [
    'requestPerMinute',
    'requestsPerMinute',
  ]),
  ...named('GenesysCloud', {
    fromEnv: takes('GenesysCloud', (options) => genesysEntry.GenesysCloud.fromEnv(options, env), ['limit', 'limits']),
    ...callsOfAnyClient(genesys),
    verify: takes('verify', (options) => genesys.verify(options), ['permission', 'permissions']),
    'users.list': takes('users.list', (options) => genesys.users.list(options), ['pagesize', 'pageSize']),
    'users.query': takes('users.query', (options) => genesys.users.query(options), ['expands', 'expand']),
    'users.search': takes('users.search', (options) => genesys.users.search(options), ['sort_by', 'sortBy']),
    'users.get': takes('users.get', (options) => genesys.users.get('x', options), ['status', 'state']),
    'users.me': takes('users.me', (options) => genesys.users.me(options), SIGNAL),
    'analytics.conversations.query': takes(
      'analytics.conversations.query',
      (options) => genesys.analytics.conversations.query(options),
      ['segmentFilter', 'segmentFilters'],
      { interval },
    ),
    'analytics.conversations.export': takes(
      'analytics.conversations.export',
      (options) => genesys.analytics.conversations.export(options),
      ['jobTimeOut', 'jobTimeout'],
      { interval },
    ),
    'analytics.conversations.get': takes(
      'analytics.conversations.get',
      (options) => genesys.analytics.conversations.get('x', options),
      SIGNAL,
    ),
    'analytics.conversations.getMany': takes(
      'analytics.conversations.getMany',
      (options) => genesys.analytics.conversations.getMany(['x'], options),
      SIGNAL,
    ),
    'tokens.check': takes('tokens.check', (options) => genesys.tokens.check(options), SIGNAL),
    'tokens.me': takes('tokens.me', (options) => genesys.tokens.me(options), SIGNAL),
    'tokens.revoke': takes('tokens.revoke', (options) => genesys.tokens.revoke(options), SIGNAL),
  }),

  // NICE CXone
  Cxone: takes('Cxone', (options) => new cxoneEntry.Cxone(accessKey, options), ['concurency', 'concurrency']),
  ...named('Cxone', {
    fromEnv: takes('Cxone', (options) => cxoneEntry.Cxone.fromEnv(options, env), ['version', 'versions']),
    ...callsOfAnyClient(cxone),
    verify: takes('verify', (options) => cxone.verify(options), ['area', 'areas']),
    'agents.list': takes('agents.list', (options) => cxone.agents.list(options), ['updatedSince', 'updateSince']),
    'agents.get': takes('agents.get', (options) => cxone.agents.get(1, options), ['field', 'fields']),
    'contacts.completed': takes(
      'contacts.completed',
      (options) => cxone.contacts.completed(options),
      ['skillID', 'skillId'],
      dates,
    ),
    'contacts.active': takes('contacts.active', (options) => cxone.contacts.active(options), ['order_by', 'orderBy']),
    'contacts.get': takes('contacts.get', (options) => cxone.contacts.get(1, options), ['field', 'fields']),
    'users.search': takes('users.search', (options) => cxone.users.search(options), ['filters', 'filter']),
    'users.get': takes('users.get', (options) => cxone.users.get('x', options), SIGNAL),
    'dataExtraction.export': takes(
      'dataExtraction.export',
      (options) => cxone.dataExtraction.export(options),
      ['checkPoint', 'checkpoint'],
      extraction,
    ),
    'dataExtraction.submit': takes(
      'dataExtraction.submit',
      (options) => cxone.dataExtraction.submit(options),
      ['entity', 'entityName'],
      extraction,
    ),
    'dataExtraction.list': takes('dataExtraction.list', (options) => cxone.dataExtraction.list(options), SIGNAL),
    'dataExtraction.get': takes('dataExtraction.get', (options) => cxone.dataExtraction.get('x', options), SIGNAL),
    'reportingJobs.submit': takes('reportingJobs.submit', (options) => cxone.reportingJobs.submit(1, options), [
      'Parameters',
      'parameters',
    ]),
    'reportingJobs.submitDataDownload': takes(
      'reportingJobs.submitDataDownload',
      (options) => cxone.reportingJobs.submitDataDownload(1, options),
      ['parameter', 'parameters'],
    ),
    'reportingJobs.list': takes('reportingJobs.list', (options) => cxone.reportingJobs.list(options), SIGNAL),
    'reportingJobs.get': takes('reportingJobs.get', (options) => cxone.reportingJobs.get(1, options), SIGNAL),
    'reportingJobs.finished': takes('reportingJobs.finished', (options) => cxone.reportingJobs.finished(1, options), [
      'timeout',
      'jobTimeout',
    ]),
  }),

  // For tests
  FakeClock: takes('FakeClock', (options) => new testingEntry.FakeClock(options), ['Now', 'now']),
  ...named('FakeClock', Object.fromEntries(methodsOf(fakeClock).map((name) => [name, NONE]))),
  GenesysSimulator: takes('GenesysSimulator', (options) => new testingEntry.GenesysSimulator(options), [
    'user_s',
    'users',
  ]),
  ...named('GenesysSimulator', simulatorMethods(simulator)),
  CxoneSimulator: takes('CxoneSimulator', (options) => new testingEntry.CxoneSimulator(options), ['agent', 'agents']),
  ...named('CxoneSimulator', simulatorMethods(cxoneSimulator)),
  startGenesysSimulator: takes('startGenesysSimulator', testingEntry.startGenesysSimulator, ['Port', 'port']),
  startCxoneSimulator: takes('startCxoneSimulator', testingEntry.startCxoneSimulator, ['prt', 'port']),
  handlers: takes('handlers', (options) => testingEntry.handlers(simulator, options), ['origins', 'origin'], {
    origin: 'https://genesys.test',
  }),
}

/** Objects in options, whose members are options too, and credentials that stand before them. */
export const NESTED: readonly Call[] = [
  takes('assertion of jwtBearer', (assertion) => core.jwtBearer({ ...client, assertion }), ['audiences', 'audience'], {
    privateKey,
  }),
  takes('mtlsEndpointAliases', (mtlsEndpointAliases) => core.clientCredentials({ ...client, mtlsEndpointAliases }), [
    'token_endpoint',
    'tokenEndpoint',
  ]),
  takes(
    'GenesysCloud',
    (credentials) => new genesysEntry.GenesysCloud(credentials),
    ['client_id', 'clientId'],
    genesysCredentials,
  ),
  takes('Cxone', (credentials) => new cxoneEntry.Cxone(credentials), ['api_url', 'apiUrl'], {
    tokens: source,
    apiUrl: 'https://api.example.com',
  }),
  takes('limits', (limits) => new genesysEntry.GenesysCloud(genesysCredentials, { limits }), [
    'jobPagesize',
    'jobPageSize',
  ]),
  takes('limits', (limits) => new cxoneEntry.Cxone(accessKey, { limits }), ['agentPage', 'agentPageSize']),
  takes('versions', (versions) => new cxoneEntry.Cxone(accessKey, { versions }), ['users', 'user']),
  takes('limits', (limits) => new testingEntry.GenesysSimulator({ limits }), ['jobAtOnce', 'jobsAtOnce']),
  takes('limits', (limits) => new testingEntry.CxoneSimulator({ limits }), ['jobAtOnce', 'jobsAtOnce']),
  takes('a fault', (fault) => new testingEntry.GenesysSimulator({ faults: [fault] }), ['time', 'times'], {
    kind: 'slow',
  }),
  takes('clients[]', (one) => new testingEntry.GenesysSimulator({ clients: [one] }), ['grants', 'grant'], {
    clientId: 'id',
    clientSecret: 's',
  }),
]

/** The names of all functions, classes and methods that the package exports. */
export function surface(): string[] {
  return Object.values(ENTRIES).flatMap((entry) =>
    Object.entries(entry).flatMap(([name, value]: [string, unknown]) => {
      if (typeof value !== 'function') return []
      const statics = Object.getOwnPropertyNames(value).filter(
        (member) => typeof (value as never)[member] === 'function',
      )
      const instance = INSTANCES[name]
      const members = [...statics, ...(instance ? methodsOf(instance) : [])]
      return [name, ...members.map((member) => `${name}.${member}`)]
    }),
  )
}

/** Its methods, and those of the objects that it shows: `users.list`. */
function methodsOf(instance: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(instance)
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype as object))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([name]) => name)
  const parts = Object.entries(instance).filter(([, value]) => typeof value === 'object' && value !== null)
  return [...own, ...parts.flatMap(([part, value]) => methodsOf(value as object).map((name) => `${part}.${name}`))]
}

function named<Row>(prefix: string, rows: Readonly<Record<string, Row>>): Record<string, Row> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [`${prefix}.${name}`, row]))
}

/** The calls that every platform's client has. */
function callsOfAnyClient(of: typeof genesys | typeof cxone) {
  return {
    request: takes('request', (options) => of.request('GET', '/x', options), ['querry', 'query']),
    pages: takes('pages', (options) => of.pages('/x', options), ['rowID', 'rowId']),
    close: close(of),
  }
}

function simulatorMethods(of: typeof simulator | typeof cxoneSimulator) {
  const none = methodsOf(of).map((name): [string, typeof NONE] => [name, NONE])
  const addFault = takes(
    'a fault',
    (fault) => {
      of.addFault(fault)
    },
    ['delays', 'delay'],
    { kind: 'slow' },
  )
  return { ...Object.fromEntries(none), addFault }
}

function environmentOf(platform: string) {
  const names = ['CLIENT_ID', 'CLIENT_SECRET', 'REGION', 'ACCESS_KEY_ID', 'ACCESS_KEY_SECRET', 'AREA']
  return Object.fromEntries(names.map((name) => [`${platform}_${name}`, 'x1']))
}
