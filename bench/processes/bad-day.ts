// Calls one library, as a getter or as a client of the API, as its parent says, and tells how many of the calls failed.
import { setTimeout } from 'node:timers/promises'
import type { Calls, Outcome } from '../bad-day.js'
import type { Hosts } from '../hosts.js'
import { clientOf, getterOf } from '../library.js'
import { inParallel } from '../parallel.js'

const [kind, library, hosts] = [process.argv[2], process.argv[3]!, JSON.parse(process.argv[4]!) as Hosts]
const call = kind === 'getter' ? (await getterOf(library, hosts)).get : (await clientOf(library, hosts)).GET

async function outcomeOf({ calls, how }: Calls): Promise<Outcome> {
  let failed = 0
  const attempt = async () => {
    try {
      await call()
    } catch {
      failed++
    }
  }
  if (how === 'at once') await inParallel(attempt, calls, calls)
  else if (how === 'one after the other') await inParallel(attempt, calls, 1)
  else {
    const start = performance.now()
    const attempts: Promise<void>[] = []
    while (attempts.length < calls) {
      const due = Math.min(((performance.now() - start) / 1000) * how.perSecond, calls)
      while (attempts.length < due) attempts.push(attempt())
      await setTimeout(1)
    }
    await Promise.all(attempts)
  }
  return { failed }
}

process.on('message', (calls: Calls) => {
  void outcomeOf(calls).then((outcome) => process.send!(outcome))
})
process.send!('ready')
