import type { Exchanged } from './exchanges.js'
import { HeapTrend } from './heap-trend.js'
import type { HeapReading } from './heap-trend.js'
import { CONNECTIONS } from './soak.js'
import type { Soaked, Tenth } from './soak.js'

/** Between requests: the timer of the next renewal, the time-out of a flight, and the wait between two of its tries. */
const MAX_TIMERS = 3
/** To the API; and a few to the authorization server, most of them just being given up. */
const MAX_SOCKETS = CONNECTIONS + 8

/** A manager that asks more often has stormed: a thousand and more to one is what a long soak shows. */
const FEWEST_PER_TOKEN_REQUEST = 10

/** What is wrong after a soak: what grew, what was left behind, what did not end, what nobody may send. */
export function faultsOf(requests: number, soaked: Soaked, exchanged: Exchanged): string[] {
  const { tenths, served } = soaked
  const { requests: ended, outcomes } = tenths.at(-1)!
  const left = leftBehind(soaked)
  return [
    ...amiss(`${ended} of ${requests} requests ended`, ended !== requests),
    ...amiss(`${outcomes['wrong answer']} answers were wrong`, outcomes['wrong answer'] !== undefined),
    ...amiss(`${served.naked} requests came without a token`, served.naked > 0),
    ...amiss('no request was answered well any more', !soaked.recovered),
    ...amiss(
      `${served.tokenRequests} token requests were made`,
      served.tokenRequests > requests / FEWEST_PER_TOKEN_REQUEST,
    ),
    ...tenths.flatMap(faultsOfTenth),
    ...Object.entries(left).flatMap(([what, count]) => amiss(`${count} ${what} were left`, count !== 0)),
    ...Object.entries(exchanged.left).flatMap(([what, count]) => amiss(`exchanges left ${count} ${what}`, count !== 0)),
    ...amiss('the heap grew with the requests', !new HeapTrend(heapOf(soaked)).flat),
    ...amiss('the heap grew with the exchanges', !new HeapTrend(exchanged.heap).flat),
  ]
}

export function leftBehind({ before, after }: Soaked) {
  const { timers, requestTimers, sockets, keptAlive, signalListeners, processListeners } = after
  return {
    timers: timers + requestTimers,
    sockets,
    keptAlive,
    listeners: signalListeners + processListeners - before.processListeners,
  }
}

export function heapOf({ tenths }: Soaked): HeapReading[] {
  return tenths.map(({ requests, heap }) => ({ count: requests, bytes: heap }))
}

function faultsOfTenth({ requests, timers, requestTimers, sockets, signalListeners }: Tenth): string[] {
  const after = `after ${requests} requests`
  return [
    ...amiss(`${timers} timers of the manager were pending ${after}`, timers > MAX_TIMERS),
    ...amiss(`${requestTimers} timers of requests were pending ${after}`, requestTimers > 0),
    ...amiss(`${sockets} sockets were open ${after}`, sockets > MAX_SOCKETS),
    ...amiss(`${signalListeners} listeners were on the shared signal ${after}`, signalListeners > 0),
  ]
}

function amiss(fault: string, is: boolean): string[] {
  return is ? [fault] : []
}
