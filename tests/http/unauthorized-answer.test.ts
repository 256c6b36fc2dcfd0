import { describe, expect, it } from '@jest/globals'
import { UnauthorizedAnswer } from '../../src/http/unauthorized-answer.js'
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
  const answer = new UnauthorizedAnswer(controller as never, head, clock)
  let drained = false
  void answer.drained.then(() => (drained = true))
  return {
    answer,
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
      const { answer, controller, receiver } = setUp()
      answer.onData(Buffer.alloc(bytes))
      answer.release(receiver)
      expect(controller.calls).toEqual(calls)
    }
  })

  it('is drained at its end, and leaves no timer', async () => {
    const { answer, isDrained, clock } = setUp()
    answer.onData(Buffer.from('body'))
    expect([await isDrained(), answer.ended]).toEqual([false, false])
    answer.onEnd({ trailers: {} })
    expect([await isDrained(), answer.ended, answer.text(), clock.pendingTimers]).toEqual([true, true, 'body', 0])
  })

  it('is not waited for longer than 200 ms', async () => {
    const { answer, isDrained, clock } = setUp()
    await clock.advance(199)
    expect(await isDrained()).toBe(false)
    await clock.advance(1)
    expect([await isDrained(), answer.ended]).toEqual([true, false])
  })

  it('is paused once 64 KiB of it are kept, and no sooner', async () => {
    const { answer, controller, isDrained } = setUp()
    answer.onData(Buffer.alloc(65_535))
    expect([controller.calls, await isDrained()]).toEqual([[], false])
    answer.onData(Buffer.alloc(10))
    expect([controller.calls, await isDrained(), answer.text().length]).toEqual([['pause'], true, 65_536])
  })

  it('is handed over in order: what was kept, what comes while that is handed over, what comes later', () => {
    const { answer, receiver, events } = setUp()
    answer.onData(Buffer.from('one'))
    answer.onData(Buffer.from('two'))
    receiver.react = (event) => {
      if (event === 'head') answer.onData(Buffer.from('three'))
    }
    answer.release(receiver)
    answer.onData(Buffer.from('four'))
    answer.onEnd({ trailers: {} })
    expect(events).toEqual(['head', 'one', 'two', 'three', 'four', 'end'])
  })

  it.each([[{ trailers: {} }, 'end'] as const, [{ error: new Error('cut') }, 'error'] as const])(
    'is handed over with its end, %j',
    (end, event) => {
      const { answer, receiver, events } = setUp()
      answer.onEnd(end)
      answer.release(receiver)
      expect(events).toEqual(['head', event])
    },
  )

  it('flows on when it is handed over, unless its receiver is paused', () => {
    for (const paused of [false, true]) {
      const { answer, receiver, controller } = setUp()
      answer.onData(Buffer.alloc(70_000))
      receiver.paused = paused
      answer.release(receiver)
      expect(controller.calls).toEqual(paused ? ['pause'] : ['pause', 'resume'])
    }
  })

  it.each(['head', 'data'])('ends once when its receiver gives up at its %s', (at) => {
    for (const ended of [false, true]) {
      const { answer, receiver, events, abort, controller } = setUp()
      answer.onData(Buffer.from('one'))
      answer.onData(Buffer.from('two'))
      if (ended) answer.onEnd({ trailers: {} })
      receiver.react = (event) => {
        if (event !== at) return
        abort.abort(new Error('enough'))
        // undici tells of an abort at once, where there is still something to abort.
        if (!answer.ended) answer.onEnd({ error: new Error('enough') })
      }
      answer.release(receiver)
      expect([events, controller.calls]).toEqual([at === 'head' ? ['head', 'error'] : ['head', 'one', 'error'], []])
    }
  })

  it('ends once when its receiver gives up and that is told later', () => {
    const { answer, receiver, events, abort, controller } = setUp()
    receiver.react = () => abort.abort(new Error('enough'))
    answer.release(receiver)
    expect([events, controller.calls]).toEqual([['head'], ['enough']])
    answer.onEnd({ error: new Error('enough') })
    expect(events).toEqual(['head', 'error'])
  })

  it.each(['head', 'data', 'end'])('fails once when its receiver throws at its %s', (at) => {
    for (const ended of [false, true]) {
      if (at === 'end' && !ended) continue
      const { answer, receiver, events, controller } = setUp()
      answer.onData(Buffer.from('one'))
      if (ended) answer.onEnd({ trailers: {} })
      receiver.react = (event) => {
        if (event === at) throw new Error('retry')
      }
      answer.release(receiver)
      if (!ended) answer.onEnd({ error: new Error('retry') })
      expect(events.at(-1)).toBe('error')
      expect(events.filter((event) => event === 'error')).toHaveLength(1)
      expect(controller.calls).toEqual(ended ? [] : ['retry'])
    }
  })
})
