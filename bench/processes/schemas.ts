// Reads a page as often as its parent says, with a schema or without one, and tells how long that takes.
import { validate } from '../../src/client/validate.js'
import type { StandardSchema } from '../../src/client/standard-schema.js'
import { analyticsConversationQueryResponse } from '../../src/genesys/models/conversations.js'
import { userEntityListing } from '../../src/genesys/models/users.js'
import { PAGE_SIZE } from '../organization.js'
import type { PageReading } from '../page-reading.js'
import { simulatedPages } from '../simulated-pages.js'

const { conversations, users } = await simulatedPages(PAGE_SIZE)
const pages = {
  conversations: {
    text: JSON.stringify({ conversations, totalHits: 100_000 }),
    response: analyticsConversationQueryResponse,
  },
  users: { text: JSON.stringify({ entities: users, pageNumber: 1, total: 4_000 }), response: userEntityListing },
}

/** Microseconds a page. */
async function measure({ page, schema, times }: PageReading): Promise<number> {
  const { text, response } = pages[page]
  const checked: StandardSchema<unknown> | undefined = schema && response[schema]
  const start = process.hrtime.bigint()
  for (let i = 0; i < times; i++) {
    const json: unknown = JSON.parse(text)
    // Awaited either way: an await is no part of what a schema costs.
    await (checked ? validate(json, checked, 'GET /page') : json)
  }
  return Number(process.hrtime.bigint() - start) / 1000 / times
}

process.on('message', (reading: PageReading) => void measure(reading).then((cost) => process.send!(cost)))
process.send!('ready')
