import { describe, expect, it, jest } from '@jest/globals'
import { made } from './made.js'

describe('a manager with a fresh token [R44]', () => {
  it('gives all who ask the same promise: it makes none', async () => {
    const { manager } = made()
    await manager.getToken()
    expect(manager.getToken()).toBe(manager.getToken())
    expect(await manager.getToken()).toBe(manager.current())
    await manager.close()
  })

  it('reads each of its two clocks once', async () => {
    const { manager, clock } = made()
    await manager.getToken()
    const now = jest.spyOn(clock, 'now')
    const monotonic = jest.spyOn(clock, 'monotonic')
    manager.current()
    expect([now.mock.calls.length, monotonic.mock.calls.length]).toEqual([1, 1])
    await manager.close()
  })
})
