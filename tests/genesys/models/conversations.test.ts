import { describe, expect, test } from '@jest/globals'
import { analyticsConversationQueryResponse, type AnalyticsSession } from '../../../src/genesys/models/conversations.js'

const { envelope, full } = analyticsConversationQueryResponse
const row = { conversationId: 'c', conversationStart: '2026-01-01T00:00:00.000Z' }

describe.each(['envelope', 'full'] as const)('a page of conversations: %s', (validate) => {
  const schema = analyticsConversationQueryResponse[validate]

  test('may be empty, with conversations absent', () => {
    expect(schema.parse({})).toEqual({})
    expect(schema.parse({ totalHits: 0 })).toEqual({ totalHits: 0 })
  })

  test.each(['conversationId', 'conversationStart'])('needs a %s in each row', (name) => {
    const { error } = schema.safeParse({ conversations: [row, { ...row, [name]: undefined }] })
    expect(error?.issues[0]?.path).toEqual(['conversations', 1, name])
  })

  test('needs a number in totalHits, which decides how a query is split', () => {
    expect(schema.safeParse({ totalHits: '12' }).error?.issues[0]?.path).toEqual(['totalHits'])
  })

  test('takes values that are new', () => {
    const page = {
      conversations: [{ ...row, participants: [{ purpose: 'robot', sessions: [{ mediaType: 'smell' }] }] }],
    }
    expect(schema.parse(structuredClone(page))).toEqual(page)
  })
})

test('the envelope hands rows on as they are', () => {
  const strange = { ...row, participants: 'none' }
  expect(envelope.parse({ conversations: [strange] }).conversations?.[0]).toBe(strange)
})

test('in full, a wrong type deep inside is refused with its path', () => {
  const page = { conversations: [{ ...row, participants: [{ sessions: [{ segments: [{ conference: 'no' }] }] }] }] }
  expect(full.safeParse(page).error?.issues).toMatchObject([
    { path: ['conversations', 0, 'participants', 0, 'sessions', 0, 'segments', 0, 'conference'] },
  ])
})

test('media types are known, and open', () => {
  const types: AnalyticsSession['mediaType'][] = ['voice', 'smell']
  // @ts-expect-error not a string
  types.push(7)
  expect(types).toHaveLength(3)
})
