/** What a server's error response says, as far as it decides about the next request. */
export interface RefusalFacts {
  readonly status: number
  readonly error: string | undefined
  /** All that a structured response says. */
  readonly text: string
  readonly retryAfter: number | undefined
}

type Rule = readonly [applies: (facts: RefusalFacts) => boolean, isTransient: boolean]

const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 425, 429])
const TRANSIENT_ERRORS: ReadonlySet<string | undefined> = new Set(['temporarily_unavailable', 'server_error'])
/** These say what is wrong. Waiting does not change it. */
const PERMANENT_ERRORS: ReadonlySet<string | undefined> = new Set([
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
])
const RATE_LIMIT = /rate.?limit|too.?many.?requests|throttl|slow_down/i

/** The first rule that applies decides. What no rule knows is permanent. */
const RULES: readonly Rule[] = [
  [({ status }) => status >= 500 || TRANSIENT_STATUSES.has(status), true],
  [({ error }) => TRANSIENT_ERRORS.has(error), true],
  [({ error }) => PERMANENT_ERRORS.has(error), false],
  [({ retryAfter }) => retryAfter !== undefined, true],
  // Genesys Cloud and Exact Online limit rates with a 400.
  [({ text }) => RATE_LIMIT.test(text), true],
]

/** Returns whether the same request can succeed later, by the response of a token or revocation endpoint. */
export function isTransient(facts: RefusalFacts): boolean {
  return RULES.find(([applies]) => applies(facts))?.[1] ?? false
}

/** Whether an error code is one of those that the rules know. */
export function isKnownError(error: string): boolean {
  return TRANSIENT_ERRORS.has(error) || PERMANENT_ERRORS.has(error)
}
