import { describe, expect, it } from '@jest/globals'
import { explore } from './explore.js'

const SEED = Math.trunc(Math.random() * 2 ** 31)

describe('the core, in any order of answers, aborts, clock jumps, revocations, outages and close', () => {
  // A failure prints its history and the seed to see it again with; `npm run histories` looks at as many as you like.
  it('keeps every promise in 2,000 histories', async () => {
    const { histories, broken } = await explore(2_000, SEED)
    if (broken) {
      const { table, violation, seed, path } = broken
      const again = `npm run histories -- 1 --seed=${seed} --path ${path}`
      throw new Error(`Broken promise: ${violation.promise}.\n${violation.why}\n\n${table}\n\nAgain: ${again}`)
    }
    expect(histories).toBe(2_000)
  }, 60_000)
})
