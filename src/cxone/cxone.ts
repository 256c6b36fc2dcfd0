import { knownOptions, ownOptions } from '../base/options.js'
import type { Iteration } from '../http/iteration.js'
import { JsonClient } from '../http/json-client.js'
import type { JsonClientOptions } from '../http/json-client.js'
import { requestAny } from '../platform/any-endpoint.js'
import type { HttpMethod, RequestOptions } from '../platform/any-endpoint.js'
import { CLIENT_OPTIONS, clientSettings } from '../platform/client-options.js'
import type { EndpointClientOptions } from '../platform/client-options.js'
import { anyListing } from '../platform/listing.js'
import type { PagesOptions } from '../platform/listing.js'
import { closeSession } from '../platform/session.js'
import type { CloseOptions } from '../token/manager-options.js'
import type { TokenManager } from '../token/token-manager.js'
import type { TokenSource } from '../token/token-source.js'
import { Agents } from './agents.js'
import { Contacts } from './contacts.js'
import { cxoneError } from './cxone-error.js'
import { cxoneLimits } from './limits.js'
import type { CxoneLimits } from './limits.js'
import { cxoneListing } from './listing.js'
import type { CxoneSession } from './session.js'
import { Users } from './users.js'
import { cxoneVersions } from './versions.js'
import type { CxoneVersions } from './versions.js'

/** How a {@link Cxone} works. */
export interface CxoneOptions extends EndpointClientOptions {
  /** A tenant's own limits, where they differ from what is known of NICE's. */
  limits?: Partial<CxoneLimits>
  /** Versions of NICE's APIs, where others are to be asked. */
  versions?: Partial<CxoneVersions>
}

export class Cxone implements AsyncDisposable {
  readonly agents: Agents
  readonly contacts: Contacts
  readonly users: Users
  /** The manager that was made here, and so is closed here. */
  readonly #manager: TokenManager | undefined
  readonly #client: JsonClient

  constructor(credentials: { tokens: TokenSource; apiUrl: string }, options: CxoneOptions = {}) {
    const names = { ...CLIENT_OPTIONS, limits: true, versions: true }
    const { limits, versions, ...own } = knownOptions(options, 'Cxone', names)
    const { validate, client } = clientSettings(own)
    const { api, tokens, manager } = access(ownOptions(credentials, 'Cxone'))
    this.#manager = manager
    this.#client = new JsonClient({ ...client, ...api, tokens })
    const session: CxoneSession = {
      client: this.#client,
      validate,
      limits: cxoneLimits(limits),
      versions: cxoneVersions(versions),
      dispatcher: client.dispatcher,
    }
    this.agents = new Agents(session)
    this.contacts = new Contacts(session)
    this.users = new Users(session)
  }

  request<Output = unknown>(method: HttpMethod, path: string, options: RequestOptions<Output> = {}): Promise<Output> {
    return requestAny(this.#client, method, path, options)
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
    return anyListing(this.#client, cxoneListing, path, options)
  }

  async close(options: CloseOptions = {}): Promise<void> {
    await closeSession({ client: this.#client, manager: this.#manager }, options, 'whoever made them has to')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

type Api = Pick<JsonClientOptions, 'apiUrl' | 'errorFrom'>

/** Where the API is, and where its tokens come from. */
function access(credentials: { tokens: TokenSource; apiUrl: string }): {
  api: Api
  tokens: TokenSource
  manager?: TokenManager
} {
  const { tokens, apiUrl } = credentials
  return { tokens, api: { apiUrl, errorFrom: cxoneError } }
}
