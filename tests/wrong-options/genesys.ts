import { GenesysCloud } from '../../src/genesys/index.js'
import {
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

const genesys = new GenesysCloud({ region: 'us-east-1', clientId: 'id', clientSecret: 'secret' })

const NO_RECORDS = [...NO_LIST, [null], [42], ['text'], Array(1)]
const circle: unknown[] = [{}]
circle.push({ circle })

const EXPAND: WrongOption = ['expand', NO_TEXTS]
const STATE: WrongOption = ['state', NO_TEXT]
const LISTING = [SIGNAL, CHECKPOINT, EXPAND, ['pageSize', [...NO_SIZE, 501]], ['sortOrder', NO_TEXT]] as const

const FILTERS = [...NO_RECORDS, circle, [{ predicates: [{ value: 10n }] }]]
const DETAILS = [
  SIGNAL,
  CHECKPOINT,
  ['pageSize', NO_SIZE],
  ['conversationFilters', FILTERS],
  ['segmentFilters', FILTERS],
  ['evaluationFilters', FILTERS],
  ['surveyFilters', FILTERS],
  ['resolutionFilters', FILTERS],
] as const
const interval = '2026-01-01T00:00Z/2026-01-02T00:00Z'

/** What a call cannot do without. */
export const neededByGenesys = (name: string) => name.startsWith('analytics.') && { interval }

/** The options of each call that takes some. */
export const GENESYS_CALLS: readonly Call[] = [
  ['users.list', (options) => genesys.users.list(options), [...LISTING, STATE, ['id', NO_TEXTS]]],
  ['users.query', (options) => genesys.users.query(options), [...LISTING, STATE]],
  [
    'users.search',
    (options) => genesys.users.search(options),
    [
      ...LISTING,
      ['pageSize', [101]],
      ['query', [...NO_RECORDS, circle, [{ value: 10n }]]],
      ['sort', [...NO_RECORDS, circle]],
      ['sortBy', NO_TEXT],
      ['integrationPresenceSource', NO_TEXT],
      ['enforcePermissions', NO_TRUTH],
    ],
  ],
  [
    'analytics.conversations.query',
    (options) => genesys.analytics.conversations.query(options),
    [...DETAILS, ['pageSize', [101]]],
  ],
  [
    'analytics.conversations.export',
    (options) => genesys.analytics.conversations.export(options),
    [
      ...DETAILS,
      ['pageSize', [10_001]],
      ['jobTimeout', [...ofType('number', 'undefined'), 0, -1, NaN]],
      ['cancelOnReturn', NO_TRUTH],
      ['startOfDayIntervalMatching', NO_TRUTH],
    ],
  ],
  ['users.get', (options) => genesys.users.get('x', options), [SIGNAL, EXPAND, STATE]],
  ['users.me', (options) => genesys.users.me(options), [SIGNAL, EXPAND]],
  ['tokens.check', (options) => genesys.tokens.check(options), [SIGNAL]],
  ['tokens.me', (options) => genesys.tokens.me(options), [SIGNAL]],
  ['tokens.revoke', (options) => genesys.tokens.revoke(options), [SIGNAL]],
  [
    'verify',
    (options) => genesys.verify(options),
    [SIGNAL, ['permissions', [...NO_LIST, [null], ['x'], Array(1), ['routing:queue:view', 'telephony:phone:view']]]],
  ],
  ...callsOfAny(genesys, [{ pageNumber: 2 }, { cursor: 'x' }]),
]

const client = { clientId: 'id', clientSecret: 'secret' }
const make = (options: never) => new GenesysCloud({ ...client, region: 'us-east-1' }, options)

/** What the calls of GenesysCloud refuse. */
export const GENESYS_CASES: readonly Case[] = [
  ...casesOf(GENESYS_CALLS, neededByGenesys),
  ['id', [...ofType('string'), '', '.', '..'], (value) => genesys.users.get(value)],
  ...casesOfAny(genesys, make),
  ['region', WRONG, (value) => new GenesysCloud({ ...client, region: value })],
  ['env', present, (value) => GenesysCloud.fromEnv({}, value)],
  ['interval', WRONG, (value) => genesys.analytics.conversations.query({ interval: value })],
  ['interval', WRONG, (value) => genesys.analytics.conversations.export({ interval: value })],
]
