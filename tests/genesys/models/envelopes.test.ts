import { expect, test } from '@jest/globals'
import * as conversationJobs from '../../../src/genesys/models/conversation-jobs.js'
import * as conversations from '../../../src/genesys/models/conversations.js'
import { tokenInfo } from '../../../src/genesys/models/tokens.js'
import { userMe } from '../../../src/genesys/models/user-me.js'
import * as users from '../../../src/genesys/models/users.js'
import type { Answer } from '../../../src/platform/models/answer.js'

const conversation = { conversationId: 'c', conversationStart: '2026-01-01T00:00:00.000Z' }

/** Answers with the least that our own code can do with. */
const LEAST: readonly [name: string, answer: Answer<unknown>, least: Readonly<Record<string, unknown>>][] = [
  ['a cursor listing of users', users.userCursorEntityListing, { entities: [{ id: 'u' }] }],
  ['a search for users', users.usersSearchResponse, { results: [{ id: 'u' }] }],
  ['a user', users.user, { id: 'u' }],
  ["the token's own user", userMe, { id: 'u' }],
  ['a conversation', conversations.analyticsConversationWithoutAttributes, conversation],
  ['a job that was submitted', conversationJobs.asyncQueryResponse, { jobId: 'j' }],
  ['the state of a job', conversationJobs.asyncQueryStatus, { state: 'FULFILLED' }],
]

test.each(LEAST)('%s needs what is read of it, and nothing else', (_name, { envelope, full }, least) => {
  for (const schema of [envelope, full]) {
    expect(schema.parse({ ...least })).toEqual(least)
    for (const name of Object.keys(least)) {
      for (const wrong of [undefined, 7, {}]) {
        const { error } = schema.safeParse({ ...least, [name]: wrong })
        expect(error?.issues.map(({ path }) => path)).toEqual([[name]])
      }
    }
  }
})

/** Answers that may lack everything, and what is read of them. */
const OPTIONAL: readonly [name: string, answer: Answer<unknown>, rows: object, wrong: object][] = [
  [
    'the results of a job',
    conversationJobs.analyticsConversationAsyncQueryResponse,
    { conversations: [conversation], cursor: 'x', dataAvailabilityDate: 'd' },
    { conversations: [{ conversationId: 'c' }], cursor: 7, dataAvailabilityDate: 7 },
  ],
  [
    'several conversations by id',
    conversations.analyticsConversationWithoutAttributesMultiGetResponse,
    { conversations: [conversation] },
    { conversations: 'none' },
  ],
  [
    'how far the data reach',
    conversationJobs.dataAvailabilityResponse,
    { dataAvailabilityDate: 'd' },
    { dataAvailabilityDate: 7 },
  ],
]

test.each(OPTIONAL)(
  '%s may be empty, but what is read of it has its type',
  (_name, { envelope, full }, some, wrong) => {
    for (const schema of [envelope, full]) {
      expect(schema.parse({})).toEqual({})
      expect(schema.parse(structuredClone(some))).toEqual(some)
      expect(schema.safeParse(wrong).error?.issues.map(({ path }) => path[0])).toEqual(Object.keys(wrong))
    }
  },
)

test('of a token nothing is read', () => {
  expect(tokenInfo.envelope.parse({ OAuthClient: 7 })).toEqual({ OAuthClient: 7 })
  expect(tokenInfo.full.safeParse({ OAuthClient: 7 }).error?.issues[0]?.path).toEqual(['OAuthClient'])
})
