// A long steady load through `bearer` and `createFetch`, with tokens that expire, are revoked or cannot be had, and
// callers that give up: `npm run soak -- --requests 1000000 --seed 1`. After each tenth it says what the process holds.
// It fails when something has grown, or is left when all is closed.
import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'

import { exchange } from './exchanges.js'
import { faultsOf, heapOf, leftBehind } from './faults.js'
import { HeapTrend } from './heap-trend.js'
import { serve } from './servers.js'
import { soak } from './soak.js'
import { header, listed, row } from './table.js'

if (isMainThread) process.exitCode = await main()
else await serve()

async function main(): Promise<number> {
  const asked = options()
  if (typeof asked === 'string') {
    console.error(`${asked} Usage: npm run soak -- [--requests 1000000] [--seed 1]`)
    return 1
  }
  const { requests, seed } = asked
  console.log(`soak: ${requests} requests, seed ${seed}\n\n${header}`)
  const began = performance.now()
  const soaked = await soak({ requests, seed, program: new URL(import.meta.url) }, (tenth) => console.log(row(tenth)))
  const seconds = Math.round((performance.now() - began) / 1_000)
  const exchanged = await exchange(Math.round(requests / 10))
  const faults = faultsOf(requests, soaked, exchanged)

  const { mishaps, ...served } = soaked.served
  console.log(`\nended in ${seconds} s: ${listed(soaked.tenths.at(-1)!.outcomes)}`)
  console.log(`served: ${listed(served)}`)
  console.log(`mishaps: ${listed(mishaps)}`)
  console.log(`left: ${listed(leftBehind(soaked))}`)
  console.log(`exchanges: ${String(new HeapTrend(exchanged.heap))} bytes/token, left: ${listed(exchanged.left)}`)
  for (const fault of faults) console.log(`fault: ${fault}`)
  const verdict = faults.length === 0 ? 'flat' : 'FAILED'
  console.log(
    `\nsoak: ${requests} requests, seed ${seed}, heap slope: ${String(new HeapTrend(heapOf(soaked)))} bytes/request, ${verdict}`,
  )
  return faults.length === 0 ? 0 : 1
}

/** What the command line asks for, or what is wrong with it. */
function options(): { requests: number; seed: number } | string {
  try {
    const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } })
    const requests = Number(values.requests ?? 1_000_000)
    const seed = Number(values.seed ?? Date.now() % 1_000_000)
    if (!Number.isSafeInteger(requests) || requests < 100) return '--requests takes a whole number from 100 up.'
    if (!Number.isSafeInteger(seed) || values.seed?.trim() === '') return '--seed takes a whole number.'
    return { requests, seed }
  } catch (error) {
    const [what] = (error as Error).message.split(/\n|\. To specify/)
    return `${what!.replace(/\.$/, '')}.`
  }
}
