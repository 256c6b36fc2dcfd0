import { GenesysSimulator } from './genesys/genesys-simulator.js'
import { GENESYS_SIMULATOR_OPTIONS, type GenesysSimulatorOptions } from './genesys/options.js'
import type { GenesysTruth } from './genesys/truth.js'
import { listenOptions, running, type ListenOptions, type Running } from './platform/simulator.js'
import { serve } from './serve.js'

/** Options of {@link startGenesysSimulator}: the simulator's own, and where to listen. */
export interface StartGenesysSimulatorOptions extends GenesysSimulatorOptions, ListenOptions {}

/** A simulator that listens. */
export interface RunningGenesysSimulator extends Running<GenesysSimulator, GenesysTruth> {
  /** Where tokens are had; the same origin as {@link RunningGenesysSimulator.apiUrl}, as behind a Genesys gateway. */
  readonly loginUrl: string
  readonly apiUrl: string
  /** The environment in which `GenesysCloud.fromEnv` finds this simulator. */
  readonly env: {
    GENESYS_CLIENT_ID: string
    GENESYS_CLIENT_SECRET: string
    GENESYS_LOGIN_URL: string
    GENESYS_API_URL: string
  }
}

/**
 * Starts a Genesys Cloud simulator on 127.0.0.1: authorization server and API on one origin over real HTTP. It lives
 * until `close()`; nothing it holds outlives that.
 *
 * @throws EverbearerError `invalid_option`, naming the option. A port that is taken rejects with Node's own error.
 *
 * @example
 * ```js
 * import { startGenesysSimulator } from 'everbearer/testing'
 *
 * const simulator = await startGenesysSimulator({ users: 50, faults: [{ kind: 'rate-limited', at: 2, retryAfter: 1 }] })
 * const { GENESYS_CLIENT_ID: id, GENESYS_CLIENT_SECRET: secret } = simulator.env
 * const login = await fetch(`${simulator.loginUrl}/oauth/token`, {
 *   method: 'POST',
 *   headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
 *   body: new URLSearchParams({ grant_type: 'client_credentials' }),
 * })
 * const { access_token } = await login.json()
 * const headers = { authorization: `Bearer ${access_token}` }
 * const users = await fetch(`${simulator.apiUrl}/api/v2/users`, { headers })
 * console.log((await users.json()).total) // 50
 * await simulator.close()
 * ```
 */
export async function startGenesysSimulator(
  options: StartGenesysSimulatorOptions = {},
): Promise<RunningGenesysSimulator> {
  const { port, rest } = listenOptions(options, 'startGenesysSimulator', GENESYS_SIMULATOR_OPTIONS)
  const simulator = new GenesysSimulator(rest)
  const server = await serve((request) => simulator.fetch(request), { port })
  return {
    loginUrl: server.origin,
    apiUrl: server.origin,
    env: {
      GENESYS_CLIENT_ID: simulator.clientId,
      GENESYS_CLIENT_SECRET: simulator.clientSecret,
      GENESYS_LOGIN_URL: server.origin,
      GENESYS_API_URL: server.origin,
    },
    ...running(simulator, [server]),
  }
}
