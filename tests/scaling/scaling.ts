import { randomBytes } from 'node:crypto'

import { delay } from '../../src/base/clock.js'
import { redisTokenStore } from '../../src/redis/index.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { chanceFrom } from '../soak/chance.js'
import { ScriptedGrant, tokens } from '../token/scripted-grant.js'
import { MillisecondClock } from './millisecond-clock.js'
import { SimulatedRedis } from './simulated-redis.js'

/** What is looked at: all start, tokens grow old, all are revoked, or Redis is lost and all are revoked. */
export const SITUATIONS = ['start', 'steady', 'revoked', 'Redis lost', 'revoked without Redis'] as const
export type Situation = (typeof SITUATIONS)[number]

export interface Extent {
  readonly processes: number
  /** Of a token, in milliseconds. */
  readonly lifetime: number
  readonly shared: boolean
  readonly seed: number
}

/** What one of the two servers got to do. */
export interface Load {
  readonly total: number
  /** In the busiest second. */
  readonly peak: number
  /** Per second, from the first to the last. */
  readonly mean: number
}

export interface Finding {
  readonly situation: Situation
  readonly tokenRequests: Load
  readonly commands: Load
  /** Milliseconds until the last process had a token, where all waited for one. */
  readonly servedAfter?: number
}

/** Milliseconds that the authorization server takes for a token. */
const LATENCY = 100
/** In which a deployment starts all processes. */
const DEPLOYMENT = 10_000
/** How often in a token's life each process makes use of it. */
const USES = 100

/** Real managers over real stores, with a simulated clock, Redis and authorization server. */
export async function simulate({ processes, lifetime, shared, seed }: Extent): Promise<Finding[]> {
  const chance = chanceFrom(seed)
  const clock = new MillisecondClock(chance)
  const redis = new SimulatedRedis(clock)
  const encryptionKey = randomBytes(32)
  let requests: number[] = []
  let commands: number[] = []
  redis.onCommand = () => void commands.push(clock.now())
  const findings: Finding[] = []
  let number = 0
  const managers = Array.from({ length: processes }, () => {
    const grant = new ScriptedGrant(async () => {
      requests.push(clock.now())
      await delay(clock, LATENCY)
      return tokens(`token-${++number}`, { lifetime })
    })
    const store = redisTokenStore(redis.run, { encryptionKey, clock })
    return new TokenManager(grant, shared ? { clock, store } : { clock })
  })
  const note = (situation: Situation, servedAfter?: number) => {
    findings.push({
      situation,
      tokenRequests: loadOf(requests),
      commands: loadOf(commands),
      ...(servedAfter !== undefined && { servedAfter }),
    })
    requests = []
    commands = []
  }
  const use = async (milliseconds: number) => {
    for (let gone = 0; gone < milliseconds; gone += lifetime / USES) {
      for (const manager of managers) manager.current()
      await clock.advance(lifetime / USES)
    }
  }
  /** All see the same 401 within a tenth of a second. */
  const revoke = async () => {
    let served = 0
    let last = 0
    const startedAt = clock.now()
    for (const manager of managers) {
      const rejected = manager.current()!
      void delay(clock, chance() * 100)
        .then(() => manager.getToken({ rejected }))
        .then(() => {
          served += 1
          last = clock.now()
        })
    }
    while (served < processes) await clock.advance(10)
    return last - startedAt
  }

  let started = 0
  for (const manager of managers) {
    void delay(clock, chance() * DEPLOYMENT)
      .then(() => manager.getToken())
      .then(() => (started += 1))
  }
  while (started < processes) await clock.advance(100)
  note('start')
  await use(3 * lifetime)
  requests = []
  commands = []
  await use(5 * lifetime)
  note('steady')
  note('revoked', await revoke())
  if (!shared) return findings

  await use(lifetime / 2)
  requests = []
  commands = []
  redis.lost = true
  await use(2 * lifetime)
  note('Redis lost')
  note('revoked without Redis', await revoke())
  return findings
}

function loadOf(moments: readonly number[]): Load {
  const seconds = new Map<number, number>()
  for (const moment of moments) {
    const second = Math.floor(moment / 1_000)
    seconds.set(second, (seconds.get(second) ?? 0) + 1)
  }
  const first = moments[0] ?? 0
  const last = moments.at(-1) ?? 0
  return {
    total: moments.length,
    peak: Math.max(0, ...seconds.values()),
    mean: moments.length / Math.max(1, (last - first) / 1_000),
  }
}
