import { describe, expect, test } from '@jest/globals'
import type { CxoneOptions } from '../../src/cxone/index.js'
import { all, connectTo, errorOf, first, noContent, numbersOf } from './connect.js'

const AGENTS = '/incontactapi/services/v34.0/agents'

/** Answers so many agents, at most two a page, and 204 after the last. */
function agents(count: number, options: CxoneOptions = {}) {
  return connectTo((request) => {
    const [skip, top] = numbersOf(request, 'skip', 'top') as [number, number]
    const rows = Array.from({ length: count }, (_, index) => ({ agentId: index + 1, firstName: `Ann ${index + 1}` }))
    const page = rows.slice(skip, skip + Math.min(top, 2))
    return page.length === 0 ? noContent() : Response.json({ totalRecords: count, agents: page })
  }, options)
}

async function idsOf(rows: AsyncIterable<{ agentId: number }>): Promise<number[]> {
  return (await all(rows)).map(({ agentId }) => agentId)
}

describe('the agents', () => {
  test('are handed out page by page, each skipping what came, until an answer without content', async () => {
    const { cxone, sent } = await agents(5)
    expect(await idsOf(cxone.agents.list())).toEqual([1, 2, 3, 4, 5])
    expect(sent.map(({ path }) => path)).toEqual([0, 2, 4, 5].map((skip) => `${AGENTS}?skip=${skip}&top=100`))
  })

  test('are none when there is no content', async () => {
    expect(await idsOf((await agents(0)).cxone.agents.list())).toEqual([])
  })

  test('that end before there were as many as was told are an error, unless the others are hidden', async () => {
    const rows = [{ agentId: 1 }, { agentId: 2 }]
    const tenant = (hiddenAgents: number) =>
      connectTo((request) => {
        const [skip] = numbersOf(request, 'skip')
        return skip === 0 ? Response.json({ totalRecords: 5, hiddenAgents, agents: rows }) : noContent()
      })
    const { cxone } = await tenant(2)
    expect(await errorOf(() => all(cxone.agents.list()))).toMatchObject({
      code: 'api_response_invalid',
      checkpoint: expect.any(String) as unknown,
    })
    expect(await idsOf((await tenant(3)).cxone.agents.list())).toEqual([1, 2])
  })

  test('go on after a checkpoint, also with another page size', async () => {
    const { cxone } = await agents(5)
    const listing = cxone.agents.list({ isActive: true })
    await first(3, listing)
    const checkpoint = listing.checkpoint()
    expect(await idsOf(cxone.agents.list({ isActive: true, pageSize: 1, checkpoint }))).toEqual([4, 5])
    expect(await errorOf(() => cxone.agents.list({ checkpoint }))).toMatchObject({ code: 'invalid_checkpoint' })
  })

  test('are asked for as the options say, times in UTC, and always with their ids', async () => {
    const { cxone, sent } = await agents(0)
    const options = {
      updateSince: '2026-01-05T02:00:00+02:00',
      isActive: false,
      isLocked: true,
      searchString: 'ann & bob',
      fields: ['firstName', 'teamId'],
      orderBy: 'lastName',
      pageSize: 7,
    }
    await all(cxone.agents.list(options))
    expect(Object.fromEntries(new URL(sent[0]!.path, 'http://x').searchParams)).toEqual({
      ...{ updateSince: '2026-01-05T00:00:00.000Z', isActive: 'false', isLocked: 'true', searchString: 'ann & bob' },
      ...{ fields: 'firstName,teamId,agentId', orderBy: 'lastName', skip: '0', top: '7' },
    })
    await all(cxone.agents.list({ fields: ['agentId', 'isActive'] }))
    expect(sent[1]!.path).toContain('?fields=agentId%2CisActive&')
    await all(cxone.agents.list({ fields: [] }))
    expect(sent[2]!.path).toBe(`${AGENTS}?skip=0&top=100`)
  })

  test('are of the version and the page size that were set', async () => {
    const { cxone, sent } = await agents(0, { versions: { acd: 'v27.0' }, limits: { agentPageSize: 500 } })
    await all(cxone.agents.list())
    expect(sent[0]!.path).toBe('/incontactapi/services/v27.0/agents?skip=0&top=500')
  })

  test('that are said to be there and do not come are an error, unless all are hidden', async () => {
    const { cxone } = await connectTo(() => Response.json({ totalRecords: 3, agents: [] }))
    expect(await errorOf(all(cxone.agents.list()))).toMatchObject({ code: 'api_response_invalid' })
    const hidden = await connectTo(() => Response.json({ totalRecords: 3, hiddenAgents: 3, agents: [] }))
    expect(await all(hidden.cxone.agents.list())).toEqual([])
  })

  test.each(['envelope', 'full'] as const)('have an id that is a whole number: %s', async (validate) => {
    for (const agentId of ['1', undefined, 2 ** 53, 1.5]) {
      const { cxone } = await connectTo(() => Response.json({ agents: [{ agentId }] }), { validate })
      expect(await errorOf(all(cxone.agents.list()))).toMatchObject({
        code: 'schema_mismatch',
        path: 'agents.0.agentId',
      })
    }
  })
})

describe('one agent', () => {
  test.each([
    ['is the answer', { agentId: 7, firstName: 'Ann' }],
    ['stands alone in a list', { totalRecords: 1, agents: [{ agentId: 7, firstName: 'Ann' }] }],
  ])('%s', async (_how, response) => {
    const { cxone, sent } = await connectTo(() => Response.json(response))
    expect(await cxone.agents.get(7, { fields: ['firstName'] })).toEqual({ agentId: 7, firstName: 'Ann' })
    expect(sent).toMatchObject([{ method: 'GET', path: `${AGENTS}/7?fields=firstName%2CagentId` }])
    await cxone.agents.get('9007199254740993')
    expect(sent[1]!.path).toBe(`${AGENTS}/9007199254740993`)
  })

  test.each(['envelope', 'full'] as const)('is not to be told from nothing, or from two: %s', async (validate) => {
    for (const response of [
      {},
      { agents: [] },
      { agents: null },
      { agents: [{ agentId: 1 }, { agentId: 2 }] },
      null,
      [],
    ]) {
      const { cxone } = await connectTo(() => Response.json(response), { validate })
      expect(await errorOf(cxone.agents.get(7))).toMatchObject({ code: 'schema_mismatch' })
    }
  })

  test("that is not there is NICE's error", async () => {
    const { cxone } = await connectTo(() => Response.json({ error: 'NotFound' }, { status: 404 }))
    expect(await errorOf(cxone.agents.get(7))).toMatchObject({ code: 'api_not_found' })
  })
})
