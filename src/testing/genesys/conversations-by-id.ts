import { json } from '../platform/responses.js'
import { ApiRefusal } from './responses.js'
import type { Calendar } from '../platform/calendar.js'
import type { Place } from '../platform/calendar.js'
import { placeOfConversation } from './conversation-traits.js'
import type { Conversations } from './conversations.js'
import type { ResolvedOptions } from './options.js'
import { listParameter } from './paging.js'
import type { ApiCall, Route } from './route.js'

const PERMISSIONS = ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']

/** Genesys says of no limit; a list as long as this still fits into an address. */
const MAX = 100

/** `/api/v2/analytics/conversations/{id}/details`, and several of them at once. */
export class ConversationsById {
  readonly #options: ResolvedOptions
  readonly #calendar: Calendar
  readonly #conversations: Conversations
  readonly routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/api/v2/analytics/conversations/{}/details',
      permissions: PERMISSIONS,
      response: (call) => this.#one(call),
    },
    {
      method: 'GET',
      path: '/api/v2/analytics/conversations/details',
      permissions: PERMISSIONS,
      response: (call) => this.#several(call),
    },
  ]

  constructor(options: ResolvedOptions, calendar: Calendar, conversations: Conversations) {
    this.#options = options
    this.#calendar = calendar
    this.#conversations = conversations
  }

  #one({ parameter }: ApiCall): Response {
    const now = this.#options.now()
    const place = this.#find(parameter, now)
    if (!place) throw new ApiRefusal(404, 'not.found', 'There is no such conversation.')
    return json(200, this.#conversations.entity(place, now))
  }

  /** In the order of their starts, as nothing says that it is that of the question; those that do not exist are left out. */
  #several({ url }: ApiCall): Response {
    const ids = listParameter(url, 'id')
    if (ids.length > MAX) {
      throw new ApiRefusal(400, 'bad.request', `${ids.length} ids are over the maximum of ${MAX}.`)
    }
    const now = this.#options.now()
    const places = [...new Set(ids)].map((id) => this.#find(id, now)).filter((place) => place !== undefined)
    places.sort((a, b) => a.day - b.day || a.index - b.index)
    const conversations = places.map((place) => this.#conversations.entity(place, now))
    return json(200, conversations.length > 0 ? { conversations } : {})
  }

  #find(id: string, now: number): Place | undefined {
    const place = placeOfConversation(this.#options.seed, id)
    if (!place || place.index >= this.#calendar.count(place.day)) return undefined
    return this.#calendar.startOf(place) <= now ? place : undefined
  }
}
