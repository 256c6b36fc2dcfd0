import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { GenesysCloud } from '../../src/genesys/index.js'
import { anObject, but, NO_LIST, ofType, refusals } from '../wrong-values.js'
import type { Case } from '../wrong-values.js'
import { connectTo } from './connect.js'

const genesys = new GenesysCloud({ region: 'us-east-1', clientId: 'id', clientSecret: 'secret' })
afterAll(() => genesys.close())

const present = anObject.filter((value) => value !== undefined)
const NO_TEXT = [...ofType('string', 'undefined'), '']
const NO_TEXTS = [...NO_LIST, [null], [42], [''], ['a', ''], Array(1)]
const NO_RECORDS = [...NO_LIST, [null], [42], ['text'], Array(1)]
const circle: unknown[] = [{}]
circle.push({ circle })

const SIGNAL: readonly [string, readonly unknown[]] = ['signal', but(undefined)]
const CHECKPOINT: readonly [string, readonly unknown[]] = ['checkpoint', but(undefined)]
const EXPAND: readonly [string, readonly unknown[]] = ['expand', NO_TEXTS]
const STATE: readonly [string, readonly unknown[]] = ['state', NO_TEXT]
const LISTING = [
  SIGNAL,
  CHECKPOINT,
  EXPAND,
  ['pageSize', [...ofType('number', 'undefined'), 0, -1, 1.5, NaN, Infinity, 501]],
  ['sortOrder', NO_TEXT],
] as const

const FILTERS = [...NO_RECORDS, circle, [{ predicates: [{ value: 10n }] }]]
const DETAILS = [
  SIGNAL,
  CHECKPOINT,
  ['pageSize', [...ofType('number', 'undefined'), 0, -1, 1.5, NaN, Infinity]],
  ['conversationFilters', FILTERS],
  ['segmentFilters', FILTERS],
  ['evaluationFilters', FILTERS],
  ['surveyFilters', FILTERS],
  ['resolutionFilters', FILTERS],
] as const
const interval = '2026-01-01T00:00Z/2026-01-02T00:00Z'

/** The options of each call that takes some. */
const CALLS: readonly [
  name: string,
  call: (options: never) => unknown,
  options: readonly (readonly [option: string, wrong: readonly unknown[]])[],
][] = [
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
      ['enforcePermissions', ofType('boolean', 'undefined')],
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
      ['cancelOnReturn', ofType('boolean', 'undefined')],
      ['startOfDayIntervalMatching', ofType('boolean', 'undefined')],
    ],
  ],
  ['users.get', (options) => genesys.users.get('x', options), [SIGNAL, EXPAND, STATE]],
  ['users.me', (options) => genesys.users.me(options), [SIGNAL, EXPAND]],
]

const CASES: readonly Case[] = [
  ...CALLS.flatMap(([name, call, options]): Case[] => [
    [`options of ${name}`, present, call],
    ...options.map(([option, wrong]): Case => [option, wrong, (value) => call({ interval, [option]: value } as never)]),
  ]),
  ['id', [...ofType('string'), '', '.', '..'], (value) => genesys.users.get(value)],
  [
    'limits',
    present,
    (value) => new GenesysCloud({ region: 'us-east-1', clientId: 'id', clientSecret: 'secret' }, { limits: value }),
  ],
]

test.each(CASES)(
  'a wrong value is told at once, by an error that names the option: %s',
  async (option, wrong, hand) => {
    for (const { code, message } of await refusals(wrong, hand)) {
      expect(code).toBe(option === 'checkpoint' ? 'invalid_checkpoint' : 'invalid_option')
      expect(message).toContain(option)
    }
  },
)

test('undefined is as good as nothing', () => {
  const none = undefined as never
  genesys.users.list({ expand: none, id: none, state: none, sortOrder: none, pageSize: none, checkpoint: none })
  genesys.users.search({ query: none, sort: none, enforcePermissions: none, signal: none })
})

describe('what an object inherits is no option', () => {
  const POLLUTION = {
    expand: ['presence'],
    id: ['x'],
    state: 'deleted',
    sortOrder: 'DESC',
    sortBy: 'id',
    sort: [{ sortBy: 'id' }],
    pageSize: 7,
    checkpoint: 'x',
    enforcePermissions: true,
    integrationPresenceSource: 'ZoomPhone',
    // Not while something is sent: undici's requests have an option of this name, which they inherit.
    query: [{ type: 'EXACT' }],
    segmentFilters: [{ type: 'or' }],
    startOfDayIntervalMatching: true,
  }

  function pollute(members: Partial<typeof POLLUTION>): void {
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
    }
  }

  afterEach(() => {
    for (const name of Object.keys(POLLUTION)) Reflect.deleteProperty(Object.prototype, name)
  })

  test.each(['list', 'query', 'search'] as const)('of users.%s, as its checkpoint tells', (name) => {
    const clean = genesys.users[name]({}).checkpoint()
    pollute(POLLUTION)
    expect(genesys.users[name]({}).checkpoint()).toBe(clean)
  })

  test.each(['query', 'export'] as const)('of analytics.conversations.%s, as its checkpoint tells', (name) => {
    const { conversations } = genesys.analytics
    const clean = conversations[name]({ interval }).checkpoint()
    pollute(POLLUTION)
    expect(conversations[name]({ interval }).checkpoint()).toBe(clean)
  })

  test('of users.get and users.me, as what they send tells', async () => {
    const { genesys, sent } = await connectTo(() => Response.json({ id: 'x' }))
    const { query: _, ...pollution } = POLLUTION
    pollute(pollution)
    await genesys.users.get('x', {})
    await genesys.users.me({})
    expect(sent.slice(1).map(({ path }) => path)).toEqual(['/api/v2/users/x', '/api/v2/users/me'])
  })
})
