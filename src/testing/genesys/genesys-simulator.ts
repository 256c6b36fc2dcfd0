import type { Place } from '../platform/calendar.js'
import { FaultScript, type Purpose } from '../platform/faults.js'
import { Gateway, type TrafficCounts } from '../platform/gateway.js'
import { JobLedger } from '../platform/job-ledger.js'
import { LiveTokens } from '../platform/live-tokens.js'
import { invalid } from '../platform/option-checks.js'
import { ProtectedApi } from '../platform/protected-api.js'
import { AuthorizationServer, TOKEN_PATH } from './authorization-server.js'
import { ConversationFilters } from './conversation-filters.js'
import { ConversationSearch } from './conversation-search.js'
import { conversationCalendar } from './conversation-traits.js'
import { ConversationsById } from './conversations-by-id.js'
import { Conversations } from './conversations.js'
import type { DetailsJob } from './details-job.js'
import { DetailsJobs } from './details-jobs.js'
import { DetailsQuery } from './details-query.js'
import {
  GENESYS_FAULT_KINDS,
  type GenesysFault,
  type GenesysFaultKind,
  type GenesysSimulatorOptions,
  type ResolvedOptions,
  resolveOptions,
} from './options.js'
import { organizationOf } from './organization.js'
import { withAttributes } from './participant-attributes.js'
import type { Principal } from './principal.js'
import { REFUSALS } from './refusals.js'
import { RoutingEndpoint } from './routing-endpoint.js'
import { AUTHORIZE_PATH, SignInPage } from './sign-in-page.js'
import type { GenesysClientState } from './simulated-client.js'
import { TokensEndpoint } from './tokens-endpoint.js'
import { GenesysTruth } from './truth.js'
import { UsersEndpoint } from './users-endpoint.js'
import { UserSessions } from './user-sessions.js'
import { UsersSearch } from './users-search.js'
import { Users } from './users.js'

const PURPOSES: Readonly<Partial<Record<string, Purpose>>> = { [TOKEN_PATH]: 'token', [AUTHORIZE_PATH]: 'other' }

/** Members of Genesys' answers, of other types. */
const MISSHAPEN = { entities: 'none', conversations: 'none', totalHits: 'many', access_token: 42, token_type: [] }

/** What has reached a simulator so far, and what it answered. */
export interface GenesysSimulatorCounts extends TrafficCounts {
  /** Jobs that were accepted. */
  readonly jobsSubmitted: number
  /** Those of them that a DELETE ended before they were over. */
  readonly jobsCancelled: number
}

/**
 * Genesys Cloud and its authorization server, on one origin: a `fetch` with state. Users and conversations come from a
 * seed, so two simulators with the same options agree on them, and nothing is stored. It knows client credentials, users'
 * sign-ins by code (`/oauth/authorize`, with PKCE or the secret), refresh tokens and SAML 2.0 assertions; `GET /api/v2/users`, `/query`, `/{id}` and `/me`, `POST` and `GET /api/v2/users/search`; the conversation
 * details query and its jobs, one conversation's details by id, and several's; `GET /api/v2/routing/queues` and
 * `/wrapupcodes`; and `HEAD`, `GET` and `DELETE /api/v2/tokens/me`, `DELETE /api/v2/tokens/{userId}` and
 * `GET /api/v2/tokens/timeout`. What it does not model it refuses, and says so; it leaves nothing out of account in
 * silence.
 *
 * Tokens expire, are revoked, and die of idleness; each has its rate. A client lacks the permissions that are taken from
 * it, and a fault `{ kind: 'ip-not-authorized', times: Infinity }` is an address that the organization does not allow.
 *
 * Some of it is a guess, as no source says how Genesys does it: the default limits of jobs and how long these are kept, the
 * statuses of a `DELETE` (200) and of results that are not there (400), the code of a 405, and that requests which are
 * answered 404, 405 or 429 leave a token's idle timer alone; that `totalHits` is up to 3 off for an interval that reaches
 * into the last hour, never by so much that nothing is left, and exact for one that does not; that a filter's metric of a
 * conversation is the sum over its sessions, and its range of dates in milliseconds since the epoch; that a search of users
 * finds those who have left only by their `state`, compares without regard to letters' case, and has at most 100 on a page;
 * that 100 conversations at most are given by their ids; that a code lives for a minute, and
 * that a code or refresh token which comes twice ends its session.
 *
 * @throws EverbearerError `invalid_option`, naming the option.
 *
 * @example
 * ```js
 * import { GenesysSimulator } from 'everbearer/testing'
 *
 * const simulator = new GenesysSimulator({ tokenLifetime: 3 })
 * const answer = await simulator.fetch(new Request('https://genesys.test/api/v2/users'))
 * console.log(answer.status, (await answer.json()).code) // 401 authentication.required
 * console.log(simulator.truth.userIds().length) // 1000
 * ```
 */
export class GenesysSimulator {
  /** What a client that misses nothing must have read. */
  readonly truth: GenesysTruth
  readonly #options: ResolvedOptions
  readonly #tokens: LiveTokens<Principal>
  readonly #sessions: UserSessions
  readonly #users: Users
  readonly #authorizationServer: AuthorizationServer
  #user: string | undefined
  readonly #jobs = new JobLedger<DetailsJob>()
  readonly #faults: FaultScript<GenesysFaultKind>
  readonly #gateway: Gateway<GenesysFaultKind>

  constructor(options: GenesysSimulatorOptions = {}) {
    this.#options = resolveOptions(options)
    const { seed, clock, limits, faults } = this.#options
    const organization = organizationOf(seed)
    const users = new Users(seed, this.#options.users, organization)
    const calendar = conversationCalendar(seed, this.#options.conversationsPerDay)
    const search = new ConversationSearch(calendar)
    const conversations = new Conversations(seed, calendar, organization, (random) => {
      return users.idAt(random.between(0, Math.max(0, this.#options.users - 1)))
    })
    const render = (place: Place, at: number) => conversations.entity(place, at)
    const filters = new ConversationFilters(seed, organization, render)
    this.#tokens = new LiveTokens(clock, {
      requestsPerMinute: limits.requestsPerMinute,
      idleTimeout: this.#options.tokenIdleTimeout * 1_000,
    })
    this.#sessions = new UserSessions(clock, this.#tokens)
    this.#users = users
    const { user = this.#firstUser() } = this.#options
    this.setUser(user)
    this.#authorizationServer = new AuthorizationServer(this.#options, this.#tokens, this.#sessions, users)
    const endpoints = [
      new UsersSearch(users, this.#options),
      new UsersEndpoint(users, this.#options),
      new RoutingEndpoint(organization),
      new DetailsQuery(this.#options, search, filters, render),
      new DetailsJobs(this.#options, search, filters, this.#jobs, (place, at) =>
        withAttributes(seed, place, render(place, at)),
      ),
      new ConversationsById(this.#options, calendar, conversations),
      new TokensEndpoint(this.#tokens, this.#sessions, organization, users, this.#options),
    ]
    const api = new ProtectedApi<Principal>({
      tokens: this.#tokens,
      refusals: REFUSALS,
      endpoints,
      permissionsOf: ({ client, userId }) =>
        (userId === undefined ? client.permissions : undefined) ?? this.#options.permissions,
    })
    const signInPage = new SignInPage({
      clientOf: (clientId) => this.#authorizationServer.find(clientId),
      sessions: this.#sessions,
      user: () => this.#user,
    })
    this.#faults = new FaultScript(GENESYS_FAULT_KINDS, faults, clock)
    this.#gateway = new Gateway({
      seed,
      clock,
      latency: this.#options.latency,
      faults: this.#faults,
      faultLooks: { refusals: REFUSALS, deeds: this.#deeds(), misshapen: MISSHAPEN },
      purposeOf: (path) => PURPOSES[path] ?? 'api',
      response: (arrival, purpose) => {
        if (purpose === 'other') return signInPage.response(arrival.request, arrival.url)
        return purpose === 'token' ? this.#authorizationServer.response(arrival.request) : api.response(arrival)
      },
      idHeader: 'inin-correlation-id',
    })
    this.truth = new GenesysTruth(this.#options, users, search)
  }

  /** The OAuth client that exists from the start. */
  get clientId(): string {
    return this.#options.clientId
  }

  get clientSecret(): string {
    return this.#options.clientSecret
  }

  /** What has happened so far. */
  get counts(): GenesysSimulatorCounts {
    const { submitted: jobsSubmitted, cancelled: jobsCancelled } = this.#jobs
    return { ...this.#gateway.counts, tokensMinted: this.#authorizationServer.minted, jobsSubmitted, jobsCancelled }
  }

  /** Every access token that is alive dies. Refresh tokens live on: see {@link GenesysSimulator.endSessions}. */
  revokeTokens(): void {
    this.#tokens.revokeAll()
  }

  /** Every user must sign in again, as after a change of passwords: refresh tokens and users' tokens die. */
  endSessions(): void {
    this.#sessions.end()
  }

  /**
   * Who signs in from now on. Undefined: nobody does, and a sign-in ends with `access_denied`.
   *
   * @throws EverbearerError `invalid_option` when there is no such active user.
   */
  setUser(id: string | undefined): void {
    if (id !== undefined && !this.#users.heads.some((head) => head.id === id && head.state === 'active')) {
      throw invalid('user must be the id of an active user')
    }
    this.#user = id
  }

  /** Every job that is queued or pending is cancelled, as by somebody else. */
  cancelJobs(): void {
    this.#jobs.end('cancelled')
  }

  /** Every job that is queued or pending fails. */
  failJobs(): void {
    this.#jobs.end('failed')
  }

  /** The results of every fulfilled job expire. */
  expireJobs(): void {
    this.#jobs.expire()
  }

  /**
   * Enables or disables an OAuth client. A disabled one's tokens die, an inactive one's live on; neither gets new ones.
   *
   * @throws EverbearerError `invalid_option` when there is no such client.
   */
  setClientState(clientId: string, state: GenesysClientState): void {
    this.#authorizationServer.setClientState(clientId, state)
  }

  /**
   * Gives an OAuth client other permissions, from its next request on, with the token that it has.
   *
   * @throws EverbearerError `invalid_option` when there is no such client.
   */
  setPermissions(clientId: string, permissions: readonly string[]): void {
    this.#authorizationServer.setPermissions(clientId, permissions)
  }

  /**
   * Adds something that goes wrong. Its `at` counts requests from now on.
   *
   * @throws EverbearerError `invalid_option`, naming the member.
   */
  addFault(fault: GenesysFault): void {
    this.#faults.add(fault)
  }

  /**
   * Answers a request to any origin. `Response.error()` stands for a connection that was destroyed. Rejects only with
   * the reason of the request's own signal, while an answer is held back, and when an option's function fails.
   */
  fetch(request: Request): Promise<Response> {
    return this.#gateway.fetch(request)
  }

  #firstUser(): string | undefined {
    return this.#users.heads.find(({ state }) => state === 'active')?.id
  }

  #deeds() {
    return {
      revoked: () => this.revokeTokens(),
      'job-failed': () => this.failJobs(),
      'job-expired': () => this.expireJobs(),
    }
  }
}
