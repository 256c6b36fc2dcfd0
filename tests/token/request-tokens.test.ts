import { describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { requestTokens } from '../../src/token/request-tokens.js'
import { heardOn } from './listening.js'
import { KeptTokens } from '../../src/token/kept-tokens.js'
import { permanentError, ScriptedGrant, tokens, transientError } from './scripted-grant.js'
import { deferred } from '../waiting.js'

function wanted({ tries = 3, signal = new AbortController().signal } = {}) {
  return {
    signal,
    tries,
    unwanted: undefined,
    isForRejection: false,
    refreshAhead: undefined,
    progress: { cause: undefined },
  }
}

function ask(grant: ScriptedGrant, { clock = new FakeClock(), tries = 3, signal = new AbortController().signal } = {}) {
  const response = requestTokens(grant, wanted({ tries, signal }), new KeptTokens(), clock)
  response.catch(() => undefined)
  return response
}

describe('requestTokens', () => {
  it('answers with the refresh token that is good from now on, the old one where there is no new one', async () => {
    const kept = new KeptTokens()
    const clock = new FakeClock()
    const request = wanted({ tries: 1 })
    kept.keep(tokens('t1', { refreshToken: 'r1' }), undefined)
    const same = await requestTokens(new ScriptedGrant(async () => tokens('t2')), request, kept, clock)
    expect(same.set.refreshToken).toBe(kept.latest!.refreshToken)
    const other = await requestTokens(
      new ScriptedGrant(async () => tokens('t2', { refreshToken: 'r2' })),
      request,
      kept,
      clock,
    )
    expect(other.set.refreshToken?.reveal()).toBe('r2')
    const none = await requestTokens(new ScriptedGrant(async () => tokens('t2')), request, new KeptTokens(), clock)
    expect(none.set.refreshToken).toBeUndefined()
  })

  it('tries three times, and throws the last error [R24]', async () => {
    const clock = new FakeClock()
    const errors = [transientError(), transientError(), transientError()]
    const grant = new ScriptedGrant(({ number }) => Promise.reject(errors[number - 1]!))
    const response = ask(grant, { clock })
    await clock.advance(1_000)
    expect(grant.count).toBe(3)
    await expect(response).rejects.toBe(errors[2])
  })

  it.each([
    [3, 3],
    [2, 2],
    [1, 1],
  ])('of %d tries makes %d', async (tries, made) => {
    const clock = new FakeClock()
    const grant = new ScriptedGrant(() => Promise.reject(transientError()))
    const response = ask(grant, { clock, tries })
    await clock.advance(10_000)
    await expect(response).rejects.toMatchObject({ status: 503 })
    expect(grant.count).toBe(made)
  })

  it('waits by full jitter: anything from 0 to 1 s, drawn anew each time [R24]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (...draws) => {
          const chances = [...draws]
          const clock = new FakeClock({ random: () => chances.shift() ?? 0.999 })
          const times: number[] = []
          const grant = new ScriptedGrant(() => {
            times.push(clock.monotonic())
            throw transientError()
          })
          const response = ask(grant, { clock })
          await clock.advance(2_500)
          await expect(response).rejects.toMatchObject({ status: 503 })
          expect(times[1]! - times[0]!).toBeCloseTo(Math.max(1, draws[0] * 1_000), 3)
          expect(times[2]! - times[1]!).toBeCloseTo(Math.max(1, draws[1] * 1_000), 3)
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([
    [0, 500, 500],
    [700, 700, 700],
    [1_000, 1_000, 1_000],
  ])('waits at least a Retry-After of %d ms when that is short', async (retryAfter, wait) => {
    const clock = new FakeClock()
    const grant = new ScriptedGrant(({ number }) => {
      if (number === 1) throw transientError({ retryAfter })
      return tokens('t')
    })
    const response = ask(grant, { clock })
    await clock.advance(wait - 1)
    expect(grant.count).toBe(1)
    await clock.advance(1)
    expect((await response).set.accessToken.reveal()).toBe('t')
  })

  it.each([
    ['the server asks for a longer wait', true, () => transientError({ retryAfter: 1_001 })],
    ['the error will stay', true, () => permanentError()],
    ['a credential that is spent by use was sent', false, () => transientError()],
    ['a credential that is spent by use may have been sent', false, () => new Error('foreign')],
  ])('is not repeated when %s', async (_, repeatable, error) => {
    const clock = new FakeClock()
    const grant = new ScriptedGrant(() => Promise.reject(error()), repeatable)
    const response = ask(grant, { clock })
    await clock.advance(10_000)
    await expect(response).rejects.toMatchObject({ name: 'TokenError' })
    expect(grant.count).toBe(1)
  })

  it('is repeated when a credential that is spent by use certainly was not sent', async () => {
    const clock = new FakeClock()
    const grant = new ScriptedGrant(() => Promise.reject(transientError({ requestSent: false })), false)
    const response = ask(grant, { clock })
    await clock.advance(10_000)
    await expect(response).rejects.toMatchObject({ requestSent: false })
    expect(grant.count).toBe(3)
  })

  it.each([
    [new TypeError('canary'), 'TypeError'],
    ['canary', 'string'],
    [undefined, 'undefined'],
  ])('makes of a foreign error one that may be repeated and says nothing of it but its name', async (foreign, name) => {
    const grant = new ScriptedGrant(() => {
      throw foreign
    })
    const response = ask(grant, { tries: 1 })
    await expect(response).rejects.toMatchObject({
      code: 'grant_failed',
      retryable: true,
      message: `The grant failed with an error of its own (${name}).`,
    })
    await expect(response).rejects.not.toHaveProperty('cause')
  })

  it('says when the request that brought the token was sent, not the first one', async () => {
    const clock = new FakeClock({ now: 0 })
    const second = deferred<ReturnType<typeof tokens>>()
    const grant = new ScriptedGrant(({ number }) => {
      if (number === 1) throw transientError()
      return second.promise
    })
    const response = ask(grant, { clock })
    await clock.advance(2_000)
    second.resolve(tokens('t'))
    expect((await response).requestedAt.wall).toBe(500)
  })

  it('keeps no process alive between two tries: whoever waits for the flight does', async () => {
    const clock = new FakeClock()
    const timer = { ref: jest.fn(), unref: () => undefined, clear: () => undefined }
    const set = jest.spyOn(clock, 'setTimeout').mockReturnValue(timer)
    void ask(new ScriptedGrant(() => Promise.reject(transientError())), { clock })
    await clock.advance(0)
    expect(set).toHaveBeenCalledTimes(1)
    expect(timer.ref).not.toHaveBeenCalled()
  })

  it('ends its wait with the signal, and sends nothing for one that is aborted', async () => {
    const gone = new Error('gone')
    const clock = new FakeClock()
    const controller = new AbortController()
    const grant = new ScriptedGrant(() => Promise.reject(transientError()))
    const response = ask(grant, { clock, signal: controller.signal })
    await clock.advance(100)
    controller.abort(gone)
    await expect(response).rejects.toBe(gone)
    expect(clock.pendingTimers).toBe(0)
    await expect(ask(grant, { signal: controller.signal })).rejects.toBe(gone)
    expect(grant.count).toBe(1)
  })

  it('is not repeated once the signal is aborted', async () => {
    const controller = new AbortController()
    const grant = new ScriptedGrant(() => {
      controller.abort()
      throw transientError()
    })
    await expect(ask(grant, { signal: controller.signal })).rejects.toMatchObject({ status: 503 })
    expect(grant.count).toBe(1)
  })

  it('tells of each request, without the query of the token endpoint', async () => {
    const clock = new FakeClock()
    const events = await heardOn('everbearer:token-request', async () => {
      void ask(new ScriptedGrant(() => Promise.reject(transientError())), { clock }).catch(() => undefined)
      await clock.advance(2_000)
    })
    expect(events).toEqual(
      [1, 2, 3].map((attempt) => ({ tokenEndpoint: 'https://login.example.com/token', clientId: 'id', attempt })),
    )
  })

  it.each([
    ['https://me:canary@vault.example.com/token?canary#canary', 'https://vault.example.com/token'],
    ['https://me:p@canary/x@vault.example.com/', '[redacted]'],
    ['vault canary', '[redacted]'],
  ])('tells of the token endpoint of a custom grant without its secrets: %s', async (tokenEndpoint, shown) => {
    const grant = new ScriptedGrant(() => tokens('t1'))
    Object.assign(grant, { identity: { ...grant.identity, tokenEndpoint } })
    const events = await heardOn('everbearer:token-request', () => ask(grant))
    expect(events).toMatchObject([{ tokenEndpoint: shown }])
  })

  it('makes each try with the refresh token that is the latest by then', async () => {
    const kept = new KeptTokens()
    const clock = new FakeClock()
    const grant = new ScriptedGrant(({ number }) => {
      if (number === 1) throw transientError({ requestSent: false })
      return tokens('t2')
    }, false)
    const response = requestTokens(grant, wanted(), kept, clock)
    await clock.advance(0)
    kept.keep(tokens('late', { refreshToken: 'r1' }), undefined)
    await clock.advance(1_000)
    expect(grant.asked.map(({ previous }) => previous?.refreshToken?.reveal())).toEqual([undefined, 'r1'])
    expect((await response).set.refreshToken?.reveal()).toBe('r1')
    expect(kept.latest).toBe((await response).set)
  })

  it.each([undefined, {}, { accessToken: 'a bare string' }])(
    'takes no answer without an AccessToken: %j',
    async (set) => {
      const grant = new ScriptedGrant(() => set as never)
      await expect(requestTokens(grant, wanted(), new KeptTokens(), new FakeClock())).rejects.toMatchObject({
        code: 'grant_failed',
        retryable: false,
        message: 'The grant gave no AccessToken.',
      })
    },
  )
})
