import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

import { RedisServer } from '../redis/redis-server.js'
import { findingOf } from './finding.js'
import type { Episode, Finding, Phase } from './finding.js'
import { FleetServer, LIFETIME } from './fleet-server.js'
import type { Errand, Report } from './member.js'
import { moment } from './moment.js'

/** How large the fleet is, and what is done to it while it works. */
export interface Extent {
  readonly processes: number
  readonly seconds: number
  readonly client: string
  /** Milliseconds between two calls of each process, on average. */
  readonly pause: number
}

/** How many processes start at once. */
const AT_ONCE = 4
/** How long the others wait for a lease before its holder is killed. */
const ALL_WAIT = 60
/** How long a holder is stopped: longer than its lease. */
const STOPPED = 700
const REDIS_DOWN = 1_500
/** By then every process has used the store again, and has the token that it holds. */
const REDIS_BACK = 4_000
/** Milliseconds between two revocations, and the least: whose new token is refused at once takes the API for broken. */
const REVOCATION_EVERY = 5_000
const REVOCATIONS_APART = 2_000
/** By then nothing goes on any more. */
const PATIENCE = 20_000

/** Lets a fleet of processes call an API with one client's tokens, and does to it what happens to fleets. */
export async function runFleet({ processes, seconds, client, pause }: Extent, program: string): Promise<Finding> {
  const redis = await RedisServer.start()
  const server = new FleetServer()
  await server.listen()
  const encryptionKey = randomBytes(32).toString('base64')
  const errand: Errand = { origin: server.origin, redisUrl: redis.url, client, encryptionKey, pause }
  const reports: Report[] = []
  const members = new Map<string, ChildProcess>()
  const start = () => {
    const child = fork(program, [JSON.stringify(errand)])
    child.on('message', (report: Report) => reports.push(report))
    members.set(String(child.pid), child)
  }
  const episodes: Episode[] = []
  let revocations = 0
  let revokedAt = 0
  const revoke = () => {
    revocations += 1
    revokedAt = moment()
    server.revoke()
  }

  /** Resolves when each of these has called the API with a token that it takes. */
  const allServed = async (callers: Iterable<string>) => {
    const waiting = new Set(callers)
    const { onCall } = server
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`No longer served: ${[...waiting].join(', ')}.`)), PATIENCE)
      server.onCall = (status, caller) => {
        if (status === 200) waiting.delete(caller)
        if (waiting.size > 0) return
        clearTimeout(limit)
        resolve()
      }
    })
    server.onCall = onCall
  }
  const during = async (phase: Phase, work: (atMark: (stopped?: string) => void) => Promise<void>) => {
    const from = moment()
    let mark = from
    let stopped: string | undefined
    await work((who) => {
      mark = moment()
      stopped = who
    })
    episodes.push({ phase, from, to: moment(), mark, stopped })
  }
  /** Who asks for the next token; its answer waits for what is done to it. */
  const nextHolder = (meddle: (child: ChildProcess, caller: string) => Promise<void>) =>
    new Promise<string>((resolve, reject) => {
      server.onAsked = async (caller) => {
        server.onAsked = () => undefined
        await meddle(members.get(caller)!, caller).catch(reject)
        resolve(caller)
      }
    })
  const kill = () =>
    during('kill', async (atMark) => {
      const killed = nextHolder(async (child, caller) => {
        await wait(ALL_WAIT)
        members.delete(caller)
        const exit = once(child, 'exit')
        child.kill('SIGKILL')
        atMark()
        await exit
      })
      revoke()
      await killed
      await allServed(members.keys())
      start()
      await allServed(members.keys())
    })
  const stop = () =>
    during('pause', async (atMark) => {
      const stopped = nextHolder(async (child, caller) => {
        server.strandNext()
        child.kill('SIGSTOP')
        atMark(caller)
      })
      revoke()
      const caller = await stopped
      await allServed([...members.keys()].filter((other) => other !== caller))
      await wait(STOPPED)
      members.get(caller)!.kill('SIGCONT')
      await allServed(members.keys())
    })
  const restartRedis = () =>
    during('redis', async () => {
      server.alone = true
      await redis.stop()
      await wait(REDIS_DOWN)
      await redis.start()
      await wait(REDIS_BACK)
      server.alone = false
    })

  try {
    // What starts all at once on a few cores is slow, and that is no finding.
    while (members.size < processes) {
      for (let number = Math.min(AT_ONCE, processes - members.size); number > 0; number--) start()
      await allServed(members.keys())
    }
    await wait(LIFETIME * 1_000)
    const startedAt = moment()
    const requestsAtStart = server.requests.length
    revokedAt = startedAt
    episodes.push({ phase: 'start', from: 0, to: startedAt, mark: startedAt, stopped: undefined })
    const deeds = [kill, stop, restartRedis, restartRedis]
    for (const [index, deed] of deeds.entries()) {
      await calmUntil(startedAt + ((index + 1) * seconds * 1_000) / (deeds.length + 1))
      await deed()
    }
    await calmUntil(startedAt + seconds * 1_000)
    const requests = server.requests.slice(requestsAtStart)
    return findingOf({ requests, reports, episodes, revocations, endedAt: moment() })

    /** Nothing but a revocation now and then. */
    async function calmUntil(planned: number): Promise<void> {
      const every = Math.min(REVOCATION_EVERY, (seconds * 1_000) / 6)
      let next = Math.max(revokedAt + every, moment() + REVOCATIONS_APART)
      for (; next <= planned; next = revokedAt + every) {
        await wait(next - moment())
        revoke()
      }
      await wait(Math.max(planned, revokedAt + REVOCATIONS_APART) - moment())
    }
  } finally {
    for (const child of members.values()) child.kill('SIGKILL')
    server.close()
    await redis.remove()
  }
}

/** In how many lifetimes a run has room for what is done to it. */
export const MIN_SECONDS = 6 * LIFETIME
