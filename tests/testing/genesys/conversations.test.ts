import { describe, expect, it } from '@jest/globals'
import { GenesysSimulator } from '../../../src/testing/index.js'
import { Caller, type Conversation } from './caller.js'

const NOW = new Date('2026-06-01T12:00:00Z')
const DAY = '2026-03-03T00:00Z/2026-03-04T00:00Z'

async function rowsOf(options: { seed?: number; conversationsPerDay?: number } = {}): Promise<Conversation[]> {
  const caller = await new Caller({ now: NOW, conversationsPerDay: 500, ...options }).signIn()
  return caller.rows({ interval: DAY })
}

describe('the simulated conversations', () => {
  it('are the same for the same seed, and others for another', async () => {
    const rows = await rowsOf({ seed: 3 })
    expect(await rowsOf({ seed: 3 })).toEqual(rows)
    const others = new Set((await rowsOf({ seed: 4 })).map(({ conversationId }) => conversationId))
    expect(rows.some(({ conversationId }) => others.has(conversationId))).toBe(false)
  })

  it('have unique UUIDs of version 4', () => {
    const simulator = new GenesysSimulator({ now: NOW, conversationsPerDay: 20_000 })
    const ids = simulator.truth.conversationIds('2026-03-01T00:00Z/2026-03-11T00:00Z')
    expect(new Set(ids).size).toBe(200_000)
    expect(ids.every((id) => /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id))).toBe(true)
  })

  it('are of several media, lengths and directions; some cross midnight, some last for hours', async () => {
    const rows = await rowsOf()
    const media = new Set(rows.flatMap(({ participants }) => participants[0]?.sessions[0]?.mediaType))
    expect([...media].sort()).toEqual(['callback', 'chat', 'email', 'message', 'voice'])
    expect(new Set(rows.map(({ originatingDirection }) => originatingDirection)).size).toBe(2)
    const hours = rows.map(
      (row) => (Date.parse(row.conversationEnd ?? '') - Date.parse(row.conversationStart)) / 3_600_000,
    )
    expect(hours.every((length) => length > 0 && length <= 48)).toBe(true)
    expect(hours.filter((length) => length > 6).length).toBeGreaterThan(5)
    expect(hours.filter((length) => length < 0.25).length).toBeGreaterThan(250)
    expect(rows.some(({ conversationEnd = '' }) => conversationEnd >= '2026-03-04')).toBe(true)
  })

  it('have participants whose segments lie within them, and agents who are users', async () => {
    const caller = await new Caller({ now: NOW, conversationsPerDay: 200 }).signIn()
    const users = new Set(caller.simulator.truth.userIds())
    const purposes = new Set<string>()
    for (const { conversationStart, conversationEnd = '', participants } of await caller.rows({ interval: DAY })) {
      for (const { purpose, userId, sessions } of participants) {
        purposes.add(purpose)
        if (purpose === 'agent') expect(users.has(userId ?? '')).toBe(true)
        for (const { segments, metrics } of sessions) {
          expect(segments.length).toBeGreaterThan(0)
          for (const { segmentStart, segmentEnd = '' } of segments) {
            expect(
              conversationStart <= segmentStart && segmentStart <= segmentEnd && segmentEnd <= conversationEnd,
            ).toBe(true)
          }
          expect(metrics.every(({ value }) => value >= 0)).toBe(true)
        }
      }
    }
    expect([...purposes].sort()).toEqual(['acd', 'agent', 'customer'])
  })

  it('come as many a day as asked for, 300,000 without delay', async () => {
    const full = Date.UTC(2026, 2, 4)
    const conversationsPerDay = (day: Date) => (day.getTime() === full ? 300_000 : day.getUTCDay() === 0 ? 0 : 50)
    const { truth } = new GenesysSimulator({ now: NOW, conversationsPerDay })
    expect(truth.conversationCount('2026-03-01T00:00Z/2026-03-02T00:00Z')).toBe(0)
    expect(truth.conversationCount('2026-03-03T00:00Z/2026-03-04T00:00Z')).toBe(50)
    expect(truth.conversationCount('2026-03-03T00:00Z/2026-03-05T00:00Z')).toBe(300_050)
    const minutes = Array.from({ length: 60 }, (_, minute) => {
      const start = full + 11 * 3_600_000 + minute * 60_000
      return truth.conversationCount(`${new Date(start).toISOString()}/${new Date(start + 60_000).toISOString()}`)
    })
    expect(Math.min(...minutes)).toBeGreaterThan(500)
  })

  it('move on with the clock unless they are told to stand still', async () => {
    const { truth } = new GenesysSimulator()
    const lastYear = new Date().getUTCFullYear() - 1
    expect(truth.conversationCount(`${lastYear}-05-05T00:00Z/${lastYear}-05-06T00:00Z`)).toBe(1_000)
    expect(truth.conversationCount(`${lastYear + 2}-05-05T00:00Z/${lastYear + 2}-05-06T00:00Z`)).toBe(0)
    expect(() => truth.conversationIds('today')).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })
})
