import { describe, expect, it } from '@jest/globals'
import type { ApiError } from '../../src/index.js'
import type { CxoneFault } from '../../src/testing/index.js'
import { all, CANARY, connect, errorOf, everythingOf, first } from './connect.js'
import type { Connection } from './connect.js'

const MARCH = { entityName: 'contacts', version: '1', startDate: '2026-03-03', endDate: '2026-03-12' }

function truth({ running }: Connection): Record<string, string>[] {
  return running.truth.extraction('contacts', '2026-03-03', '2026-03-12')
}

describe('an export of a simulated tenant', () => {
  it('brings every row, with its quotes and line breaks, and no token to the host of results', async () => {
    const connection = await connect()
    const { cxone, running, sent } = connection
    const rows = await all(cxone.dataExtraction.export(MARCH))
    expect(rows).toEqual(truth(connection))
    expect(rows).toHaveLength(500)
    const counts = { requests: 1, withAuthorization: 0, downloads: 1, denied: 0, faults: 0 }
    expect(running.simulator.resultCounts).toEqual(counts)
    expect(sent.filter(({ path }) => path.startsWith('/exports/'))).toHaveLength(1)
  })

  it.each<[string, CxoneFault[]]>([
    ['addresses that have expired', [{ kind: 'result-expired', to: '/exports', times: 2 }]],
    ['files that are cut off', [{ kind: 'cut-body', to: '/exports', times: 2 }]],
    ['connections that are cut', [{ kind: 'cut', to: '/exports', times: 2 }]],
    ['a host of results that is out of order', [{ kind: 'unavailable', to: '/exports', times: 2 }]],
    ['revoked tokens', [{ kind: 'revoked', to: '/data-extraction', times: 3 }]],
    ['dead refresh tokens', [{ kind: 'refresh-dead' }, { kind: 'revoked', to: '/data-extraction', at: 2 }]],
    ['429, 503 and a lost answer', [{ kind: 'rate-limited' }, { kind: 'unavailable', at: 2 }, { kind: 'cut', at: 3 }]],
    ['results that are gone before they are read', [{ kind: 'job-expired', to: '/exports' }]],
  ])('brings every row once in spite of %s', async (_, faults) => {
    const connection = await connect({ faults })
    expect(await all(connection.cxone.dataExtraction.export(MARCH))).toEqual(truth(connection))
    const { counts, resultCounts } = connection.running.simulator
    expect(counts.faults + resultCounts.faults).toBe(faults.reduce((sum, { times = 1 }) => sum + times, 0))
    expect(resultCounts.withAuthorization).toBe(0)
  })

  it('goes on after a checkpoint with the same job', async () => {
    const connection = await connect()
    const { cxone, running } = connection
    const begun = cxone.dataExtraction.export(MARCH)
    const before = await first(123, begun)
    const after = await all(cxone.dataExtraction.export({ ...MARCH, checkpoint: begun.checkpoint() }))
    expect([...before, ...after]).toEqual(truth(connection))
    expect(running.simulator.counts.jobsSubmitted).toBe(1)
  })

  it('is what there is when all of that happens, and a reader that leaves in between', async () => {
    const connection = await connect({
      faults: [
        { kind: 'revoked', to: '/data-extraction', at: 2 },
        { kind: 'unavailable', to: '/data-extraction', at: 4, retryAfter: 1 },
        { kind: 'cut', to: '/data-extraction', at: 6 },
        { kind: 'result-expired', to: '/exports', at: 1 },
        { kind: 'cut', to: '/exports', at: 2 },
      ],
    })
    const { cxone, running } = connection
    const begun = cxone.dataExtraction.export(MARCH)
    const before = await first(20, begun)
    const after = await all(cxone.dataExtraction.export({ ...MARCH, checkpoint: begun.checkpoint() }))
    expect([...before, ...after]).toEqual(truth(connection))
    expect(running.simulator.resultCounts).toMatchObject({ withAuthorization: 0, denied: 1, faults: 2 })
  })

  it('waits for a job of somebody else, and for another of its own', async () => {
    const connection = await connect({ jobDuration: 50 })
    const { cxone, running } = connection
    await cxone.dataExtraction.submit({ ...MARCH, entityName: 'contact-tags' })
    const exports = [MARCH, MARCH].map((subject) => all(cxone.dataExtraction.export(subject)))
    expect(await Promise.all(exports)).toEqual([truth(connection), truth(connection)])
    expect(running.simulator.counts.jobsSubmitted).toBe(3)
  })

  it('keeps the pause that the tenant wants', async () => {
    const connection = await connect({ dataExtractionPause: 20 }, { limits: { dataExtractionPause: 600 } })
    expect(await all(connection.cxone.dataExtraction.export(MARCH))).toEqual(truth(connection))
    expect(connection.running.simulator.counts.rateLimited).toBe(0)
  })

  it.each<[string, string, CxoneFault]>([
    ['fails', 'job_failed', { kind: 'job-failed', to: '/data-extraction', at: 3 }],
    ['has no result', 'job_expired', { kind: 'result-expired', to: '/exports', times: Infinity }],
  ])('ends with an error that holds no address when the job %s', async (_, code, fault) => {
    const { cxone, secrets } = await connect({ faults: [fault], jobDuration: 200 })
    const error = await errorOf<ApiError>(all(cxone.dataExtraction.export(MARCH)))
    expect(error).toMatchObject({ code })
    const everything = everythingOf(error) + String(error.checkpoint)
    for (const secret of [...secrets, CANARY, 'X-Amz-Signature', '/exports/']) {
      expect(everything).not.toContain(secret)
    }
  })
})
