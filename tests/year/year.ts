import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startGenesysSimulator } from '../../src/testing/index.js'
import type { RunningGenesysSimulator } from '../../src/testing/index.js'
import { Journal } from './journal.js'
import type { Way } from './reader.js'

const DAY = 86_400_000
const NEW_YEAR = Date.UTC(2025, 0, 1)
/** Of all days and rows: too full for one details query when there are many rows. */
const BUSIEST = { day: 0.9, share: 0.12 }

/**
 * V8 lets garbage lie about for as long as the machine has memory, so that a large one would tell nothing of what reading
 * takes: here it has the heap of a small container. Megabytes.
 */
const FRUGAL = ['--max-old-space-size=64']

/** How much there is to read. */
export interface Extent {
  readonly rows: number
  readonly days: number
  readonly seed: number
}

/** What a year was read as, against what it is. */
export interface Reading {
  readonly rows: number
  readonly missing: number
  readonly duplicates: number
  /** Rows that the year does not have. */
  readonly strange: number
  /** Bytes: the most that a reading process had resident. */
  readonly peak: number
  /** The rows that had been stored when the first reader was killed. */
  readonly killedAt: number
  readonly requests: number
  readonly seconds: number
}

/** An organization that had so many conversations in the days since New Year 2025, and none before. */
export function organization({ rows, days, seed }: Extent): Promise<RunningGenesysSimulator> {
  const atBusiest = Math.round(rows * BUSIEST.share)
  const upTo = (day: number) =>
    Math.floor(((rows - atBusiest) * day) / days) + (day > Math.floor(days * BUSIEST.day) ? atBusiest : 0)
  return startGenesysSimulator({
    seed,
    users: 200,
    conversationsPerDay(date) {
      const day = (date.getTime() - NEW_YEAR) / DAY
      return day >= 0 && day < days ? upTo(day + 1) - upTo(day) : 0
    },
    tokenLifetime: 20,
    jobDuration: 500,
    limits: { requestsPerMinute: Infinity },
    now: new Date('2026-01-10T00:00:00Z'),
  })
}

/** Reads the year by a process that is killed in the middle, and by another that goes on from its checkpoint. */
export async function readYear(
  way: Way,
  { rows, days }: Extent,
  { env, truth, simulator }: RunningGenesysSimulator,
  program: string,
): Promise<Reading> {
  const folder = mkdtempSync(join(tmpdir(), 'everbearer-year-'))
  const interval = [NEW_YEAR, NEW_YEAR + days * DAY].map((moment) => new Date(moment).toISOString()).join('/')
  const began = performance.now()
  const asked = simulator.counts.requests
  try {
    const reader = (killAfter: number) => runReader(program, [way, interval, folder], env, killAfter)
    const killedAt = await reader(rows / 2)
    await reader(Infinity)
    const seconds = (performance.now() - began) / 1_000
    const journal = new Journal(folder)
    const { peak } = journal.goOn()
    const requests = simulator.counts.requests - asked
    return { ...compare(journal.ids(), truth.conversationIds(interval)), peak, killedAt, requests, seconds }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Resolves with the rows that the reader had stored when it ended. */
async function runReader(program: string, args: string[], env: object, killAfter: number): Promise<number> {
  const reader = fork(program, args, { env: { ...process.env, ...env }, execArgv: FRUGAL })
  let stored = 0
  reader.on('message', (count: number) => {
    stored = count
    if (stored >= killAfter) reader.kill('SIGKILL')
  })
  const [code, signal] = (await once(reader, 'exit')) as [number | null, string | null]
  const wanted = killAfter === Infinity ? code === 0 : signal === 'SIGKILL'
  if (!wanted) throw new Error(`A reader ended with ${signal ?? `exit code ${String(code)}`}.`)
  return stored
}

/** What was read, held against the truth. */
export function compare(read: readonly string[], truth: readonly string[]) {
  const missing = new Set(truth)
  const seen = new Set<string>()
  let duplicates = 0
  let strange = 0
  for (const id of read) {
    if (seen.has(id)) duplicates += 1
    else if (!missing.delete(id)) strange += 1
    seen.add(id)
  }
  return { rows: read.length, missing: missing.size, duplicates, strange }
}
