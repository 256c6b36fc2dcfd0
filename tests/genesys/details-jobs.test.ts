import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ExportPosition } from '../../src/genesys/export-position.js'
import { JobLedger, scope, steps } from './job-ledger.js'

const MIDNIGHT = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('whatever the parts, the pages, the jobs and the kills', () => {
  // Coarse times, so that starts, ends, parts and the interval's own ends often coincide.
  const moment = fc.integer({ min: 0, max: 32 }).map((index) => MIDNIGHT + index * 6 * HOUR)
  const spell = fc.record({
    quiet: fc.constantFrom(0, 1, 7 * HOUR, 30 * HOUR),
    length: fc.constantFrom(1, HOUR, 6 * HOUR, DAY, 3 * DAY),
  })
  const talk = fc.record({
    start: moment,
    spells: fc.array(spell, { minLength: 1, maxLength: 3 }),
    goesOn: fc.boolean(),
    twins: fc.integer({ min: 1, max: 3 }),
  })
  const talks = fc.array(talk, { maxLength: 12 }).map((seeds) =>
    seeds.flatMap(({ start, spells, goesOn, twins }, seed) => {
      let at = start
      const times = spells.map(({ quiet, length }, index): [number, number] => {
        const from = index === 0 ? at : at + quiet
        at = goesOn && index === spells.length - 1 ? Infinity : from + length
        return [from, at]
      })
      return Array.from({ length: twins }, (_, twin) => ({ id: `c${seed}.${twin}`, spells: times }))
    }),
  )
  const fate = fc.record(
    {
      states: fc.array(fc.constantFrom('QUEUED', 'PENDING', 'FAILED', 'CANCELLED', 'EXPIRED', 'RESTING'), {
        maxLength: 3,
      }),
      pages: fc.integer({ min: 0, max: 4 }),
      gone: fc.constantFrom('not found', 'EXPIRED', 'CANCELLED', 'FAILED'),
    },
    { requiredKeys: [] },
  )
  const world = fc.record({
    talks,
    interval: fc
      .tuple(moment, moment)
      .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }))
      .filter(({ start, end }) => start < end),
    jobDays: fc.integer({ min: 1, max: 9 }),
    pageSize: fc.integer({ min: 1, max: 6 }),
    fates: fc.array(fate, { maxLength: 8 }),
    // Steps (a row, or a place before one) after which the process is killed.
    kills: fc.array(fc.nat({ max: 8 }), { maxLength: 5 }),
  })

  test('each conversation comes exactly once, however often it is gone on from a checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ talks, interval, jobDays, pageSize, fates, kills }) => {
        const ledger = new JobLedger(talks, { pageSize, fates })
        const found: string[] = []
        let from: ExportPosition | undefined
        for (let process = 0; ; process++) {
          expect(process).toBeLessThan(30)
          let left = kills[process] ?? Infinity
          let isWhole = true
          try {
            for await (const { id, position } of steps(ledger, scope(interval, { jobDays }), from)) {
              from = position
              if (id !== undefined) found.push(id)
              if (left-- > 0) continue
              isWhole = false
              break
            }
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^job_(failed|cancelled|expired)$/) })
            isWhole = false
          }
          if (isWhole) break
        }
        expect(found.sort()).toEqual(ledger.truth(interval).sort())
      }),
      { numRuns: 1_000 },
    )
  })
})
