import { binomialDistribution, medianSorted } from 'simple-statistics'

/** A median, and the interval that holds the true one with at least 95 % confidence. */
export interface Estimate {
  readonly median: number
  readonly low: number
  readonly high: number
}

const CONFIDENCE = 0.95

/**
 * By order statistics: how many of the samples lie below the true median is a matter of tossing coins, whatever the
 * distribution they come from.
 */
export function estimate(samples: readonly number[]): Estimate {
  const sorted = samples.toSorted((a, b) => a - b)
  const last = sorted.length - 1
  const tosses = binomialDistribution(sorted.length, 0.5)!
  let outside = 0
  let rank = 0
  for (; rank < last / 2; rank++) {
    outside += 2 * tosses[rank]!
    if (outside > 1 - CONFIDENCE) break
  }
  rank = Math.max(rank - 1, 0)
  return { median: medianSorted(sorted), low: sorted[rank]!, high: sorted[last - rank]! }
}

/** Of pairs that were measured one after the other: what slowed the machine for a while slowed both. */
export function estimateRatio(values: readonly number[], bases: readonly number[]): Estimate {
  return estimate(values.map((value, i) => value / bases[i]!))
}
