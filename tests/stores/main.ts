// Processes that share the tokens of one session through a FileTokenStore, one of which is killed while it refreshes:
// `npm run file-store -- --processes 8 --seconds 30`. At most one token request comes in a token's lifetime, no 401 comes
// to light, and the others go on within 250 ms, by one token request.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { callForever } from '../rotation/refresher.js'
import type { Errand } from '../rotation/refresher.js'
import { share } from './sharing.js'
import type { Extent } from './sharing.js'

const [errand] = process.argv.slice(2)
if (process.send !== undefined && errand !== undefined) await callForever(JSON.parse(errand) as Errand)
else process.exitCode = await main()

async function main(): Promise<number> {
  const asked = options()
  if (typeof asked === 'string') {
    console.error(`${asked} Usage: npm run file-store -- [--processes 8] [--seconds 30] [--within 250]`)
    return 1
  }
  const { processes, seconds, within } = asked
  const { tokens, calls, failures, ...found } = await share(asked, fileURLToPath(import.meta.url))
  const { requestsInALifetime, goneOnAfter, requestsAfterKill } = found
  for (const failure of failures) console.log(`a process ended: ${failure}`)
  console.log(
    `processes: ${processes}, seconds: ${seconds}, calls: ${calls}, tokens: ${tokens}, ` +
      `token requests in a lifetime: ${requestsInALifetime}, failures: ${failures.length}, ` +
      `after the kill: ${Math.ceil(goneOnAfter)} ms, ${requestsAfterKill} token request`,
  )
  const isRight = requestsInALifetime === 1 && failures.length === 0 && requestsAfterKill === 1 && goneOnAfter <= within
  return isRight ? 0 : 1
}

/** What the command line asks for, or what is wrong with it. */
function options(): (Extent & { within: number }) | string {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({ options: { processes: text, seconds: text, within: text } })
    const [processes, seconds, within] = [values.processes ?? '8', values.seconds ?? '30', values.within ?? '250'].map(
      Number,
    )
    if (!isWhole(processes, 2)) return '--processes takes a whole number from 2 up.'
    if (!isWhole(seconds, 3)) return '--seconds takes a whole number from 3 up.'
    if (!isWhole(within, 1)) return '--within takes a whole number of milliseconds from 1 up.'
    return { processes, seconds, within }
  } catch (error) {
    const [what] = (error as Error).message.split(/\n|\. To specify/)
    return `${what!.replace(/\.$/, '')}.`
  }
}

function isWhole(number: number | undefined, least: number): number is number {
  return Number.isSafeInteger(number) && Number(number) >= least
}
