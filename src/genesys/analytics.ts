import { AnalyticsConversations } from './analytics-conversations.js'
import type { GenesysSession } from './session.js'

/** What Genesys Cloud's analytics can tell. */
export class Analytics {
  readonly conversations: AnalyticsConversations

  constructor(session: GenesysSession) {
    this.conversations = new AnalyticsConversations(session)
  }
}
