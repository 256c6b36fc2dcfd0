/**
 * The simulator in a process of its own, as `npm start` runs it: a client that shares its event loop with the server
 * would never see it slow. Speaks to its parent over IPC, and ends with it.
 */
import type { Expected } from './platform.js'
import { platformNamed } from './platforms.js'

/** What the parent is told, once when it listens and then for each interval that it asks the truth of. */
export type SimulatorMessage = { readonly env: Record<string, string> } | Expected

const [name = ''] = process.argv.slice(2)
const platform = platformNamed(name)
if (!platform) throw new Error(`There is no platform ${name}.`)
const simulated = await platform.simulate()

process.on('message', (interval: string) => say(simulated.expected(interval)))
process.on('disconnect', () => void simulated.close())
say({ env: simulated.env })

function say(message: SimulatorMessage): void {
  process.send?.(message)
}
