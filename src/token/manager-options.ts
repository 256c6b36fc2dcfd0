import { systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError } from '../base/errors.js'
import {
  checkBoolean,
  checkClock,
  checkFunction,
  checkMethods,
  checkMilliseconds,
  invalidOption,
  knownOptions,
} from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { Grant } from './grant.js'
import type { TokenStore } from './token-store.js'

/** The names of {@link TokenManagerOptions}. */
export const MANAGER_OPTIONS: OptionNames<TokenManagerOptions> = {
  refresh: true,
  refreshAhead: true,
  timeout: true,
  store: true,
  sessionTtl: true,
  clock: true,
}

const THIRTY_DAYS = 30 * 24 * 60 * 60_000

/** How a {@link TokenManager} behaves. */
export interface TokenManagerOptions {
  /**
   * `background` renews a token by a timer as long as it is being used; `on-demand` runs no timer and renews when a
   * token is asked for (for serverless functions, which are frozen between calls). Default `background`.
   */
  refresh?: 'background' | 'on-demand' | undefined
  /**
   * Milliseconds before its end at which a token is renewed, no more than half of its lifetime. Jitter makes it up to half
   * as many, so that a fleet does not renew together. Default: 20 % of the lifetime, 300,000 at most.
   */
  refreshAhead?: number | undefined
  /** Milliseconds that one flight, all its tries included, may take. Default 10,000. */
  timeout?: number | undefined
  /**
   * Where the tokens are kept beside this memory, so that managers of other processes share them and a refresh token
   * outlives this one: `new FileTokenStore(directory)`. Default: nowhere.
   */
  store?: TokenStore | undefined
  /** Milliseconds that a refresh token may lie in the store unused. Default 30 days. */
  sessionTtl?: number | undefined
  /** Where time and chance come from. Default: the machine's own. */
  clock?: Clock | undefined
}

/** What {@link TokenManager.close} is told. */
export interface CloseOptions {
  /** Revoke the token too, where the grant knows how: that of `everbearer/genesys` does. Default false. */
  revoke?: boolean | undefined
}

type Defaulted<Options> = { readonly [Name in keyof Options]-?: NonNullable<Options[Name]> }

/** {@link TokenManagerOptions} with their defaults. */
export type ManagerSettings = Defaulted<Omit<TokenManagerOptions, 'store' | 'refreshAhead'>> & {
  readonly refreshAhead: number | undefined
  readonly store: TokenStore | undefined
}

/** Throws {@link EverbearerError} `invalid_option`. */
export function managerSettings(options: TokenManagerOptions): ManagerSettings {
  const {
    refresh = 'background',
    refreshAhead,
    timeout = 10_000,
    clock = systemClock,
    store,
    sessionTtl = THIRTY_DAYS,
  } = knownOptions(options, 'TokenManager', MANAGER_OPTIONS)
  if (refresh !== 'background' && refresh !== 'on-demand') {
    throw invalidOption('refresh', "must be 'background' or 'on-demand'")
  }
  if (refreshAhead !== undefined && !(typeof refreshAhead === 'number' && refreshAhead >= 0)) {
    throw invalidOption('refreshAhead', 'must be a number of milliseconds, 0 or more')
  }
  checkMilliseconds('timeout', timeout)
  checkMilliseconds('sessionTtl', sessionTtl)
  checkMethods('store', store, ['get', 'compareAndSet', 'lease'])
  checkClock(clock)
  return { refresh, refreshAhead, timeout, clock, store, sessionTtl }
}

/** Throws {@link EverbearerError} `invalid_option`. */
export function closeSettings(options: CloseOptions): Required<CloseOptions> {
  const { revoke = false } = knownOptions(options, 'close', { revoke: true })
  checkBoolean('revoke', revoke)
  return { revoke }
}

/** For callers without types: options in the place of a grant would fail only with the first token request. */
export function checkedGrant(grant: Grant, store?: TokenStore): Grant {
  if (typeof grant?.requestToken !== 'function') {
    throw new EverbearerError('invalid_option', 'A TokenManager takes a grant, such as clientCredentials({ … }).')
  }
  checkFunction('fresh', grant.fresh)
  if (store !== undefined) checkNamed(grant)
  return grant
}

/** Where many live together, two users of one client would be one, and so would two clients with one id. Throws {@link EverbearerError} `invalid_option`. */
export function checkNamed({ userBound, identity, unnamed }: Grant): void {
  if (unnamed !== undefined) {
    throw invalidOption(
      unnamed,
      'is missing: a store and TokenManagerPool can’t see what the dispatcher presents. Give the PEM of its certificate',
    )
  }
  if (userBound && !identity.subject) {
    throw invalidOption(
      'subject',
      'must say whose tokens these are, where others’ tokens are kept too: give the user’s id',
    )
  }
}
