/** What Genesys Cloud allows today, as settings: an organization's limits can be raised, and Genesys changes them. */
export interface GenesysLimits {
  /** Users on a page. Default 500. */
  readonly userPageSize: number
  /** Conversations on a page of a details query. Default 100. */
  readonly conversationPageSize: number
  /** Conversations that one details query gives by its pages. Default 100,000. */
  readonly queryRows: number
}

export const GENESYS_LIMITS: GenesysLimits = { userPageSize: 500, conversationPageSize: 100, queryRows: 100_000 }
