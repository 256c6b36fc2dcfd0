import { readFileSync } from 'node:fs'

import { GenesysCloud } from '../../src/genesys/index.js'
import { Journal } from './journal.js'

/** The two ways to read conversations. */
export const WAYS = ['query', 'export'] as const
export type Way = (typeof WAYS)[number]

/** Rows between two checkpoints. */
const BATCH = 1_000

/** Reads what is left of the interval into the journal, and tells its parent how many rows it has stored. */
export async function read(way: Way, interval: string, folder: string): Promise<void> {
  const journal = new Journal(folder)
  const { checkpoint, peak } = journal.goOn()
  const genesys = GenesysCloud.fromEnv({ requestsPerMinute: Infinity })
  const conversations = genesys.analytics.conversations[way]({ interval, checkpoint })
  let batch: string[] = []
  let stored = 0
  const store = () => {
    journal.write(batch)
    stored += batch.length
    batch = []
  }
  for await (const { conversationId } of conversations) {
    if (batch.push(conversationId) < BATCH) continue
    store()
    // Every other time: a crash must find rows that no checkpoint knows of.
    if (stored % (2 * BATCH) === 0) journal.keep(conversations.checkpoint(), Math.max(peak, peakOfProcess()))
    process.send?.(stored)
  }
  store()
  journal.keep(conversations.checkpoint(), Math.max(peak, peakOfProcess()))
  await genesys.close()
  process.disconnect()
}

/** Bytes. On Linux not by getrusage, which counts the memory that the parent had when it made this process. */
function peakOfProcess(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1_024
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1_024
}
