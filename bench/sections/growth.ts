import { Child, Children } from '../children.js'
import type { Cost } from '../cost.js'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { row } from '../row.js'
import type { Row } from '../row.js'
import type { Section } from '../section.js'
import { estimate, estimateRatio } from '../statistics.js'
import { inTurns } from '../turns.js'

const MAX = 10_000
const BAR = 1.1

/** Of which there are ever more. */
const SUBJECTS = {
  origins: { least: 1, bar: BAR },
  managers: { least: 1 },
  'managers of TokenManagerPool': { least: 1 },
  'requests under way': { least: CONNECTIONS },
  'no-op interceptors': { least: 1 },
  'requests under way, undici': { least: CONNECTIONS },
} as const satisfies Record<string, { least: number; bar?: number }>

type Subject = keyof typeof SUBJECTS

/** What costs undici itself more when there are more: by how much more ours grows than that is what is promised. */
const SHARES: readonly (readonly [Subject, base: Subject])[] = [
  ['managers', 'no-op interceptors'],
  ['managers of TokenManagerPool', 'no-op interceptors'],
  ['requests under way', 'requests under way, undici'],
]

/** Each of the most is used twice. */
const REQUESTS = 2 * MAX

const nameOf = (subject: Subject, size: number) => `${size} ${subject}`

export const growth: Section = {
  name: 'growth',
  title: `CPU time for each request with ${MAX} of a thing, against few`,

  async run({ pairs }) {
    await using servers = new Child('servers', [])
    const hosts = JSON.stringify(await servers.next<Hosts>())
    await using children = new Children()
    const subjects = Object.keys(SUBJECTS) as Subject[]
    const measures: Record<string, () => Promise<number>> = {}
    for (const subject of subjects) {
      for (const size of [SUBJECTS[subject].least, MAX]) {
        const child = children.add(new Child('growth', [subject, String(size), hosts]))
        await child.next()
        const cpuOf = async () => (await child.ask<Cost>({ requests: REQUESTS })).cpu / REQUESTS
        // Until the compiler has nothing more to do.
        await cpuOf()
        measures[nameOf(subject, size)] = cpuOf
      }
    }
    const costs = await inTurns(measures, pairs)
    const fewOf = (subject: Subject) => costs[nameOf(subject, SUBJECTS[subject].least)]!
    const manyOf = (subject: Subject) => costs[nameOf(subject, MAX)]!
    const grown = subjects.map((subject): Row => {
      const [few, many] = [fewOf(subject), manyOf(subject)]
      const { least, ...promised } = SUBJECTS[subject]
      const detail = `${estimate(many).median.toFixed(1)} / ${estimate(few).median.toFixed(1)} µs`
      return row('growth', `${MAX} ${subject} / ${least}`, estimateRatio(many, few), { ...promised, detail })
    })
    const shares = SHARES.map(([subject, base]): Row => {
      const growthOf = (one: Subject) => manyOf(one).map((cost, i) => cost / fewOf(one)[i]!)
      const name = `growth of ${subject} / growth of ${base}`
      return row('growth', name, estimateRatio(growthOf(subject), growthOf(base)), { bar: BAR })
    })
    return { rows: [...grown, ...shares], raw: costs }
  },
}
