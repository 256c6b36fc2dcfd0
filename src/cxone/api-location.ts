import type { Dispatcher } from 'undici'

import { systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { ServerTransport } from '../server/authorization-server.js'
import { discoveryError, namedPlace, readDiscoveryDocument } from '../server/discovery-document.js'
import { parseOrigin } from '../protocol/url.js'
import { CoolDown } from '../token/cool-down.js'
import { Flight } from '../token/flight.js'
import { asTokenError, closedError, likeError, unavailableError } from '../token/token-errors.js'
import type { TokenSource } from '../token/token-source.js'
import { mayBeApi } from './api-domains.js'
import type { CxoneGrant } from './cxone-grant.js'

/** Milliseconds for one request, as for a token. */
const TIMEOUT = 10_000

/** Whose API is looked for, and by what. */
export interface ApiLocationOptions {
  /** That of the grant: the first token tells the tenant. */
  readonly tokens: TokenSource
  readonly grant: Pick<CxoneGrant, 'issuer' | 'tenantId'>
  /** The domains that the API may be on, besides the issuer's origin. */
  readonly domains: readonly string[]
  readonly dispatcher?: Dispatcher | undefined
  readonly clock?: Clock | undefined
}

/** Where a tenant's API is, for all who ask. */
export interface ApiLocation {
  /**
   * Rejects with {@link TokenError}: `discovery_failed`, `token_unavailable` while the issuer is left alone, `closed`, or
   * what kept the token from being had.
   */
  find(): Promise<string>
  /** Ends the request under way. */
  close(): void
}

/**
 * Where a tenant's API is: the `api_endpoint` of `GET {issuer}/.well-known/cxone-configuration?tenantId=`. Asked for once
 * for all who wait, and never again once it is known; an issuer that fails is left alone for a while, as a token endpoint is.
 */
export function apiLocation(options: ApiLocationOptions): ApiLocation {
  const { tokens, dispatcher, clock = systemClock } = options
  const coolDown = new CoolDown(clock)
  let known: string | undefined
  let flight: Flight<string> | undefined

  const ask = async (signal: AbortSignal): Promise<string> => {
    try {
      known = await askForEndpoint(options, { dispatcher, signal, clock, allowH2: false })
      return known
    } catch (error) {
      coolDown.start(asTokenError(error))
      throw error
    } finally {
      flight = undefined
    }
  }

  const takeOff = (): Flight<string> => {
    const remaining = coolDown.remaining()
    if (remaining > 0) throw unavailableError(remaining, coolDown.error)
    return new Flight(ask, { clock, timeout: TIMEOUT, onTimeout: timeoutError })
  }

  return {
    async find() {
      if (known !== undefined) return known
      try {
        await tokens.getToken()
        return known ?? (await (flight ??= takeOff()).join())
      } catch (error) {
        // One failure rejects all who waited: each gets an error of its own, to write a checkpoint on.
        throw likeError(asTokenError(error))
      }
    },
    close: () => flight?.abort(closedError()),
  }
}

async function askForEndpoint({ grant, domains }: ApiLocationOptions, transport: ServerTransport): Promise<string> {
  const { issuer } = grant
  const tenant = grant.tenantId()
  if (tenant === undefined) {
    throw discoveryError(
      'NICE CXone issued a token that names no tenant, so nobody can say where its API is: set `apiUrl`.',
    )
  }
  const url = new URL(`${issuer}/.well-known/cxone-configuration`)
  url.searchParams.set('tenantId', tenant)
  try {
    const members = await readDiscoveryDocument({ ...transport, url, name: 'the CXone configuration' })
    return readApiEndpoint(members, issuer, domains)
  } catch (error) {
    if (!(error instanceof TokenError) || error.status !== 404) throw error
    throw likeError(error, `NICE CXone answered 404: an unknown tenant. Check the issuer (asked was ${issuer}).`)
  }
}

/**
 * Returns the origin of the API that a tenant's configuration names. The token goes there, so the document alone is not
 * enough: see {@link mayBeApi}.
 *
 * @throws TokenError `discovery_failed`
 */
export function readApiEndpoint(
  { api_endpoint: url }: Readonly<Record<string, unknown>>,
  issuer: string,
  domains: readonly string[],
): string {
  const document = `The CXone configuration at ${issuer}`
  const origin = namedPlace(url, document, (text) => parseOrigin(text, 'api_endpoint'))
  if (mayBeApi(origin, issuer, domains)) return origin
  throw discoveryError(
    `${document} is not used: its api_endpoint, ${origin}, is on none of NICE's domains. If your API is there, list its domain as \`apiDomains\` or set \`apiUrl\`.`,
  )
}

function timeoutError(): TokenError {
  return discoveryError(`The issuer did not say within ${TIMEOUT} ms where the API is.`, { retryable: true })
}
