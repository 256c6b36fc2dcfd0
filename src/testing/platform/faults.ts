import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'
import { knownOptions, type OptionNames } from '../../base/options.js'
import { invalid, oneOf, range, text, wholeNumber } from './option-checks.js'

/** Everything that can be made to go wrong at every platform. */
export const FAULT_KINDS = [
  'unauthorized',
  'revoked',
  'ip-not-authorized',
  'rate-limited',
  'internal-error',
  'bad-gateway',
  'unavailable',
  'gateway-timeout',
  'slow',
  'cut',
  'cut-body',
  'down',
  'html',
  'huge',
  'not-json',
  'schema',
  'job-failed',
  'job-expired',
] as const

/**
 * What goes wrong:
 * - `unauthorized`: 401 `bad.credentials`, though the token lives on (at the token endpoint: 400 `invalid_client`)
 * - `revoked`: every live token is revoked; then the request is answered as usual, so with its 401
 * - `ip-not-authorized`: 401 `ip.not.authorized`, which no new token cures
 * - `rate-limited`: 429 with Retry-After (at the token endpoint: Genesys' 400 `invalid_request`)
 * - `internal-error` 500, `bad-gateway` 502 with a page of HTML, `unavailable` 503, `gateway-timeout` 504
 * - `slow`: the usual answer, late
 * - `cut`, `down`: the connection is destroyed before an answer; `cut-body`: in the middle of the usual one
 * - `html`: 200 with a page of HTML; `not-json`: 200 with JSON that breaks off; `schema`: 200 with JSON of other types
 * - `huge`: 200 with a body of 1 GB, made as fast as it is read
 * - `job-failed`: every job that is queued or pending fails; `job-expired`: every fulfilled one expires; then the request is
 *   answered as usual
 */
export type FaultKind = (typeof FAULT_KINDS)[number]

/** One thing that goes wrong, once or for a while. Of several that are due for a request, the first in the list happens. */
export interface Fault<Kind extends string = FaultKind> {
  kind: Kind
  /** Which requests: those for tokens, those to the API, or those whose path begins so. Default `api`. */
  to?: 'token' | 'api' | `/${string}` | undefined
  /** It begins with this one of those requests, counted from 1 since the fault was added. Default 1. */
  at?: number | undefined
  /** How many requests it happens to. Default 1, or no limit when there is a `duration`. */
  times?: number | undefined
  /** Milliseconds from the first request that it happens to. */
  duration?: number | undefined
  /** Seconds, for `rate-limited` (default 1) and `unavailable` (default: no such header). */
  retryAfter?: number | undefined
  /** Milliseconds before it happens. Default 0, for `slow` 5,000. */
  delay?: number | undefined
}

const NAMES: OptionNames<Fault> = {
  kind: true,
  to: true,
  at: true,
  times: true,
  duration: true,
  retryAfter: true,
  delay: true,
}

/** What a request is for: a token, the API's data, or something else, which a fault can only name by its path. */
export type Purpose = 'token' | 'api' | 'other'

interface Scripted<Kind extends string> {
  readonly fault: Readonly<Fault<Kind>>
  seen: number
  happened: number
  began: Instant | undefined
}

/** Which fault happens to which request. */
export class FaultScript<Kind extends string> {
  readonly #kinds: readonly Kind[]
  readonly #clock: Clock
  readonly #script: Scripted<Kind>[] = []

  constructor(kinds: readonly Kind[], faults: readonly Fault<Kind>[], clock: Clock) {
    this.#kinds = kinds
    this.#clock = clock
    for (const fault of faults) this.add(fault)
  }

  /** Throws `invalid_option`, naming the member. */
  add(fault: Fault<Kind>): void {
    const {
      kind,
      to = 'api',
      at = 1,
      times = 1,
      duration,
      retryAfter = 0,
      delay = 0,
    } = knownOptions(fault, 'a fault', NAMES)
    oneOf('fault.kind', kind, this.#kinds)
    text('fault.to', to)
    if (to !== 'token' && to !== 'api' && !to.startsWith('/')) {
      throw invalid(`fault.to must be token, api or a path that begins with a slash, not ${to}`)
    }
    wholeNumber('fault.at', at, 1, Number.MAX_SAFE_INTEGER)
    if (times !== Infinity) wholeNumber('fault.times', times, 1, Number.MAX_SAFE_INTEGER)
    if (duration !== undefined) range('fault.duration', duration, 1, Infinity)
    wholeNumber('fault.retryAfter', retryAfter, 0, Number.MAX_SAFE_INTEGER)
    range('fault.delay', delay, 0, 2 ** 31 - 1)
    this.#script.push({ fault: { ...fault }, seen: 0, happened: 0, began: undefined })
  }

  /** Counts a request, and says what is to happen to it. */
  take(purpose: Purpose, path: string): Readonly<Fault<Kind>> | undefined {
    let due: Scripted<Kind> | undefined
    for (const scripted of this.#script) {
      if (!concerns(scripted.fault, purpose, path)) continue
      scripted.seen += 1
      if (!due && this.#isDue(scripted)) due = scripted
    }
    if (!due) return undefined
    due.happened += 1
    due.began ??= instant(this.#clock)
    return due.fault
  }

  #isDue({
    fault: { at = 1, duration, times = duration === undefined ? 1 : Infinity },
    seen,
    happened,
    began,
  }: Scripted<Kind>) {
    if (seen < at || happened >= times) return false
    return duration === undefined || began === undefined || elapsedSince(began, this.#clock) < duration
  }
}

function concerns({ to = 'api' }: Readonly<Fault<string>>, purpose: Purpose, path: string): boolean {
  return to === purpose || path.startsWith(to)
}
