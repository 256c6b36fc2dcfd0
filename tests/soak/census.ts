import { subscribe } from 'node:diagnostics_channel'
import { getEventListeners } from 'node:events'
import type { Socket } from 'node:net'

import type { TelemetryEvents } from '../../src/index.js'
import type { CountingClock } from './counting-clock.js'
import { turn } from '../waiting.js'

/** What is there between two tenths of a soak, when no request is under way. */
export interface Count {
  /** Bytes, after a forced collection. */
  readonly heap: number
  readonly external: number
  readonly resident: number
  /** On the signal that many requests share, and on the process. */
  readonly signalListeners: number
  readonly processListeners: number
  /** Those of the manager that are pending, and those of requests. */
  readonly timers: number
  readonly requestTimers: number
  readonly sockets: number
  /** What of timers and sockets keeps the process alive, whosever it is. */
  readonly keptAlive: number
  readonly tokenRequests: number
  readonly replays: number
}

/** Each knows its pending timers. */
export interface SoakClocks {
  readonly manager: CountingClock
  readonly requests: CountingClock
}

/** Counts what a process holds. */
export class Census {
  readonly #sharedSignal: AbortSignal
  readonly #clocks: SoakClocks
  readonly #sockets = new Set<Socket>()
  #tokenRequests = 0
  #replays = 0

  constructor(sharedSignal: AbortSignal, clocks: SoakClocks) {
    this.#sharedSignal = sharedSignal
    this.#clocks = clocks
    on('everbearer:token-request', () => (this.#tokenRequests += 1))
    on('everbearer:request-replayed', () => (this.#replays += 1))
    subscribe('undici:client:connected', (event) => {
      const { socket } = event as { socket: Socket }
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  async count(): Promise<Count> {
    await collectGarbage()
    const { heapUsed, external, rss } = process.memoryUsage()
    return {
      heap: heapUsed,
      external,
      resident: rss,
      signalListeners: getEventListeners(this.#sharedSignal, 'abort').length,
      processListeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      timers: this.#clocks.manager.pending,
      requestTimers: this.#clocks.requests.pending,
      sockets: this.#sockets.size,
      keptAlive: process.getActiveResourcesInfo().filter((name) => /^(Timeout|TCP)/.test(name)).length,
      tokenRequests: this.#tokenRequests,
      replays: this.#replays,
    }
  }
}

function on(name: keyof TelemetryEvents, listener: () => void): void {
  subscribe(name, listener)
}

/** More than once, with turns of the event loop between: what a finalizer lets go of is collected by the next one. */
export async function collectGarbage(): Promise<void> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('Run it with --expose-gc, as `npm run soak` does.')
  for (let i = 0; i < 3; i++) {
    for (let turns = 0; turns < 5; turns++) await turn()
    gc()
  }
}
