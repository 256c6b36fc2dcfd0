import { Child, Children } from '../children.js'
import type { Hosts } from '../hosts.js'
import type { Latencies, Load } from '../latencies.js'
import { row } from '../row.js'
import type { Row } from '../row.js'
import type { Section } from '../section.js'
import { estimate, estimateRatio } from '../statistics.js'
import { inTurns } from '../turns.js'

/** Far below what the machine can do: what is late, is so because something was in its way. */
const LOAD: Load = { rate: 2_000, seconds: 13 }
const ROTATIONS = 50

const PERCENTILES = ['p50', 'p99', 'p99.9'] as const

/** What is compared with what, and what was promised for the last of the percentiles. */
const PAIRS: readonly (readonly [name: string, base: string, bar?: number])[] = [
  ['rotating token', 'long-lived token', 1.1],
  ['rotating token', 'undici'],
  ['long-lived token', 'undici'],
]

export const rotations: Section = {
  name: 'rotations',
  title: `Latency at ${LOAD.rate} requests a second, across ${ROTATIONS} new tokens that take 20 ms each, against none`,

  async run({ pairs }) {
    await using servers = new Child('servers', [])
    const hosts = JSON.stringify(await servers.next<Hosts>())
    await using children = new Children()
    const measures: Record<string, () => Promise<Latencies>> = {}
    for (const name of new Set(PAIRS.flatMap(([name, base]) => [name, base]))) {
      const child = children.add(new Child('open-loop', [name, hosts]))
      await child.next()
      // Until the compiler has nothing more to do.
      await child.ask<Latencies>({ ...LOAD, seconds: 5 })
      measures[name] = () => child.ask<Latencies>(LOAD)
    }
    const latencies = await inTurns(measures, pairs)
    const fewest = Math.min(...latencies['rotating token']!.map(({ rotations }) => rotations))
    if (fewest < ROTATIONS) throw new Error(`There were ${fewest} new tokens in a run, where ${ROTATIONS} were wanted`)
    const rows = PAIRS.flatMap(([name, base, bar]) =>
      PERCENTILES.map((percentile): Row => {
        const [values, bases] = [name, base].map((one) => latencies[one]!.map((run) => run[percentile])) as [
          number[],
          number[],
        ]
        const detail = `${estimate(values).median.toFixed(2)} / ${estimate(bases).median.toFixed(2)} ms`
        const promised = bar !== undefined && percentile === 'p99.9' ? { bar } : {}
        return row('rotations', `${name} / ${base}, ${percentile}`, estimateRatio(values, bases), {
          ...promised,
          detail,
        })
      }),
    )
    return { rows, raw: latencies }
  },
}
