import { Child } from '../children.js'
import { PAGE_SIZE } from '../organization.js'
import type { PageReading } from '../page-reading.js'
import { row } from '../row.js'
import type { Section } from '../section.js'
import { estimate, estimateRatio } from '../statistics.js'
import { inTurns } from '../turns.js'

const PAGES = ['conversations', 'users'] as const
const SCHEMAS = ['envelope', 'full'] as const
/** Some tenths of a second. */
const TIMES = { conversations: 100, users: 1_000 }

export const schemas: Section = {
  name: 'schemas',
  title: `What a schema costs: a page of ${PAGE_SIZE} rows parsed and looked at, against parsed alone`,

  async run({ pairs }) {
    await using child = new Child('schemas', [])
    await child.next()
    const read = (reading: Omit<PageReading, 'times'>) => () =>
      child.ask<number>({ ...reading, times: TIMES[reading.page] } satisfies PageReading)
    const measures = Object.fromEntries(
      PAGES.flatMap((page) => [
        [page, read({ page })],
        ...SCHEMAS.map((schema) => [`${page}, ${schema}`, read({ page, schema })] as const),
      ]),
    )
    // Until the compiler has nothing more to do.
    for (const measure of Object.values(measures)) await measure()
    const costs = await inTurns(measures, pairs)
    const rows = PAGES.flatMap((page) =>
      SCHEMAS.map((schema) => {
        const [looked, parsed] = [costs[`${page}, ${schema}`]!, costs[page]!]
        const detail = `${Math.round(estimate(looked).median)} / ${Math.round(estimate(parsed).median)} µs`
        return row('schemas', `${page}: ${schema}`, estimateRatio(looked, parsed), { detail })
      }),
    )
    return { rows, raw: costs }
  },
}
