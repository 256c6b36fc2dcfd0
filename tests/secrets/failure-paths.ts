import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { Agent, interceptors } from 'undici'
import type { Dispatcher } from 'undici'
import * as z from 'zod'

import { systemClock } from '../../src/base/clock.js'
import type { ErrorCode } from '../../src/base/errors.js'
import { cxoneGrant } from '../../src/cxone/cxone-grant.js'
import { GenesysCloud } from '../../src/genesys/index.js'
import { cxoneError } from '../../src/cxone/cxone-error.js'
import { Cxone } from '../../src/cxone/index.js'
import type { CxoneCredentials } from '../../src/cxone/index.js'
import { genesysError } from '../../src/genesys/genesys-error.js'
import { JsonClient } from '../../src/client/json-client.js'
import type { JsonClientOptions } from '../../src/client/json-client.js'
import {
  authorizationCode,
  bearer,
  clientCredentials,
  createFetch,
  FileTokenStore,
  refreshToken,
  MemoryTokenStore,
  Secret,
  staticToken,
  TokenManager,
  TokenManagerPool,
} from '../../src/index.js'
import type {
  ClientCredentialsOptions,
  Clock,
  FileTokenStoreOptions,
  Grant,
  TokenManagerOptions,
  TokenSource,
} from '../../src/index.js'
import { basicCredentials } from '../../src/protocol/basic-credentials.js'
import { identityKey } from '../../src/token/identity-key.js'
import { HurriedClock } from '../http/hurried-clock.js'
import { loopback } from '../http/loopback.js'
import { removeDirectories, temporaryDirectory } from '../stores/directories.js'

/** Stands in everything that is secret, and in nothing else. */
export const CANARY = 'c4n4ry'
export const SECRET = `${CANARY}-s"e<c>r&e't/+é%41\\`
export const TOKEN = `${CANARY}.t0ken/+~==`
const PARAMETER = `${CANARY} of a vendor's`
/** What no canary is found in, although it is as good as the secret. */
export const BASIC = basicCredentials('id', SECRET).replace('Basic ', '')

const html = (words: string) => words.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** How servers quote what they were sent. */
const QUOTATIONS: readonly ((words: string) => string)[] = [
  (words) => words,
  (words) => words.toUpperCase(),
  html,
  (words) => html(html(words)),
  encodeURIComponent,
  (words) => new URLSearchParams([['', words]]).toString(),
  (words) => JSON.stringify(words),
  (words) => words.replaceAll('/', '\\/'),
]

type Answer = (outgoing: ServerResponse, asked: { incoming: IncomingMessage; body: string }) => void

/** An authorization server and an API that say back what they were told. */
export async function startScene() {
  let respondToTokenRequest: Answer = grantToken
  let respondToApi: Answer = (outgoing) => void outgoing.end('{}')
  const server = await loopback(async (incoming, outgoing) => {
    const body = await text(incoming)
    const response = incoming.url?.startsWith('/token') ? respondToTokenRequest : respondToApi
    response(outgoing, { incoming, body })
  })
  const agent = new Agent()
  /** What a user would hold on to. */
  const held: unknown[] = []
  const keep = <Value>(value: Value) => (held.push(value), value)

  const grant = (options: Partial<ClientCredentialsOptions> = {}) =>
    clientCredentials({
      tokenEndpoint: `${server.origin}/token?key=${CANARY}-query`,
      clientId: 'id',
      clientSecret: SECRET,
      parameters: { assertion: PARAMETER },
      dispatcher: agent,
      ...options,
    } as ClientCredentialsOptions)
  const manager = (of: Grant = grant(), options: TokenManagerOptions = {}) =>
    keep(new TokenManager(of, { clock, ...options }))
  const ask = (options?: Partial<ClientCredentialsOptions>) => manager(grant(options)).getToken()
  const client = (tokens: TokenSource = manager(), errorFrom: JsonClientOptions['errorFrom'] = genesysError) =>
    keep(
      new JsonClient({
        apiUrl: server.origin,
        tokens,
        concurrency: 1,
        requestsPerMinute: Infinity,
        patience: 0,
        dispatcher: agent,
        errorFrom,
      }),
    )
  return {
    server,
    agent,
    held,
    keep,
    grant,
    manager,
    ask,
    client,
    genesys: (clock: Clock = systemClock) =>
      keep(new GenesysCloud({ tokens: manager(), apiUrl: server.origin }, { dispatcher: agent, patience: 0, clock })),
    cxone: (credentials: CxoneCredentials = { tokens: manager(), apiUrl: server.origin }, waits: Clock = systemClock) =>
      keep(new Cxone(credentials, { dispatcher: agent, patience: 0, clock: waits })),
    respondToTokenRequest: (response: Answer) => void (respondToTokenRequest = response),
    respondToApi: (response: Answer) => void (respondToApi = response),
    close: () => agent.destroy(),
  }
}

type Scene = Awaited<ReturnType<typeof startScene>>

const grantToken: Answer = (outgoing) =>
  void outgoing.end(
    JSON.stringify({
      access_token: TOKEN,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: `${CANARY}-refresh`,
      id_token: `${CANARY}-id`,
    }),
  )

/** Answers with an error that quotes all of the request. */
function quoting(status: number, quote: (words: string) => string): Answer {
  return (outgoing, { incoming, body }) => {
    const { authorization = '' } = incoming.headers
    const form = new URLSearchParams(body)
    const words = [SECRET, PARAMETER, `${CANARY}-query`].map(quote).join(' ')
    const said = `${words} ${authorization} ${String(form.get('client_secret'))} ${quote(body)}`
    outgoing.writeHead(status, {
      'content-type': 'application/json',
      'set-cookie': `s=${CANARY}`,
      'inin-correlation-id': TOKEN,
    })
    outgoing.end(
      JSON.stringify({ error: 'invalid_client', error_description: said, code: 'bad.credentials', message: said }),
    )
  }
}

/** Waits between two tries for no time at all. */
const clock: Clock = { ...systemClock, random: () => 0 }

/** What a request of an API comes to when it says back what it was told, with this status. */
function apiPath(status: number) {
  return async (scene: Scene, tell: Tell) => {
    for (const quote of QUOTATIONS) {
      const said = `Not with Bearer ${quote(TOKEN)}`
      scene.respondToApi((outgoing) => {
        outgoing.writeHead(status, {
          'retry-after': '1',
          'inin-correlation-id': quote(TOKEN).slice(0, 900),
          icStatusDescription: said,
        })
        const genesys = { code: quote(TOKEN), message: said, contextId: quote(TOKEN) }
        outgoing.end(JSON.stringify({ ...genesys, error_description: said, details: said, errors: { [said]: said } }))
      })
      for (const errorFrom of [genesysError, cxoneError]) {
        await tell(() => scene.client(undefined, errorFrom).request('POST', '/things', { body: { a: 1 } }))
      }
    }
    // The body is JSON in which the token itself is escaped.
    scene.respondToApi((outgoing) => {
      outgoing
        .writeHead(status)
        .end(JSON.stringify({ message: TOKEN }).replaceAll('=', '\\u003d').replaceAll('/', '\\/'))
    })
    await tell(() => scene.client().request('GET', '/things'))
  }
}

/** What an export comes to when its job says this of itself. */
function exportPath(status: Readonly<Record<string, string>>): FailurePath {
  return async (scene, tell) => {
    scene.respondToApi((outgoing, { incoming }) => {
      const isSubmission = incoming.method === 'POST'
      outgoing.end(JSON.stringify(isSubmission ? { jobId: 'j' } : status))
    })
    const interval = '2026-01-01T00:00:00Z/2026-01-02T00:00:00Z'
    const { conversations } = scene.genesys(new HurriedClock()).analytics
    await tell(() => conversations.export({ interval, jobTimeout: 3_000 })[Symbol.asyncIterator]().next())
  }
}

/**
 * What an extraction comes to in a tenant whose job says this of itself, and whose result is answered so. The address of
 * the result is signed, and so are all its words here.
 */
function extractionPath(
  job: Readonly<Record<string, unknown>>,
  result: Answer = (outgoing) => void outgoing.destroy(),
) {
  return async (scene: Scene, tell: Tell) => {
    const { origin } = scene.server
    const url = `${origin}/results/${CANARY}?signature=${CANARY}`
    scene.respondToApi((outgoing, asked) => {
      const { url: path = '', method } = asked.incoming
      const responses = (value: unknown) => void outgoing.end(JSON.stringify(value))
      if (path.startsWith('/results')) return result(outgoing, asked)
      if (method === 'POST') return responses('j1')
      if (path.endsWith('/jobs')) return responses({ jobs: [] })
      responses({ jobStatus: { id: 'j1', result: { url }, ...job } })
    })
    const what = { entityName: 'e', version: '1', startDate: '2026-01-01', endDate: '2026-01-01', jobTimeout: 90_000 }
    const { dataExtraction } = scene.cxone(undefined, new HurriedClock())
    await tell(() => dataExtraction.export(what)[Symbol.asyncIterator]().next())
  }
}

function fileStore(directory: string, options?: FileTokenStoreOptions): FileTokenStore {
  return new FileTokenStore(directory, options)
}

function storeToken(store: FileTokenStore): Promise<boolean> {
  return store.compareAndSet('key', TOKEN, { expectedVersion: undefined, fence: 1, ttl: 60_000 })
}

/** One path after the other. */
function inTurn(...paths: readonly FailurePath[]): FailurePath {
  return async (scene, tell) => {
    for (const path of paths) await path(scene, tell)
  }
}

const SUCCEEDED = { status: 'SUCCEEDED' }

/** Runs something that is to fail, and keeps what it fails with. */
type Tell = (fail: () => unknown) => Promise<void>
type FailurePath = (scene: Scene, tell: Tell) => Promise<void>

/** How to come to each error, with secrets wherever they can be. A string says why there is none here. */
export const FAILURE_PATHS: Record<ErrorCode, FailurePath | string> = {
  async invalid_option(scene, tell) {
    await tell(() => scene.grant({ clientId: 4 as never }))
    await tell(() => scene.grant({ parameters: { client_secret: SECRET } }))
    await tell(() => scene.grant({ clientAuthentication: SECRET as never }))
    await tell(() => scene.grant({ resource: SECRET }))
    await tell(() => scene.grant({ tokenEndpoint: `https://me:${CANARY}@login.example.com/token` }))
    await tell(() => scene.grant({ tokenEndpoint: `https://login.example.com/token#${CANARY}` }))
    await tell(() => scene.manager(scene.grant(), { timeout: SECRET as never }))
    await tell(() => bearer(TOKEN as never, { origins: [scene.server.origin] }))
    await tell(() => scene.manager().getToken({ rejected: TOKEN as never }))
    await tell(() => fileStore('tokens', { encryptionKey: [SECRET] }))
  },
  async invalid_origin(_scene, tell) {
    for (const origin of [
      `https://me:${CANARY}@a.example`,
      `https://a.example/?token=${CANARY}`,
      CANARY,
      `ftp://me:${CANARY}@b`,
    ]) {
      await tell(() => bearer(staticToken(TOKEN), { origins: [origin] }))
    }
  },
  async insecure_url(scene, tell) {
    await tell(() => scene.grant({ tokenEndpoint: `http://me:${CANARY}@10.0.0.5/token?key=${CANARY}` }))
    await tell(() => createFetch(staticToken(TOKEN), { origins: [`http://10.0.0.5/${CANARY}`] }))
  },
  async invalid_interval(scene, tell) {
    await tell(() => scene.genesys().analytics.conversations.query({ interval: 'today' }))
  },
  async invalid_checkpoint(scene, tell) {
    const forged = Buffer.from(JSON.stringify({ version: 1, of: CANARY, position: CANARY })).toString('base64url')
    for (const checkpoint of [CANARY, forged]) await tell(() => scene.genesys().users.list({ checkpoint }))
  },
  async missing_environment(_scene, tell) {
    await tell(() => GenesysCloud.fromEnv({}, { GENESYS_CLIENT_SECRET: SECRET }))
    await tell(() => Cxone.fromEnv({}, { CXONE_ACCESS_KEY_SECRET: SECRET, CXONE_CLIENT_SECRET: SECRET }))
  },
  async iteration_reused(scene, tell) {
    const users = scene.genesys().users.list()
    users[Symbol.asyncIterator]()
    await tell(() => users[Symbol.asyncIterator]())
  },
  async too_many_rows(scene, tell) {
    const page = { entities: [{ id: TOKEN, name: CANARY }], total: 1, pageCount: 1, pageNumber: 1, pageSize: 25 }
    scene.respondToApi((outgoing) => void outgoing.end(JSON.stringify(page)))
    await tell(() => scene.genesys().users.list().toArray({ max: 0 }))
  },
  async token_denied(scene, tell) {
    for (const quote of QUOTATIONS) {
      for (const clientAuthentication of ['client_secret_basic', 'client_secret_post'] as const) {
        for (const clientSecret of [SECRET, new Secret(SECRET), async () => SECRET]) {
          scene.respondToTokenRequest(quoting(401, quote))
          await tell(() => scene.ask({ clientAuthentication, clientSecret }))
        }
      }
    }
    scene.respondToTokenRequest(
      (outgoing) =>
        void outgoing
          .writeHead(400)
          .end(new URLSearchParams({ error: 'invalid_scope', error_description: SECRET }).toString()),
    )
    await tell(() => scene.ask())
    scene.respondToTokenRequest(
      (outgoing) => void outgoing.end(JSON.stringify({ error: 'x', error_description: `a ${BASIC.toLowerCase()}` })),
    )
    await tell(() => scene.ask())
    for (const quote of QUOTATIONS) {
      scene.respondToTokenRequest((outgoing, { body }) => {
        const said = `${quote(SECRET)} ${quote(body)}`
        outgoing.writeHead(401).end(JSON.stringify({ error: 'invalid_grant', error_description: said }))
      })
      const credentials = {
        accessKeyId: 'id',
        accessKeySecret: SECRET,
        accessKeyEndpoint: `${scene.server.origin}/token`,
      }
      await tell(() => scene.cxone({ ...credentials, issuer: scene.server.origin }).request('GET', '/things'))
    }
  },
  async discovery_failed(scene, tell) {
    const { origin } = scene.server
    const ask = () =>
      scene
        .manager(
          cxoneGrant(
            { accessKeyId: 'id', accessKeySecret: SECRET, clientId: 'id', clientSecret: SECRET, issuer: origin },
            scene.agent,
          ),
        )
        .getToken()
    const documents = [
      { issuer: `https://${CANARY}@evil.test` },
      { issuer: origin, token_endpoint: `https://me:${CANARY}@evil.test/` },
      { issuer: origin, token_endpoint: `http://evil.test/${CANARY}` },
      { issuer: origin, token_endpoint: `https://evil.test/${CANARY}` },
    ]
    for (const document of [`<html>${SECRET}</html>`, ...documents.map((members) => JSON.stringify(members))]) {
      scene.respondToApi((outgoing) => void outgoing.end(document))
      await tell(ask)
    }
    scene.respondToApi((outgoing) => void outgoing.writeHead(302, { location: `https://evil.test/${CANARY}` }).end())
    await tell(ask)
    // Signed in, with a refresh token and an id token, and then nobody knows where the API is.
    const claims = Buffer.from(JSON.stringify({ tenantId: 't' })).toString('base64url')
    const tokens = { access_token: TOKEN, token_type: 'Bearer', expires_in: 3600, refresh_token: `${CANARY}-refresh` }
    scene.respondToTokenRequest(
      (outgoing) => void outgoing.end(JSON.stringify({ ...tokens, id_token: `${CANARY}.${claims}.${CANARY}` })),
    )
    const key = { accessKeyId: 'id', accessKeySecret: SECRET, issuer: origin }
    for (const credentials of [
      { ...key, clientId: 'id', clientSecret: SECRET },
      { ...key, accessKeyEndpoint: `${origin}/token` },
    ]) {
      scene.respondToApi((outgoing, { incoming }) => {
        const isFirst = incoming.url?.includes('openid-configuration')
        const document = isFirst
          ? { issuer: origin, token_endpoint: `${origin}/token` }
          : { api_endpoint: `http://me:${CANARY}@evil.test` }
        outgoing.end(JSON.stringify(document))
      })
      await tell(() => scene.cxone(credentials).request('GET', '/things'))
    }
  },
  async token_endpoint_unreachable(scene, tell) {
    scene.respondToTokenRequest((outgoing) => void outgoing.destroy())
    await tell(() => scene.ask())
    const dispatch = (_options: object, handler: Dispatcher.DispatchHandler) => {
      const error = new Error(`POST with ${SECRET}`, { cause: new Error(SECRET) })
      Object.assign(error, { request: { headers: { authorization: BASIC } }, data: Buffer.from(SECRET) })
      handler.onResponseError?.(null as never, error)
      return true
    }
    await tell(() => scene.ask({ dispatcher: { dispatch } as never }))
  },
  async token_endpoint_timeout(scene, tell) {
    scene.respondToTokenRequest(() => undefined)
    await tell(() => scene.manager(scene.grant(), { timeout: 20 }).getToken())
  },
  async token_endpoint_failed(scene, tell) {
    scene.respondToTokenRequest((outgoing) => void outgoing.writeHead(502).end(`<html>${SECRET} ${BASIC}</html>`))
    await tell(() => scene.ask())
    scene.respondToTokenRequest(
      (outgoing) =>
        void outgoing.writeHead(500).end(JSON.stringify({ error: 'server_error', description: html(SECRET) })),
    )
    await tell(() => scene.ask())
  },
  async token_response_invalid(scene, tell) {
    const responses = [
      `<html>${SECRET}</html>`,
      `{"refresh_token":"${TOKEN}"}`,
      `{"access_token":"${TOKEN}","token_type":["${TOKEN}"],"refresh_token":"${CANARY}"}`,
      `"${TOKEN}`,
    ]
    for (const response of responses) {
      scene.respondToTokenRequest((outgoing) => void outgoing.end(response))
      await tell(() => scene.ask())
    }
    scene.respondToTokenRequest(
      (outgoing) => void outgoing.writeHead(307, { location: `https://evil.test/${CANARY}` }).end(SECRET),
    )
    await tell(() => scene.ask())
    scene.respondToTokenRequest((outgoing) => void outgoing.end(TOKEN.repeat(10_000)))
    await tell(() => scene.ask())
  },
  async token_malformed(scene, tell) {
    await tell(() => staticToken(`Bearer ${TOKEN}`))
    scene.respondToTokenRequest(
      (outgoing) => void outgoing.end(JSON.stringify({ access_token: `${TOKEN}\r\n`, token_type: 'Bearer' })),
    )
    await tell(() => scene.ask())
  },
  async token_unavailable(scene, tell) {
    scene.respondToTokenRequest(quoting(401, html))
    const manager = scene.manager()
    await manager.getToken().catch(() => undefined)
    await tell(() => manager.getToken())
  },
  async token_rejected(_scene, tell) {
    const source = staticToken(TOKEN)
    await tell(async () => source.getToken({ rejected: await source.getToken() }))
  },
  async grant_failed(scene, tell) {
    const talkative = () => {
      throw Object.assign(new TypeError(`no ${SECRET}`, { cause: SECRET }), { vault: { token: TOKEN } })
    }
    await tell(() => scene.ask({ clientSecret: talkative }))
    await tell(() => scene.ask({ clientSecret: () => ({ value: SECRET }) as never }))
    await tell(() => scene.manager({ ...scene.grant(), requestToken: talkative }).getToken())
    await tell(() =>
      scene.manager({ ...scene.grant(), requestToken: async () => ({ accessToken: TOKEN }) as never }).getToken(),
    )
  },
  async refresh_token_missing(scene, tell) {
    const tokenEndpoint = `${scene.server.origin}/token?key=${CANARY}`
    await tell(() => scene.manager(refreshToken({ tokenEndpoint, clientId: 'id', clientSecret: SECRET })).getToken())
  },
  async authorization_denied(_scene, tell) {
    const said = new URLSearchParams({ state: SECRET, error: 'access_denied', error_description: `no: ${SECRET}` })
    await tell(() => authorizationCode(signIn(said)))
  },
  async authorization_invalid(_scene, tell) {
    await tell(() => authorizationCode(signIn(new URLSearchParams({ state: `not ${SECRET}`, code: SECRET }))))
    await tell(() => authorizationCode(signIn(new URLSearchParams({ state: SECRET, iss: SECRET, code: SECRET }))))
    await tell(() => authorizationCode(signIn(new URLSearchParams({ state: SECRET }))))
  },
  async too_many_identities(scene, tell) {
    const managers = scene.keep(new TokenManagerPool({ max: 1 }))
    await managers.get(scene.grant()).getToken()
    await tell(() => managers.get(scene.grant({ scope: CANARY })).getToken())
  },
  async token_store_failed(scene, tell) {
    const fail = () => Promise.reject(new Error(`${CANARY} ${SECRET}`))
    const store = { get: fail, compareAndSet: fail, lease: fail }
    await tell(() => scene.manager({ ...scene.grant(), repeatable: false }, { store }).getToken())
    const unwritable = new MemoryTokenStore()
    unwritable.compareAndSet = fail
    await tell(() => scene.manager({ ...scene.grant(), repeatable: false }, { store: unwritable }).getToken())
    const inTheWay = join(temporaryDirectory(), 'file')
    writeFileSync(inTheWay, SECRET)
    await tell(() => fileStore(inTheWay).get('key'))
    await tell(() => fileStore(inTheWay).lease('key', 1_000))
    await tell(() => storeToken(fileStore(inTheWay)))
    removeDirectories()
  },
  async token_lease_held(scene, tell) {
    const store = scene.keep(new MemoryTokenStore())
    const grant = { ...scene.grant(), repeatable: false }
    const { signal } = new AbortController()
    const lease = await store.lease(identityKey(grant.identity), 60_000, { signal })
    await tell(() => scene.manager(grant, { store, timeout: 50 }).getToken())
    await lease?.release()
  },

  async token_store_corrupt(scene, tell) {
    for (const value of [TOKEN, JSON.stringify({ schema: 1, accessToken: SECRET, refreshToken: CANARY })]) {
      const store = scene.keep(new MemoryTokenStore())
      const { identity } = scene.grant()
      await store.compareAndSet(identityKey(identity), value, { expectedVersion: undefined, fence: 1, ttl: 60_000 })
      await tell(() => scene.manager({ ...scene.grant(), repeatable: false }, { store }).getToken())
    }
    const directory = temporaryDirectory()
    await storeToken(fileStore(directory))
    const path = join(directory, readdirSync(directory).join(), 'value')
    const encrypted = fileStore(directory, { encryptionKey: `${CANARY}${'A'.repeat(37)}=` })
    scene.held.push(encrypted)
    await tell(() => encrypted.get('key'))
    for (const text of [readFileSync(path, 'utf8').replace(TOKEN, TOKEN.toUpperCase()), TOKEN]) {
      writeFileSync(path, text)
      await tell(() => fileStore(directory).get('key'))
      await tell(() => storeToken(fileStore(directory)))
    }
    removeDirectories()
  },
  async revocation_failed(scene, tell) {
    for (const quote of QUOTATIONS) {
      const revocationEndpoint = `${scene.server.origin}/token?key=${CANARY}-query`
      const manager = scene.manager(scene.grant({ revocationEndpoint }))
      scene.respondToTokenRequest(grantToken)
      await manager.getToken()
      scene.respondToTokenRequest((outgoing, { incoming: { url, headers }, body }) => {
        const said = [SECRET, `${CANARY}-query`, `${CANARY}-refresh`, body, url, headers.authorization].join(' ')
        outgoing.writeHead(400).end(JSON.stringify({ error: 'invalid_client', error_description: quote(said) }))
      })
      await tell(() => manager.close({ revoke: true }))
    }
  },
  async revocation_unsupported(scene, tell) {
    const manager = scene.manager()
    await manager.getToken()
    await tell(() => manager.close({ revoke: true }))
  },
  async closed(scene, tell) {
    const manager = scene.manager()
    await manager.getToken()
    await manager.close()
    await tell(() => manager.getToken())
  },
  async dependency_missing(_scene, tell) {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' })
    await tell(() => storeToken(fileStore(temporaryDirectory())))
    Object.defineProperty(process, 'platform', platform)
    removeDirectories()
  },
  async origin_missing(scene, tell) {
    const dispatch = bearer(scene.manager(), { origins: [scene.server.origin] })(scene.agent.dispatch.bind(scene.agent))
    await tell(() => failureOf((handler) => dispatch({ path: '/', method: 'GET' }, handler)))
  },
  async origin_unlisted(scene, tell) {
    const options = { origins: ['https://api.example.com'], unlisted: 'throw' } as const
    const url = `${scene.server.origin.replace('//', `//me:${CANARY}@`)}/${CANARY}?token=${CANARY}`
    await tell(() => createFetch(scene.manager(), options)(url, { headers: { authorization: TOKEN } }))
    const dispatch = bearer(scene.manager(), options)(scene.agent.dispatch.bind(scene.agent))
    await tell(() => failureOf((handler) => dispatch({ origin: url, path: `/${CANARY}`, method: 'GET' }, handler)))
  },
  async unsafe_composition(scene, tell) {
    const agent = scene.agent.compose(bearer(scene.manager(), { origins: [scene.server.origin] }), interceptors.cache())
    await tell(() => agent.request({ origin: scene.server.origin, path: '/', method: 'GET' }))
  },
  async unsupported_dispatcher(scene, tell) {
    const dispatch = bearer(scene.manager(), { origins: [scene.server.origin] })(scene.agent.dispatch.bind(scene.agent))
    await tell(() => dispatch({ origin: scene.server.origin, path: `/?t=${CANARY}`, method: 'GET' }, {}))
  },
  async unsafe_link(scene, tell) {
    await tell(() => scene.client().request('GET', `https://me:${CANARY}@evil.test/${CANARY}`))
    for (const url of [`http://evil.test/${CANARY}`, `https://me:${CANARY}@evil.test/`, CANARY]) {
      await extractionPath({ ...SUCCEEDED, result: { url } })(scene, tell)
    }
  },
  api_bad_request: apiPath(400),
  api_unauthorized: apiPath(401),
  api_forbidden: apiPath(403),
  api_not_found: apiPath(404),
  api_rate_limited: apiPath(429),
  api_server_error: apiPath(500),
  async api_unreachable(scene, tell) {
    scene.respondToApi((outgoing) => void outgoing.destroy())
    await tell(() => scene.client().request('POST', `/things?key=${CANARY}`))
    // undici keeps the bytes that it could not read in its error.
    scene.respondToApi((outgoing) => void outgoing.socket?.end(`HTTP/1.1 nonsense ${TOKEN}\r\n\r\n`))
    await tell(() => scene.client().request('POST', '/things'))
    await extractionPath(SUCCEEDED)(scene, tell)
  },
  async api_response_invalid(scene, tell) {
    scene.respondToApi(
      (outgoing) => void outgoing.writeHead(200, { 'content-type': `text/html; of=${TOKEN}` }).end(TOKEN),
    )
    await tell(() => scene.client().request('GET', '/things'))
    scene.respondToApi(
      (outgoing) => void outgoing.writeHead(302, { location: `https://evil.test/${TOKEN}` }).end(TOKEN),
    )
    await tell(() => scene.client().request('GET', '/things'))
    const location = `https://evil.test/${CANARY}`
    await extractionPath(SUCCEEDED, (outgoing) => void outgoing.writeHead(302, { location }).end())(scene, tell)
    await extractionPath(SUCCEEDED, (outgoing) => void outgoing.end(`a,b\n"${CANARY}`))(scene, tell)
  },
  async schema_mismatch(scene, tell) {
    await extractionPath({ status: 1, result: { url: { [CANARY]: TOKEN } } })(scene, tell)
    scene.respondToApi((outgoing) => void outgoing.end(JSON.stringify({ id: TOKEN, kind: TOKEN })))
    const schema = z.strictObject({ id: z.number(), kind: z.enum(['a']) })
    await tell(() => scene.client().request('GET', '/things', { schema }))
  },
  query_too_full: 'It is made of two numbers and an interval, as tests/genesys/analytics-conversations.test.ts shows.',
  job_failed: inTurn(
    exportPath({ state: 'FAILED', errorMessage: `Not with Bearer ${TOKEN}` }),
    extractionPath({ status: 'FAILED', result: { errorMessage: `Not with Bearer ${TOKEN}` } }),
  ),
  job_cancelled: inTurn(exportPath({ state: 'CANCELLED' }), extractionPath({ status: 'CANCELLED' })),
  job_timeout: inTurn(exportPath({ state: 'PENDING' }), extractionPath({ status: 'RUNNING' })),
  job_expired: inTurn(
    exportPath({ state: 'EXPIRED' }),
    extractionPath({ status: 'EXPIRED' }),
    extractionPath(SUCCEEDED, (outgoing, { incoming }) => void outgoing.writeHead(403).end(incoming.url)),
  ),
}

/** The error that a dispatch gives its handler. */
function failureOf(dispatch: (handler: Dispatcher.DispatchHandler) => unknown): Promise<never> {
  return new Promise((_resolve, reject) => {
    dispatch({ onResponseError: (_controller, error) => reject(error) })
  })
}

/** A sign-in of which everything is secret, and the callback that it gets. */
function signIn(callback: URLSearchParams) {
  return {
    tokenEndpoint: `https://login.example.com/token?key=${CANARY}`,
    clientId: 'id',
    clientSecret: SECRET,
    issuer: 'https://login.example.com',
    redirectUri: 'https://app.example.com/callback',
    callbackUrl: `/callback?${callback.toString()}`,
    state: SECRET,
    codeVerifier: SECRET,
  }
}
