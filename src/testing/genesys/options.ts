import { systemClock, type Clock } from '../../base/clock.js'
import { checkClock, ownOptions } from '../../base/options.js'
import type { SimulatedClient } from './access-tokens.js'
import type { Fault } from './faults.js'
import { DAY } from './interval.js'
import { invalid, objectList, range, stringList, text, wholeNumber } from './option-checks.js'

/** What the simulated platform allows. Genesys publishes some of these and changes them; hence settings. */
export interface SimulatorLimits {
  /** API requests in a fixed window of a minute, for each token; then 429. Default 300. */
  requestsPerMinute: number
  /** Token requests in a fixed window of a minute, for each client; then 400 "rate limit exceeded". Default: no limit. */
  tokenRequestsPerMinute: number
  /** Bytes of a request's body; then 413. Default 512,000. */
  requestBytes: number
  /** Users on a page; then 400. Default 500. */
  userPageSize: number
  /** Users on a page of a search; then 400. Default 100. */
  userSearchPageSize: number
  /** Conversations on a page of the details query; then 400. Default 100. */
  conversationPageSize: number
  /** Rows that a details query can be paged through; a page that ends later is answered 400. Default 100,000. */
  queryRows: number
  /** Days that the interval of a details query without a filter may span. Default 7. */
  queryDays: number
  /** The same with a filter. Default 31. */
  filteredQueryDays: number
  /** Days that the interval of a job may span. Default: no limit, as what Genesys allows is not known. */
  jobDays: number
  /** Conversations on a page of a job's results; then 400. Default 10,000. */
  jobPageSize: number
  /** Jobs submitted in a fixed window of a second; then 429. Default: no limit, as what Genesys allows is not known. */
  jobsPerSecond: number
  /** Jobs that are queued or pending at a time; then 429. Default: no limit, as what Genesys allows is not known. */
  jobsAtOnce: number
}

/** What a {@link GenesysSimulator} is like. Everything has a default. */
export interface SimulatorOptions {
  /** Decides every user and conversation: a whole number of 32 bits. Default 1. */
  seed?: number
  /** How many active users there are. Some inactive and deleted ones are added to them. Default 1,000. */
  users?: number
  /** How many conversations start on a UTC day; a function is given its midnight. Default 1,000. */
  conversationsPerDay?: number | ((day: Date) => number)
  /** The id of the OAuth client that exists from the start. */
  clientId?: string
  clientSecret?: string
  /** Further OAuth clients. */
  clients?: readonly SimulatedClient[]
  /** How long tokens live, in seconds as on the wire, from 1. Default 86,400. */
  tokenLifetime?: number
  /** Milliseconds that a job takes. Default 3,000. */
  jobDuration?: number
  /** Milliseconds that a job's results can be read; for as long again it is told to have expired. Default: 7 days, a guess. */
  jobLifetime?: number
  /** Milliseconds that the data which jobs read are behind. Default: 4 hours. */
  dataDelay?: number
  /** Seconds that a token may go unused before it dies, from 1. Default: as long as it lives. */
  tokenIdleTimeout?: number
  /** What the role of the clients permits, such as `directory:user:view`. Default: all that the simulated endpoints ask for. */
  permissions?: readonly string[]
  /** Milliseconds before each answer. Default 0. */
  latency?: number
  limits?: Partial<SimulatorLimits>
  /** What goes wrong, and when. Default: nothing. */
  faults?: readonly Fault[]
  /**
   * Decides when tokens expire, how long delays and jobs take, and what is in progress: with a `FakeClock` these wait for
   * its `advance`. Default: the machine's clock.
   */
  clock?: Clock
  /** The moment at which the organization's data stand still. Default: they move on with `clock`. */
  now?: Date
}

const DEFAULT_LIMITS: SimulatorLimits = {
  requestsPerMinute: 300,
  tokenRequestsPerMinute: Infinity,
  requestBytes: 512_000,
  userPageSize: 500,
  userSearchPageSize: 100,
  conversationPageSize: 100,
  queryRows: 100_000,
  queryDays: 7,
  filteredQueryDays: 31,
  jobDays: Infinity,
  jobPageSize: 10_000,
  jobsPerSecond: Infinity,
  jobsAtOnce: Infinity,
}

const DEFAULTS = {
  seed: 1,
  users: 1_000,
  conversationsPerDay: 1_000 as number | ((day: Date) => number),
  clientId: '5d1e7a52-9c1b-4f0e-8a3d-2b6c4e8f1a07',
  clientSecret: 'simulated-client-secret',
  clients: [] as readonly SimulatedClient[],
  tokenLifetime: 86_400,
  jobDuration: 3_000,
  jobLifetime: 7 * DAY,
  dataDelay: 4 * 3_600_000,
  tokenIdleTimeout: Infinity,
  permissions: undefined as readonly string[] | undefined,
  latency: 0,
  faults: [] as readonly Fault[],
}

/** Every option with its value. */
export interface ResolvedOptions extends Readonly<typeof DEFAULTS> {
  readonly limits: Readonly<SimulatorLimits>
  readonly clock: Clock
  /** What time it is in the organization. */
  readonly now: () => number
}

/** Fills in the defaults. Throws `invalid_option` for a value out of range and for a name that is not an option. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { clock = systemClock, now, limits = {}, ...rest } = ownOptions(options, 'GenesysSimulator')
  const given = ownOptions(limits, 'limits')
  checkClock(clock)
  refuseUnknown('option', rest, DEFAULTS)
  refuseUnknown('limit', given, DEFAULT_LIMITS)
  const resolved = { ...DEFAULTS, ...defined(rest), limits: { ...DEFAULT_LIMITS, ...defined(given) } }

  wholeNumber('seed', resolved.seed, 0, 2 ** 32 - 1)
  wholeNumber('users', resolved.users, 0, 1_000_000)
  if (typeof resolved.conversationsPerDay !== 'function') {
    wholeNumber('conversationsPerDay', resolved.conversationsPerDay, 0, 10_000_000)
  }
  range('tokenLifetime', resolved.tokenLifetime, 1, 450 * 86_400)
  range('tokenIdleTimeout', resolved.tokenIdleTimeout, 1, Infinity)
  if (resolved.permissions !== undefined) stringList('permissions', resolved.permissions)
  range('latency', resolved.latency, 0, 2 ** 31 - 1)
  range('jobDuration', resolved.jobDuration, 0, 365 * DAY)
  range('jobLifetime', resolved.jobLifetime, 1, 365 * DAY)
  range('dataDelay', resolved.dataDelay, 0, 365 * DAY)
  for (const [name, value] of Object.entries(resolved.limits)) range(`limits.${name}`, value, 1, Infinity)
  text('clientId', resolved.clientId)
  text('clientSecret', resolved.clientSecret)
  objectList('clients', resolved.clients)
  objectList('faults', resolved.faults)
  if (now !== undefined && !(now instanceof Date && Number.isFinite(now.getTime())))
    throw invalid('now must be a valid Date')
  const standsAt = now?.getTime()
  return { ...resolved, clock, now: () => standsAt ?? clock.now() }
}

/** JavaScript callers get no help from the types, and a misspelt option would silently be its default. */
function refuseUnknown(what: string, given: object, known: object): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name))
  if (unknown.length > 0) throw invalid(`The simulator has no ${what} ${unknown.join(', ')}`)
}

/** An option that is undefined is one that was not given. */
function defined<T extends object>(options: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> }
}
