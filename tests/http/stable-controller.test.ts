import { describe, expect, it } from '@jest/globals'
import type { Dispatcher } from 'undici'
import { StableController } from '../../src/http/stable-controller.js'

function attempt() {
  const calls: unknown[] = []
  const controller = {
    calls,
    aborted: false,
    paused: false,
    reason: null,
    rawHeaders: [Buffer.from('a'), Buffer.from('1')],
    rawTrailers: ['b', '2'],
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    abort: (reason: Error) => void calls.push(reason),
  }
  return controller as typeof controller & Dispatcher.DispatchController
}

const reason = new Error('enough')

describe('StableController [R29]', () => {
  it('has nothing and does nothing before there is an attempt', () => {
    const stable = new StableController()
    expect(stable).toMatchObject({ aborted: false, paused: false, reason: null, rawHeaders: null, rawTrailers: null })
    stable.rawHeaders = []
    stable.rawTrailers = []
    stable.resume()
    expect(stable).toMatchObject({ paused: false, rawHeaders: null, rawTrailers: null })
  })

  it('passes on what it is told to the attempt under way, and to that alone', () => {
    const [first, second] = [attempt(), attempt()]
    const stable = new StableController()
    stable.attach(first)
    stable.pause()
    stable.resume()
    stable.attach(second)
    stable.pause()
    stable.abort(reason)
    expect([first.calls, second.calls]).toEqual([
      ['pause', 'resume'],
      ['pause', reason],
    ])
    expect(stable).toMatchObject({ aborted: true, reason, paused: true })
  })

  it('has a pause, or an abort, count for the next attempt', () => {
    const [first, second] = [attempt(), attempt()]
    const stable = new StableController()
    stable.pause()
    stable.attach(first)
    stable.abort(reason)
    stable.attach(second)
    expect([first.calls, second.calls]).toEqual([['pause', reason], [reason]])
  })

  it('aborts its signal with the caller’s reason, the first one', () => {
    const stable = new StableController()
    stable.abort(reason)
    stable.abort(new Error('again'))
    expect([stable.signal.aborted, stable.signal.reason, stable.reason]).toEqual([true, reason, reason])
  })

  it('aborts without a reason as an AbortController does', () => {
    const stable = new StableController()
    stable.abort(undefined as unknown as Error)
    expect(stable).toMatchObject({ aborted: true, reason: { name: 'AbortError' } })
    expect(stable.signal.reason).toBe(stable.reason)
  })

  it('is not aborted by an attempt that is', () => {
    const stable = new StableController()
    stable.attach(Object.assign(attempt(), { aborted: true, reason }))
    expect(stable).toMatchObject({ aborted: false, reason: null })
  })

  it('shows the attempt’s raw headers and trailers, which a fetch may write', () => {
    const stable = new StableController()
    const first = attempt()
    stable.attach(first)
    expect([stable.rawHeaders, stable.rawTrailers]).toEqual([first.rawHeaders, first.rawTrailers])
    stable.rawHeaders = ['x', 'y']
    stable.rawTrailers = []
    expect([first.rawHeaders, first.rawTrailers]).toEqual([['x', 'y'], []])
  })
})

it('aborts with the words of an AbortController if the caller names no reason', () => {
  const controller = new StableController()
  controller.abort(undefined as never)
  expect(controller.reason).toMatchObject({ name: 'AbortError', message: 'This operation was aborted' })
  expect(controller.signal.reason).toBe(controller.reason)
})
