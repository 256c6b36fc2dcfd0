import { parseUrl } from '../../base/parse-url.js'
import { DAY } from '../platform/days.js'
import { FAULT_KINDS, type Fault } from '../platform/faults.js'
import { invalid, oneOf, range, stringList, text, wholeNumber } from '../platform/option-checks.js'
import {
  SIMULATION_OPTIONS,
  resolveSimulation,
  type Resolved,
  type SimulationOptions,
} from '../platform/simulation-options.js'

/** Everything that can be made to go wrong at CXone: what can at every platform, and more. */
export const CXONE_FAULT_KINDS = [...FAULT_KINDS, 'refresh-dead', 'result-expired'] as const

/**
 * {@link CXONE_FAULT_KINDS}:
 * - `refresh-dead`: every refresh token dies
 * - `result-expired`: every address of a result that was given out dies
 *
 * Then the request is answered as usual.
 */
export type CxoneFaultKind = (typeof CXONE_FAULT_KINDS)[number]

/**
 * One thing that goes wrong at a {@link CxoneSimulator}. Neither the discovery documents nor the files with results are `api`:
 * name their paths, `/.well-known` and `/exports`.
 */
export type CxoneFault = Fault<CxoneFaultKind>

const CONTACT_DATES = ['contactStartDate', 'lastUpdateTime'] as const

/** What the simulated platform allows. NICE publishes little of it; hence settings. */
export interface CxoneSimulatorLimits {
  /** API requests in a fixed window of a minute, for each token; then 429 without Retry-After. Default: no limit. */
  requestsPerMinute: number
  /** Bytes of a request's body; then 413. Default 512,000. */
  requestBytes: number
  /** Agents on a page; who asks for more gets so many. Default 100. */
  agentPageSize: number
  /** Contacts on a page; who asks for more gets so many. Default 10,000. */
  contactPageSize: number
  /** Contacts of one answer that `skip` reaches; beyond them it is empty. Default: all. */
  contactRows: number
  /** Days that `updatedSince` may lie back; then 400. Default 30. */
  updatedSinceDays: number
  /** Users on a page of a search; who asks for more gets so many. Default 100. */
  userPageSize: number
  /** Jobs of the Data Extraction API that run at a time; then 400. Default 1. */
  jobsAtOnce: number
  /** Days that such a job may span; then 400. Default 14. */
  extractionDays: number
}

/** What a {@link CxoneSimulator} is like. Everything has a default. */
export interface CxoneSimulatorOptions extends SimulationOptions<CxoneSimulatorLimits, CxoneFaultKind> {
  /** How many active agents there are. Some inactive ones are added to them. Default 300. */
  agents?: number | undefined
  /** How many contacts start on a UTC day; a function is given its midnight. Default 1,000. */
  contactsPerDay?: (number | ((day: Date) => number)) | undefined
  /** Which date of a contact `startDate` and `endDate` are compared with; NICE does not say. Default contactStartDate. */
  contactDate?: (typeof CONTACT_DATES)[number] | undefined
  /** Whether a range has what is at its `endDate`; NICE does not say. Default false. */
  endDateIncluded?: boolean | undefined
  /** The access key of the tenant. */
  accessKeyId?: string | undefined
  /** Default: one that ends in `====`, as NICE's do. */
  accessKeySecret?: string | undefined
  /** The client of the back-end application. */
  clientId?: string | undefined
  clientSecret?: string | undefined
  /** In the claims of every token. Default: a UUID of its own. */
  tenantId?: string | undefined
  /** What cxone-configuration calls the tenant's area. Default na1. */
  area?: string | undefined
  /** Versions of the ACD API that are there, such as `v34.0`; others are 404. Default: every one. */
  versions?: readonly string[] | undefined
  /** How long access tokens live, in seconds as on the wire, from 1. Default 3,600. */
  tokenLifetime?: number | undefined
  /** How long refresh tokens live, in seconds, from 1. Default 7,200. */
  refreshTokenLifetime?: number | undefined
  /** Whether a refresh brings another refresh token, and the old one dies; what NICE does is not known. Default true. */
  rotateRefreshTokens?: boolean | undefined
  /** Milliseconds that a job takes. Default 3,000. */
  jobDuration?: number | undefined
  /** Milliseconds that a job's results are kept; for as long again it is told to have expired. Default: a day, a guess. */
  jobLifetime?: number | undefined
  /** Milliseconds that a result's address is good for. Default 30,000. */
  resultLifetime?: number | undefined
  /** Where files with results are. Default `https://results.cxone.test`. */
  resultOrigin?: string | undefined
  /** Milliseconds from one call of the Data Extraction API to the next; one that comes sooner is 429. Default 0. */
  dataExtractionPause?: number | undefined
  /** Milliseconds that the data which jobs read are behind. Default: 30 minutes. */
  dataDelay?: number | undefined
  /** Whether an ACD answer of 400 has its reason in the header `icStatusDescription` alone. Default false. */
  reasonOnlyInHeader?: boolean | undefined
}

const DEFAULT_LIMITS: CxoneSimulatorLimits = {
  requestsPerMinute: Infinity,
  requestBytes: 512_000,
  agentPageSize: 100,
  contactPageSize: 10_000,
  contactRows: Infinity,
  updatedSinceDays: 30,
  userPageSize: 100,
  jobsAtOnce: 1,
  extractionDays: 14,
}

const DEFAULTS = {
  agents: 300,
  contactsPerDay: 1_000 as number | ((day: Date) => number),
  contactDate: 'contactStartDate' as (typeof CONTACT_DATES)[number],
  endDateIncluded: false,
  accessKeyId: 'SIMULATEDACCESSKEYID2345678901234567890ABCDEFGHIJKLMNOPQ====',
  accessKeySecret: 'SIMULATED+ACCESS/KEY:SECRET%2345678901234567890ABCDEFGHI====',
  clientId: 'a3f61c52-0d4e-4b6b-9d0f-7c1e2a5b8d94',
  clientSecret: 'simulated+client/secret%====',
  tenantId: '11ee5a0c-7d3b-4c52-8f1e-0242ac110002',
  area: 'na1',
  versions: undefined as readonly string[] | undefined,
  tokenLifetime: 3_600,
  refreshTokenLifetime: 7_200,
  rotateRefreshTokens: true,
  jobDuration: 3_000,
  jobLifetime: DAY,
  resultLifetime: 30_000,
  resultOrigin: 'https://results.cxone.test',
  dataExtractionPause: 0,
  dataDelay: 30 * 60_000,
  reasonOnlyInHeader: false,
}

const MAX_LIFETIME = 450 * 86_400

/** The names of {@link CxoneSimulatorOptions}. */
export const CXONE_SIMULATOR_OPTIONS: Readonly<Record<keyof CxoneSimulatorOptions, unknown>> = {
  ...SIMULATION_OPTIONS,
  ...DEFAULTS,
}

/** Every option with its value. */
export type ResolvedOptions = Resolved<typeof DEFAULTS, CxoneSimulatorLimits, CxoneFaultKind>

/** Fills in the defaults. Throws `invalid_option` for a value out of range and for a name that is not an option. */
export function resolveOptions(options: CxoneSimulatorOptions): ResolvedOptions {
  const resolved = resolveSimulation<typeof DEFAULTS, CxoneSimulatorLimits, CxoneFaultKind>(
    options,
    'CxoneSimulator',
    DEFAULTS,
    DEFAULT_LIMITS,
  )
  wholeNumber('agents', resolved.agents, 0, 1_000_000)
  if (typeof resolved.contactsPerDay !== 'function') {
    wholeNumber('contactsPerDay', resolved.contactsPerDay, 0, 10_000_000)
  }
  for (const name of ['accessKeyId', 'accessKeySecret', 'clientId', 'clientSecret', 'tenantId', 'area'] as const) {
    text(name, resolved[name])
  }
  if (resolved.versions !== undefined) stringList('versions', resolved.versions)
  range('tokenLifetime', resolved.tokenLifetime, 1, MAX_LIFETIME)
  range('refreshTokenLifetime', resolved.refreshTokenLifetime, 1, MAX_LIFETIME)
  for (const name of ['jobDuration', 'dataExtractionPause', 'dataDelay'] as const) {
    range(name, resolved[name], 0, 365 * DAY)
  }
  for (const name of ['jobLifetime', 'resultLifetime'] as const) range(name, resolved[name], 1, 365 * DAY)
  if (parseUrl(resolved.resultOrigin)?.origin !== resolved.resultOrigin) throw invalid('resultOrigin must be an origin')
  oneOf('contactDate', resolved.contactDate, CONTACT_DATES)
  for (const name of ['endDateIncluded', 'rotateRefreshTokens', 'reasonOnlyInHeader'] as const) {
    if (typeof resolved[name] !== 'boolean') throw invalid(`${name} must be true or false`)
  }
  return resolved
}
