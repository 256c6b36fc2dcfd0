import type { EverbearerError } from '../base/errors.js'
import { jsonRecords } from './json-copy.js'
import type { ConversationQuery } from './models/conversation-query.js'

const LISTS = [
  'conversationFilters',
  'segmentFilters',
  'evaluationFilters',
  'surveyFilters',
  'resolutionFilters',
] as const

/** What picks conversations, the same in a query and in a job. */
export type ConversationFilters = Pick<ConversationQuery, (typeof LISTS)[number]>

/** The filters among a call's options, as they are now. Throws {@link EverbearerError} `invalid_option`. */
export function conversationFilters(own: ConversationFilters): ConversationFilters {
  return Object.fromEntries(LISTS.map((name) => [name, jsonRecords<object>(name, own[name])]))
}
