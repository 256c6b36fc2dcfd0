import { beforeAll, describe, expect, it } from '@jest/globals'
import { Caller, refusal, type Conversation } from './caller.js'

const INTERVAL = '2026-03-03T00:00Z/2026-03-04T00:00Z'

let caller: Caller
let rows: Conversation[]

beforeAll(async () => {
  caller = await new Caller({ now: new Date('2026-06-01T12:00:00Z'), conversationsPerDay: 300 }).signIn()
  rows = await caller.rows({ interval: INTERVAL })
})

async function aggregate(aggregations: object[], query: object = {}): Promise<unknown> {
  const response = await caller.query({ interval: INTERVAL, aggregations, paging: { pageSize: 1 }, ...query })
  return ((await response.json()) as { aggregations: unknown }).aggregations
}

/** How many conversations have each value, the most frequent first. */
function frequencies(valuesOf: (row: Conversation) => readonly string[]) {
  const counts = new Map<string, number>()
  for (const value of rows.flatMap((row) => [...new Set(valuesOf(row))]))
    counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([value, count]) => ({ count, value }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

describe('aggregations of a details query', () => {
  it('count how often the values of a dimension occur, over all pages', async () => {
    const media = frequencies(({ participants }) =>
      participants.flatMap(({ sessions }) => sessions[0]?.mediaType ?? []),
    )
    const queues = frequencies(({ participants }) =>
      participants.flatMap(({ sessions }) => sessions[0]?.segments.flatMap(({ queueId }) => queueId ?? []) ?? []),
    )
    const initiators = frequencies((row) => [
      (row as unknown as { conversationInitiator: string }).conversationInitiator,
    ])
    expect(media).toHaveLength(5)
    expect(
      await aggregate([
        { type: 'termFrequency', dimension: 'mediaType' },
        { dimension: 'queueId', size: 3 },
        { type: 'termFrequency', dimension: 'conversationInitiator' },
        { type: 'termFrequency', dimension: 'flowId' },
      ]),
    ).toEqual([
      { type: 'termFrequency', dimension: 'mediaType', count: 300, results: media },
      { type: 'termFrequency', dimension: 'queueId', count: 300, results: queues.slice(0, 3) },
      { type: 'termFrequency', dimension: 'conversationInitiator', count: 300, results: initiators },
      { type: 'termFrequency', dimension: 'flowId', count: 0, results: [] },
    ])
  })

  it('count conversations whose metric lies in a range', async () => {
    const talk = rows.flatMap(({ participants }) => {
      const metrics = participants.flatMap(({ sessions }) => sessions.flatMap((session) => session.metrics))
      const values = metrics.filter(({ name }) => name === 'tTalk').map(({ value }) => value)
      return values.length === 0 ? [] : [values.reduce((sum, value) => sum + value)]
    })
    // Bounds that are met exactly.
    const [low = 0, high = 0] = [...talk].sort((a, b) => a - b).filter((_, i) => i === 20 || i === 200)
    const ranges = [{ lt: low }, { gte: low, lt: high }, { gte: high }]
    const results = ranges.map(({ gte = 0, lt = Infinity }, i) => {
      return { ...ranges[i], count: talk.filter((value) => value >= gte && value < lt).length }
    })
    expect(talk.length).toBeLessThan(300)
    expect(results.every(({ count }) => count > 0)).toBe(true)
    expect(await aggregate([{ type: 'numericRange', metric: 'tTalk', ranges }])).toEqual([
      { type: 'numericRange', metric: 'tTalk', count: talk.length, results },
    ])
  })

  it('are of what the filters let pass', async () => {
    const predicates = [{ dimension: 'mediaType', value: 'voice' }]
    const count = frequencies(({ participants }) => participants[0]?.sessions.map(({ mediaType }) => mediaType) ?? [])
    expect(
      await aggregate([{ dimension: 'mediaType' }], { segmentFilters: [{ type: 'and', predicates }] }),
    ).toMatchObject([{ results: [{ value: 'voice', count: count[0]?.count }] }])
  })

  it('are refused when nobody knows them', async () => {
    const ask = (aggregation: unknown) => refusal(caller.query({ interval: INTERVAL, aggregations: [aggregation] }))
    for (const aggregation of [
      ...[{ type: 'average', dimension: 'mediaType' }, { dimension: 'mood' }, {}, { metric: 'tMood' }],
    ]) {
      expect(await ask(aggregation)).toMatchObject({ status: 400, code: 'invalid.value' })
    }
    for (const aggregation of [
      ...['mediaType', { dimension: 'mediaType', size: 0 }, { metric: 'tTalk', ranges: 5 }],
      ...[
        { metric: 'tTalk', ranges: [5] },
        { metric: 'tTalk', ranges: [{ lt: '5' }] },
      ],
    ]) {
      expect(await ask(aggregation)).toMatchObject({ status: 400, code: 'bad.request' })
    }
    expect(await ask({ metric: 'tTalk', ranges: [{ gt: 5 }] })).toMatchObject({ code: 'invalid.property' })
    expect(await refusal(caller.query({ interval: INTERVAL, aggregations: {} }))).toMatchObject({ code: 'bad.request' })
  })
})
