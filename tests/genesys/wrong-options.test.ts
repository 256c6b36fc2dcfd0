import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
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
  refusals,
  SIGNAL,
  WRONG,
} from '../wrong-values.js'
import type { Call, Case, WrongOption } from '../wrong-values.js'
import { callsOfAny, casesOfAny, POLLUTION_OF_ANY } from '../platform/wrong-options.js'
import { connectTo } from './connect.js'

const genesys = new GenesysCloud({ region: 'us-east-1', clientId: 'id', clientSecret: 'secret' })
afterAll(() => genesys.close())

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

const neededBy = (name: string) => name.startsWith('analytics.') && { interval }

/** The options of each call that takes some. */
const CALLS: readonly Call[] = [
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

const CASES: readonly Case[] = [
  ...casesOf(CALLS, neededBy),
  ['id', [...ofType('string'), '', '.', '..'], (value) => genesys.users.get(value)],
  ...casesOfAny(genesys, make),
  ['region', WRONG, (value) => new GenesysCloud({ ...client, region: value })],
  ['env', present, (value) => GenesysCloud.fromEnv({}, value)],
  ['interval', WRONG, (value) => genesys.analytics.conversations.query({ interval: value })],
  ['interval', WRONG, (value) => genesys.analytics.conversations.export({ interval: value })],
]

test.each(CASES)(
  'a wrong value is told at once, by an error that names the option: %s',
  async (option, wrong, hand) => {
    for (const { code, message } of await refusals(wrong, hand)) {
      expect(code).toBe(['checkpoint', 'interval'].includes(option) ? `invalid_${option}` : 'invalid_option')
      expect(message).toContain(option)
    }
  },
)

test.each([['GenesysCloud', [], make] as Case, ...CALLS.map(([name, call]): Case => [name, [], call])])(
  'a misspelt option of %s is told at once, with the names that there are',
  async (name, _wrong, call) => {
    const refused = await refusals([{ ...neededBy(name), misspelt: 1 }, ['list']], call)
    for (const { code, message } of refused) {
      expect(code).toBe('invalid_option')
      expect(message).toMatch(/^Unknown option `(misspelt|0)` in [\w.]+\. Its options are (\w+, )*\w+\.$/)
    }
  },
)

test('a misspelt limit is told at once', async () => {
  const [refused] = await refusals([{ limits: { jobPagesize: 7 } }], make)
  expect(refused).toMatchObject({ code: 'invalid_option' })
  expect(refused!.message).toBe('Unknown option `jobPagesize` in limits. Did you mean `jobPageSize`?')
})

test('undefined is as good as nothing', () => {
  const none = undefined as never
  genesys.users.list({ expand: none, id: none, state: none, sortOrder: none, pageSize: none, checkpoint: none })
  genesys.users.search({ query: none, sort: none, enforcePermissions: none, signal: none })
})

test('a misspelt option that is undefined is rejected', () => {
  expect(() => genesys.users.list({ pagesize: undefined } as never)).toThrow(
    'Unknown option `pagesize` in users.list. Did you mean `pageSize`?',
  )
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

  const OF_ANY = {
    ...POLLUTION_OF_ANY,
    permissions: ['x'],
    cursor: 'x',
    nextUri: 'https://elsewhere.example/x',
    pageNumber: 2,
    pageCount: 2,
    total: 0,
  }

  function pollute(members: object): void {
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
    }
  }

  function unpollute(): void {
    for (const name of Object.keys({ ...POLLUTION, ...OF_ANY })) Reflect.deleteProperty(Object.prototype, name)
  }

  afterEach(unpollute)

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

  test('of pages, as its checkpoint tells', () => {
    const clean = genesys.pages('/api/v2/x', {}).checkpoint()
    pollute({ ...POLLUTION, ...OF_ANY })
    expect(genesys.pages('/api/v2/x', {}).checkpoint()).toBe(clean)
  })

  test('of request, pages, verify and tokens, as what they send and answer tells', async () => {
    const sentAndFound = async (pollution: object) => {
      const { genesys, sent } = await connectTo(() => Response.json({ entities: [{ id: 'x' }] }))
      pollute(pollution)
      const found: unknown[] = [await genesys.request('POST', '/api/v2/x', {})]
      for await (const row of genesys.pages('/api/v2/x', {})) found.push(row)
      found.push(await genesys.verify({}), await genesys.tokens.check({}), await genesys.tokens.me({}))
      await genesys.tokens.revoke({})
      await genesys.close({})
      unpollute()
      return { found, sent: sent.map(({ method, path }) => [method, path]) }
    }
    const { query: _, ...pollution } = { ...POLLUTION, ...OF_ANY }
    expect(await sentAndFound(pollution)).toEqual(await sentAndFound({}))
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
