import { describe, expect, it } from '@jest/globals'
import { HeapTrend } from './heap-trend.js'

const MILLION = 1_000_000

/** Ten readings of a heap that keeps so many bytes for each thing, with some noise. */
function readings(bytesEach: number, total = MILLION) {
  return Array.from({ length: 10 }, (_, i) => {
    const count = (total * (i + 1)) / 10
    const noise = (i % 2 === 0 ? 1 : -1) * 200_000
    return { count, bytes: 12_000_000 + bytesEach * count + noise }
  })
}

describe('the trend of a heap', () => {
  it('is flat when there is nothing but noise', () => {
    expect(new HeapTrend(readings(0)).flat).toBe(true)
    expect(new HeapTrend(readings(-20)).flat).toBe(true)
  })

  it('is not flat when a million things leave a pointer each', () => {
    const trend = new HeapTrend(readings(8))
    expect(trend.slope).toBeCloseTo(8, 0)
    expect(trend.flat).toBe(false)
    expect(String(trend)).toMatch(/^[78]\.\d\d \(of 4\.00\)$/)
  })

  it('leaves out the first reading, before which the code was compiled', () => {
    const [first, ...others] = readings(0)
    expect(new HeapTrend([{ ...first!, bytes: 0 }, ...others]).flat).toBe(true)
  })

  it('grants a short run two megabytes', () => {
    expect(new HeapTrend(readings(200, 1_000)).flat).toBe(true)
    expect(new HeapTrend(readings(5_000, 1_000)).flat).toBe(false)
  })
})
