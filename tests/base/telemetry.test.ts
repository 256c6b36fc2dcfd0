import { describe, expect, it } from '@jest/globals'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { telemetry } from '../../src/base/telemetry.js'

describe('telemetry', () => {
  it('is a channel of node:diagnostics_channel by its own name, and knows whether anybody listens', () => {
    const events: unknown[] = []
    const listener = (...event: unknown[]) => void events.push(event)
    const channel = telemetry('everbearer:rate-limited')
    expect(channel.hasSubscribers).toBe(false)
    channel.publish({ delay: 1 })
    subscribe('everbearer:rate-limited', listener)
    expect(channel.hasSubscribers).toBe(true)
    channel.publish({ delay: 2 })
    unsubscribe('everbearer:rate-limited', listener)
    expect(channel.hasSubscribers).toBe(false)
    expect(events).toEqual([[{ delay: 2 }, 'everbearer:rate-limited']])
  })
})
