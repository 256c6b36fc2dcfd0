import { Child, Children, LANES } from '../children.js'
import type { LaneName } from '../children.js'
import type { Hosts } from '../hosts.js'
import { row } from '../row.js'
import type { Section } from '../section.js'
import { estimate } from '../statistics.js'
import { inTurns } from '../turns.js'

/** Everbearer's, with what is promised in microseconds, and those of others. */
const GETTERS: Readonly<Record<string, number | undefined>> = {
  current: 0.1,
  'get-token': 0.15,
  'by-hand': undefined,
  'core-rest-pipeline': undefined,
  'google-auth-library': undefined,
  'oauth2-client': undefined,
  'msal-node': undefined,
}

/** MSAL takes forty microseconds. */
const callsOf = (getter: string) => (getter === 'msal-node' ? 5_000 : 500_000)

export const getters: Section = {
  name: 'getters',
  title: 'A token that is there: microseconds a call',

  async run({ pairs }) {
    await using servers = new Child('servers', [])
    const hosts = JSON.stringify(await servers.next<Hosts>())
    await using children = new Children()
    const measures: Record<string, () => Promise<number>> = {}
    const variants = (Object.keys(LANES) as LaneName[]).flatMap((lane) =>
      Object.keys(GETTERS).map((getter) => ({ lane, getter, name: `${lane}: ${getter}` })),
    )
    for (const { lane, getter, name } of variants) {
      const child = children.add(new Child('getter', [getter, hosts], LANES[lane]))
      await child.next()
      measures[name] = () => child.ask<number>(callsOf(getter))
      // Until the compiler has nothing more to do.
      await measures[name]()
    }
    const costs = await inTurns(measures, pairs)
    const rows = variants.map(({ name, getter }) => {
      const bar = GETTERS[getter]
      return row('getters', name, estimate(costs[name]!), { unit: 'µs', ...(bar !== undefined && { bar }) })
    })
    return { rows, raw: costs }
  },
}
