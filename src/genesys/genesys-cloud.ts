import { EverbearerError } from '../base/errors.js'
import { knownOptions } from '../base/options.js'
import type { OptionNames, Overrides } from '../base/options.js'
import type { Iteration } from '../paging/iteration.js'
import { JsonClient } from '../client/json-client.js'
import type { JsonClientOptions } from '../client/json-client.js'
import type { CloseOptions } from '../token/manager-options.js'
import { requestAny } from '../platform/any-endpoint.js'
import type { HttpMethod, RequestOptions } from '../platform/any-endpoint.js'
import { CLIENT_OPTIONS, clientSettings } from '../platform/client-options.js'
import type { EndpointClientOptions } from '../platform/client-options.js'
import { anyListing } from '../platform/listing.js'
import type { PagesOptions } from '../platform/listing.js'
import { CHECK_PATIENCE, closeSession } from '../platform/session.js'
import { TokenManager } from '../token/token-manager.js'
import type { TokenSource } from '../token/token-source.js'
import { Analytics } from './analytics.js'
import { CREDENTIALS } from './credentials.js'
import type { GenesysCredentials } from './credentials.js'
import { credentialsFromEnvironment } from './environment.js'
import { genesysError, isGenesysTokenRejected } from './genesys-error.js'
import { genesysGrant } from './genesys-grant.js'
import { genesysLimits } from './limits.js'
import type { GenesysLimits } from './limits.js'
import { genesysListing } from './listing.js'
import { regionUrls } from './regions.js'
import type { GenesysSession } from './session.js'
import { tokenRevocation } from './token-revocation.js'
import { Tokens } from './tokens.js'
import { Users } from './users.js'
import { verifyGenesys } from './verify.js'
import type { VerifyCheck, VerifyOptions } from './verify.js'

/** How a {@link GenesysCloud} works. */
export interface GenesysCloudOptions extends EndpointClientOptions {
  /** An organization's own limits, where they differ from Genesys' defaults. */
  limits?: Overrides<GenesysLimits> | undefined
}

const NAMES: OptionNames<GenesysCloudOptions> = { ...CLIENT_OPTIONS, limits: true }

/**
 * One Genesys Cloud organization: a session that renews itself, and its endpoints. Every request is paced, and tried
 * again where that is safe; what cannot be helped is a typed error with Genesys' code, the correlation id, and what to
 * check first. It does no I/O before the first call.
 *
 * Throws {@link EverbearerError} `invalid_option`, `invalid_origin`, `insecure_url`, or from `fromEnv`
 * `missing_environment`.
 *
 * @example
 * ```js
 * import { GenesysCloud } from 'everbearer/genesys'
 *
 * const genesys = new GenesysCloud({ region: 'eu-central-1', clientId: 'id', clientSecret: 'secret' })
 * await genesys.close()
 * ```
 */
export class GenesysCloud implements AsyncDisposable {
  readonly users: Users
  readonly analytics: Analytics
  readonly tokens: Tokens
  /** The manager that was made here, and so is closed here. */
  readonly #manager: TokenManager | undefined
  readonly #client: JsonClient

  constructor(credentials: GenesysCredentials, options: GenesysCloudOptions = {}) {
    const { limits, ...own } = knownOptions(options, 'GenesysCloud', NAMES)
    const { validate, client } = clientSettings(own)
    const { api, tokens, manager } = session(knownOptions(credentials, 'GenesysCloud', CREDENTIALS), client)
    this.#manager = manager
    this.#client = new JsonClient({ ...client, ...api, tokens })
    const shared: GenesysSession = { client: this.#client, validate, limits: genesysLimits(limits) }
    this.users = new Users(shared)
    this.analytics = new Analytics(shared)
    this.tokens = new Tokens(shared, tokens, tokenRevocation({ ...client, ...api }))
  }

  /**
   * With credentials from the environment: `GENESYS_CLIENT_ID`, `GENESYS_CLIENT_SECRET` and `GENESYS_REGION`, or
   * `GENESYS_LOGIN_URL` with `GENESYS_API_URL`, which win over a region; when none of these is set, the
   * `GENESYSCLOUD_OAUTHCLIENT_ID`, `GENESYSCLOUD_OAUTHCLIENT_SECRET` and `GENESYSCLOUD_REGION` of Genesys' own tools.
   */
  static fromEnv(
    options: GenesysCloudOptions = {},
    env: Readonly<Record<string, string | undefined>> = process.env,
  ): GenesysCloud {
    return fromEnvironment(env, options)
  }

  /**
   * What works and what does not: a list of checks, each with a hint that says what went wrong and what to check first.
   * They tell a wrong secret, a wrong region, a client that is off, a blocked address and a missing permission apart.
   *
   * First `token`, then `session`, whether the API takes that token (`GET /api/v2/tokens/me`), then a small request to
   * each area: `users.list`, `users.query`, `analytics.conversations.query` and `analytics.conversations.export`, or with
   * `permissions` all that these open, `routing.queues` and `routing.wrapupcodes` among them. What needs something that
   * failed is not tried. Each is tried for 5 s (of `patience`) at most, waits for a rate limit apart.
   *
   * Whatever Genesys answers, it resolves: `checks.every(({ ok }) => ok)` when all is well. Throws only
   * {@link EverbearerError} `invalid_option`, {@link TokenError} `closed`, or the reason of an abort.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * console.table(await genesys.verify())
   * await genesys.close()
   * ```
   */
  verify(options: VerifyOptions = {}): Promise<VerifyCheck[]> {
    return verifyGenesys(this.#client, options)
  }

  /**
   * One request to any endpoint of Genesys Cloud's API: the same token, pace, retries and errors as all others, a queue
   * to be made or an aggregate to be read. Answers with the JSON as it came (a member may be `null`), undefined for an
   * empty answer, and with what `schema` makes of it where there is one. Needs what the endpoint needs.
   *
   * A request that must not be sent twice, a POST or PATCH, is sent once: say `idempotent: true` for a POST that only
   * reads. The path may be a link that the API answered with; it is of this API, or nothing is sent.
   *
   * Throws {@link EverbearerError} `invalid_option` or `unsafe_link` before anything is sent; {@link ApiError},
   * {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   * import * as z from 'zod'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const schema = z.object({ total: z.number() })
   * const { total } = await genesys.request('GET', '/api/v2/routing/queues', { query: { pageSize: 1 }, schema })
   * console.log(total)
   * await genesys.close()
   * ```
   */
  request<Output = unknown>(method: HttpMethod, path: string, options: RequestOptions<Output> = {}): Promise<Output> {
    return requestAny(this.#client, method, path, options)
  }

  /**
   * All rows of any listing, page by page, whichever way its first answer shows: by page number until an empty page, by
   * `cursor`, by `nextUri`, or all at once. Each row comes once, by its `id`. An answer that says of more rows, and not how
   * to get them, is an error. Needs what the endpoint needs.
   *
   * Rows are what the API sent (a member may be `null`), or what `schema` makes of each. Throws {@link EverbearerError}
   * `invalid_option`, `invalid_checkpoint` or `unsafe_link`; while iterating {@link ApiError}, {@link TokenError},
   * {@link SchemaError} (also for an answer without rows), or `unsafe_link` for a `nextUri` that leads out of this API;
   * each with the checkpoint to go on from.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const queues = genesys.pages('/api/v2/routing/queues', { pageSize: 100 })
   * for await (const queue of queues) {
   *   console.log(queue.name) // in TypeScript unknown, without a `schema`
   *   const checkpoint = queues.checkpoint()
   * }
   * await genesys.close()
   * ```
   */
  pages<Row = unknown>(path: string, options: PagesOptions<Row> = {}): Iteration<Row> {
    return anyListing(this.#client, genesysListing, path, options)
  }

  /**
   * Ends all requests with `closed`, those under way and those that wait, and closes the token manager, see
   * {@link TokenManager.close}. With `revoke` the token is revoked as well (`DELETE /api/v2/tokens/me`), within 10 s;
   * when that fails this is closed all the same, and another `close({ revoke: true })` tries once more.
   *
   * Tokens that were passed in are somebody else's: they stay as they are, and so does all that uses them.
   *
   * Throws {@link EverbearerError} `invalid_option`, {@link TokenError} `revocation_unsupported` for tokens that were
   * passed in (`tokens.revoke()` revokes those), or what kept the token from being revoked.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    await closeSession({ client: this.#client, manager: this.#manager }, options, 'genesys.tokens.revoke() does that')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Outside the class: one that names itself is published under another name, `_GenesysCloud`. */
function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  options: GenesysCloudOptions,
): GenesysCloud {
  return new GenesysCloud(credentialsFromEnvironment(env), options)
}

type Api = Pick<JsonClientOptions, 'apiUrl' | 'errorFrom' | 'isTokenRejected'>

/** Where the API is, and where its tokens come from. */
function session(
  credentials: GenesysCredentials,
  client: ReturnType<typeof clientSettings>['client'],
): { api: Api; tokens: TokenSource; manager?: TokenManager } {
  const common = { errorFrom: genesysError, isTokenRejected: isGenesysTokenRejected }
  if ('tokens' in credentials) {
    const { tokens } = credentials
    const apiUrl = 'apiUrl' in credentials ? credentials.apiUrl : regionUrls(credentials.region).apiUrl
    return { tokens, api: { ...common, apiUrl } }
  }
  const { clientId, clientSecret } = credentials
  if (!('loginUrl' in credentials) && credentials.region === undefined) {
    const message = 'Say where the organization is: option `region`, or `loginUrl` and `apiUrl`.'
    throw new EverbearerError('invalid_option', message)
  }
  const { loginUrl, apiUrl } = 'loginUrl' in credentials ? credentials : regionUrls(credentials.region)
  const { dispatcher, clock } = client
  const api = { ...common, apiUrl }
  // Less than the manager gives it, so that what stands in the way is told; and not ended by what ends requests.
  const revocation = tokenRevocation({ ...client, ...api, signal: undefined }, CHECK_PATIENCE)
  const grant = genesysGrant({ loginUrl, clientId, clientSecret, dispatcher, revocation })
  const manager = new TokenManager(grant, { ...(clock && { clock }) })
  return { api, tokens: manager, manager }
}
