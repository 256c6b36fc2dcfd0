import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

import { RedisServer } from '../redis/redis-server.js'
import { FleetServer, LIFETIME } from './fleet-server.js'
import type { Reason, TokenRequest } from './fleet-server.js'
import type { Errand, Report } from './member.js'
import { moment } from './moment.js'

/** What is going on: nothing special, or what was done to the fleet, until it is over. */
export type Phase = 'start' | 'calm' | 'kill' | 'pause' | 'redis'

/** How large the fleet is, and what is done to it while it works. */
export interface Extent {
  readonly processes: number
  readonly seconds: number
  readonly client: string
  /** Milliseconds between two calls of each process, on average. */
  readonly pause: number
}

/** A time in which something was done to the fleet. */
interface Episode {
  readonly phase: Phase
  readonly from: number
  readonly to: number
  /** When it was done: a call that waited before that counts from there. */
  readonly mark: number
  /** Whose own calls do not count: it was stopped. */
  readonly stopped: string | undefined
}

/** What came of it. Times are in milliseconds. */
export interface Finding {
  readonly calls: number
  readonly tokenRequests: number
  /** Tokens that were replaced because they grew old. */
  readonly lifetimes: number
  /** How often all tokens were revoked, and how often somebody asked for that. */
  readonly revocations: number
  readonly requestsForRevocations: number
  /** While Redis was away: at most one per process and lifetime, or it is among the surplus. */
  readonly aloneRequests: number
  /** Made by who was killed or stopped meanwhile. */
  readonly lostRequests: number
  readonly surplusRequests: number
  /** When each of those came, and what was done to the fleet before it. */
  readonly surplus: readonly string[]
  readonly surfaced401s: number
  readonly failures: readonly string[]
  readonly fences: number
  readonly fencesInOrder: boolean
  /** The longest call, by what was going on. */
  readonly longestStallMs: number
  readonly stallAfterKillMs: number
  readonly stallAfterPauseMs: number
  readonly stallWithoutRedisMs: number
}

/** How long the others wait for a lease before its holder is killed. */
const ALL_WAIT = 60
/** How long a holder is stopped: longer than its lease. */
const STOPPED = 700
const REDIS_DOWN = 1_500
/** By then every process has used the store again, and has the token that it holds. */
const REDIS_BACK = 3_500
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
  const phases: Episode[] = []
  let revocations = 0
  const revoke = () => {
    revocations += 1
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
    phases.push({ phase, from, to: moment(), mark, stopped })
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
    for (let number = 0; number < processes; number++) start()
    await allServed(members.keys())
    // What starts all at once on a few cores is slow, and that is no finding.
    await wait(LIFETIME * 1_000)
    const startedAt = moment()
    const requestsAtStart = server.requests.length
    phases.push({ phase: 'start', from: 0, to: startedAt, mark: startedAt, stopped: undefined })
    const done = [kill, stop, restartRedis, restartRedis]
    for (const [index, deed] of done.entries()) {
      await calmUntil(startedAt + ((index + 1) * seconds * 1_000) / (done.length + 1))
      await deed()
    }
    await calmUntil(startedAt + seconds * 1_000)
    const endedAt = moment()
    return finding(server.requests.slice(requestsAtStart), endedAt)

    async function calmUntil(end: number): Promise<void> {
      const every = Math.min(REVOCATION_EVERY, (seconds * 1_000) / 6)
      while (end - moment() > every + REVOCATIONS_APART) {
        await wait(every)
        revoke()
      }
      await wait(end - moment())
    }
  } finally {
    for (const child of members.values()) child.kill('SIGKILL')
    server.close()
    await redis.remove()
  }

  function finding(requests: readonly TokenRequest[], endedAt: number): Finding {
    const asked = (reason: Reason) => requests.filter((request) => request.reason === reason).length
    const ofKind = <Kind extends Report['kind']>(kind: Kind) =>
      reports.filter((report): report is Extract<Report, { kind: Kind }> => report.kind === kind)
    const calls = ofKind('call')
    const longest = (phase: Phase) =>
      Math.ceil(
        calls.reduce((most, { from, to, caller }) => {
          const episode = phases.find((one) => from < one.to && to > one.from)
          if ((episode?.phase ?? 'calm') !== phase || episode?.stopped === caller || to > endedAt) return most
          return Math.max(most, to - Math.max(from, episode?.mark ?? from))
        }, 0),
      )
    const surplus = requests
      .filter(({ reason }) => reason === 'surplus')
      .map(({ at, caller }) => {
        const before = phases.findLast(({ from }) => from < at)!
        return `${caller}, ${Math.round(at - before.mark)} ms after ${before.phase}, which was over after ${Math.round(before.to - before.mark)} ms`
      })
    const fences = ofKind('fence')
      .sort((one, other) => one.at - other.at)
      .map(({ fence }) => fence)
    return {
      calls: calls.length,
      tokenRequests: requests.length,
      lifetimes: asked('due'),
      revocations,
      requestsForRevocations: asked('revoked'),
      aloneRequests: asked('alone'),
      lostRequests: asked('lost'),
      surplusRequests: surplus.length,
      surplus,
      surfaced401s: calls.filter(({ status }) => status === 401).length,
      failures: ofKind('failure').map(({ why }) => why),
      fences: fences.length,
      fencesInOrder: fences.every((fence, index) => index === 0 || fence > fences[index - 1]!),
      longestStallMs: longest('calm'),
      stallAfterKillMs: longest('kill'),
      stallAfterPauseMs: longest('pause'),
      stallWithoutRedisMs: longest('redis'),
    }
  }
}

/** In how many lifetimes a run has room for what is done to it. */
export const LEAST_SECONDS = 6 * LIFETIME
