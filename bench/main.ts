import { join } from 'node:path'
import { ordersOf, USAGE, WrongOrders } from './orders.js'
import type { CommandOrders } from './orders.js'
import { publish } from './publish.js'
import type { Row } from './row.js'
import type { Section } from './section.js'
import { getters } from './sections/getters.js'
import { growth } from './sections/growth.js'
import { imports } from './sections/imports.js'
import { installSize } from './sections/install-size.js'
import { organization } from './sections/organization.js'
import { requests } from './sections/requests.js'
import { rotations } from './sections/rotations.js'
import { schemas } from './sections/schemas.js'
import { tokenRequests } from './sections/token-requests.js'
import { tableOf } from './table.js'

const SECTIONS: readonly Section[] = [
  requests,
  getters,
  tokenRequests,
  rotations,
  organization,
  growth,
  imports,
  installSize,
  schemas,
]

async function run({ json, only, pairs }: CommandOrders): Promise<void> {
  const rows: Row[] = []
  const raw: Record<string, unknown> = {}
  for (const section of SECTIONS.filter(({ name }) => only.length === 0 || only.includes(name))) {
    if (!json) console.log(`\n${section.title}`)
    const findings = await section.run({ pairs })
    rows.push(...findings.rows)
    raw[section.name] = findings.raw
    if (!json) console.log(tableOf(findings.rows))
  }
  if (json) console.log(JSON.stringify({ node: process.version, pairs, rows, raw }))
  else if (only.length === 0) {
    await publish(rows, join(process.cwd(), 'docs'))
    console.log('\nWritten: docs/performance.md, docs/performance.json, docs/performance.svg')
  }
}

try {
  await run(
    ordersOf(
      process.argv.slice(2),
      SECTIONS.map(({ name }) => name),
    ),
  )
} catch (error) {
  if (!(error instanceof WrongOrders)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
