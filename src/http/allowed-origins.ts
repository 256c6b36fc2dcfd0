import { allowInsecure, insecureOrigins } from '../base/allow-insecure.js'
import type { InsecureOriginsOption } from '../base/allow-insecure.js'
import { checkDefined, invalidOption } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'
import { isLoopback, parseOrigin } from '../protocol/url.js'

/** Where the token may go. */
export interface OriginsOption extends InsecureOriginsOption {
  /** The token goes to these origins (scheme, host, port) and nowhere else. https, or http on loopback. */
  origins: readonly (string | URL)[]
}

/** The origins that a token may be sent to, normalised once. */
export class AllowedOrigins {
  readonly #origins: ReadonlySet<string>
  readonly #listed: readonly URL[]

  constructor({ origins, [allowInsecure]: insecure }: OriginsOption) {
    if (!Array.isArray(origins) || origins.length === 0) {
      throw invalidOption('origins', 'must be an array of at least one origin')
    }
    const isInsecureAllowed = insecureOrigins(insecure)
    const parsed = origins.map((origin: string | URL, i) => {
      checkDefined(`origins[${i}]`, origin)
      return parseOrigin(origin, `origins[${i}]`, isInsecureAllowed)
    })
    this.#origins = new Set(parsed)
    this.#listed = parsed.map((origin) => new URL(origin))
  }

  /** The origin of a URL, or undefined for what is none. */
  originOf(url: string): string | undefined {
    // What begins with one of them and a slash need not be parsed (WHATWG URL, authority state), which costs two microseconds.
    const end = url.indexOf('/', 'https://'.length)
    const beginning = url.slice(0, Math.max(end, 0))
    return this.#origins.has(beginning) ? beginning : parseUrl(url)?.origin
  }

  /** Whether the token may go there; `origin` as a dispatcher is told it. */
  has(origin: string | URL): boolean {
    // Nearly always the normal form already; parsing costs a microsecond.
    return this.#origins.has(origin as string) || this.#origins.has(originOf(origin))
  }

  /**
   * Returns the listed origin that was probably meant by one that is not listed: another name of this machine with the
   * same port, or the same host with another scheme.
   */
  nearMiss({ protocol, hostname, port }: URL): string | undefined {
    const isNear = (listed: URL) =>
      listed.hostname === hostname
        ? listed.protocol !== protocol
        : listed.port === port && isLoopback(listed.hostname) && isLoopback(hostname)
    return this.#listed.find(isNear)?.origin
  }
}

/** Its normal form; 'null' for what is no origin. */
export function originOf(origin: string | URL): string {
  return parseUrl(origin)?.origin ?? 'null'
}
