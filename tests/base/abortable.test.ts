import { describe, expect, it } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { abortable } from '../../src/base/abortable.js'

const gone = new Error('gone')
const late = new Error('late')

describe('abortable', () => {
  it('settles as the work does, and leaves no listener behind [R37]', async () => {
    const { signal } = new AbortController()
    expect(await abortable(Promise.resolve(1), signal)).toBe(1)
    expect(await abortable(2, signal)).toBe(2)
    await expect(abortable(Promise.reject(gone), signal)).rejects.toBe(gone)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('rejects at once when the signal is or gets aborted, though the work never ends', async () => {
    const never = new Promise<never>(() => {})
    await expect(abortable(never, AbortSignal.abort(gone))).rejects.toBe(gone)
    const controller = new AbortController()
    const waiting = abortable(never, controller.signal)
    controller.abort(late)
    await expect(waiting).rejects.toBe(late)
  })

  it('lets a failure after the abort pass unheard', async () => {
    let fail!: (error: Error) => void
    const work = new Promise<never>((_resolve, reject) => (fail = reject))
    await expect(abortable(work, AbortSignal.abort(gone))).rejects.toBe(gone)
    fail(late)
    await new Promise((resolve) => setImmediate(resolve))
  })
})
