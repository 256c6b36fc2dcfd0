import type { EverbearerError } from '../base/errors.js'
import { jsonRecords } from '../platform/json-copy.js'
import type { ConversationQuery } from './models/conversation-query.js'

/** The names of a call's options that are filters. */
export const CONVERSATION_FILTERS = {
  conversationFilters: true,
  segmentFilters: true,
  evaluationFilters: true,
  surveyFilters: true,
  resolutionFilters: true,
} as const

/** What picks conversations, the same in a query and in a job. */
export type ConversationFilters = Pick<ConversationQuery, keyof typeof CONVERSATION_FILTERS>

/** The filters among a call's options, as they are now. Throws {@link EverbearerError} `invalid_option`. */
export function conversationFilters(own: ConversationFilters): ConversationFilters {
  const names = Object.keys(CONVERSATION_FILTERS) as (keyof ConversationFilters)[]
  return Object.fromEntries(names.map((name) => [name, jsonRecords<object>(name, own[name])]))
}
