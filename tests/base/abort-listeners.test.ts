import { describe, expect, it } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { onAbort } from '../../src/base/abort-listeners.js'

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

describe('onAbort', () => {
  it('gives a signal one listener, however many wait for it, and calls all of them', () => {
    const controller = new AbortController()
    const called: number[] = []
    for (let i = 0; i < 50; i++) onAbort(controller.signal, () => called.push(i))
    expect(listeners(controller.signal)).toBe(1)
    controller.abort()
    expect(called).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(listeners(controller.signal)).toBe(0)
  })

  it('takes the listener away with the last who waits, and not before', () => {
    const controller = new AbortController()
    const called: string[] = []
    const [first, second] = ['first', 'second'].map((name) => onAbort(controller.signal, () => called.push(name)))
    first!()
    first!()
    expect(listeners(controller.signal)).toBe(1)
    second!()
    expect(listeners(controller.signal)).toBe(0)
    controller.abort()
    expect(called).toEqual([])
  })

  it('can be asked again after all had left; those who left before have no say in that', () => {
    const controller = new AbortController()
    let called = 0
    const leave = onAbort(controller.signal, () => (called += 10))
    leave()
    onAbort(controller.signal, () => (called += 1))
    leave()
    onAbort(controller.signal, () => (called += 1))
    expect(listeners(controller.signal)).toBe(1)
    controller.abort()
    expect(called).toBe(2)
  })

  it('does not call who leaves, or comes, while the others are called', () => {
    const controller = new AbortController()
    const called: string[] = []
    onAbort(controller.signal, () => {
      called.push('first')
      leave()
      onAbort(controller.signal, () => called.push('late'))
    })
    const leave = onAbort(controller.signal, () => called.push('second'))
    controller.abort()
    expect(called).toEqual(['first'])
  })
})
