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
  test('is looked at after a second, and then after half as long again each time, up to half a minute', async () => {
    const ledger = await job({ states: Array<string>(12).fill('PENDING') })
    expect(await isFulfilled(ledger, 'j1', true)).toBe(true)
    // Chance takes up to a third of each wait: here, half of that.
    const whole = ledger.waits.map((wait) => Math.round((wait * 6) / 5))
    expect(whole).toEqual([
      1_000, 1_500, 2_250, 3_375, 5_063, 7_594, 11_391, 17_086, 25_629, 30_000, 30_000, 30_000, 30_000,
    ])
  })

  test('is waited for through states that nobody knows', async () => {
    const ledger = await job({ states: ['QUEUED', 'RESTING', 'PENDING'] })
    expect(await isFulfilled(ledger, 'j1', true)).toBe(true)
  })

  test('and fails is an error with Genesys’ words, made safe to print', async () => {
    const errorMessage = `The query\u001b[31m was\nbad ${'x'.repeat(9_000)}`
    const error = await errorOf(isFulfilled(await job({ states: ['PENDING', 'FAILED'], errorMessage }), 'j1', true))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_failed', retryable: false })
    expect(error.message).toMatch(/the job j1: The query was bad x+\. Going on from the checkpoint/)
    expect(error.message.length).toBeLessThan(700)
    const silent = await errorOf(isFulfilled(await job({ states: ['FAILED'] }), 'j1', true))
    expect(silent.message).toContain('no reason given')
  })

  test('and is cancelled by somebody else is an error', async () => {
    const error = await errorOf(isFulfilled(await job({ states: ['QUEUED', 'CANCELLED'] }), 'j1', true))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_cancelled', retryable: false })
  })

  test('and expires while it is waited for has to be submitted again', async () => {
    expect(await isFulfilled(await job({ states: ['QUEUED', 'EXPIRED'] }), 'j1', true)).toBe(false)
    const swept = await job({ pages: 0 })
    expect(await isFulfilled(swept, 'j1', true)).toBe(false)
    expect(swept.abandoned).toEqual([])
  })

  test('is named so that it can be printed', async () => {
    const ledger = await job({})
    ledger.status = () => Promise.resolve({ state: 'CANCELLED' })
    const error = await errorOf(isFulfilled(ledger, `j\u001b[31m1\n${'x'.repeat(999)}`, true))
    expect(error.message).not.toContain('\u001b')
    expect(error.message).not.toMatch(/\n|x{101}/)
  })
})

describe('a job that was come back to', () => {
  test('is looked at at once', async () => {
    const ledger = await job({})
    expect(await isFulfilled(ledger, 'j1', false)).toBe(true)
    expect(ledger.waits).toEqual([])
  })

  test.each(['FAILED', 'CANCELLED', 'EXPIRED'])('and is %s already has to be submitted again', async (state) => {
    expect(await isFulfilled(await job({ states: [state] }), 'j1', false)).toBe(false)
  })

  test.each([
    ['FAILED', 'job_failed'],
    ['CANCELLED', 'job_cancelled'],
  ])('and becomes %s while it is waited for is an error', async (state, code) => {
    const ledger = await job({ states: ['PENDING', state] })
    expect(await errorOf(isFulfilled(ledger, 'j1', false))).toMatchObject({ code })
  })

  test('is nobody’s to cancel but theirs who submitted it', async () => {
    const ledger = await job({ states: ['PENDING'] })
    const gone = new Error('The caller left.')
    ledger.wait = () => Promise.reject(gone)
    expect(await errorOf(isFulfilled(ledger, 'j1', false))).toBe(gone)
    expect(ledger.abandoned).toEqual([])
  })
})

describe('a job that takes too long', () => {
  test('is an error after its last look, with nothing waited for beyond the time-out', async () => {
    const ledger = await job({ states: Array<string>(99).fill('QUEUED') })
    ledger.timeout = 60_000
    const error = await errorOf(isFulfilled(ledger, 'j1', true))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_timeout', retryable: true })
    expect(error.message).toContain('not done within 60000 ms')
    expect(ledger.waits.reduce((a, b) => a + b)).toBe(60_000)
    expect(ledger.asked.at(-1)).toBe('status j1')
  })

  test('may take for ever', async () => {
    const ledger = await job({ states: Array<string>(999).fill('QUEUED') })
    ledger.timeout = Infinity
    expect(await isFulfilled(ledger, 'j1', true)).toBe(true)
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
  })

  test.each(['FULFILLED', 'FAILED', 'CANCELLED', 'EXPIRED'])('is not abandoned when it is %s', async (state) => {
    const ledger = await job({ states: ['QUEUED', state] })
    await isFulfilled(ledger, 'j1', true).catch(() => undefined)
    expect(ledger.abandoned).toEqual([])
  })
})
