import { describe, expect, it } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { linkedSignal } from '../../src/base/linked-signal.js'

const reason = new Error('enough')

describe('linkedSignal', () => {
  it.each([0, 1])('aborts with the reason of whichever aborts first (%i)', (first) => {
    const controllers = [new AbortController(), new AbortController()]
    const { signal } = linkedSignal([undefined, ...controllers.map((controller) => controller.signal)])
    expect(signal.aborted).toBe(false)
    controllers[first]!.abort(reason)
    controllers[1 - first]!.abort(new Error('later'))
    expect(signal.reason).toBe(reason)
  })

  it('is aborted from the start when one of them is', () => {
    const { signal } = linkedSignal([new AbortController().signal, AbortSignal.abort(reason)])
    expect(signal.reason).toBe(reason)
  })

  it('leaves nothing behind when it is unlinked, and is aborted by none of them any more', () => {
    const controller = new AbortController()
    const { signal, unlink } = linkedSignal([controller.signal])
    unlink()
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    controller.abort()
    expect(signal.aborted).toBe(false)
  })
})
