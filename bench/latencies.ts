/** What a parent asks of a process that sends requests at a given rate, whatever becomes of those before. */
export interface Load {
  /** Requests a second. */
  readonly rate: number
  readonly seconds: number
}

/** Milliseconds from the moment at which a request was due, so that waiting for the process to come to it counts too. */
export interface Latencies {
  readonly p50: number
  readonly p99: number
  readonly 'p99.9': number
  /** How many tokens came while it lasted. */
  readonly rotations: number
}
