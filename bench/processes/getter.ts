// Asks one library for the token that it has, as often as its parent says, and tells how long a call takes.
import { getterOf } from '../library.js'
import type { Hosts } from '../hosts.js'

const [library, hosts] = process.argv.slice(2) as [string, string]
const { get, isAwaited } = await getterOf(library, JSON.parse(hosts) as Hosts)
await get()

/** Microseconds a call. */
async function measure(calls: number): Promise<number> {
  const start = process.hrtime.bigint()
  if (isAwaited) for (let i = 0; i < calls; i++) await get()
  else for (let i = 0; i < calls; i++) if (get() === undefined) throw new Error('There is no token.')
  return Number(process.hrtime.bigint() - start) / 1000 / calls
}

process.on('message', (calls: number) => void measure(calls).then((cost) => process.send!(cost)))
process.send!('ready')
