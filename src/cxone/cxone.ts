import type { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import { knownOptions } from '../base/options.js'
import type { OptionNames, Overrides } from '../base/options.js'
import type { Iteration } from '../paging/iteration.js'
import { JsonClient } from '../client/json-client.js'
import type { JsonClientOptions } from '../client/json-client.js'
import { requestAny } from '../platform/any-endpoint.js'
import type { HttpMethod, RequestOptions } from '../platform/any-endpoint.js'
import { CLIENT_OPTIONS, clientSettings } from '../platform/client-options.js'
import type { EndpointClientOptions } from '../platform/client-options.js'
import { anyListing } from '../platform/listing.js'
import type { PagesOptions } from '../platform/listing.js'
import { closeSession } from '../platform/session.js'
import { closeSettings } from '../token/manager-options.js'
import type { CloseOptions } from '../token/manager-options.js'
import { TokenManager } from '../token/token-manager.js'
import { Agents } from './agents.js'
import { parseApiDomains } from './api-domains.js'
import { apiLocation } from './api-location.js'
import type { ApiLocation } from './api-location.js'
import { Contacts } from './contacts.js'
import { CREDENTIALS } from './credentials.js'
import type { CxoneCredentials } from './credentials.js'
import { cxoneError } from './cxone-error.js'
import { cxoneGrant } from './cxone-grant.js'
import { DataExtraction } from './data-extraction.js'
import { credentialsFromEnvironment } from './environment.js'
import { cxoneLimits } from './limits.js'
import type { CxoneLimits } from './limits.js'
import { cxoneListing } from './listing.js'
import { ReportingJobs } from './reporting-jobs.js'
import type { CxoneSession } from './session.js'
import { Users } from './users.js'
import { verifyCxone } from './verify.js'
import type { VerifyCheck, VerifyOptions } from './verify.js'
import { cxoneVersions } from './versions.js'
import type { CxoneVersions } from './versions.js'

/** How a {@link Cxone} works. */
export interface CxoneOptions extends EndpointClientOptions {
  /** A tenant's own limits, where they differ from what is known of NICE's. */
  limits?: Overrides<CxoneLimits> | undefined
  /** Versions of NICE's APIs, where others are to be asked. */
  versions?: Overrides<CxoneVersions> | undefined
}

const NAMES: OptionNames<CxoneOptions> = { ...CLIENT_OPTIONS, limits: true, versions: true }

/**
 * One NICE CXone tenant: a session that renews itself, and its endpoints. An access key signs in, its refresh token renews
 * the token, and when that has died the access key signs in anew; the issuer says where the tenant's API is. Every request
 * is paced, and tried again where that is safe; what cannot be helped is a typed error with NICE's words and what to check
 * first. It does no I/O before the first call.
 *
 * Throws {@link EverbearerError} `invalid_option`, `invalid_origin`, `insecure_url`, or from `fromEnv`
 * `missing_environment`.
 *
 * @example
 * ```js
 * import { Cxone } from 'everbearer/cxone'
 *
 * const cxone = new Cxone({ accessKeyId: 'key', accessKeySecret: 's====', clientId: 'id', clientSecret: 's====' })
 * await cxone.close()
 * ```
 */
export class Cxone implements AsyncDisposable {
  readonly agents: Agents
  readonly contacts: Contacts
  readonly dataExtraction: DataExtraction
  readonly reportingJobs: ReportingJobs
  readonly users: Users
  /** The manager that was made here, and so is closed here. */
  readonly #manager: TokenManager | undefined
  readonly #location: ApiLocation | undefined
  readonly #session: CxoneSession

  /**
   * With the client of an application it signs in at the issuer (`POST {issuer}/auth/token`); without one at the area
   * (`POST https://{area}.nice-incontact.com/authentication/v1/token/access-key`). Where the API is says the issuer
   * (`GET {issuer}/.well-known/cxone-configuration`), unless `apiUrl` does. Token requests stay on HTTP/1.1.
   */
  constructor(credentials: CxoneCredentials, options: CxoneOptions = {}) {
    const { limits, versions, ...own } = knownOptions(options, 'Cxone', NAMES)
    const { validate, client } = clientSettings(own)
    const { apiUrl, tokens, manager, location } = access(knownOptions(credentials, 'Cxone', CREDENTIALS), client)
    this.#manager = manager
    this.#location = location
    const session: CxoneSession = {
      client: new JsonClient({ ...client, apiUrl, tokens, errorFrom: cxoneError }),
      validate,
      limits: cxoneLimits(limits),
      versions: cxoneVersions(versions),
      dispatcher: client.dispatcher,
    }
    this.#session = session
    this.agents = new Agents(session)
    this.contacts = new Contacts(session)
    this.dataExtraction = new DataExtraction(session)
    this.reportingJobs = new ReportingJobs(session)
    this.users = new Users(session)
  }

  /**
   * With credentials from the environment: `CXONE_ACCESS_KEY_ID` and `CXONE_ACCESS_KEY_SECRET`, with `CXONE_CLIENT_ID` and
   * `CXONE_CLIENT_SECRET`, or without a client with `CXONE_AREA` or `CXONE_ACCESS_KEY_ENDPOINT`; and `CXONE_ISSUER`, where
   * it is not `https://cxone.niceincontact.com`. `CXONE_ENDPOINT_ORIGINS` and `CXONE_API_DOMAINS` are lists, with commas or spaces.
   */
  static fromEnv(options: CxoneOptions = {}, env: Readonly<Record<string, string | undefined>> = process.env): Cxone {
    return fromEnvironment(env, options)
  }

  /**
   * What works and what does not: a list of checks, each with a hint that says what went wrong and what to check first.
   * They tell a wrong access key, a wrong client, a wrong issuer or area, an unknown tenant and missing rights apart.
   *
   * First `token`, then `configuration`, whether it is known where the API is, then a small request to each area:
   * of `areas`. What needs something that failed is not tried. Each is tried for 5 s (of `patience`) at most, waits for a
   * rate limit apart.
   *
   * Whatever NICE answers, it resolves: `checks.every(({ ok }) => ok)` when all is well. Throws only
   * {@link EverbearerError} `invalid_option`, {@link TokenError} `closed`, or the reason of an abort.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * console.table(await cxone.verify())
   * await cxone.close()
   * ```
   */
  verify(options: VerifyOptions = {}): Promise<VerifyCheck[]> {
    return verifyCxone(this.#session, options)
  }

  /**
   * One request to any endpoint of NICE CXone's API: the same token, pace, retries and errors as all others. Answers with
   * the JSON as it came (a member may be `null`), undefined for an empty answer or a 204, and with what `schema` makes of it
   * where there is one. Needs what the endpoint needs. The path begins where the `api_endpoint` ends, and has the version.
   *
   * A request that must not be sent twice, a POST or PATCH, is sent once: say `idempotent: true` for a POST that only
   * reads. The path may be a link that the API answered with; it is of this API, or nothing is sent.
   *
   * Throws {@link EverbearerError} `invalid_option` or `unsafe_link` before anything is sent to the API; {@link ApiError},
   * {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   * import * as z from 'zod'
   *
   * const cxone = Cxone.fromEnv()
   * const schema = z.object({ totalRecords: z.number() })
   * const query = { isActive: true, top: 1 }
   * const { totalRecords } = await cxone.request('GET', '/incontactapi/services/v34.0/agents', { query, schema })
   * console.log(totalRecords)
   * await cxone.close()
   * ```
   */
  request<Output = unknown>(method: HttpMethod, path: string, options: RequestOptions<Output> = {}): Promise<Output> {
    return requestAny(this.#session.client, method, path, options)
  }

  /**
   * All rows of any listing, page by page: each skips the rows that came before it (`skip`, and with `pageSize` `top`),
   * until an empty page or a 204. The rows are the only list of an answer, or what `rows` names. Each comes once, by its
   * `id` or what `rowId` names. Needs what the endpoint needs.
   *
   * Rows are what the API sent (a member may be `null`), or what `schema` makes of each. An endpoint that knows no `skip` is
   * read when `totalRecords` or `_links` say that its first answer is all there is; else it is an error, and for
   * {@link Cxone.request}. Throws {@link EverbearerError} `invalid_option`, `invalid_checkpoint` or `unsafe_link`; while
   * iterating {@link ApiError}, {@link TokenError} or {@link SchemaError} (also for an answer without rows), each with the
   * checkpoint to go on from.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * const agents = cxone.pages('/incontactapi/services/v34.0/agents', { rowId: 'agentId', pageSize: 100 })
   * for await (const agent of agents) {
   *   console.log(agent.userName) // in TypeScript unknown, without a `schema`
   *   const checkpoint = agents.checkpoint()
   * }
   * await cxone.close()
   * ```
   */
  pages<Row = unknown>(path: string, options: PagesOptions<Row> = {}): Iteration<Row> {
    return anyListing(this.#session.client, cxoneListing, path, options)
  }

  /**
   * Ends all requests with `closed`, those under way and those that wait, and closes the token manager, see
   * {@link TokenManager.close}. Tokens that were passed in are somebody else's: they stay as they are, and so does all that
   * uses them.
   *
   * Throws {@link EverbearerError} `invalid_option`, {@link TokenError} `revocation_unsupported` with `revoke`: no way is
   * known to revoke a token of NICE's. What was made here is closed all the same.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { client } = this.#session
    const settings = closeSettings(options)
    this.#location?.close()
    await closeSession({ client, manager: this.#manager }, settings, 'whoever made them has to')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Outside the class: one that names itself is published under another name, `_Cxone`. */
function fromEnvironment(env: Readonly<Record<string, string | undefined>>, options: CxoneOptions): Cxone {
  return new Cxone(credentialsFromEnvironment(env), options)
}

/** Where the API is, and where its tokens come from. */
function access(
  credentials: CxoneCredentials,
  { dispatcher, clock }: ReturnType<typeof clientSettings>['client'],
): Pick<JsonClientOptions, 'apiUrl' | 'tokens'> & { manager?: TokenManager; location?: ApiLocation } {
  if ('tokens' in credentials) return { tokens: credentials.tokens, apiUrl: credentials.apiUrl }
  const grant = cxoneGrant(credentials, dispatcher)
  const manager = new TokenManager(grant, { ...(clock && { clock }) })
  const { apiUrl } = credentials
  const domains = parseApiDomains(credentials.apiDomains)
  if (apiUrl !== undefined) return { tokens: manager, apiUrl, manager }
  const location = apiLocation({ tokens: manager, grant, domains, dispatcher, clock })
  return { tokens: manager, apiUrl: () => location.find(), manager, location }
}
