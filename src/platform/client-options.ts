import type { Dispatcher } from 'undici'

import type { Clock } from '../base/clock.js'
import type { EverbearerError } from '../base/errors.js'
import { checkDispatcher, checkSignal, invalidOption } from '../base/options.js'
import type { OptionNames } from '../base/options.js'

/** How an endpoint client works, whatever its platform. */
export interface EndpointClientOptions {
  /** Carries all requests, token requests too: a proxy, an own CA. Default: undici's global dispatcher. */
  dispatcher?: Dispatcher | undefined
  /** Requests under way at the same time. Default 8. */
  concurrency?: number | undefined
  /** Requests begun in a minute, spread over it; `Infinity` for no limit. Default 300. */
  requestsPerMinute?: number | undefined
  /** Milliseconds of waits and failed attempts that one request may take, waits for a rate limit apart. Default 60,000. */
  patience?: number | undefined
  /** Ends every request. */
  signal?: AbortSignal | undefined
  /** How closely answers are looked at: `envelope` at what the library itself reads, `full` at every field. Default `envelope`. */
  validate?: 'envelope' | 'full' | undefined
  /** Where time and chance come from. Default: the machine's own. */
  clock?: Clock | undefined
}

/** The names of {@link EndpointClientOptions}. */
export const CLIENT_OPTIONS: OptionNames<EndpointClientOptions> = {
  dispatcher: true,
  concurrency: true,
  requestsPerMinute: true,
  patience: true,
  signal: true,
  validate: true,
  clock: true,
}

/** The options with their defaults; the pace and the patience are checked where they are used. Throws {@link EverbearerError} `invalid_option`. */
export function clientSettings({
  dispatcher,
  concurrency = 8,
  requestsPerMinute = 300,
  patience = 60_000,
  signal,
  validate = 'envelope',
  clock,
}: EndpointClientOptions) {
  checkDispatcher(dispatcher)
  checkSignal(signal)
  if (validate !== 'envelope' && validate !== 'full') {
    throw invalidOption('validate', "must be 'envelope' or 'full'")
  }
  return { validate, client: { dispatcher, concurrency, requestsPerMinute, patience, signal, clock } }
}
