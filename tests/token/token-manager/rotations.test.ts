import { describe, expect, it } from '@jest/globals'

import { ScriptedGrant, tokens } from '../scripted-grant.js'
import { made } from './made.js'

describe('a TokenManager that is asked all the time [R44]', () => {
  it('has a token at once across 50 rotations of 50 ms each, each asked for once', async () => {
    const { clock, grant, manager } = made({
      grant: new ScriptedGrant(async ({ number }) => {
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, 50))
        return tokens(`token-${number}`, { lifetime: 500 })
      }),
    })
    const first = manager.getToken()
    await clock.advance(50)
    await first
    let waits = 0
    for (let ms = 0; ms < 50 * 400; ms++) {
      if (manager.current() === undefined) waits++
      await clock.advance(1)
    }
    expect(waits).toBe(0)
    expect(grant.count).toBe(51)
    expect(clock.pendingTimers).toBe(1)
  })
})
