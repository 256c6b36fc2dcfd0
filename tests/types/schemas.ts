// How the types of rows follow from a schema, an option and a model. It is compiled as options.ts is, and never run.
import type { Cxone } from '../../src/cxone/index.js'
import type { Agent, CompletedContact } from '../../src/cxone/index.js'
import type { GenesysCloud } from '../../src/genesys/index.js'
import type { AnalyticsConversation, StandardSchema, User } from '../../src/genesys/index.js'

declare const genesys: GenesysCloud
declare const cxone: Cxone
declare const queueSchema: StandardSchema<{ id: string; name: string }>

export async function schemas() {
  const queue: { id: string; name: string } = await genesys.request('GET', '/api/v2/routing/queues/1', {
    schema: queueSchema,
  })
  for await (const { name } of genesys.pages('/api/v2/routing/queues', { schema: queueSchema })) name.trim()
  for await (const { name } of cxone.pages('/incontactapi/services/v34.0/skills', { schema: queueSchema })) name.trim()
  const unread = await genesys.request('GET', '/api/v2/routing/queues/1')
  // @ts-expect-error without a schema a response may be anything
  const unreadId: string = unread.id
  // @ts-expect-error a schema of other rows
  const other: { extension: number } = await genesys.request('GET', '/', { schema: queueSchema })
  return [queue, other, unreadId]
}

export async function models() {
  const users: User[] = await genesys.users.list().toArray({ max: 10 })
  const agents: Agent[] = await cxone.agents.list().toArray()
  for await (const conversation of genesys.analytics.conversations.export({ interval: '' })) {
    const { conversationId }: AnalyticsConversation = conversation
    conversationId.trim()
  }
  const id: string | undefined = users[0]?.id
  // @ts-expect-error a platform may leave out what our own code does not read
  const name: string | undefined = users[0]?.name.trim()
  // @ts-expect-error no such field
  const misspelt: unknown = users[0]?.presense
  // @ts-expect-error a row of another platform
  const contact: CompletedContact | undefined = agents[0]
  return [id, name, misspelt, contact]
}
