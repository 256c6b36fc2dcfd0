// A year of conversations, by query and by export, each by a process that is killed half-way and by another that goes on
// from its checkpoint: `npm run year -- --rows 1000000`. The last line is the worse of both.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { read, WAYS } from './reader.js'
import type { Way } from './reader.js'
import { organization, readYear } from './year.js'
import type { Extent, Reading } from './year.js'

/** Resident memory that a reader may take, in MB of 1,000,000 bytes. */
const MAX_MB = 150

const [way, interval, folder] = process.argv.slice(2)
if (process.send !== undefined && folder !== undefined) await read(way as Way, String(interval), folder)
else process.exitCode = await main()

async function main(): Promise<number> {
  const asked = options()
  if (typeof asked === 'string') {
    console.error(`${asked} Usage: npm run year -- [--rows 1000000] [--days 365] [--seed 1]`)
    return 1
  }
  const simulator = await organization(asked)
  const readings: Reading[] = []
  try {
    for (const way of WAYS) {
      const reading = await readYear(way, asked, simulator, fileURLToPath(import.meta.url))
      readings.push(reading)
      const { killedAt, requests, seconds } = reading
      console.log(`${way}: ${line(reading)} (killed at ${killedAt}, ${requests} requests, ${seconds.toFixed(1)} s)`)
    }
  } finally {
    await simulator.close()
  }
  const worst = readings.reduce(worse)
  console.log(`\n${line(worst)}`)
  const { missing, duplicates, strange, peak } = worst
  const isRight = worst.rows === asked.rows && missing + duplicates + strange === 0 && megabytes(peak) < MAX_MB
  return isRight ? 0 : 1
}

function line({ rows, missing, duplicates, strange, peak }: Reading): string {
  const unknown = strange > 0 ? `, strange: ${strange}` : ''
  return `rows: ${rows}, missing: ${missing}, duplicates: ${duplicates}${unknown}, peak MB: ${megabytes(peak)}`
}

function worse(one: Reading, other: Reading): Reading {
  return {
    ...one,
    rows: Math.min(one.rows, other.rows),
    missing: one.missing + other.missing,
    duplicates: one.duplicates + other.duplicates,
    strange: one.strange + other.strange,
    peak: Math.max(one.peak, other.peak),
  }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000)
}

/** What the command line asks for, or what is wrong with it. */
function options(): Extent | string {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({ options: { rows: text, days: text, seed: text } })
    const { rows, days, seed } = {
      rows: values.rows ?? '1000000',
      days: values.days ?? '365',
      seed: values.seed ?? '1',
    }
    if (!isWhole(rows, 5_000, 10_000_000)) return '--rows takes a whole number from 5000 to 10000000.'
    if (!isWhole(days, 1, 365)) return '--days takes a whole number from 1 to 365.'
    if (!isWhole(seed, 0, 2 ** 32 - 1)) return '--seed takes a whole number of 32 bits.'
    return { rows: Number(rows), days: Number(days), seed: Number(seed) }
  } catch (error) {
    const [what] = (error as Error).message.split(/\n|\. To specify/)
    return `${what!.replace(/\.$/, '')}.`
  }
}

function isWhole(text: string, from: number, to: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to
}
