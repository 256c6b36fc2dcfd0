import { FaultScript } from '../platform/faults.js'
import { Gateway, type TrafficCounts } from '../platform/gateway.js'
import { JobLedger } from '../platform/job-ledger.js'
import { ProtectedApi } from '../platform/protected-api.js'
import { responseOrRefusal, type Arrival } from '../platform/refusal.js'
import { routedPath } from './acd-path.js'
import { AgentsEndpoint } from './agents-endpoint.js'
import { Agents } from './agents.js'
import { AuthorizationServer } from './authorization-server.js'
import { ContactSearch } from './contact-search.js'
import { contactCalendar } from './contact-traits.js'
import { ContactsEndpoint } from './contacts-endpoint.js'
import { Contacts } from './contacts.js'
import { DataExtraction } from './data-extraction.js'
import { Discovery, DISCOVERY } from './discovery.js'
import { ExtractionTables } from './extraction-tables.js'
import {
  CXONE_FAULT_KINDS,
  resolveOptions,
  type CxoneFault,
  type CxoneFaultKind,
  type CxoneSimulatorOptions,
  type ResolvedOptions,
} from './options.js'
import { REFUSALS } from './refusals.js'
import { ReportingJobs } from './reporting-jobs.js'
import { ResultHost, type ResultCounts } from './result-host.js'
import { Sessions, type Owner } from './sessions.js'
import { SignedLinks } from './signed-links.js'
import type { TableJob } from './table-job.js'
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
  /** Jobs of the Data Extraction API and reporting jobs that were accepted. */
  readonly jobsSubmitted: number
}

/**
 * NICE CXone and its authorization server, on one origin: a `fetch` with state. Agents and contacts come from a seed, so two
 * simulators with the same options agree on them, and nothing is stored. It knows the discovery documents, the password grant
 * and refresh at `/auth/token`, the access-key endpoint and its refresh, and of the ACD APIs, in every version, `/agents`,
 * `/agents/{id}`, `/contacts/completed`, `/contacts/active` and `/contacts/{id}`; and of the UserHub the search of users,
 * their list, and one user; and the jobs of the Data Extraction API and of reports, whose files lie at an origin of their own.
 * What it does not model it refuses, and says so; it leaves nothing out of account in silence.
 *
 * Some of it is a guess, as no source says how CXone does it:
 *
 * - how long refresh tokens live, whether a refresh ends the old one, and that one is good only where its kind was had
 * - statuses and words of what is refused, but for the 400s of `/auth/token`: 401 by the access-key endpoint and its refresh,
 *   406 by the ACD for an Accept that has no place for JSON, or none at all
 * - that a `top` above the maximum brings the maximum, and that a name in `fields` or a parameter that is not known is a 400
 * - that a listing of agents has the inactive ones too, and that `searchString` looks at names alone
 * - that one agent or contact is answered as a row, and active contacts are as `/contacts` lists them
 * - that a contact is completed, and updated for the last time, when it has ended; by which of its dates it is found
 *   (`contactDate`) and whether `endDate` is included (`endDateIncluded`); that `tags` decides whether rows have theirs; and
 *   that beyond `contactRows` there is an empty answer
 * - that a search of users finds the deleted ones too, by a filter of fields and values, and brings the `fields` alone
 * - what can be extracted: `contacts` and `contact-tags`, version 1, of the contacts that started from `startDate` to `endDate`,
 *   both days included; that a job beside one that is running is refused with 400, and a call too soon after the last with 429;
 *   how long a job is kept
 * - of reporting jobs everything but `state` and `resultFileURL`: every report is the contacts of the day before
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
  readonly #links: SignedLinks
  readonly #results: ResultHost
  readonly #extractionJobs = new JobLedger<TableJob>()
  readonly #reportingJobs = new JobLedger<TableJob>()

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
    const tables = new ExtractionTables(search, contacts)
    this.#links = new SignedLinks(this.#options)
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
        new DataExtraction(this.#options, tables, this.#extractionJobs, this.#links),
        new ReportingJobs(this.#options, tables, this.#reportingJobs, this.#links),
      ],
      pathOf: ({ pathname }) => routedPath(pathname, versions),
    })
    this.#faults = new FaultScript(CXONE_FAULT_KINDS, faults, clock)
    const faultLooks = { refusals: REFUSALS, deeds: this.#deeds(), misshapen: MISSHAPEN }
    this.#results = new ResultHost(this.#options, this.#links, this.#faults, faultLooks)
    this.#gateway = new Gateway({
      seed,
      clock,
      latency,
      faults: this.#faults,
      faultLooks,
      purposeOf: (path) => {
        if (TOKEN_PATHS.includes(path)) return 'token'
        return path.startsWith(DISCOVERY) ? 'other' : 'api'
      },
      response: (arrival, purpose) => {
        if (purpose === 'token') return authorizationServer.response(arrival)
        return purpose === 'other' ? discovery.response(arrival) : this.#response(arrival, api)
      },
    })
    this.truth = new CxoneTruth(this.#options, agents, users, search, tables)
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
    return {
      ...counts,
      tokensMinted: signIns + refreshes,
      signIns,
      refreshes,
      discoveryRequests: otherRequests,
      jobsSubmitted: this.#extractionJobs.submitted + this.#reportingJobs.submitted,
    }
  }

  /** Where files with results are. */
  get resultOrigin(): string {
    return this.#options.resultOrigin
  }

  /** What has happened so far where results are; none of it is in {@link CxoneSimulator.counts}. */
  get resultCounts(): ResultCounts {
    return this.#results.counts
  }

  /** Every access token that is alive dies. */
  revokeTokens(): void {
    this.#sessions.access.revokeAll()
  }

  /** Every refresh token that is alive dies. */
  revokeRefreshTokens(): void {
    this.#sessions.revokeRefreshTokens()
  }

  /** Every job that is running fails. */
  failJobs(): void {
    this.#extractionJobs.end('failed')
    this.#reportingJobs.end('failed')
  }

  /** Every job that is running is cancelled, as by somebody else. */
  cancelJobs(): void {
    this.#extractionJobs.end('cancelled')
    this.#reportingJobs.end('cancelled')
  }

  /** Every job that has succeeded expires, and its file is gone. */
  expireJobs(): void {
    this.#extractionJobs.expire()
    this.#reportingJobs.expire()
  }

  /** Every address of a result that was given out so far is dead. */
  expireResults(): void {
    this.#links.expire()
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
   * Answers a request to any origin; what it answers names that origin. At {@link CxoneSimulator.resultOrigin} it is
   * {@link CxoneSimulator.fetchResult}. `Response.error()` stands for a connection that was destroyed. Rejects only with the
   * reason of the request's own signal, while an answer is held back, and when an option's function fails.
   */
  fetch(request: Request): Promise<Response> {
    const isResult = new URL(request.url).origin === this.#options.resultOrigin
    return isResult ? this.fetchResult(request) : this.#gateway.fetch(request)
  }

  /** Answers a request to the host of results, whatever its origin, as {@link CxoneSimulator.fetch} does for the others. */
  fetchResult(request: Request): Promise<Response> {
    return this.#results.fetch(request)
  }

  async #response(arrival: Arrival, api: ProtectedApi<Owner>): Promise<Response> {
    const response = await responseOrRefusal(arrival, () => api.response(arrival))
    if (!this.#options.reasonOnlyInHeader || response.status !== 400) return response
    const reason = response.headers.get('icstatusdescription')
    return reason === null ? response : new Response(null, { status: 400, headers: { icstatusdescription: reason } })
  }

  #deeds() {
    return {
      revoked: () => this.revokeTokens(),
      'refresh-dead': () => this.revokeRefreshTokens(),
      'job-failed': () => this.failJobs(),
      'job-expired': () => this.expireJobs(),
      'result-expired': () => this.expireResults(),
    }
  }
}
