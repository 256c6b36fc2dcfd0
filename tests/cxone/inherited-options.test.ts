import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { Cxone } from '../../src/cxone/index.js'
import { staticToken } from '../../src/index.js'
import { POLLUTION_OF_ANY } from '../platform/pollution.js'
import { connectTo } from './connect.js'

const cxone = new Cxone({ tokens: staticToken('x'), apiUrl: 'https://api.example.com' })
afterAll(() => cxone.close())

const dates = { startDate: '2026-01-01T00:00Z', endDate: '2026-01-02T00:00Z' }

describe('what an object inherits is no option', () => {
  const POLLUTION = {
    ...POLLUTION_OF_ANY,
    areas: ['agents.list'],
    apiUrl: 'https://elsewhere.example',
    tokens: {},
    _links: {},
    totalRecords: 0,
    updateSince: '2026-01-01T00:00Z',
    updatedSince: '2026-01-01T00:00Z',
    isActive: true,
    agentId: 7,
    tags: true,
    fields: ['teamId'],
    orderBy: 'teamId',
    filter: { status: 'ACTIVE' },
    pageSize: 7,
    checkpoint: 'x',
  }

  afterEach(unpollute)

  function pollute(): void {
    for (const [name, value] of Object.entries(POLLUTION)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
    }
  }

  function unpollute(): void {
    for (const name of Object.keys(POLLUTION)) Reflect.deleteProperty(Object.prototype, name)
  }

  test.each([
    ['agents.list', () => cxone.agents.list({})],
    ['contacts.completed', () => cxone.contacts.completed({ ...dates })],
    ['contacts.active', () => cxone.contacts.active({})],
    ['users.search', () => cxone.users.search({})],
    ['pages', () => cxone.pages('/x', {})],
  ])('of %s, as its checkpoint tells', (_name, call) => {
    const clean = call().checkpoint()
    pollute()
    expect(call().checkpoint()).toBe(clean)
  })

  test('of request, pages and verify, as what they send and answer tells', async () => {
    const sentAndFound = async (isPolluted: boolean) => {
      const { cxone, sent } = await connectTo(({ url }) => Response.json({ rows: url.includes('skip=1') ? [] : [{}] }))
      if (isPolluted) pollute()
      const found: unknown[] = [await cxone.request('POST', '/x', {})]
      for await (const row of cxone.pages('/x', {})) found.push(row)
      found.push(await cxone.verify({}))
      await cxone.close({})
      unpollute()
      return { found, sent: sent.map(({ method, path }) => [method, path.replace(/Date=[^&]*/g, '')]) }
    }
    expect(await sentAndFound(true)).toEqual(await sentAndFound(false))
  })
})
