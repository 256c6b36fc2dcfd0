import type { Reason, TokenRequest } from './fleet-server.js'
import type { Report } from './member.js'

/** What is going on: nothing special, or what was done to the fleet, until it is over. */
export type Phase = 'start' | 'calm' | 'kill' | 'pause' | 'redis'

/** A time in which something was done to the fleet. */
export interface Episode {
  readonly phase: Phase
  readonly from: number
  readonly to: number
  /** When it was done: a call that waited before that counts from there. */
  readonly mark: number
  /** Whose own calls do not count: it was stopped. */
  readonly stopped: string | undefined
}

/** All that was seen of a run, as it was told by the server and by the processes. */
export interface Records {
  readonly requests: readonly TokenRequest[]
  readonly reports: readonly Report[]
  readonly episodes: readonly Episode[]
  readonly revocations: number
  readonly endedAt: number
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
  /** How often the store failed a process although Redis was there. */
  readonly storeFailures: number
  readonly fences: number
  readonly fencesInOrder: boolean
  /** The longest call, by what was going on. */
  readonly longestStallMs: number
  readonly stallAfterKillMs: number
  readonly stallAfterPauseMs: number
  readonly stallWithoutRedisMs: number
  readonly phases: Readonly<Partial<Record<Phase, PhaseFinding>>>
}

/** The same, of what lies in one phase. */
export interface PhaseFinding {
  readonly seconds: number
  readonly calls: number
  readonly tokenRequests: Readonly<Record<Reason, number>>
  readonly surfaced401s: number
  readonly longestStallMs: number
}

type ReportOf<Kind extends Report['kind']> = Extract<Report, { kind: Kind }>

export function findingOf({ requests, reports, episodes, revocations, endedAt }: Records): Finding {
  const ofKind = <Kind extends Report['kind']>(kind: Kind) =>
    reports.filter((report): report is ReportOf<Kind> => report.kind === kind)
  const during = (from: number, to: number) => episodes.find((one) => from < one.to && to > one.from)
  const phaseAt = (at: number) => during(at, at)?.phase ?? 'calm'
  const calls = ofKind('call').filter(({ to }) => to <= endedAt)
  const fences = ofKind('fence').sort((one, other) => one.at - other.at)
  const all = tally(requests)

  const inPhase = (phase: Phase): PhaseFinding => {
    const own = calls.flatMap((call) => {
      const episode = during(call.from, call.to)
      return (episode?.phase ?? 'calm') === phase ? [{ ...call, episode }] : []
    })
    const stalls = own
      .filter(({ caller, episode }) => episode?.stopped !== caller)
      .map(({ from, to, episode }) => to - Math.max(from, episode?.mark ?? from))
    return {
      seconds: Math.round(timeOf(phase) / 100) / 10,
      calls: own.length,
      tokenRequests: tally(requests.filter(({ at }) => phaseAt(at) === phase)),
      surfaced401s: own.filter(({ status }) => status === 401).length,
      longestStallMs: Math.ceil(stalls.reduce((most, stall) => Math.max(most, stall), 0)),
    }
  }
  const [start] = episodes
  const timeOf = (phase: Phase) => {
    const times = episodes.filter((one) => phase === 'calm' || one.phase === phase).map(({ from, to }) => to - from)
    const sum = times.reduce((total, time) => total + time, 0)
    return phase === 'calm' ? endedAt - start!.from - sum : sum
  }
  const phases = { calm: inPhase('calm'), kill: inPhase('kill'), pause: inPhase('pause'), redis: inPhase('redis') }

  return {
    calls: calls.length,
    tokenRequests: requests.length,
    lifetimes: all.due,
    revocations,
    requestsForRevocations: all.revoked,
    aloneRequests: all.alone,
    lostRequests: all.lost,
    surplusRequests: all.surplus,
    surplus: requests.filter(({ reason }) => reason === 'surplus').map((request) => described(request, episodes)),
    surfaced401s: calls.filter(({ status }) => status === 401).length,
    failures: ofKind('failure').map(({ why }) => why),
    storeFailures: ofKind('store-failed').filter(({ at }) => !['start', 'redis'].includes(phaseAt(at))).length,
    fences: fences.length,
    fencesInOrder: fences.every(({ fence }, index) => index === 0 || fence > fences[index - 1]!.fence),
    longestStallMs: phases.calm.longestStallMs,
    stallAfterKillMs: phases.kill.longestStallMs,
    stallAfterPauseMs: phases.pause.longestStallMs,
    stallWithoutRedisMs: phases.redis.longestStallMs,
    phases,
  }
}

function tally(requests: readonly TokenRequest[]): Record<Reason, number> {
  const asked = { due: 0, revoked: 0, alone: 0, lost: 0, surplus: 0 }
  for (const { reason } of requests) asked[reason] += 1
  return asked
}

function described({ at, caller, age, isSecond }: TokenRequest, episodes: readonly Episode[]): string {
  const before = episodes.findLast(({ from }) => from <= at)!
  const token = `for a token ${Math.round(age)} ms old${isSecond ? ', as another has' : ''}`
  return `${caller} ${token}, ${Math.round(at - before.mark)} ms after ${before.phase}, which was over after ${Math.round(before.to - before.mark)} ms`
}
