import { EverbearerError } from '../base/errors.js'
import { parseUrl } from '../base/parse-url.js'
import { telemetry } from '../base/telemetry.js'
import type { AllowedOrigins } from './allowed-origins.js'

/** What becomes of a request to an origin that is not listed: it goes out without a token, or it fails. */
export type UnlistedPolicy = 'pass' | 'throw'

const originUnlisted = telemetry('everbearer:origin-unlisted')

/** In the whole process: many users may have a bearer each. */
const warned = new Set<string>()
/** Redirects could lead to ever other names of this machine. */
const MAX_WARNINGS = 100

/** Decides about requests to origins that are not listed, and warns of those that were probably meant to be. */
export class UnlistedOrigins {
  readonly #allowed: AllowedOrigins
  readonly #policy: UnlistedPolicy

  constructor(allowed: AllowedOrigins, policy: UnlistedPolicy) {
    this.#allowed = allowed
    this.#policy = policy
  }

  /** Returns what the request fails with, or undefined if it goes out without a token. */
  refusalOf(asked: string): EverbearerError | undefined {
    const url = parseUrl(asked)
    const origin = url?.origin ?? 'null'
    // data: and the like lead to no server. What is no URL at all is rejected by undici or fetch.
    const server = origin === 'null' ? undefined : url
    if (server && this.#policy === 'throw') return this.#unlistedError(server)
    if (originUnlisted.hasSubscribers) originUnlisted.publish({ origin })
    if (server) this.#warn(server)
    return undefined
  }

  #unlistedError(url: URL): EverbearerError {
    return new EverbearerError(
      'origin_unlisted',
      `Request to ${url.origin} not sent: \`origins\` ${this.#lists(url)}. ` +
        "List it, or set `unlisted: 'pass'` to send such requests without a token.",
    )
  }

  #lists(url: URL): string {
    const near = this.#allowed.nearMiss(url)
    return near === undefined ? 'does not list it' : `lists ${near} instead`
  }

  /** Once per origin: a bare 401 is all that the caller sees otherwise. */
  #warn(url: URL): void {
    if (warned.has(url.origin) || warned.size === MAX_WARNINGS || this.#allowed.nearMiss(url) === undefined) return
    warned.add(url.origin)
    process.emitWarning(
      `Requests to ${url.origin} get no token: \`origins\` ${this.#lists(url)}. List it too, or request what is listed.`,
      { type: 'EverbearerWarning', code: 'EVERBEARER_ORIGIN_UNLISTED' },
    )
  }
}
