// Reads a whole organization by iteration.
import { GenesysCloud } from 'everbearer/genesys'
import { CONCURRENCY, DAY, FIRST_DAY, PAGE_SIZE, Watched } from '../organization.js'
import type { ReadingOrders } from '../organization.js'

const orders = JSON.parse(process.argv[2]!) as ReadingOrders
const { origin, days, users } = orders
const genesys = new GenesysCloud(
  { loginUrl: origin, apiUrl: origin, clientId: 'bench', clientSecret: 'bench-secret' },
  { concurrency: CONCURRENCY, requestsPerMinute: orders.requestsPerMinute ?? Infinity },
)
const interval = `${new Date(FIRST_DAY).toISOString()}/${new Date(FIRST_DAY + days * DAY).toISOString()}`
const watched = new Watched(orders)
let unseen = 0
const count = () => {
  if (++unseen < PAGE_SIZE) return
  watched.onRows(unseen)
  unseen = 0
}
if (users > 0) for await (const user of genesys.users.list({ pageSize: PAGE_SIZE })) if (user.id) count()
for await (const conversation of genesys.analytics.conversations.query({ interval }))
  if (conversation.conversationId) count()
process.send!(watched.reading())
await genesys.close()
