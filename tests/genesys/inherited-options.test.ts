import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { GenesysCloud } from '../../src/genesys/index.js'
import { POLLUTION_OF_ANY } from '../platform/pollution.js'
import { connectTo } from './connect.js'

const genesys = new GenesysCloud({ region: 'us-east-1', clientId: 'id', clientSecret: 'secret' })
afterAll(() => genesys.close())

const interval = '2026-01-01T00:00Z/2026-01-02T00:00Z'

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
