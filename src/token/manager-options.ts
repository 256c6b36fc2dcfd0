import { systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError } from '../base/errors.js'
import { checkBoolean, checkClock, invalidOption, knownOptions, ownOptions } from '../base/options.js'
import type { Grant } from './grant.js'

/** How a {@link TokenManager} behaves. */
export interface TokenManagerOptions {
  /**
   * `background` renews a token by a timer as long as it is being used; `on-demand` runs no timer and renews when a
   * token is asked for (for serverless functions, which are frozen between calls). Default `background`.
   */
  refresh?: 'background' | 'on-demand'
  /** Milliseconds that one flight, all its tries included, may take. Default 10,000. */
  timeout?: number
  /** Where time and chance come from. Default: the machine's own. */
  clock?: Clock
}

/** What {@link TokenManager.close} is told. */
export interface CloseOptions {
  /** Revoke the token too, where the grant knows how: that of `everbearer/genesys` does. Default false. */
  revoke?: boolean
}

/** The options with their defaults. Throws {@link EverbearerError} `invalid_option`. */
export function managerSettings(options: TokenManagerOptions): Required<TokenManagerOptions> {
  const { refresh = 'background', timeout = 10_000, clock = systemClock } = ownOptions(options, 'TokenManager')
  if (refresh !== 'background' && refresh !== 'on-demand') {
    throw invalidOption('refresh', "must be 'background' or 'on-demand'")
  }
  if (typeof timeout !== 'number' || !(timeout > 0)) {
    throw invalidOption('timeout', 'must be a number of milliseconds above 0')
  }
  checkClock(clock)
  return { refresh, timeout, clock }
}

/** Throws {@link EverbearerError} `invalid_option`. */
export function closeSettings(options: CloseOptions): Required<CloseOptions> {
  const { revoke = false } = knownOptions(options, 'close', { revoke: true })
  checkBoolean('revoke', revoke)
  return { revoke }
}

/** For callers without types: options in the place of a grant would fail only with the first token request. */
export function checkedGrant(grant: Grant): Grant {
  if (typeof grant?.requestToken === 'function') return grant
  throw new EverbearerError('invalid_option', 'A TokenManager takes a grant, such as clientCredentials({ … }).')
}
