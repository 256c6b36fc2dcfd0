/** What the parent orders of the servers of a bad day. */
export interface Weather {
  /** Seconds that a token lives. */
  readonly lifetime: number
  /** The authorization server answers 503. */
  readonly isFailing?: boolean
  /** No token that was given until now is worth anything. */
  readonly isRevoked?: boolean
  /** Milliseconds between the 401s of requests that come together. */
  readonly between401s?: number
}

/** How often they were asked since the last order. */
export interface Asked {
  readonly tokenRequests: number
}

/** What a client is to do: calls that are all made at once, one after the other, or at a rate. */
export interface Calls {
  readonly calls: number
  readonly how: 'at once' | 'one after the other' | { readonly perSecond: number }
}

export interface Outcome {
  readonly failed: number
}
