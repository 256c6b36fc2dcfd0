import { beforeAll, describe, expect, it } from '@jest/globals'
import { simulate } from './scaling.js'
import type { Finding, Situation } from './scaling.js'

const extent = { processes: 500, lifetime: 3_600_000, seed: 7 }

function by(findings: readonly Finding[]): (situation: Situation) => Finding {
  return (situation) => findings.find((finding) => finding.situation === situation)!
}

describe('500 processes without a store [R34]', () => {
  it('renew apart: in the busiest second of a wave come at most three times as many as in its average one', async () => {
    for (const lifetime of [60_000, 3_600_000]) {
      const wave = await simulate({ ...extent, processes: 500, lifetime, shared: false })
      const { total, peak } = by(wave)('steady').tokenRequests
      // A wave of renewals comes once in a lifetime, and lasts for half of the time in which a token should be renewed.
      const waves = Math.round(total / 500)
      const seconds = Math.min(0.2 * lifetime, 300_000) / 2 / 1_000
      expect(waves).toBeGreaterThanOrEqual(5)
      // Where hardly two come in a second, chance alone makes it more.
      expect(peak).toBeLessThanOrEqual(Math.max(3 * (500 / seconds), 10))
    }
  })
})

describe('500 processes with one store [R34]', () => {
  let found: (situation: Situation) => Finding
  beforeAll(async () => {
    found = by(await simulate({ ...extent, shared: true }))
  })

  it('start, renew and mend a revocation by one token request each', () => {
    expect(found('start').tokenRequests.total).toBe(1)
    expect(found('steady').tokenRequests.total).toBe(5)
    expect(found('revoked').tokenRequests.total).toBe(1)
  })

  it('read it once each in a lifetime, apart from each other', () => {
    const { total, peak } = found('steady').commands
    expect(total).toBeGreaterThanOrEqual(5 * 500)
    expect(total).toBeLessThan(5 * 500 * 1.1)
    expect(peak).toBeLessThan(50)
  })

  it('look a few times each while one of them mends a revocation', () => {
    expect(found('revoked').commands.total).toBeLessThan(10 * 500)
    expect(found('revoked').servedAfter).toBeLessThan(500)
  })

  it('go on without it, each once in a lifetime, and apart from each other', () => {
    const { total, peak } = found('Redis lost').tokenRequests
    expect(total).toBeGreaterThanOrEqual(2 * 500)
    expect(total).toBeLessThanOrEqual(3 * 500)
    expect(peak).toBeLessThan(50)
    expect(found('revoked without Redis').tokenRequests.total).toBeLessThanOrEqual(500)
  })
})
