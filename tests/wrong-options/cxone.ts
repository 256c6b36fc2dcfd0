import { Cxone } from '../../src/cxone/index.js'
import { staticToken } from '../../src/index.js'
import {
  but,
  casesOf,
  CHECKPOINT,
  NO_LIST,
  NO_SIZE,
  NO_TEXT,
  NO_TEXTS,
  NO_TRUTH,
  ofType,
  present,
  SIGNAL,
  WRONG,
} from './cases.js'
import type { Call, Case, WrongOption } from './cases.js'
import { callsOfAny, casesOfAny } from './platform.js'

const cxone = new Cxone({ tokens: staticToken('x'), apiUrl: 'https://api.example.com' })

const dates = { startDate: '2026-01-01T00:00Z', endDate: '2026-01-02T00:00Z' }
const NO_ID = [...but(42, '10', undefined), 1.5, -1, '1.5', '-1', ' 1', '1e3', '../1']
const NO_MOMENT = [...but(undefined), '2026-01-01', '2026-01-01T00:00:00', new Date(0)]
const circle: Record<string, unknown> = {}
circle['circle'] = circle
const NO_RECORD = [...WRONG.filter((value) => Object.prototype.toString.call(value) !== '[object Object]'), circle]
const NO_CRITERIA = [...NO_RECORD.filter((value) => value !== undefined), { value: 10n }]

const FIELDS: WrongOption = ['fields', NO_TEXTS]
const ORDER: WrongOption = ['orderBy', NO_TEXT]
const LISTING: readonly WrongOption[] = [SIGNAL, CHECKPOINT, FIELDS, ['pageSize', NO_SIZE]]

const NO_NAME = [...but(42, '10', 'text', undefined), undefined, '..', 1.5]
const JOB_TIMEOUT: WrongOption = ['jobTimeout', [...ofType('number', 'undefined'), 0, -1, NaN]]
const PARAMETERS: WrongOption = ['parameters', NO_CRITERIA]
const NO_DATE = [...but('2026-01-05'), '2026-02-30', '2026-1-5', '2026-01-05T00:00:00Z']
const EXTRACTION: readonly WrongOption[] = [
  ['entityName', [...ofType('string'), '']],
  ['version', [...ofType('string'), '']],
  ['startDate', [...NO_DATE, '']],
  ['endDate', [...NO_DATE, '2026-01-04']],
]
const extraction = { entityName: 'x', version: '1', startDate: '2026-01-05', endDate: '2026-01-06' }

/** The options of each call that takes some. */
export const CXONE_CALLS: readonly Call[] = [
  [
    'agents.list',
    (options) => cxone.agents.list(options),
    [
      ...LISTING,
      ORDER,
      ['pageSize', [101]],
      ['updateSince', NO_MOMENT],
      ['isActive', NO_TRUTH],
      ['isLocked', NO_TRUTH],
      ['searchString', NO_TEXT],
    ],
  ],
  ['agents.get', (options) => cxone.agents.get(1, options), [SIGNAL, FIELDS]],
  [
    'contacts.completed',
    (options) => cxone.contacts.completed(options),
    [
      ...LISTING,
      ORDER,
      ['pageSize', [10_001]],
      ...['mediaTypeId', 'mediaSubTypeId', 'skillId', 'campaignId', 'agentId', 'teamId'].map((name): WrongOption => [
        name,
        NO_ID,
      ]),
      ...['mediaSubTypeName', 'toAddress', 'fromAddress'].map((name): WrongOption => [name, NO_TEXT]),
      ...['isLogged', 'isRefused', 'isTakeover', 'tags', 'analyticsProcessed'].map((name): WrongOption => [
        name,
        NO_TRUTH,
      ]),
    ],
  ],
  ['contacts.active', (options) => cxone.contacts.active(options), [...LISTING, ORDER, ['pageSize', [10_001]]]],
  ['contacts.get', (options) => cxone.contacts.get(1, options), [SIGNAL, FIELDS]],
  [
    'users.search',
    (options) => cxone.users.search(options),
    [...LISTING, ['pageSize', [101]], ['filter', NO_CRITERIA], ['operations', NO_CRITERIA], ['orderBy', NO_CRITERIA]],
  ],
  ['users.get', (options) => cxone.users.get('x', options), [SIGNAL]],
  [
    'dataExtraction.export',
    (options) => cxone.dataExtraction.export(options),
    [SIGNAL, CHECKPOINT, JOB_TIMEOUT, ...EXTRACTION],
  ],
  ['dataExtraction.submit', (options) => cxone.dataExtraction.submit(options), [SIGNAL, ...EXTRACTION]],
  ['dataExtraction.list', (options) => cxone.dataExtraction.list(options), [SIGNAL]],
  ['dataExtraction.get', (options) => cxone.dataExtraction.get('x', options), [SIGNAL]],
  ['reportingJobs.submit', (options) => cxone.reportingJobs.submit(1, options), [SIGNAL, PARAMETERS]],
  [
    'reportingJobs.submitDataDownload',
    (options) => cxone.reportingJobs.submitDataDownload(1, options),
    [SIGNAL, PARAMETERS],
  ],
  ['reportingJobs.list', (options) => cxone.reportingJobs.list(options), [SIGNAL]],
  ['reportingJobs.get', (options) => cxone.reportingJobs.get(1, options), [SIGNAL]],
  ['reportingJobs.finished', (options) => cxone.reportingJobs.finished(1, options), [SIGNAL, JOB_TIMEOUT]],
  ['verify', (options) => cxone.verify(options), [SIGNAL, ['areas', [...NO_LIST, [null], ['x'], Array(1)]]]],
  ...callsOfAny(cxone, [{ skip: 1 }]),
]

const key = { accessKeyId: 'id', accessKeySecret: 'secret' }
const application = { ...key, clientId: 'id', clientSecret: 'secret' }
const make = (options: never) => new Cxone(application, options)
const WRONG_VERSION = [...but(undefined, '10', 'text'), '..', 'v1/x', 'v1?x', 'v 1']

const NEEDED: Readonly<Record<string, object>> = {
  'contacts.completed': dates,
  'dataExtraction.export': extraction,
  'dataExtraction.submit': extraction,
}
/** What a call cannot do without. */
export const neededByCxone = (name: string) => NEEDED[name] ?? false

/** What the calls of Cxone refuse. */
export const CXONE_CASES: readonly Case[] = [
  ...casesOf(CXONE_CALLS, neededByCxone),
  ['agentId', [...NO_ID, undefined], (value) => cxone.agents.get(value)],
  ['contactId', [...NO_ID, undefined], (value) => cxone.contacts.get(value)],
  ['id', [...ofType('string'), '', '.', '..'], (value) => cxone.users.get(value)],
  ['jobId', [...ofType('string'), '', '.', '..'], (value) => cxone.dataExtraction.get(value)],
  ['jobId', NO_NAME, (value) => cxone.reportingJobs.get(value)],
  ['jobId', NO_NAME, (value) => cxone.reportingJobs.finished(value)],
  ['reportId', NO_NAME, (value) => cxone.reportingJobs.submit(value)],
  ['reportId', NO_NAME, (value) => cxone.reportingJobs.submitDataDownload(value)],
  ...casesOfAny(cxone, make),
  ['versions', present, (value) => make({ versions: value } as never)],
  ...['acd', 'dataExtraction', 'userSearch', 'user'].map((name): Case => [
    `versions.${name}`,
    WRONG_VERSION,
    (value) => make({ versions: { [name]: value } } as never),
  ]),
  ['accessKeyId', [...ofType('string'), ''], (value) => new Cxone({ ...application, accessKeyId: value })],
  ['area', [...ofType('string'), '', 'na1.x', 'na 1'], (value) => new Cxone({ ...key, area: value })],
  ['env', present, (value) => Cxone.fromEnv({}, value)],
  ['updatedSince', NO_MOMENT, (value) => cxone.contacts.completed({ updatedSince: value })],
]
