import { describe, expect, it } from '@jest/globals'
import { iso } from '../../../src/testing/platform/moment.js'

describe('a moment', () => {
  it('is written as Date writes it', () => {
    const midnight = Date.parse('2026-03-03T00:00Z')
    const moments = [0, -1, -1.5, 0.5, midnight - 1, midnight, midnight + 0.7, Date.parse('2024-02-29T23:59:59.999Z')]
    moments.push(Date.parse('9999-12-31T23:59:59.999Z'), Date.parse('+010000-01-01T00:00:00.001Z'))
    for (const moment of moments) expect(iso(moment)).toBe(new Date(Math.floor(moment)).toISOString())
    for (let step = 0; step < 2_000; step++) {
      const moment = midnight + step * 1_234_567
      expect(iso(moment)).toBe(new Date(moment).toISOString())
    }
  })
})
