import type { Target } from './target.js'

const MAX_LENGTH = 128 * 1_024
/** For a text 16 times as long, reading in proportion takes 16 times as long, and a quadratic reader 256 times. */
const FACTOR = 16
const MAX_GROWTH = 64
/** Milliseconds. What reads the longest text faster is no danger, and a clock makes anything of so little. */
const NEGLIGIBLE = 8
const ROUNDS = 5

const REPEATED = [
  ...'[{,"\\= \t.-a0/:@%&<+;?#',
  'a=',
  'a,',
  'a ',
  '.a',
  '-a',
  ' =',
  '\\\\',
  '\\"',
  '"",',
  '{"a":',
  '\r\n',
  '\u001b[',
  '\u00fc',
  '\u0000',
  '\ud800',
  '&amp;',
  '&#',
  '%25',
  '%',
  '\\u005c',
  'Bearer ',
  'a:a:',
]

/** What takes longest to read. */
export interface Growth {
  /** Milliseconds for the longest text. */
  readonly time: number
  /** How many times as long it takes as a sixteenth of it. */
  readonly ratio: number
  readonly text: string
  readonly tooMuch: boolean
}

/**
 * The worst that was found among all kinds of long text. The best time of several counts, and a kind that looks bad is
 * measured again: noise makes single runs slow, but never all of them.
 */
export function worstGrowth(target: Target, all: readonly string[] = REPEATED): Growth | undefined {
  if (target.read === undefined) return undefined
  const longest = target.longest ?? MAX_LENGTH
  let worst: Growth = { time: 0, ratio: 0, text: '', tooMuch: false }
  for (const opening of target.openings ?? ['']) {
    for (const repeated of all) {
      const make = (length: number) => opening + repeated.repeat(Math.max(0, length - opening.length) / repeated.length)
      const [short, long] = [make(longest / FACTOR), make(longest)]
      let [time, ratio, tooMuch] = [0, 0, true]
      for (let round = 0; tooMuch && round < ROUNDS; round++) {
        time = bestTime(target.read, long)
        ratio = time / bestTime(target.read, short)
        tooMuch = time > NEGLIGIBLE && ratio > MAX_GROWTH
      }
      if (tooMuch || (!worst.tooMuch && time > worst.time)) worst = { time, ratio, text: opening + repeated, tooMuch }
    }
  }
  return worst
}

/** Milliseconds of the processor's time, which other programs do not add to; the least of five. */
function bestTime(read: (text: string) => unknown, text: string): number {
  let best = Infinity
  for (let run = 0; run < 5; run++) {
    const startedAt = process.cpuUsage()
    try {
      read(text)
    } catch {
      // That takes time too.
    }
    const { user, system } = process.cpuUsage(startedAt)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}
