import { describe, expect, test } from '@jest/globals'
import { HurriedClock } from '../http/hurried-clock.js'
import { connectTo, errorOf, noContent } from './connect.js'

const JOBS = '/incontactapi/services/v34.0/report-jobs'

/** Gives these answers, one after the other, and then the last one for ever. */
async function responding(...responses: unknown[]) {
  const clock = new HurriedClock()
  const api = () => Response.json(responses.length > 1 ? responses.shift() : responses[0])
  return { clock, ...(await connectTo(api, { clock })) }
}

describe('a report', () => {
  test.each([
    ['an object', { jobId: 'r1' }, 'r1'],
    ['an object with a number', { jobId: 42, more: true }, '42'],
    ['a text', 'r1', 'r1'],
    ['a number', 42, '42'],
  ])('is started, and its job’s id may come as %s', async (_how, response, id) => {
    const { cxone, sent } = await responding(response)
    expect(await cxone.reportingJobs.submit(7, { parameters: { startDate: '2026-01-05' } })).toBe(id)
    expect(await cxone.reportingJobs.submitDataDownload('seven/7')).toBe(id)
    expect(sent).toEqual([
      { method: 'POST', path: `${JOBS}/7`, body: { startDate: '2026-01-05' } },
      { method: 'POST', path: `${JOBS}/datadownload/seven%2F7`, body: null },
    ])
  })

  test.each([[''], [null], [{}], [{ jobId: '..' }], [{ jobId: 2 ** 53 }], [[]], [true]])(
    'whose job has no id that can be asked for is an error: %j',
    async (response) => {
      const { cxone } = await responding(response)
      expect(await errorOf(cxone.reportingJobs.submit(7))).toMatchObject({ code: 'api_response_invalid' })
    },
  )

  test('is started once, whatever becomes of the answer', async () => {
    const { cxone, sent } = await connectTo(() => new Response('', { status: 503 }))
    expect(await errorOf(cxone.reportingJobs.submit(7))).toMatchObject({ code: 'api_server_error' })
    expect(sent).toHaveLength(1)
  })
})

describe('reporting jobs', () => {
  const jobs = [
    { jobId: 1, state: 'Whatever' },
    { jobId: 'b', more: [1] },
  ]

  test.each([
    ['the answer', jobs],
    ['the only list in it', { total: 2, jobs }],
  ])('are %s', async (_where, response) => {
    const { cxone, sent } = await responding(response)
    expect(await cxone.reportingJobs.list()).toEqual(jobs)
    expect(sent).toMatchObject([{ method: 'GET', path: JOBS }])
  })

  test('are none when there is no content', async () => {
    const { cxone } = await connectTo(noContent)
    expect(await cxone.reportingJobs.list()).toEqual([])
  })

  test.each([{}, { a: [], b: [] }, 'x', null, [{ state: 'no id' }]].map((response) => [response]))(
    'that cannot be told from the rest are an error, and not none: %j',
    async (response) => {
      const { cxone } = await responding(response)
      expect(await errorOf(cxone.reportingJobs.list())).toMatchObject({ code: 'schema_mismatch' })
    },
  )

  test.each([
    ['the answer', { jobId: 1, state: 'x', more: 2 }],
    ['alone in a list', { jobs: [{ jobId: 1, state: 'x', more: 2 }] }],
  ])('can be had one by one: %s', async (_where, response) => {
    const { cxone, sent } = await responding(response)
    expect(await cxone.reportingJobs.get(1)).toEqual({ jobId: 1, state: 'x', more: 2 })
    expect(sent).toMatchObject([{ method: 'GET', path: `${JOBS}/1` }])
  })
})

describe('a job that is waited for', () => {
  const looked = (state: string) => ({ jobId: 1, state })
  const done = { jobId: 1, state: 'Finished', resultFileURL: 'https://example.com/r?signature=x' }

  test('is done when it says where the file is, whatever its states are', async () => {
    const { cxone, clock } = await responding(looked('Queued'), { jobId: 1 }, looked('Zzz'), done)
    expect(await cxone.reportingJobs.finished(1)).toEqual(done)
    // Half of the jitter off each: a second, and then half as long again.
    expect(clock.waits.map(Math.round)).toEqual([833, 1250, 1875])
  })

  test('is not done because it says so', async () => {
    const { cxone, sent } = await responding(looked('Finished'), { ...looked('Finished'), resultFileURL: '' }, done)
    await cxone.reportingJobs.finished(1)
    expect(sent).toHaveLength(3)
  })

  test.each([
    ['Failed', 'job_failed'],
    ['FAILURE', 'job_failed'],
    ['Error', 'job_failed'],
    ['canceled', 'job_cancelled'],
    ['Cancelled', 'job_cancelled'],
    ['expired', 'job_expired'],
  ])('and says %s is an error', async (state, code) => {
    for (const before of [[], [looked('Running')]]) {
      const { cxone } = await responding(...before, looked(state))
      const error = await errorOf(cxone.reportingJobs.finished('1'))
      expect(error).toMatchObject({ name: 'ApiError', code, retryable: false })
      expect(error.message).toMatch(/the job 1\b.*Submit another\.$/)
    }
  })

  test('for too long is an error that names the time-out', async () => {
    const { cxone, clock } = await responding(looked('Running'))
    const error = await errorOf(cxone.reportingJobs.finished(1, { jobTimeout: 60_000 }))
    expect(error).toMatchObject({ code: 'job_timeout', retryable: true })
    expect(error.message).toContain('60000 ms. Waiting for it again goes on.')
    expect(clock.waits.reduce((a, b) => a + b)).toBe(60_000)
  })

  test('can be left by a signal', async () => {
    const leaving = new AbortController()
    const { cxone } = await connectTo(() => {
      leaving.abort(new Error('enough'))
      return Response.json(looked('Running'))
    })
    const { signal } = leaving
    expect(await errorOf(cxone.reportingJobs.finished(1, { signal }))).toMatchObject({ message: 'enough' })
  })
})
