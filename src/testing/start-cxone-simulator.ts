import { CxoneSimulator } from './cxone/cxone-simulator.js'
import { CXONE_SIMULATOR_OPTIONS, type CxoneSimulatorOptions } from './cxone/options.js'
import { ACCESS_KEY_PATH } from './cxone/token-paths.js'
import type { CxoneTruth } from './cxone/truth.js'
import { listenOptions, running, type ListenOptions, type Running } from './platform/simulator.js'
import { serve, type Served } from './serve.js'

/** Options of {@link startCxoneSimulator}: the simulator's own, and where to listen. */
export interface StartCxoneSimulatorOptions extends CxoneSimulatorOptions, ListenOptions {}

/** A simulator of CXone that listens. */
export interface RunningCxoneSimulator extends Running<CxoneSimulator, CxoneTruth> {
  /** Where the discovery documents and tokens are had. */
  readonly issuer: string
  /** What the tenant's cxone-configuration names: the same origin here. */
  readonly apiUrl: string
  /** The environment in which `Cxone.fromEnv` finds this simulator, with the client of a back-end application. */
  readonly env: {
    CXONE_ACCESS_KEY_ID: string
    CXONE_ACCESS_KEY_SECRET: string
    CXONE_CLIENT_ID: string
    CXONE_CLIENT_SECRET: string
    CXONE_ISSUER: string
  }
  /** The one without a client: the access key alone. */
  readonly accessKeyEnv: {
    CXONE_ACCESS_KEY_ID: string
    CXONE_ACCESS_KEY_SECRET: string
    CXONE_ACCESS_KEY_ENDPOINT: string
    CXONE_ISSUER: string
  }
}

/**
 * Starts a NICE CXone simulator on 127.0.0.1: authorization server and API on one origin over real HTTP, and the files with
 * results on another, as a tenant has them. It lives until `close()`; nothing it holds outlives that.
 *
 * @throws EverbearerError `invalid_option`, naming the option. A port that is taken rejects with Node's own error.
 *
 * @example
 * ```js
 * import { startCxoneSimulator } from 'everbearer/testing'
 *
 * const simulator = await startCxoneSimulator({ agents: 20 })
 * const { CXONE_ACCESS_KEY_ID: accessKeyId, CXONE_ACCESS_KEY_SECRET: accessKeySecret } = simulator.env
 * const login = await fetch(simulator.accessKeyEnv.CXONE_ACCESS_KEY_ENDPOINT, {
 *   method: 'POST',
 *   headers: { 'content-type': 'application/json' },
 *   body: JSON.stringify({ accessKeyId, accessKeySecret }),
 * })
 * const { access_token } = await login.json()
 * const headers = { authorization: `Bearer ${access_token}`, accept: 'application/json' }
 * const agents = await fetch(`${simulator.apiUrl}/incontactapi/services/v34.0/agents?isActive=true`, { headers })
 * console.log((await agents.json()).totalRecords) // 20
 * await simulator.close()
 * ```
 */
export async function startCxoneSimulator(options: StartCxoneSimulatorOptions = {}): Promise<RunningCxoneSimulator> {
  const { port, rest } = listenOptions(options, 'startCxoneSimulator', CXONE_SIMULATOR_OPTIONS)
  const results = await serve((request) => simulator.fetchResult(request))
  let simulator: CxoneSimulator
  let server: Served
  try {
    simulator = new CxoneSimulator({ resultOrigin: results.origin, ...rest })
    server = await serve((request) => simulator.fetch(request), { port })
  } catch (error) {
    await results.close()
    throw error
  }
  const accessKey = {
    CXONE_ACCESS_KEY_ID: simulator.accessKeyId,
    CXONE_ACCESS_KEY_SECRET: simulator.accessKeySecret,
    CXONE_ISSUER: server.origin,
  }
  return {
    issuer: server.origin,
    apiUrl: server.origin,
    env: { ...accessKey, CXONE_CLIENT_ID: simulator.clientId, CXONE_CLIENT_SECRET: simulator.clientSecret },
    accessKeyEnv: { ...accessKey, CXONE_ACCESS_KEY_ENDPOINT: `${server.origin}${ACCESS_KEY_PATH}` },
    ...running(simulator, [server, results]),
  }
}
