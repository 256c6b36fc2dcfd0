// Types that must not compile, each with the reason. `npm run typecheck` reads this file, and tests/packaging/types.test.ts
// compiles it against what is published, as a project with `strict` and nothing else does. It is never run.
import type { Dispatcher } from 'undici'

import { Cxone } from '../../src/cxone/index.js'
import { GenesysCloud } from '../../src/genesys/index.js'
import {
  AccessToken,
  authorizationCode,
  bearer,
  clientCredentials,
  createFetch,
  customGrant,
  FileTokenStore,
  jwtBearer,
  refreshToken,
  saml2Bearer,
  staticToken,
  tokenExchange,
  TokenManager,
} from '../../src/index.js'
import type {
  AuthorizationServerMetadata,
  ClientCredentialsOptions,
  FileTokenStoreOptions,
  RefreshTokenOptions,
} from '../../src/index.js'
import { redisTokenStore } from '../../src/redis/index.js'

declare const unset: string | undefined
declare const dispatcher: Dispatcher
declare const server: AuthorizationServerMetadata
const tokenEndpoint = 'https://login.example.com/token'
const source = staticToken('t')
const at = { tokenEndpoint, clientId: 'id' }
const secret = { ...at, clientSecret: 'secret' }
const code = { redirectUri: 'https://app.example.com/', callbackUrl: '/', state: 's', codeVerifier: 'v' }
const exchange = { subjectToken: 's', subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt' }

export function clients() {
  clientCredentials(secret)
  clientCredentials({ ...at, clientSecret: () => 'secret', clientAuthentication: 'client_secret_post' })
  clientCredentials({ ...at, privateKey: 'PEM', keyId: 'k', issuer: 'https://login.example.com' })
  clientCredentials({ ...at, clientAuthentication: 'tls_client_auth', dispatcher, certificate: 'PEM' })
  clientCredentials({ ...at, clientAuthentication: 'none' })
  clientCredentials({ ...server, clientId: 'id', clientSecret: 'secret', scope: ['a'] })

  // @ts-expect-error a client without any credential
  clientCredentials(at)
  // @ts-expect-error a client without any credential, in a literal
  clientCredentials({ tokenEndpoint, clientId: 'id' })
  // @ts-expect-error a method without its secret
  clientCredentials({ ...at, clientAuthentication: 'client_secret_basic' })
  // @ts-expect-error a certificate without a dispatcher that presents it
  clientCredentials({ ...at, clientAuthentication: 'tls_client_auth' })
  // @ts-expect-error a secret with a method that takes none
  clientCredentials({ ...at, clientSecret: 'secret', clientAuthentication: 'none' })
  // @ts-expect-error a session without any credential
  refreshToken({ ...at, refreshToken: 'r' })
  // @ts-expect-error a sign-in without any credential
  authorizationCode({ ...at, ...code })
  // @ts-expect-error a misspelt option
  clientCredentials({ ...at, clientSecret: 'secret', scopes: 'a' })
}

export function unsetSecrets() {
  // @ts-expect-error a secret that may be unset
  clientCredentials({ ...at, clientSecret: unset })
  const nonLiteral = { ...at, clientSecret: unset }
  // @ts-expect-error the same, not in a literal
  clientCredentials(nonLiteral)
  // @ts-expect-error a key that may be unset
  clientCredentials({ ...at, privateKey: unset })
  // @ts-expect-error a secret that may be unset
  refreshToken({ ...at, clientSecret: unset, refreshToken: 'r' })
  // @ts-expect-error a refresh token that may be unset
  refreshToken({ ...secret, refreshToken: unset })
  // @ts-expect-error a secret that may be unset
  authorizationCode({ ...at, ...code, clientSecret: unset })
  // @ts-expect-error a client id that may be unset
  clientCredentials({ tokenEndpoint, clientId: unset, clientSecret: 'secret' })
}

export function optionalClients() {
  jwtBearer({ tokenEndpoint, assertion: 'a' })
  jwtBearer({ ...at, assertion: 'a' })
  jwtBearer({ ...secret, assertion: 'a' })
  saml2Bearer({ tokenEndpoint, assertion: 'a', clientAuthentication: 'none', clientId: 'id' })
  tokenExchange({ tokenEndpoint, ...exchange })
  tokenExchange({ tokenEndpoint, ...exchange, actorToken: 'a', actorTokenType: 'urn:x' })
  customGrant({ tokenEndpoint, grantType: 'g', parameters: { a: 1 }, body: 'json' })
  customGrant({ ...at, clientAuthentication: 'self_signed_tls_client_auth', dispatcher })

  // @ts-expect-error a secret that may be unset
  jwtBearer({ ...at, assertion: 'a', clientSecret: unset })
  // @ts-expect-error a key that may be unset
  jwtBearer({ ...at, assertion: 'a', privateKey: unset })
  // @ts-expect-error an assertion that may be unset
  jwtBearer({ ...at, assertion: unset })
  // @ts-expect-error a secret that may be unset
  saml2Bearer({ ...at, assertion: 'a', clientSecret: unset })
  // @ts-expect-error a secret that may be unset
  tokenExchange({ ...at, ...exchange, clientSecret: unset })
  // @ts-expect-error a token that may be unset
  tokenExchange({ ...at, ...exchange, actorToken: unset, actorTokenType: 'urn:x' })
  // @ts-expect-error a secret that may be unset
  customGrant({ ...at, clientSecret: unset })
  const nonLiteral = { ...at, clientSecret: unset }
  // @ts-expect-error the same, not in a literal
  customGrant(nonLiteral)
}

export function stores() {
  const grant = clientCredentials(secret)
  const store = new FileTokenStore('tokens', { encryptionKey: ['young', 'old'] })
  new TokenManager(grant, { store })
  new FileTokenStore('tokens', {})

  // @ts-expect-error a key that may be unset
  new FileTokenStore('tokens', { encryptionKey: unset })
  const nonLiteral = { encryptionKey: unset }
  // @ts-expect-error the same, not in a literal
  new FileTokenStore('tokens', nonLiteral)
  // @ts-expect-error one of several that may be unset
  new FileTokenStore('tokens', { encryptionKey: ['young', unset] })
  // @ts-expect-error a misspelt option
  new FileTokenStore('tokens', { encryptionkey: 'key' })
  // @ts-expect-error a key that may be unset
  redisTokenStore(async () => null, { encryptionKey: unset })
  // @ts-expect-error no key
  redisTokenStore(async () => null, {})
}

export function origins() {
  // @ts-expect-error an origin that may be unset
  createFetch(source, { origins: [unset] })
  // @ts-expect-error an origin that may be unset
  bearer(source, { origins: ['https://api.example.com', unset] })
  // @ts-expect-error a misspelt option
  createFetch(source, { origin: ['https://api.example.com'] })
}

export function platforms() {
  new Cxone({ accessKeyId: 'id', accessKeySecret: 's', area: 'na1' })
  new Cxone({ accessKeyId: 'id', accessKeySecret: 's', clientId: 'id', clientSecret: 's' })

  // @ts-expect-error a secret that may be unset
  new GenesysCloud({ region: 'us-east-1', clientId: 'id', clientSecret: unset })
  // @ts-expect-error a secret that may be unset
  new Cxone({ accessKeyId: 'id', accessKeySecret: unset, area: 'na1' })
  // @ts-expect-error a secret that may be unset, which would make an access key of a client
  new Cxone({ accessKeyId: 'id', accessKeySecret: 's', area: 'na1', clientId: 'id', clientSecret: unset })
}

/** An option that may be undefined has its default then, also under `exactOptionalPropertyTypes`. */
export function optionalOptions(maybe: undefined) {
  const settings = {
    refresh: maybe,
    refreshAhead: maybe,
    timeout: maybe,
    store: maybe,
    sessionTtl: maybe,
    clock: maybe,
  }
  const access = { scope: maybe, audience: maybe, resource: maybe, parameters: maybe, issuer: maybe, dispatcher: maybe }
  const tokens = new TokenManager(clientCredentials({ ...secret, ...access }), settings)
  jwtBearer({ ...at, ...access, assertion: { privateKey: 'PEM', keyId: maybe, claims: maybe }, subject: maybe })
  tokenExchange({ ...at, ...access, ...exchange, requestedTokenType: maybe, subject: maybe })
  customGrant({ ...at, ...access, grantType: maybe, body: maybe, headers: maybe, mapResponse: maybe })
  refreshToken({ ...secret, ...access, subject: maybe })
  new AccessToken('t', { lifetime: maybe, scope: maybe, prover: maybe })
  const origins = ['https://api.example.com']
  bearer(tokens, { origins, isTokenRejected: maybe, maxReplayBytes: maybe, keepAuthorization: maybe, unlisted: maybe })
  createFetch(tokens, { origins, fetch: maybe, clock: maybe })
  new FileTokenStore('tokens', { clock: maybe })
  redisTokenStore(async () => null, { encryptionKey: 'key', prefix: maybe, clock: maybe })
  const client = { dispatcher: maybe, concurrency: maybe, requestsPerMinute: maybe, patience: maybe, signal: maybe }
  const more = { ...client, validate: maybe, clock: maybe, limits: maybe }
  const genesys = new GenesysCloud({ region: 'us-east-1', clientId: 'id', clientSecret: 's' }, more)
  new Cxone({ accessKeyId: 'id', accessKeySecret: 's', area: 'na1' }, { ...more, versions: maybe })
  genesys.users.query({ pageSize: maybe, checkpoint: maybe, signal: maybe })
  genesys.users.list({ checkpoint: null })
  return tokens.getToken({ minValidity: maybe, signal: maybe })
}

/** What a wrapper of one's own hands on. */
export function wrappers(
  credentials: ClientCredentialsOptions,
  session: RefreshTokenOptions,
  encrypt: FileTokenStoreOptions,
) {
  clientCredentials({ ...credentials, scope: 'a' })
  refreshToken({ ...session, subject: 'user 42' })
  const { encryptionKey } = encrypt
  return new FileTokenStore('tokens', encryptionKey === undefined ? {} : { encryptionKey })
}
