import { expect, test } from '@jest/globals'
import { all, connect, first } from './connect.js'

const what = { entityName: 'contacts', version: '1', startDate: '2026-01-05', endDate: '2026-01-07' }

test('what a simulated tenant extracts is what there is, whatever happens on the way', async () => {
  const { cxone, running } = await connect({
    faults: [
      { kind: 'revoked', to: '/data-extraction', at: 2 },
      { kind: 'unavailable', to: '/data-extraction', at: 4, retryAfter: 1 },
      { kind: 'cut', to: '/data-extraction', at: 6 },
      { kind: 'result-expired', to: '/exports', at: 1 },
      { kind: 'cut', to: '/exports', at: 2 },
    ],
  })
  const { simulator } = running
  const truth = simulator.truth.extraction(what.entityName, what.startDate, what.endDate)
  const rows = cxone.dataExtraction.export(what)
  const before = await first(20, rows)
  const after = await all(cxone.dataExtraction.export({ ...what, checkpoint: rows.checkpoint() }))
  expect([...before, ...after]).toEqual(truth)
  expect(truth.length).toBeGreaterThan(100)
  expect(simulator.resultCounts).toMatchObject({ withAuthorization: 0, denied: 1, faults: 2 })
})
