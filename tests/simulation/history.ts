import fc from 'fast-check'

/** What a caller uses. */
export type Through = 'getToken' | 'bearer' | 'fetch'

/** How the manager and its surroundings are made. Durations are milliseconds. */
export interface Settings {
  /** A spending grant has a refresh token that rotates: asking twice with the same one would end the session. */
  readonly grant: 'repeatable' | 'spending'
  /** Whether a token request ends when its signal aborts; a grant of a user's own may not care. */
  readonly heedsAbort: boolean
  readonly refresh: 'background' | 'on-demand'
  readonly timeout: number
  /** `rfc`: RFC 6750 says which 401 refuses the token; `body`: the API's own hook reads it from the answer's body. */
  readonly verdict: 'rfc' | 'body'
  /** What the clock's dice answer, in thousandths, over and over. */
  readonly chance: readonly number[]
  /** A prompt server answers each request by itself, with a token of so many milliseconds. */
  readonly prompt: number | undefined
  /** What a prompt server is known for. */
  readonly habit: Habit | undefined
}

/**
 * `refuses young`: no other token before that share of the last one's life is over. `repeats`: the last token again while it
 * is valid, with the whole seconds that are left of it.
 */
export type Habit = { kind: 'refuses young'; share: number } | { kind: 'repeats' }

export type GrantResponse =
  | { kind: 'token'; lifetime: number | undefined; rotates: boolean }
  | { kind: 'same token'; lifetime: number | undefined; rotates: boolean }
  | { kind: 'unavailable'; retryAfter: number | undefined; asDate: boolean }
  /** A refresh token in a response that is rejected for another member. */
  | { kind: 'odd response'; rotates: boolean }
  | { kind: 'too young' }
  | { kind: 'denied' | 'invalid_grant' | 'not reached' | 'cut' | 'foreign error' | 'no token' }

/** `as it should`: 200 to a token that is good, 401 to any other. */
export type ApiResponse =
  | 'as it should'
  | '200'
  | '401 invalid_token'
  | '401 bare Bearer'
  | '401 without a challenge'
  | '401 unreadable challenge'
  | '401 insufficient_scope'
  | '401 Basic only'
  | '403'
  | '503'
  | 'redirect to a'
  | 'redirect to b'
  | 'redirect to evil'
  | 'cut'

/** How much of an answer comes in this step: only the start of its sending, only its head, or all that is left. */
export type Part = 'start' | 'head' | 'whole'

export type Target = 'a' | 'b' | 'other port' | 'plain http' | 'evil'
export type Body = 'none' | 'text' | 'stream' | 'long stream'

export type Wait = number | 'next timer' | 'before next timer' | 'expiry' | 'before expiry'

/**
 * What happens next. The order of everything is in this list, and `which` says whom it happens to among those that wait:
 * fast-check's own scheduler would choose as well, but does not shrink its choices.
 */
export type Step = (
  | { do: 'call'; through: Through; to: Target; body: Body; signal: boolean }
  | { do: 'report'; which: number; signal: boolean }
  | { do: 'give up'; which: number }
  | { do: 'grant answers'; which: number; answer: GrantResponse }
  | { do: 'API answers'; which: number; answer: ApiResponse; part: Part; reads: boolean }
  | { do: 'revoke'; which: number }
  | { do: 'wait'; until: Wait }
  | { do: 'jump' | 'sleep'; by: number }
  | { do: 'outage'; begins: boolean }
  | { do: 'invalidate' | 'reset' }
  | { do: 'close'; revoke: boolean }
) & {
  /** So many promises deep the next step comes; 0 when all of them have had their turn. */
  soon: number
}

export interface History {
  readonly settings: Settings
  readonly steps: readonly Step[]
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const which = fc.nat({ max: 7 })
const yes = fc.boolean()
const lifetime = fc.constantFrom(
  ...[HOUR, 10 * MINUTE, MINUTE, 10 * SECOND, SECOND, 100, 1, 0, 30 * DAY, 1e15],
  undefined,
)
const span = fc.oneof(
  fc.constantFrom(1, 50, 200, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 30 * DAY),
  fc.nat({ max: 5 * SECOND }),
)

const settings: fc.Arbitrary<Settings> = fc.record(
  {
    grant: fc.constantFrom('repeatable', 'spending'),
    heedsAbort: fc.constantFrom(true, true, false),
    refresh: fc.constantFrom('background', 'on-demand'),
    timeout: fc.constantFrom(10 * SECOND, 10 * SECOND, SECOND, 300, 5 * MINUTE),
    verdict: fc.constantFrom('rfc', 'rfc', 'body'),
    chance: fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 4 }),
    prompt: fc.constantFrom(undefined, undefined, HOUR, 10 * MINUTE, 30 * SECOND, 2 * SECOND),
    habit: fc.oneof(
      fc.constant(undefined),
      record({ kind: fc.constant('refuses young'), share: fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1) }),
      record({ kind: fc.constant('repeats') }),
    ),
  },
  { noNullPrototype: true },
)

const grantResponse: fc.Arbitrary<GrantResponse> = fc.oneof(
  { weight: 6, arbitrary: record({ kind: fc.constant('token'), lifetime, rotates: yes }) },
  { weight: 1, arbitrary: record({ kind: fc.constant('same token'), lifetime, rotates: yes }) },
  { weight: 1, arbitrary: record({ kind: fc.constant('odd response'), rotates: yes }) },
  {
    weight: 2,
    arbitrary: record({
      kind: fc.constant('unavailable'),
      retryAfter: fc.constantFrom(undefined, undefined, 0, 1, 2, 120, 7_200),
      asDate: yes,
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      kind: fc.constantFrom('denied', 'invalid_grant', 'not reached', 'cut', 'foreign error', 'no token'),
    }),
  },
)

const apiResponse = fc.oneof(
  { weight: 8, arbitrary: fc.constant('as it should') },
  { weight: 6, arbitrary: fc.constant('401 invalid_token') },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...([
        '200',
        '401 bare Bearer',
        '401 without a challenge',
        '401 unreadable challenge',
        '401 insufficient_scope',
      ] as const),
      ...(['401 Basic only', '403', '503', 'redirect to a', 'redirect to b', 'redirect to evil', 'cut'] as const),
    ),
  },
) as fc.Arbitrary<ApiResponse>

const target = fc.oneof(
  { weight: 6, arbitrary: fc.constant('a') },
  { weight: 2, arbitrary: fc.constant('b') },
  { weight: 1, arbitrary: fc.constantFrom('other port', 'plain http', 'evil') },
) as fc.Arbitrary<Target>

const through = fc.oneof(
  { weight: 3, arbitrary: fc.constant('getToken') },
  { weight: 4, arbitrary: fc.constant('bearer') },
  { weight: 2, arbitrary: fc.constant('fetch') },
) as fc.Arbitrary<Through>

const body = fc.constantFrom('none', 'none', 'none', 'text', 'stream', 'long stream')
const part = fc.constantFrom('whole', 'whole', 'whole', 'head', 'start')
const soon = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat({ max: 12 }) })
const wait = fc.oneof(
  { weight: 2, arbitrary: span },
  { weight: 3, arbitrary: fc.constantFrom('next timer', 'before next timer', 'expiry', 'before expiry') },
)

const step = fc.oneof(
  { weight: 12, arbitrary: record({ do: fc.constant('call'), through, to: target, body, signal: yes, soon }) },
  { weight: 12, arbitrary: record({ do: fc.constant('grant answers'), which, answer: grantResponse, soon }) },
  {
    weight: 16,
    arbitrary: record({ do: fc.constant('API answers'), which, answer: apiResponse, part, reads: yes, soon }),
  },
  { weight: 8, arbitrary: record({ do: fc.constant('wait'), until: wait, soon: fc.constant(0) }) },
  { weight: 3, arbitrary: record({ do: fc.constant('give up'), which, soon }) },
  { weight: 2, arbitrary: record({ do: fc.constant('report'), which, signal: yes, soon }) },
  { weight: 2, arbitrary: record({ do: fc.constant('revoke'), which, soon }) },
  {
    weight: 1,
    arbitrary: record({
      do: fc.constantFrom('jump'),
      by: fc.oneof(
        span,
        span.map((by) => -by),
      ),
      soon: fc.constant(0),
    }),
  },
  { weight: 1, arbitrary: record({ do: fc.constantFrom('sleep'), by: span, soon: fc.constant(0) }) },
  { weight: 2, arbitrary: record({ do: fc.constant('outage'), begins: yes, soon }) },
  { weight: 2, arbitrary: record({ do: fc.constantFrom('invalidate', 'reset'), soon }) },
  { weight: 1, arbitrary: record({ do: fc.constant('close'), revoke: yes, soon }) },
) as fc.Arbitrary<Step>

function record<T>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(members, { noNullPrototype: true })
}

/** Any history: mostly a dozen or two of steps. */
export const histories: fc.Arbitrary<History> = record({
  settings,
  steps: fc.array(step, { maxLength: 40, size: 'max' }),
})
