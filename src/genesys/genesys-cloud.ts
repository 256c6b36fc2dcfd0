import type { Dispatcher } from 'undici'

import type { Clock } from '../base/clock.js'
import { EverbearerError } from '../base/errors.js'
import { checkDispatcher, checkSignal, invalidOption, ownOptions } from '../base/options.js'
import { JsonClient } from '../http/json-client.js'
import { TokenManager } from '../token/token-manager.js'
import type { CloseOptions } from '../token/manager-options.js'
import type { TokenSource } from '../token/token-source.js'
import { Analytics } from './analytics.js'
import type { GenesysCredentials } from './credentials.js'
import { credentialsFromEnvironment } from './environment.js'
import { genesysError, isGenesysTokenRejected } from './genesys-error.js'
import { genesysGrant } from './genesys-grant.js'
import { genesysLimits } from './limits.js'
import type { GenesysLimits } from './limits.js'
import { regionUrls } from './regions.js'
import type { GenesysSession } from './session.js'
import { Users } from './users.js'

/** How a {@link GenesysCloud} works. */
export interface GenesysCloudOptions {
  /** Carries all requests, token requests too: a proxy, an own CA. Default: undici's global dispatcher. */
  dispatcher?: Dispatcher
  /** Requests under way at the same time. Default 8. */
  concurrency?: number
  /** Requests begun in a minute, spread over it. Default 300, Genesys' limit for one token; `Infinity` for none. */
  requestsPerMinute?: number
  /** Milliseconds of waits and failed attempts that one request may take, waits for a rate limit apart. Default 60,000. */
  patience?: number
  /** Ends every request. */
  signal?: AbortSignal
  /** How closely answers are looked at: `envelope` at what the library itself reads, `full` at every field. Default `envelope`. */
  validate?: 'envelope' | 'full'
  /** An organization's own limits, where they differ from Genesys' defaults. */
  limits?: Partial<GenesysLimits>
  /** Where time and chance come from. Default: the machine's own. */
  clock?: Clock
}

/**
 * One Genesys Cloud organization: a session that renews itself, and its endpoints. Every request is paced, and tried
 * again where that is safe; what cannot be helped is a typed error with Genesys' code, the correlation id, and what to
 * check first. It does no I/O before the first call.
 *
 * Throws {@link EverbearerError} `invalid_option`, `invalid_origin`, `insecure_url`, or from `fromEnv`
 * `missing_environment`.
 *
 * @example
 * ```js
 * import { GenesysCloud } from 'everbearer/genesys'
 *
 * const genesys = new GenesysCloud({ region: 'eu-central-1', clientId: 'id', clientSecret: 'secret' })
 * await genesys.close()
 * ```
 */
export class GenesysCloud implements AsyncDisposable {
  readonly users: Users
  readonly analytics: Analytics
  /** The manager that was made here, and so is closed here. */
  readonly #manager: TokenManager | undefined
  readonly #client: JsonClient

  constructor(credentials: GenesysCredentials, options: GenesysCloudOptions = {}) {
    const own = ownOptions(options, 'GenesysCloud')
    const { dispatcher, concurrency = 8, requestsPerMinute = 300, patience = 60_000, signal, clock } = own
    const { validate = 'envelope', limits } = own
    checkDispatcher(dispatcher)
    checkSignal(signal)
    if (validate !== 'envelope' && validate !== 'full') {
      throw invalidOption('validate', "must be 'envelope' or 'full'")
    }
    const { apiUrl, tokens, manager } = session(ownOptions(credentials, 'GenesysCloud'), dispatcher, clock)
    this.#manager = manager
    this.#client = new JsonClient({
      apiUrl,
      tokens,
      dispatcher,
      concurrency,
      requestsPerMinute,
      patience,
      signal,
      clock,
      errorFrom: genesysError,
      isTokenRejected: isGenesysTokenRejected,
    })
    const shared: GenesysSession = { client: this.#client, validate, limits: genesysLimits(limits) }
    this.users = new Users(shared)
    this.analytics = new Analytics(shared)
  }

  /**
   * With credentials from the environment: `GENESYS_CLIENT_ID`, `GENESYS_CLIENT_SECRET` and `GENESYS_REGION`, or
   * `GENESYS_LOGIN_URL` with `GENESYS_API_URL`; when none of these is set, the `GENESYSCLOUD_OAUTHCLIENT_ID`,
   * `GENESYSCLOUD_OAUTHCLIENT_SECRET` and `GENESYSCLOUD_REGION` of Genesys' own tools.
   */
  static fromEnv(
    options: GenesysCloudOptions = {},
    env: Readonly<Record<string, string | undefined>> = process.env,
  ): GenesysCloud {
    return new GenesysCloud(credentialsFromEnvironment(env), options)
  }

  /**
   * Closes the token manager, see {@link TokenManager.close}, and ends all requests with `closed`: those under way, and
   * those that wait. A manager that was passed in stays open, and so does all that uses it.
   */
  async close(options?: CloseOptions): Promise<void> {
    if (this.#manager === undefined) return
    await this.#manager.close(options)
    this.#client.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function session(
  credentials: GenesysCredentials,
  dispatcher: Dispatcher | undefined,
  clock: Clock | undefined,
): { apiUrl: string; tokens: TokenSource; manager?: TokenManager } {
  if ('tokens' in credentials) {
    const { tokens } = credentials
    return { tokens, apiUrl: 'apiUrl' in credentials ? credentials.apiUrl : regionUrls(credentials.region).apiUrl }
  }
  const { clientId, clientSecret } = credentials
  if (!('loginUrl' in credentials) && credentials.region === undefined) {
    const message = 'Say where the organization is: option `region`, or `loginUrl` and `apiUrl`.'
    throw new EverbearerError('invalid_option', message)
  }
  const { loginUrl, apiUrl } = 'loginUrl' in credentials ? credentials : regionUrls(credentials.region)
  const grant = genesysGrant({ loginUrl, clientId, clientSecret, dispatcher })
  const manager = new TokenManager(grant, { ...(clock && { clock }) })
  return { apiUrl, tokens: manager, manager }
}
