import { FaultScript } from '../platform/faults.js'
import { Gateway, type TrafficCounts } from '../platform/gateway.js'
import { ProtectedApi } from '../platform/protected-api.js'
import { answerOrRefusal, type Arrival } from '../platform/refusal.js'
import { routedPath } from './acd-path.js'
import { AgentsEndpoint } from './agents-endpoint.js'
import { Agents } from './agents.js'
import { AuthorizationServer } from './authorization-server.js'
import { ContactSearch } from './contact-search.js'
import { contactCalendar } from './contact-traits.js'
import { ContactsEndpoint } from './contacts-endpoint.js'
import { Contacts } from './contacts.js'
import { Discovery, DISCOVERY } from './discovery.js'
import {
  CXONE_FAULT_KINDS,
  resolveOptions,
  type CxoneFault,
  type CxoneFaultKind,
  type CxoneSimulatorOptions,
  type ResolvedOptions,
} from './options.js'
import { REFUSALS } from './refusals.js'
import { Sessions, type Owner } from './sessions.js'
import { TOKEN_PATHS } from './token-paths.js'
import { CxoneTruth } from './truth.js'
import { UserHub } from './user-hub.js'
import { Users } from './users.js'

/** Members of CXone's answers, of other types. */
const MISSHAPEN = {
  ...{ agents: 'none', completedContacts: 'none', contacts: 'none', users: 'none', jobs: 'none', totalRecords: 'many' },
  ...{ access_token: 42, token: 42, token_type: [], token_endpoint: 42, api_endpoint: 42 },
}

/** What has reached a simulator so far, and what it answered. */
export interface CxoneSimulatorCounts extends TrafficCounts {
  /** Requests for a discovery document, refused ones included. */
  readonly discoveryRequests: number
  /** Those of the tokens handed out that an access key brought. */
  readonly signIns: number
  /** Those that a refresh token brought. */
  readonly refreshes: number
}

/**
 * NICE CXone and its authorization server, on one origin: a `fetch` with state. Agents and contacts come from a seed, so two
 * simulators with the same options agree on them, and nothing is stored. It knows the discovery documents, the password grant
 * and refresh at `/auth/token`, the access-key endpoint and its refresh, and of the ACD APIs, in every version, `/agents`,
 * `/agents/{id}`, `/contacts/completed`, `/contacts/active` and `/contacts/{id}`; and of the UserHub the search of users,
 * their list, and one user. What it does not model it refuses, and says so; it leaves nothing out of account in silence.
 *
 * Some of it is a guess, as no source says how CXone does it:
 *
 * - how long refresh tokens live, whether a refresh ends the old one, and that one is good only where its kind was had
 * - statuses and words of what is refused, but for the 400s of `/auth/token`: 401 by the access-key endpoint and its refresh,
 *   406 by the ACD without `Accept: application/json`
 * - that a `top` above the maximum brings the maximum, and that a name in `fields` or a parameter that is not known is a 400
 * - that a listing of agents has the inactive ones too, and that `searchString` looks at names alone
 * - that one agent or contact is answered as a row, and active contacts are as `/contacts` lists them
 * - that a contact is completed, and updated for the last time, when it has ended; by which of its dates it is found
 *   (`contactDate`) and whether `endDate` is included (`endDateIncluded`); that `tags` decides whether rows have theirs; and
 *   that beyond `contactRows` there is an empty answer
 * - that a search of users finds the deleted ones too, by a filter of fields and values, and brings the `fields` alone
 *
 * @throws EverbearerError `invalid_option`, naming the option.
 *
 * @example
 * ```js
 * import { CxoneSimulator } from 'everbearer/testing'
 *
 * const simulator = new CxoneSimulator({ agents: 20, tokenLifetime: 3 })
 * const answer = await simulator.fetch(new Request('https://cxone.test/.well-known/openid-configuration'))
 * console.log((await answer.json()).token_endpoint) // https://cxone.test/auth/token
 * console.log(simulator.truth.agentIds().length) // 21
 * ```
 */
export class CxoneSimulator {
  /** What a client that misses nothing must have read. */
  readonly truth: CxoneTruth
  readonly #options: ResolvedOptions
  readonly #sessions: Sessions
  readonly #faults: FaultScript<CxoneFaultKind>
  readonly #gateway: Gateway<CxoneFaultKind>

  constructor(options: CxoneSimulatorOptions = {}) {
    this.#options = resolveOptions(options)
    const { seed, clock, latency, faults, versions } = this.#options
    const agents = new Agents(seed, this.#options.agents)
    const users = new Users(seed, agents)
    const calendar = contactCalendar(seed, this.#options.contactsPerDay)
    const search = new ContactSearch(calendar)
    const contacts = new Contacts(seed, calendar, (random) => {
      return agents.heads[random.between(0, Math.max(0, this.#options.agents - 1))]
    })
    this.#sessions = new Sessions(this.#options)
    const authorizationServer = new AuthorizationServer(this.#options, this.#sessions)
    const discovery = new Discovery(this.#options)
    const api = new ProtectedApi<Owner>({
      tokens: this.#sessions.access,
      // NICE is said to give no Retry-After with these.
      refusals: { ...REFUSALS, tooManyRequests: () => REFUSALS.tooManyRequests() },
      endpoints: [
        new AgentsEndpoint(agents, this.#options),
        new ContactsEndpoint(this.#options, calendar, search, contacts),
        new UserHub(users, this.#options),
      ],
      pathOf: ({ pathname }) => routedPath(pathname, versions),
    })
    this.#faults = new FaultScript(CXONE_FAULT_KINDS, faults, clock)
    this.#gateway = new Gateway({
      seed,
      clock,
      latency,
      faults: this.#faults,
      faultLooks: { refusals: REFUSALS, deeds: this.#deeds(), misshapen: MISSHAPEN },
      purposeOf: (path) => {
        if (TOKEN_PATHS.includes(path)) return 'token'
        return path.startsWith(DISCOVERY) ? 'other' : 'api'
      },
      answer: (arrival, purpose) => {
        if (purpose === 'token') return authorizationServer.answer(arrival)
        return purpose === 'other' ? discovery.answer(arrival) : this.#answer(arrival, api)
      },
    })
    this.truth = new CxoneTruth(this.#options, agents, users, search)
  }

  get accessKeyId(): string {
    return this.#options.accessKeyId
  }

  get accessKeySecret(): string {
    return this.#options.accessKeySecret
  }

  get clientId(): string {
    return this.#options.clientId
  }

  get clientSecret(): string {
    return this.#options.clientSecret
  }

  get tenantId(): string {
    return this.#options.tenantId
  }

  /** What has happened so far. */
  get counts(): CxoneSimulatorCounts {
    const { signIns, refreshes } = this.#sessions
    const { counts, otherRequests } = this.#gateway
    return { ...counts, tokensMinted: signIns + refreshes, signIns, refreshes, discoveryRequests: otherRequests }
  }

  /** Every access token that is alive dies. */
  revokeTokens(): void {
    this.#sessions.access.revokeAll()
  }

  /** Every refresh token that is alive dies. */
  revokeRefreshTokens(): void {
    this.#sessions.revokeRefreshTokens()
  }

  /**
   * Adds something that goes wrong. Its `at` counts requests from now on.
   *
   * @throws EverbearerError `invalid_option`, naming the member.
   */
  addFault(fault: CxoneFault): void {
    this.#faults.add(fault)
  }

  /**
   * Answers a request to any origin; what it answers names that origin. `Response.error()` stands for a connection that was
   * destroyed. Rejects only with the reason of the request's own signal, while an answer is held back, and when an option's
   * function fails.
   */
  fetch(request: Request): Promise<Response> {
    return this.#gateway.fetch(request)
  }

  async #answer(arrival: Arrival, api: ProtectedApi<Owner>): Promise<Response> {
    const answer = await answerOrRefusal(arrival, () => api.answer(arrival))
    if (!this.#options.reasonOnlyInHeader || answer.status !== 400) return answer
    const reason = answer.headers.get('icstatusdescription')
    return reason === null ? answer : new Response(null, { status: 400, headers: { icstatusdescription: reason } })
  }

  #deeds() {
    return {
      revoked: () => this.revokeTokens(),
      'refresh-dead': () => this.revokeRefreshTokens(),
    }
  }
}
