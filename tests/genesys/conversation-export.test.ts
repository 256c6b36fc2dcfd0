import { describe, expect, test } from '@jest/globals'
import type { ConversationExportOptions } from '../../src/genesys/index.js'
import type { SimulatorOptions } from '../../src/testing/index.js'
import { all, connect, first } from './connect.js'
import type { Connection } from './connect.js'

const interval = '2026-01-05T06:00:00.000Z/2026-01-07T18:00:00.000Z'
/** The data are there, and conversations long over. */
const now = new Date('2026-03-01T00:00:00Z')

function connected(options: SimulatorOptions = {}): Promise<Connection> {
  return connect({ now, conversationsPerDay: 120, jobDuration: 10, ...options })
}

async function idsOf(rows: AsyncIterable<{ conversationId: string }>): Promise<string[]> {
  return (await all(rows)).map(({ conversationId }) => conversationId)
}

function idsIn({ genesys }: Connection, options: Partial<ConversationExportOptions> = {}): Promise<string[]> {
  return idsOf(genesys.analytics.conversations.export({ interval, ...options }))
}

describe('an export', () => {
  test('is exactly the truth, with the attributes of participants', async () => {
    const connection = await connected()
    const rows = await all(connection.genesys.analytics.conversations.export({ interval, pageSize: 50 }))
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(connection.running.truth.exportedIds(interval))
    expect(rows.some(({ participants }) => participants?.some(({ attributes }) => attributes))).toBe(true)
  })

  test('comes whole through everything that can go wrong on the way', async () => {
    const connection = await connected({
      tokenLifetime: 1,
      faults: [
        { kind: 'cut-body', at: 1 },
        { kind: 'rate-limited', at: 3, retryAfter: 1 },
        { kind: 'revoked', at: 4 },
        { kind: 'unavailable', at: 6, retryAfter: 1 },
        { kind: 'job-expired', at: 9 },
        { kind: 'cut', at: 10 },
        { kind: 'unauthorized', at: 13 },
        { kind: 'bad-gateway', at: 15, times: 2 },
        { kind: 'job-expired', at: 18 },
        { kind: 'gateway-timeout', at: 20 },
      ],
    })
    const found = await idsIn(connection, { pageSize: 20 })
    expect(found).toEqual(connection.running.truth.exportedIds(interval))
  })

  test('of parts has each conversation once', async () => {
    const options = { limits: { jobDays: 1 } }
    const connection = await connect({ now, conversationsPerDay: 120, jobDuration: 10, ...options }, options)
    const found = await idsIn(connection)
    expect(found.sort()).toEqual([...connection.running.truth.exportedIds(interval)].sort())
    expect(connection.running.simulator.counts.jobsSubmitted).toBe(3)
  })

  test('goes on from a checkpoint in another client, with the same job', async () => {
    const connection = await connected()
    const { conversations } = connection.genesys.analytics
    const begun = conversations.export({ interval, pageSize: 30 })
    const some = await first(100, begun)
    const rest = await idsIn(connection, { pageSize: 30, checkpoint: begun.checkpoint() })
    expect([...some.map(({ conversationId }) => conversationId), ...rest]).toEqual(
      connection.running.truth.exportedIds(interval),
    )
    expect(connection.running.simulator.counts.jobsSubmitted).toBe(1)
  })
})
