import { EventEmitter } from 'node:events'

import { Agent } from 'undici'
import { TokenManager, clientCredentials } from '../../src/index.js'
import { Census } from './census.js'
import type { Count } from './census.js'
import { chanceFrom } from './chance.js'
import { CountingClock } from './counting-clock.js'
import { Load } from './load.js'
import type { Outcomes } from './load.js'
import { startServers } from './servers.js'
import type { ServerReport } from './servers.js'

export const CONNECTIONS = 64
/** Short enough for time-outs to be many, long enough for an honest answer from a busy machine. */
const FLIGHT_TIMEOUT = 500

/** Milliseconds without any request that ends: none waits for so long. */
const STALL = 20_000

/** Milliseconds after which a manager has come back from anything that the servers do here. */
const RECOVERY = 20_000

/** What there was after a tenth of the requests. */
export interface Tenth extends Count {
  readonly requests: number
  readonly outcomes: Outcomes
}

export interface Soaked {
  readonly started: number
  readonly tenths: readonly Tenth[]
  readonly before: Count
  /** When everything was closed. */
  readonly after: Count
  readonly served: ServerReport
  /** A request was answered well after all that. */
  readonly recovered: boolean
}

/**
 * Sends so many requests through one manager and one agent, and counts what they hold after each tenth, when none is
 * under way. `program` is this program, which becomes the servers when it finds itself a worker.
 */
export async function soak(
  { requests, seed, program }: { requests: number; seed: number; program: URL },
  onTenth: (tenth: Tenth) => void,
): Promise<Soaked> {
  const servers = await startServers(program, { seed, mishapEvery: Math.min(10_000, requests / 12) })
  const { api, tokenEndpoint } = servers
  const clocks = { manager: new CountingClock(), requests: new CountingClock() }
  const agent = new Agent({ connections: CONNECTIONS })
  const tokens = new TokenManager(
    clientCredentials({ tokenEndpoint, clientId: 'soak', clientSecret: 'secret', dispatcher: agent }),
    { clock: clocks.manager, timeout: FLIGHT_TIMEOUT },
  )
  const { signal: sharedSignal } = new AbortController()
  // Not 0, which is no number of listeners to Node 20.
  EventEmitter.setMaxListeners(Number.MAX_SAFE_INTEGER, sharedSignal)
  const census = new Census(sharedSignal, clocks)
  const load = new Load({ api, tokens, agent, clock: clocks.requests, chance: chanceFrom(seed), sharedSignal })

  const before = await census.count()
  const tenths: Tenth[] = []
  for (let i = 1; i <= 10; i++) {
    await unlessStalled(load, load.send(Math.round((requests * i) / 10) - load.started))
    const tenth = { requests: load.ended, outcomes: { ...load.outcomes }, ...(await census.count()) }
    tenths.push(tenth)
    onTenth(tenth)
  }
  // Whatever has happened, the last word is a good answer.
  const recovered = await load.recovers(RECOVERY)
  await tokens.close()
  await agent.close()
  const served = await servers.report()
  await servers.close()
  return { started: load.started, tenths, before, after: await census.count(), served, recovered }
}

async function unlessStalled(load: Load, work: Promise<void>): Promise<void> {
  let watch: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_, reject) => {
    let ended = -1
    watch = setInterval(() => {
      if (load.ended === ended) reject(new Error(`${load.started - ended} requests do not end.`))
      ended = load.ended
    }, STALL)
  })
  try {
    await Promise.race([work, stalled])
  } finally {
    clearInterval(watch)
  }
}
