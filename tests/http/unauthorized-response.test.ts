import { describe, expect, it } from '@jest/globals'
import { UnauthorizedResponse } from '../../src/http/unauthorized-response.js'
import { FakeClock } from '../../src/testing/index.js'

/** An answer of a controller that the test plays, and a receiver that writes down what it gets. */
function setUp() {
  const clock = new FakeClock()
  const events: unknown[] = []
  const abort = new AbortController()
  const controller = {
    calls: [] as unknown[],
    pause: () => void controller.calls.push('pause'),
    resume: () => void controller.calls.push('resume'),
    abort: (reason: Error) => void controller.calls.push(reason.message),
  }
  const receiver = {
    signal: abort.signal,
    paused: false,
    react: (_event: string): void => undefined,
    onResponseStart: (...args: unknown[]) => note('head', args),
    onResponseData: (chunk: Buffer) => note('data', String(chunk)),
    onResponseEnd: (trailers: object) => note('end', trailers),
    onResponseError: (error: Error) => note('error', error.message),
  }
  const note = (event: string, what: unknown) => {
    events.push(event === 'data' ? what : event)
    receiver.react(event)
  }
  const head = { status: 401, headers: { 'x-a': '1' }, message: 'Nope' }
  const response = new UnauthorizedResponse(controller as never, head, clock)
  let drained = false
  void response.drained.then(() => (drained = true))
  return {
    response,
    receiver,
    controller,
    clock,
    events,
    abort,
    isDrained: async () => (await Promise.resolve(), drained),
  }
}

describe('a 401 that is held back', () => {
  it('is paused at 64 KiB exactly, and what was not paused is not resumed', async () => {
    for (const [bytes, calls] of [
      [64 * 1024 - 1, []],
      [64 * 1024, ['pause', 'resume']],
    ] as const) {
      const { response, controller, receiver } = setUp()
      response.onData(Buffer.alloc(bytes))
      response.release(receiver)
      expect(controller.calls).toEqual(calls)
    }
  })

  it('is drained at its end, and leaves no timer', async () => {
    const { response, isDrained, clock } = setUp()
    response.onData(Buffer.from('body'))
    expect([await isDrained(), response.ended]).toEqual([false, false])
    response.onEnd({ trailers: {} })
    expect([await isDrained(), response.ended, await response.text(), clock.pendingTimers]).toEqual([
      true,
      true,
      'body',
      0,
    ])
  })

  it('is not waited for longer than 200 ms', async () => {
    const { response, isDrained, clock } = setUp()
    await clock.advance(199)
    expect(await isDrained()).toBe(false)
    await clock.advance(1)
    expect([await isDrained(), response.ended]).toEqual([true, false])
  })

  it('is paused once 64 KiB of it are kept, and no sooner [R18]', async () => {
    const { response, controller, isDrained } = setUp()
    response.onData(Buffer.alloc(65_535))
    expect([controller.calls, await isDrained()]).toEqual([[], false])
    response.onData(Buffer.alloc(10))
    expect([controller.calls, await isDrained(), (await response.text()).length]).toEqual([['pause'], true, 65_536])
  })

  it('is handed over in order: what was kept, what comes while that is handed over, what comes later', () => {
    const { response, receiver, events } = setUp()
    response.onData(Buffer.from('one'))
    response.onData(Buffer.from('two'))
    receiver.react = (event) => {
      if (event === 'head') response.onData(Buffer.from('three'))
    }
    response.release(receiver)
    response.onData(Buffer.from('four'))
    response.onEnd({ trailers: {} })
    expect(events).toEqual(['head', 'one', 'two', 'three', 'four', 'end'])
  })

  it.each([[{ trailers: {} }, 'end'] as const, [{ error: new Error('cut') }, 'error'] as const])(
    'is handed over with its end, %j',
    (end, event) => {
      const { response, receiver, events } = setUp()
      response.onEnd(end)
      response.release(receiver)
      expect(events).toEqual(['head', event])
    },
  )

  it('flows on when it is handed over, unless its receiver is paused', () => {
    for (const paused of [false, true]) {
      const { response, receiver, controller } = setUp()
      response.onData(Buffer.alloc(70_000))
      receiver.paused = paused
      response.release(receiver)
      expect(controller.calls).toEqual(paused ? ['pause'] : ['pause', 'resume'])
    }
  })

  it.each(['head', 'data'])('ends once when its receiver gives up at its %s', (at) => {
    for (const ended of [false, true]) {
      const { response, receiver, events, abort, controller } = setUp()
      response.onData(Buffer.from('one'))
      response.onData(Buffer.from('two'))
      if (ended) response.onEnd({ trailers: {} })
      receiver.react = (event) => {
        if (event !== at) return
        abort.abort(new Error('enough'))
        // undici tells of an abort at once, where there is still something to abort.
        if (!response.ended) response.onEnd({ error: new Error('enough') })
      }
      response.release(receiver)
      expect([events, controller.calls]).toEqual([at === 'head' ? ['head', 'error'] : ['head', 'one', 'error'], []])
    }
  })

  it('ends once when its receiver gives up and that is told later', () => {
    const { response, receiver, events, abort, controller } = setUp()
    receiver.react = () => abort.abort(new Error('enough'))
    response.release(receiver)
    expect([events, controller.calls]).toEqual([['head'], ['enough']])
    response.onEnd({ error: new Error('enough') })
    expect(events).toEqual(['head', 'error'])
  })

  it.each(['head', 'data', 'end'])('fails once when its receiver throws at its %s', (at) => {
    for (const ended of [false, true]) {
      if (at === 'end' && !ended) continue
      const { response, receiver, events, controller } = setUp()
      response.onData(Buffer.from('one'))
      if (ended) response.onEnd({ trailers: {} })
      receiver.react = (event) => {
        if (event === at) throw new Error('retry')
      }
      response.release(receiver)
      if (!ended) response.onEnd({ error: new Error('retry') })
      expect(events.at(-1)).toBe('error')
      expect(events.filter((event) => event === 'error')).toHaveLength(1)
      expect(controller.calls).toEqual(ended ? [] : ['retry'])
    }
  })
})
