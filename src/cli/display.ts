import { MultiBar } from 'cli-progress'
import type { SingleBar } from 'cli-progress'

import type { Absorbed } from './absorbed.js'
import type { Expected } from './organization.js'

/** What is seen while the job runs. */
export interface Display {
  start(absorbed: Absorbed, expected: Expected | undefined): void
  conversations(count: number): void
  users(count: number): void
  stop(): void
}

/** Says nothing. */
export const silentDisplay: Display = {
  start: () => undefined,
  conversations: () => undefined,
  users: () => undefined,
  stop: () => undefined,
}

const BAR = '{label} {bar} {value}/{total} | {rate}/s | {eta_formatted} left'
/** Nobody knows how many there are in a real organization. */
const COUNT = '{label} {value} | {rate}/s'
const ABSORBED =
  'tokens minted {tokensMinted} | 401s absorbed {unauthorized} | 429s waited for {rateLimits} | 5xx and cuts retried {serverErrors}'

/** Progress bars on a terminal, plain lines every two seconds elsewhere; on standard error, as progress should be. */
export function progressDisplay(): Display {
  const bars = new MultiBar({
    clearOnComplete: false,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 2_000,
    fps: 10,
  })
  let conversations: Row | undefined
  let users: Row | undefined
  let absorbedBar: SingleBar | undefined
  let absorbed: Absorbed | undefined
  const refresh = () => absorbedBar?.update(0, { ...absorbed })
  return {
    start(counts, expected) {
      absorbed = counts
      conversations = new Row(bars, 'conversations', expected?.conversationIds.length)
      users = new Row(bars, 'users        ', expected?.userIds.length)
      absorbedBar = bars.create(1, 0, { ...counts }, { format: ABSORBED })
    },
    conversations(count) {
      conversations?.update(count)
      refresh()
    },
    users(count) {
      users?.update(count)
      refresh()
    },
    stop: () => bars.stop(),
  }
}

/** One bar, or one count, with its rate since the first row. */
class Row {
  readonly #bar: SingleBar
  #startedAt: number | undefined

  constructor(bars: MultiBar, label: string, total: number | undefined) {
    const format = total === undefined ? COUNT : BAR
    this.#bar = bars.create(total ?? 0, 0, { label, rate: 0 }, { format })
  }

  update(count: number): void {
    this.#startedAt ??= performance.now()
    const seconds = (performance.now() - this.#startedAt) / 1_000
    this.#bar.update(count, { rate: Math.round(count / Math.max(seconds, 1)) })
  }
}
