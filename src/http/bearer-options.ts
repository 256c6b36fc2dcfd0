import type { IncomingHttpHeaders } from 'node:http'

import { systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError } from '../base/errors.js'
import { checkBoolean, checkClock, checkFunction, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { TokenSource } from '../token/token-source.js'
import { AllowedOrigins } from './allowed-origins.js'
import type { OriginsOption } from './allowed-origins.js'
import { UnlistedOrigins } from './unlisted-origins.js'
import type { UnlistedPolicy } from './unlisted-origins.js'

/** What {@link bearer} and {@link createFetch} have in common. */
export interface BearerOptions extends OriginsOption {
  /**
   * Decides alone whether a 401 means that the token was refused, for an API that does not say so in `WWW-Authenticate`.
   * Asked for a 401 only, with at most 64 KiB of its body, or what came of it within 200 ms. It may answer by a promise,
   * for which the request waits; what it throws is what the request fails with. Default: RFC 6750's rules.
   */
  isTokenRejected?: ((headers: IncomingHttpHeaders, body: string) => boolean | Promise<boolean>) | undefined
  /** Bytes of a body that can be read only once that are kept for sending it again after a 401. Default 65,536. */
  maxReplayBytes?: number | undefined
  /** Leave an `Authorization` header that the caller has set, and handle nothing for that request. Default false. */
  keepAuthorization?: boolean | undefined
  /**
   * What becomes of a request to an origin that is not listed. `'pass'` sends it without a token. `'throw'` rejects it with
   * `origin_unlisted` and sends nothing.
   *
   * @defaultValue `'throw'` for {@link createFetch}, `'pass'` for {@link bearer}
   */
  unlisted?: UnlistedPolicy | undefined
  /** Where time comes from. Default: the machine's own. */
  clock?: Clock | undefined
}

export const BEARER_OPTIONS: OptionNames<BearerOptions> = {
  origins: true,
  isTokenRejected: true,
  maxReplayBytes: true,
  keepAuthorization: true,
  unlisted: true,
  clock: true,
}

/** The same, checked and complete. */
export interface BearerSettings {
  readonly allowed: AllowedOrigins
  readonly unlisted: UnlistedOrigins
  readonly isTokenRejected: BearerOptions['isTokenRejected']
  readonly maxReplayBytes: number
  readonly keepAuthorization: boolean
  readonly clock: Clock
}

/** The 64 KiB that the Fetch standard, too, lets a user agent keep for sending a body again. */
const MAX_REPLAY_BYTES = 64 * 1024

export function bearerSettings<Options extends BearerOptions>(
  given: Options,
  whose: string,
  names: OptionNames<Options>,
  defaultPolicy: UnlistedPolicy,
): BearerSettings {
  if (given == null) throw invalidOption('origins', 'is missing: say where the token may go')
  const options = knownOptions(given, whose, names)
  const { isTokenRejected, maxReplayBytes = MAX_REPLAY_BYTES, keepAuthorization = false, clock = systemClock } = options
  const { unlisted: policy = defaultPolicy } = options
  checkFunction('isTokenRejected', isTokenRejected)
  if (typeof maxReplayBytes !== 'number' || !(maxReplayBytes >= 0)) {
    throw invalidOption('maxReplayBytes', 'must be a number of bytes from 0 up')
  }
  checkBoolean('keepAuthorization', keepAuthorization)
  if (policy !== 'pass' && policy !== 'throw') throw invalidOption('unlisted', "must be 'pass' or 'throw'")
  checkClock(clock)
  const allowed = new AllowedOrigins(options)
  const unlisted = new UnlistedOrigins(allowed, policy)
  return { allowed, unlisted, isTokenRejected, maxReplayBytes, keepAuthorization, clock }
}

/** For callers without types: a grant, or a bare token, in the place of a source would fail only with the first request. */
export function checkedSource(source: TokenSource): TokenSource {
  if (typeof source?.current === 'function' && typeof source.getToken === 'function') return source
  const message = 'The first argument must be a source of tokens: a TokenManager, or staticToken(…).'
  throw new EverbearerError('invalid_option', message)
}
