import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { TokenError } from '../../src/base/errors.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { CoolDown } from '../../src/token/cool-down.js'
import { permanentError, transientError } from './scripted-grant.js'

const SECOND = 1_000

function lengths(make: () => ReturnType<typeof transientError>, count: number): number[] {
  const coolDown = new CoolDown(new FakeClock())
  return Array.from({ length: count }, () => coolDown.start(make()).retryAfter / SECOND)
}

describe('CoolDown', () => {
  it('doubles from 1 s to 60 s after transient failures', () => {
    expect(lengths(transientError, 9)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('is a second, and stays so, where nothing was asked of the server and asking would be in vain', () => {
    const coolDown = new CoolDown(new FakeClock())
    const error = new TokenError('refresh_token_missing', 'There is none.', { requestSent: false })
    expect([1, 2, 3, 4].map(() => coolDown.start(error).retryAfter)).toEqual([1_000, 1_000, 1_000, 1_000])
  })

  it('doubles from 5 s to 5 min after permanent ones [R25]', () => {
    expect(lengths(permanentError, 8)).toEqual([5, 10, 20, 40, 80, 160, 300, 300])
  })

  it('stays at its longest, however often the server fails', () => {
    expect(lengths(transientError, 2_000).at(-1)).toBe(60)
  })

  it('is never shorter than Retry-After, and never longer than an hour for its sake', () => {
    const minute = 60 * SECOND
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 42 }), fc.boolean(), (retryAfter, transient) => {
        const error = transient ? transientError({ retryAfter }) : permanentError({ retryAfter })
        const length = new CoolDown(new FakeClock()).start(error).retryAfter
        expect(length).toBe(Math.max(transient ? SECOND : 5 * SECOND, Math.min(retryAfter, 60 * minute)))
      }),
    )
  })

  it('runs out with time, by whichever clock says more', async () => {
    const clock = new FakeClock()
    const coolDown = new CoolDown(clock)
    expect(coolDown.remaining()).toBe(0)
    coolDown.start(permanentError())
    await clock.advance(2_000)
    expect(coolDown.remaining()).toBe(3_000)
    clock.jump(-60_000)
    expect(coolDown.remaining()).toBe(3_000)
    await clock.advance(1_000)
    expect(coolDown.remaining()).toBe(2_000)
    clock.sleep(3_600_000)
    expect(coolDown.remaining()).toBe(0)
  })

  it('remembers the last error, and that the last flight failed, until it is reset', () => {
    const coolDown = new CoolDown(new FakeClock())
    expect(coolDown.isFailing).toBe(false)
    expect(coolDown.error).toBeUndefined()
    const error = transientError()
    coolDown.start(permanentError())
    const failure = coolDown.start(error)
    expect(failure).toBe(coolDown.error)
    expect(failure).toMatchObject({ code: error.code, status: error.status, retryAfter: 2_000 })
    expect(error.retryAfter).toBeUndefined()
    expect(coolDown.isFailing).toBe(true)
    coolDown.reset()
    expect(coolDown.isFailing).toBe(false)
    expect(coolDown.error).toBeUndefined()
    expect(coolDown.remaining()).toBe(0)
    expect(coolDown.start(error).retryAfter).toBe(1_000)
  })

  it('is no longer than a token that serves allows, but for Retry-After', () => {
    const coolDown = new CoolDown(new FakeClock())
    const longest = [60, 3, 2].map((seconds) => seconds * SECOND)
    expect(longest.map((most) => coolDown.start(permanentError(), most).retryAfter)).toEqual([5_000, 3_000, 2_000])
    expect(coolDown.start(transientError({ retryAfter: 20_000 }), 1_000).retryAfter).toBe(20_000)
    expect(coolDown.remaining()).toBe(20_000)
  })

  it('starts over when that token serves no more, and then grows', () => {
    const coolDown = new CoolDown(new FakeClock())
    for (let failure = 0; failure < 5; failure++) coolDown.start(permanentError(), 60 * SECOND)
    const lengths = [1, 2, 3].map(() => coolDown.start(permanentError()).retryAfter)
    expect(lengths).toEqual([5_000, 10_000, 20_000])
  })
})
