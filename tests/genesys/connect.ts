import { GenesysCloud } from '../../src/genesys/index.js'
import type { GenesysCloudOptions } from '../../src/genesys/index.js'
import { startGenesysSimulator } from '../../src/testing/index.js'
import type { RunningGenesysSimulator, GenesysSimulatorOptions } from '../../src/testing/index.js'
import type { FetchHandler } from '../../src/testing/serve.js'
import { CANARY, closeLater, line, served } from '../platform/connection.js'
import type { Wire } from '../platform/connection.js'

export * from '../platform/connection.js'

/** A simulator over real HTTP, and a client of its own for it. */
export interface Connection extends Wire {
  readonly running: RunningGenesysSimulator
  readonly genesys: GenesysCloud
}

export async function connect(
  options: GenesysSimulatorOptions = {},
  clientOptions: GenesysCloudOptions = {},
): Promise<Connection> {
  const running = await startGenesysSimulator({
    users: 30,
    conversationsPerDay: 50,
    clientSecret: CANARY,
    ...options,
    limits: { requestsPerMinute: 1_000_000, ...options.limits },
  })
  closeLater(running)
  const { pace, ...wire } = line()
  const genesys = GenesysCloud.fromEnv({ ...pace, ...clientOptions }, running.env)
  closeLater(genesys)
  return { running, genesys, ...wire }
}

/** A client for an API that a test writes itself; its authorization server always gives a token. */
export async function connectTo(
  api: FetchHandler,
  clientOptions: GenesysCloudOptions = {},
): Promise<Wire & { genesys: GenesysCloud; origin: string }> {
  const { origin, pace, ...wire } = await served((request) => {
    if (new URL(request.url).pathname !== '/oauth/token') return api(request)
    return Response.json({ access_token: `token-${CANARY}`, token_type: 'bearer', expires_in: 86_400 })
  })
  const credentials = { loginUrl: origin, apiUrl: origin, clientId: 'id', clientSecret: CANARY }
  const genesys = new GenesysCloud(credentials, { ...pace, ...clientOptions })
  closeLater(genesys)
  return { genesys, origin, ...wire }
}
