import type { EverbearerError } from '../base/errors.js'
import type { Overrides } from '../base/options.js'
import { ownLimits } from '../platform/limits.js'

/** What NICE CXone allows, as settings: little of it is published, and it may differ from tenant to tenant. */
export interface CxoneLimits {
  /** Agents on a page. Default 100, the most that is seen in use. */
  readonly agentPageSize: number
  /** Contacts on a page. Default 10,000. */
  readonly contactPageSize: number
  /** Contacts that one range of dates is paged through; a range with more is cut into halves. Default 100,000, a guess. */
  readonly contactRows: number
  /** Days that `updatedSince` may lie back. Default 30. */
  readonly updatedSinceDays: number
  /** Users on a page of a search. Default 100: NICE gives 50 by itself, and does not say what is the most. */
  readonly userPageSize: number
  /** Milliseconds between two calls of the Data Extraction API. Default 30,000. */
  readonly dataExtractionPause: number
}

export const CXONE_LIMITS: CxoneLimits = {
  agentPageSize: 100,
  contactPageSize: 10_000,
  contactRows: 100_000,
  updatedSinceDays: 30,
  userPageSize: 100,
  dataExtractionPause: 30_000,
}

/** A tenant's limits. Throws {@link EverbearerError} `invalid_option`. */
export function cxoneLimits(own?: Overrides<CxoneLimits>): CxoneLimits {
  const limits = ownLimits(own, CXONE_LIMITS)
  // No page may hold more rows than its range is paged through.
  return { ...limits, contactPageSize: Math.min(limits.contactPageSize, limits.contactRows) }
}
