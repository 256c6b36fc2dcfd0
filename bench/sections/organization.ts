import { Child } from '../children.js'
import { CONCURRENCY, PAGE_SIZE } from '../organization.js'
import type { Organization, Reading, ReadingOrders } from '../organization.js'
import { exactly, row } from '../row.js'
import type { Section } from '../section.js'
import { estimate, estimateRatio } from '../statistics.js'
import { inTurns } from '../turns.js'

/** A month of a middling one. */
const ORGANIZATION: Organization = { users: 3_000, conversationsPerDay: 3_000, days: 31 }
const MILLION: Organization = { users: 0, conversationsPerDay: 10_000, days: 100 }
/** A pace of ten pages a second, and what takes a quarter of a minute at it. */
const BINDING = 600
const PACED: Organization = { users: 0, conversationsPerDay: 2_900, days: 5 }

type Reader = 'reader-everbearer' | 'reader-genesys-sdk'

async function read(
  reader: Reader,
  organization: Organization,
  requestsPerMinute: number | null = null,
): Promise<Reading> {
  await using server = new Child('organization', [JSON.stringify(organization)])
  const orders: ReadingOrders = { ...organization, origin: await server.next<string>(), requestsPerMinute }
  await using child = new Child(reader, [JSON.stringify(orders)])
  return await child.next<Reading>()
}

const perSecond = ({ rows, milliseconds }: Reading) => (rows / milliseconds) * 1000
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`

export const organization: Section = {
  name: 'organization',
  title: `Users and conversations of a whole organization: 20 ms a page, ${CONCURRENCY} requests at a time`,

  async run({ pairs }) {
    const readings = await inTurns(
      {
        everbearer: () => read('reader-everbearer', ORGANIZATION),
        sdk: () => read('reader-genesys-sdk', ORGANIZATION),
      },
      pairs,
    )
    const { everbearer, sdk } = readings
    const million = await read('reader-everbearer', MILLION)
    const paced = await read('reader-everbearer', PACED, BINDING)

    const median = (values: number[]) => estimate(values).median
    const speed = [everbearer.map(perSecond), sdk.map(perSecond)] as const
    const peak = [everbearer.map((one) => one.peak), sdk.map((one) => one.peak)] as const
    const added = [everbearer.map((one) => one.peak - one.before), sdk.map((one) => one.peak - one.before)] as const
    // Of the pages that the pace allows, each day ends with one that is empty.
    const fullPages = PACED.conversationsPerDay / PAGE_SIZE
    const allowed = (BINDING / 60) * PAGE_SIZE * (fullPages / (fullPages + 1))
    const first = million.tenths[1]!
    return {
      rows: [
        row('organization', 'rows a second, everbearer / SDK', estimateRatio(...speed), {
          bar: 5,
          atLeast: true,
          detail: `${Math.round(median(speed[0]))} / ${Math.round(median(speed[1]))}`,
        }),
        row('organization', 'memory of the process at its peak, everbearer / SDK', estimateRatio(...peak), {
          detail: `${megabytes(median(peak[0]))} / ${megabytes(median(peak[1]))}`,
        }),
        row('organization', 'memory that reading adds at its peak, everbearer / SDK', estimateRatio(...added), {
          bar: 1 / 3,
          detail: `${megabytes(median(added[0]))} / ${megabytes(median(added[1]))}`,
        }),
        row(
          'organization',
          '1,000,000 rows: memory in the last tenth / in the second',
          exactly(million.tenths[9]! / first),
          {
            bar: 1.1,
            detail: `${megabytes(million.tenths[9]!)} / ${megabytes(first)}, ${Math.round(perSecond(million))} rows a second`,
          },
        ),
        row(
          'organization',
          `rows a second / what ${BINDING} requests a minute allow`,
          exactly(perSecond(paced) / allowed),
          {
            bar: 0.98,
            atLeast: true,
            detail: `${Math.round(perSecond(paced))} / ${Math.round(allowed)}`,
          },
        ),
      ],
      raw: { everbearer, sdk, million, paced },
    }
  },
}
