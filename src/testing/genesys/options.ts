import { DAY } from '../platform/days.js'
import { FAULT_KINDS, type Fault } from '../platform/faults.js'
import { objectList, oneOf, range, stringList, text, wholeNumber } from '../platform/option-checks.js'
import {
  SIMULATION_OPTIONS,
  resolveSimulation,
  type Resolved,
  type SimulationOptions,
} from '../platform/simulation-options.js'
import type { GenesysSimulatedClient } from './simulated-client.js'

/** Everything that can be made to go wrong at Genesys Cloud. */
export const GENESYS_FAULT_KINDS = [...FAULT_KINDS] as const

/** One of {@link GENESYS_FAULT_KINDS}. */
export type GenesysFaultKind = (typeof GENESYS_FAULT_KINDS)[number]

/** One thing that goes wrong at a {@link GenesysSimulator}. */
export type GenesysFault = Fault

/** What the simulated platform allows. Genesys publishes some of these and changes them; hence settings. */
export interface GenesysSimulatorLimits {
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
export interface GenesysSimulatorOptions extends SimulationOptions<GenesysSimulatorLimits> {
  /** How many active users there are. Some inactive and deleted ones are added to them. Default 1,000. */
  users?: number | undefined
  /** How many conversations start on a UTC day; a function is given its midnight. Default 1,000. */
  conversationsPerDay?: (number | ((day: Date) => number)) | undefined
  /** The id of the OAuth client that exists from the start. */
  clientId?: string | undefined
  clientSecret?: string | undefined
  /** Further OAuth clients. */
  clients?: readonly GenesysSimulatedClient[] | undefined
  /** The id of the user who signs in. Default: the first one of the listing. */
  user?: string | undefined
  /** Whether each refresh brings another refresh token, and its predecessor dies. Default true, a guess. */
  rotateRefreshTokens?: boolean | undefined
  /** Whether a client that signs users in without its secret gets refresh tokens. Default false, a guess. */
  publicRefreshTokens?: boolean | undefined
  /** The organization's short name. Default `simulated-org`. */
  orgName?: string | undefined
  /** How long tokens live, in seconds as on the wire, from 1. Default 86,400. */
  tokenLifetime?: number | undefined
  /** Milliseconds that a job takes. Default 3,000. */
  jobDuration?: number | undefined
  /** Milliseconds that a job's results can be read; for as long again it is told to have expired. Default: 7 days, a guess. */
  jobLifetime?: number | undefined
  /** Milliseconds that the data which jobs read are behind. Default: 4 hours. */
  dataDelay?: number | undefined
  /** Seconds that a token may go unused before it dies, from 1. Default: as long as it lives. */
  tokenIdleTimeout?: number | undefined
  /** What the role of the clients permits, such as `directory:user:view`. Default: all that the simulated endpoints ask for. */
  permissions?: readonly string[] | undefined
}

const DEFAULT_LIMITS: GenesysSimulatorLimits = {
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
  users: 1_000,
  conversationsPerDay: 1_000 as number | ((day: Date) => number),
  clientId: '5d1e7a52-9c1b-4f0e-8a3d-2b6c4e8f1a07',
  clientSecret: 'simulated-client-secret',
  clients: [] as readonly GenesysSimulatedClient[],
  user: undefined as string | undefined,
  rotateRefreshTokens: true,
  publicRefreshTokens: false,
  orgName: 'simulated-org',
  tokenLifetime: 86_400,
  jobDuration: 3_000,
  jobLifetime: 7 * DAY,
  dataDelay: 4 * 3_600_000,
  tokenIdleTimeout: Infinity,
  permissions: undefined as readonly string[] | undefined,
}

/** The names of {@link GenesysSimulatorOptions}. */
export const GENESYS_SIMULATOR_OPTIONS: Readonly<Record<keyof GenesysSimulatorOptions, unknown>> = {
  ...SIMULATION_OPTIONS,
  ...DEFAULTS,
}

/** Every option with its value. */
export type ResolvedOptions = Resolved<typeof DEFAULTS, GenesysSimulatorLimits, GenesysFaultKind>

/** Fills in the defaults. Throws `invalid_option` for a value out of range and for a name that is not an option. */
export function resolveOptions(options: GenesysSimulatorOptions): ResolvedOptions {
  const resolved = resolveSimulation<typeof DEFAULTS, GenesysSimulatorLimits, GenesysFaultKind>(
    options,
    'GenesysSimulator',
    DEFAULTS,
    DEFAULT_LIMITS,
  )
  wholeNumber('users', resolved.users, 0, 1_000_000)
  if (typeof resolved.conversationsPerDay !== 'function') {
    wholeNumber('conversationsPerDay', resolved.conversationsPerDay, 0, 10_000_000)
  }
  range('tokenLifetime', resolved.tokenLifetime, 1, 450 * 86_400)
  range('tokenIdleTimeout', resolved.tokenIdleTimeout, 1, Infinity)
  if (resolved.permissions !== undefined) stringList('permissions', resolved.permissions)
  range('jobDuration', resolved.jobDuration, 0, 365 * DAY)
  range('jobLifetime', resolved.jobLifetime, 1, 365 * DAY)
  range('dataDelay', resolved.dataDelay, 0, 365 * DAY)
  text('clientId', resolved.clientId)
  text('clientSecret', resolved.clientSecret)
  text('orgName', resolved.orgName)
  oneOf('rotateRefreshTokens', resolved.rotateRefreshTokens, [true, false])
  oneOf('publicRefreshTokens', resolved.publicRefreshTokens, [true, false])
  objectList('clients', resolved.clients)
  return resolved
}
