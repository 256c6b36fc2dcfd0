import { MultiBar, Presets } from 'cli-progress'
import type { SingleBar } from 'cli-progress'

import type { Absorbed } from './absorbed.js'
import type { Expected, Platform } from './platform.js'

/** What is seen while the job runs. */
export interface Display {
  start(words: Platform['words'], absorbed: Absorbed, expected: Expected | undefined): void
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

const BAR = '{label} {bar} {value}/{total} | {rate}/s | {left} s left'
/** Nobody knows how many there are in a real organization. */
const COUNT = '{label} {value} | {rate}/s'
const ABSORBED =
  'tokens minted {tokensMinted} | 401s absorbed {unauthorized} | 429s waited for {rateLimits} | 5xx and cuts retried {serverErrors}'

/** Progress bars on a terminal, plain lines every two seconds elsewhere; on standard error, as progress should be. */
export function progressDisplay(): Display {
  const options = { clearOnComplete: false, hideCursor: true, noTTYOutput: true, notTTYSchedule: 2_000, fps: 10 }
  const bars = new MultiBar(options, Presets.shades_classic)
  let conversations: Row | undefined
  let users: Row | undefined
  let absorbedBar: SingleBar | undefined
  let absorbed: Absorbed | undefined
  const refresh = () => absorbedBar?.update(0, absorbed)
  return {
    start(words, counts, expected) {
      absorbed = counts
      const longest = Math.max(words.conversations.length, words.users.length)
      conversations = new Row(bars, words.conversations.padEnd(longest), expected?.conversationIds.length)
      users = new Row(bars, words.users.padEnd(longest), expected?.userIds.length)
      absorbedBar = bars.create(1, 0, counts, { format: ABSORBED })
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
  readonly #total: number
  #startedAt: number | undefined

  constructor(bars: MultiBar, label: string, total: number | undefined) {
    this.#total = total ?? 0
    const format = total === undefined ? COUNT : BAR
    this.#bar = bars.create(this.#total, 0, { label, rate: 0, left: '?' }, { format })
  }

  update(count: number): void {
    this.#startedAt ??= performance.now()
    const seconds = (performance.now() - this.#startedAt) / 1_000
    const rate = count / Math.max(seconds, 1)
    // cli-progress' own estimate looks at the last few updates only, and rows come a page at a time.
    this.#bar.update(count, { rate: Math.round(rate), left: Math.ceil((this.#total - count) / rate) })
  }
}
