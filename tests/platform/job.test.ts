import { describe, expect, test } from '@jest/globals'
import { CHECKPOINT_ADVICE, doneStatus, jobEnd } from '../../src/platform/job.js'
import type { AwaitedJob, JobStatus } from '../../src/platform/job.js'
import { errorOf } from './connection.js'

/** A job that says this of itself, look by look; null: it is not there. Time goes by while it is waited for. */
class ScriptedJob implements AwaitedJob<JobStatus> {
  id = 'j1'
  readonly platform = 'Example'
  readonly done = 'DONE'
  readonly advice = CHECKPOINT_ADVICE
  isNew = true
  timeout = 3_600_000
  pause: number | undefined
  errorMessage: string | undefined
  readonly waits: number[] = []
  looks = 0
  #time = 0
  readonly clock = {
    now: () => this.#time,
    monotonic: () => this.#time,
    setTimeout: () => {
      throw new Error('The job sets no timers.')
    },
    random: () => 0.5,
  }
  readonly #states: readonly (string | null)[]

  constructor(states: readonly (string | null)[], settings: Partial<ScriptedJob> = {}) {
    this.#states = states
    Object.assign(this, settings)
  }

  look(): Promise<JobStatus | undefined> {
    const state = this.#states[Math.min(this.looks++, this.#states.length - 1)]
    return Promise.resolve(state == null ? undefined : { state, errorMessage: this.errorMessage })
  }

  wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds)
    this.#time += milliseconds
    return Promise.resolve()
  }
}

/** What comes of waiting for it. */
async function outcome(job: ScriptedJob): Promise<JobStatus | undefined> {
  return doneStatus(job, await jobEnd(job))
}

const pending = (looks: number) => Array<string>(looks).fill('PENDING')

describe('a job that was just submitted', () => {
  test('is looked at after a second, and then after half as long again each time, up to half a minute', async () => {
    const job = new ScriptedJob([...pending(12), 'DONE'])
    expect(await outcome(job)).toMatchObject({ state: 'DONE' })
    // Chance takes up to a third of each wait: here, half of that.
    const whole = job.waits.map((wait) => Math.round((wait * 6) / 5))
    expect(whole).toEqual([
      1_000, 1_500, 2_250, 3_375, 5_063, 7_594, 11_391, 17_086, 25_629, 30_000, 30_000, 30_000, 30_000,
    ])
  })

  test('is looked at at even pauses where its platform asks for them', async () => {
    const job = new ScriptedJob([...pending(3), 'DONE'], { pause: 30_000 })
    await outcome(job)
    expect(job.waits).toEqual([30_000, 30_000, 30_000, 30_000])
  })

  test('is waited for through states that nobody knows', async () => {
    expect(await outcome(new ScriptedJob(['QUEUED', 'RESTING', 'done', 'DONE']))).toMatchObject({ state: 'DONE' })
  })

  test('and fails is an error with the platform’s words, made safe to print', async () => {
    const errorMessage = `The query\u001b[31m was\nbad ${'x'.repeat(9_000)}`
    const error = await errorOf(outcome(new ScriptedJob(['PENDING', 'FAILED'], { errorMessage })))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_failed', retryable: false })
    expect(error.message).toMatch(
      /^Example could not do the job j1: The query was bad x+\. Going on from the checkpoint/,
    )
    expect(error.message.length).toBeLessThan(700)
    const silent = await errorOf(outcome(new ScriptedJob(['FAILED'])))
    expect(silent.message).toContain('no reason given')
  })

  test('and is cancelled by somebody else is an error', async () => {
    const error = await errorOf(outcome(new ScriptedJob(['QUEUED', 'CANCELLED'])))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_cancelled', retryable: false })
  })

  test.each(['EXPIRED', null])('and is gone (%s) while it is waited for has no results', async (state) => {
    expect(await outcome(new ScriptedJob(['QUEUED', state]))).toBeUndefined()
  })

  test('is named so that it can be printed', async () => {
    const job = new ScriptedJob(['CANCELLED'], { id: `j\u001b[31m1\n${'x'.repeat(999)}` })
    const error = await errorOf(outcome(job))
    expect(error.message).not.toContain('\u001b')
    expect(error.message).not.toMatch(/\n|x{101}/)
  })
})

describe('a job that was come back to', () => {
  test('is looked at at once', async () => {
    const job = new ScriptedJob(['DONE'], { isNew: false })
    expect(await outcome(job)).toMatchObject({ state: 'DONE' })
    expect(job.waits).toEqual([])
  })

  test.each(['FAILED', 'CANCELLED', 'EXPIRED', null])('and is over already (%s) has no results', async (state) => {
    expect(await outcome(new ScriptedJob([state], { isNew: false }))).toBeUndefined()
  })

  test.each([
    ['FAILED', 'job_failed'],
    ['CANCELLED', 'job_cancelled'],
  ])('and becomes %s while it is waited for is an error', async (state, code) => {
    expect(await errorOf(outcome(new ScriptedJob(['PENDING', state], { isNew: false })))).toMatchObject({ code })
  })
})

describe('a job that takes too long', () => {
  test('is an error after its last look, with nothing waited for beyond the time-out', async () => {
    const job = new ScriptedJob(['QUEUED'], { timeout: 60_000 })
    const error = await errorOf(outcome(job))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_timeout', retryable: true })
    expect(error.message).toContain('not done within 60000 ms')
    expect(job.waits.reduce((a, b) => a + b)).toBe(60_000)
    expect(job.looks).toBe(job.waits.length)
  })

  test('may take for ever', async () => {
    const job = new ScriptedJob([...pending(999), 'DONE'], { timeout: Infinity })
    expect(await outcome(job)).toMatchObject({ state: 'DONE' })
  })
})
