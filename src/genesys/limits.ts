import type { EverbearerError } from '../base/errors.js'
import type { Overrides } from '../base/options.js'
import { ownLimits } from '../platform/limits.js'

/** What Genesys Cloud allows today, as settings: an organization's limits can be raised, and Genesys changes them. */
export interface GenesysLimits {
  /** Users on a page. Default 500. */
  readonly userPageSize: number
  /** Users on a page of a search. Default 100, the most that is seen in use: Genesys does not say. */
  readonly userSearchPageSize: number
  /** Conversations on a page of a details query. Default 100. */
  readonly conversationPageSize: number
  /** Conversations that one details query gives by its pages. Default 100,000. */
  readonly queryRows: number
  /** Conversations on a page of a job's results. Default 10,000, the most that is known of: Genesys does not say. */
  readonly jobPageSize: number
  /** Days that the interval of a job may span. Default 31, to be on the safe side: Genesys does not say. */
  readonly jobDays: number
}

export const GENESYS_LIMITS: GenesysLimits = {
  userPageSize: 500,
  userSearchPageSize: 100,
  conversationPageSize: 100,
  queryRows: 100_000,
  jobPageSize: 10_000,
  jobDays: 31,
}

/** An organization's limits. Throws {@link EverbearerError} `invalid_option`. */
export function genesysLimits(own?: Overrides<GenesysLimits>): GenesysLimits {
  const limits = ownLimits(own, GENESYS_LIMITS)
  // No page of a query may end beyond its last row.
  return { ...limits, conversationPageSize: Math.min(limits.conversationPageSize, limits.queryRows) }
}
