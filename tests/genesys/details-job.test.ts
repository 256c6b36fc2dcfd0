import { describe, expect, test } from '@jest/globals'
import { isFulfilled } from '../../src/genesys/details-job.js'
import { errorOf } from './connect.js'
import { JobLedger } from './job-ledger.js'
import type { Fate } from './job-ledger.js'

const day = { start: 0, end: 86_400_000 }

/** A job to which this will happen, submitted just now. */
async function job(fate: Fate): Promise<JobLedger> {
  const ledger = new JobLedger([], { fates: [fate] })
  await ledger.submit(day, true)
  return ledger
}

describe('a job that was just submitted', () => {
  test('is fulfilled, whatever it goes through until then', async () => {
    const ledger = await job({ states: ['QUEUED', 'RESTING', 'PENDING'] })
    expect(await isFulfilled(ledger, 'j1', true)).toBe(true)
    expect(ledger.waits).toHaveLength(4)
  })

  test('and fails is an error with Genesys’ words', async () => {
    const fate = { states: ['PENDING', 'FAILED'], errorMessage: 'Too much' }
    const error = await errorOf(isFulfilled(await job(fate), 'j1', true))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_failed', retryable: false })
    expect(error.message).toContain('Genesys Cloud could not do the job j1: Too much. Going on from the checkpoint')
  })

  test('and expires while it is waited for has to be submitted again', async () => {
    expect(await isFulfilled(await job({ states: ['QUEUED', 'EXPIRED'] }), 'j1', true)).toBe(false)
    const swept = await job({ pages: 0 })
    expect(await isFulfilled(swept, 'j1', true)).toBe(false)
    expect(swept.abandoned).toEqual([])
  })
})

describe('a job that was come back to', () => {
  test.each(['FAILED', 'CANCELLED', 'EXPIRED'])('and is %s already has to be submitted again', async (state) => {
    expect(await isFulfilled(await job({ states: [state] }), 'j1', false)).toBe(false)
  })

  test('is nobody’s to cancel but theirs who submitted it', async () => {
    const ledger = await job({ states: ['PENDING'] })
    const gone = new Error('The caller left.')
    ledger.wait = () => Promise.reject(gone)
    expect(await errorOf(isFulfilled(ledger, 'j1', false))).toBe(gone)
    expect(ledger.abandoned).toEqual([])
  })
})

describe('a job that nobody waits for any more', () => {
  const gone = new Error('The caller left.')

  test('is abandoned while it is unfinished, for all that is known', async () => {
    const waiting = await job({ states: ['QUEUED', 'PENDING'] })
    waiting.wait = () => Promise.reject(gone)
    expect(await errorOf(isFulfilled(waiting, 'j1', true))).toBe(gone)
    expect(waiting.abandoned).toEqual(['j1'])

    const asked = await job({ states: ['QUEUED', 'PENDING'] })
    asked.status = () => Promise.reject(gone)
    expect(await errorOf(isFulfilled(asked, 'j1', true))).toBe(gone)
    expect(asked.abandoned).toEqual(['j1'])

    const late = await job({ states: Array<string>(99).fill('QUEUED') })
    late.timeout = 60_000
    expect(await errorOf(isFulfilled(late, 'j1', true))).toMatchObject({ code: 'job_timeout' })
    expect(late.abandoned).toEqual(['j1'])
  })

  test.each(['FULFILLED', 'FAILED', 'CANCELLED', 'EXPIRED'])('is not abandoned when it is %s', async (state) => {
    const ledger = await job({ states: ['QUEUED', state] })
    await isFulfilled(ledger, 'j1', true).catch(() => undefined)
    expect(ledger.abandoned).toEqual([])
  })
})
