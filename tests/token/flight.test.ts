import { describe, expect, it } from '@jest/globals'
import { AsyncLocalStorage } from 'node:async_hooks'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { Flight } from '../../src/token/flight.js'
import { untilAborted } from './scripted-grant.js'
import { deferred } from '../waiting.js'

const gone = new Error('gone')
const late = new Error('late')

function fly<Result>(work: (signal: AbortSignal) => Promise<Result>, clock = new FakeClock()) {
  return new Flight(work, { clock, timeout: 10_000, onTimeout: () => late })
}

describe('Flight', () => {
  it('has not started its work when it is made, and starts it without being waited for', async () => {
    let started = false
    fly(async () => void (started = true))
    expect(started).toBe(false)
    await Promise.resolve()
    expect(started).toBe(true)
  })

  it('lets a waiter go alone', async () => {
    const work = deferred<string>()
    const flight = fly(() => work.promise)
    const controller = new AbortController()
    const [first, second, third] = [flight.join(controller.signal), flight.join(), flight.join(controller.signal)]
    controller.abort(gone)
    await expect(first).rejects.toBe(gone)
    await expect(third).rejects.toBe(gone)
    work.resolve('landed')
    expect(await second).toBe('landed')
    expect(await flight.join()).toBe('landed')
  })

  it('aborts its work at the time-out, with the error that was asked for', async () => {
    const clock = new FakeClock()
    const flight = fly(untilAborted, clock)
    await clock.advance(9_999)
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(1)
    await expect(flight.join()).rejects.toBe(late)
    expect(clock.pendingTimers).toBe(0)
  })

  it.each([
    ['lands', async () => 1],
    ['fails', () => Promise.reject(gone)],
    [
      'throws',
      () => {
        throw gone
      },
    ],
  ])('clears its timer when the work %s', async (_, work: () => Promise<number>) => {
    const clock = new FakeClock()
    const flight = fly(work, clock)
    await clock.advance(0)
    expect(clock.pendingTimers).toBe(0)
    await flight.join().catch((error: unknown) => expect(error).toBe(gone))
  })

  it('keeps the process alive only as long as somebody waits for it', async () => {
    let alive = false
    const clock = new FakeClock()
    const setTimeout = clock.setTimeout.bind(clock)
    clock.setTimeout = (callback, delay) => ({
      ...setTimeout(callback, delay),
      ref: () => void (alive = true),
      unref: () => void (alive = false),
    })
    const flight = fly(untilAborted, clock)
    expect(alive).toBe(false)
    const controller = new AbortController()
    const waiters = [flight.join(controller.signal), flight.join()]
    expect(alive).toBe(true)
    controller.abort(gone)
    await expect(waiters[0]).rejects.toBe(gone)
    expect(alive).toBe(true)
    flight.abort(late)
    await expect(waiters[1]).rejects.toBe(late)
    expect(alive).toBe(false)
  })

  it("runs in nobody's async context and gives each waiter its own back", async () => {
    const context = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    const flight = context.run('maker', () =>
      fly(async () => {
        seen.push(context.getStore())
        await Promise.resolve()
        seen.push(context.getStore())
      }),
    )
    await Promise.all(
      ['a', 'b'].map((name) =>
        context.run(name, async () => {
          await flight.join()
          expect(context.getStore()).toBe(name)
        }),
      ),
    )
    expect(seen).toEqual([undefined, undefined])
  })
})
