import { Cxone } from '../../src/cxone/index.js'
import type { CxoneOptions } from '../../src/cxone/index.js'
import { startCxoneSimulator } from '../../src/testing/index.js'
import type { CxoneSimulatorOptions, RunningCxoneSimulator } from '../../src/testing/index.js'
import type { FetchHandler } from '../../src/testing/serve.js'
import { staticToken } from '../../src/token/static-token.js'
import { CANARY, closeLater, line, served } from '../platform/connection.js'
import type { Wire } from '../platform/connection.js'

export * from '../platform/connection.js'

/** A simulator over real HTTP, and a client of its own for it. */
export interface Connection extends Wire {
  readonly running: RunningCxoneSimulator
  readonly cxone: Cxone
}

export async function connect(
  options: CxoneSimulatorOptions = {},
  clientOptions: CxoneOptions = {},
): Promise<Connection> {
  const secrets = { accessKeySecret: `${CANARY}-key====`, clientSecret: `${CANARY}-client====` }
  const own = { agents: 30, contactsPerDay: 50, jobDuration: 20, ...secrets }
  const running = await startCxoneSimulator({ ...own, ...options })
  closeLater(running)
  const { pace, ...wire } = line()
  const limits = { dataExtractionPause: 200 }
  const cxone = Cxone.fromEnv({ ...pace, limits, ...clientOptions }, running.env)
  closeLater(cxone)
  return { running, cxone, ...wire }
}

/** A client for an API that a test writes itself, with a token that is already there. */
export async function connectTo(
  api: FetchHandler,
  clientOptions: CxoneOptions = {},
): Promise<Wire & { cxone: Cxone; origin: string }> {
  const { origin, pace, ...wire } = await served(api)
  const cxone = new Cxone({ tokens: staticToken(`token-${CANARY}`), apiUrl: origin }, { ...pace, ...clientOptions })
  closeLater(cxone)
  return { cxone, origin, ...wire }
}

/** An empty answer. */
export const noContent = () => new Response(null, { status: 204 })

/** The whole numbers of a request's query, such as `skip` and `top`. */
export function numbersOf(request: { readonly url: string }, ...names: readonly string[]): number[] {
  const { searchParams } = new URL(request.url)
  return names.map((name) => Number(searchParams.get(name)))
}
