// Reads a whole organization as its SDK's users write it: one page after the other, into an array.
import sdk from 'purecloud-platform-client-v2'
import type { Models } from 'purecloud-platform-client-v2'
import { DAY, FIRST_DAY, PAGE_SIZE, Watched } from '../organization.js'
import type { ReadingOrders } from '../organization.js'

const orders = JSON.parse(process.argv[2]!) as ReadingOrders
const client = sdk.ApiClient.instance
client.config.basePath = orders.origin
client.config.authUrl = orders.origin
client.setAccessToken('organization')
const watched = new Watched(orders)

const users: Models.User[] = []
if (orders.users > 0) {
  const api = new sdk.UsersApi()
  for (let pageNumber = 1, pageCount = 1; pageNumber <= pageCount; pageNumber++) {
    const page = await api.getUsers({ pageSize: PAGE_SIZE, pageNumber })
    users.push(...page.entities!)
    pageCount = page.pageCount!
    watched.onRows(page.entities!.length)
  }
}

const conversations: Models.AnalyticsConversationWithoutAttributes[] = []
const api = new sdk.AnalyticsApi()
for (let day = FIRST_DAY; day < FIRST_DAY + orders.days * DAY; day += DAY) {
  const interval = `${new Date(day).toISOString()}/${new Date(day + DAY).toISOString()}`
  for (let pageNumber = 1; ; pageNumber++) {
    const page = await api.postAnalyticsConversationsDetailsQuery({
      interval,
      order: 'asc',
      orderBy: 'conversationStart',
      paging: { pageSize: PAGE_SIZE, pageNumber },
    })
    if (!page.conversations?.length) break
    conversations.push(...page.conversations)
    watched.onRows(page.conversations.length)
  }
}
process.send!(watched.reading())
