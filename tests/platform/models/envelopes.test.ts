import { describe, expect, test } from '@jest/globals'
import { responsesOf } from './responses.js'
import { factsOf, sample } from './facts.js'

/** What our own code reads of an answer: what it cannot do without, and what may be absent. */
interface Read {
  readonly least: Readonly<Record<string, unknown>>
  readonly more?: Readonly<Record<string, unknown>>
}

const user = { id: 'u' }
const contact = { contactId: 1 }
const conversation = { conversationId: 'c', conversationStart: '2026-01-01T00:00:00.000Z' }
const job = { id: 'j', status: 'SUCCEEDED', result: { errorMessage: 'e', url: 'u' } }

const genesys: Readonly<Record<string, Read>> = {
  ErrorBody: { least: {}, more: { message: 'm', code: 'c', contextId: 'i' } },
  UserEntityListing: { least: { entities: [user] }, more: { pageCount: 1, total: 1 } },
  UserCursorEntityListing: { least: { entities: [user] }, more: { cursor: 'x' } },
  UsersSearchResponse: { least: { results: [user] } },
  User: { least: user },
  UserMe: { least: user },
  TokenInfo: { least: {} },
  AnalyticsConversationQueryResponse: { least: {}, more: { conversations: [conversation], totalHits: 1 } },
  AnalyticsConversationWithoutAttributesMultiGetResponse: { least: {}, more: { conversations: [conversation] } },
  AnalyticsConversationWithoutAttributes: { least: conversation },
  AsyncQueryResponse: { least: { jobId: 'j' } },
  AsyncQueryStatus: { least: { state: 'FULFILLED' }, more: { errorMessage: 'e' } },
  AnalyticsConversationAsyncQueryResponse: {
    least: {},
    more: { conversations: [conversation], cursor: 'x', dataAvailabilityDate: 'd' },
  },
  DataAvailabilityResponse: { least: {}, more: { dataAvailabilityDate: 'd' } },
}

const cxone: Readonly<Record<string, Read>> = {
  OpenidConfiguration: { least: { token_endpoint: 't' }, more: { issuer: 'i' } },
  CxoneConfiguration: { least: { api_endpoint: 'a' } },
  AgentList: { least: { agents: [{ agentId: 1 }] }, more: { totalRecords: 1, hiddenAgents: 1 } },
  Agent: { least: { agentId: 1 } },
  CompletedContactList: {
    least: { completedContacts: [contact] },
    more: { lastPollTime: 'd', totalRecords: 1 },
  },
  ActiveContact: { least: contact },
  Contact: { least: contact },
  DataExtractionJobList: { least: {}, more: { jobs: [{ id: 'j', status: 'RUNNING' }] } },
  DataExtractionJobResponse: { least: { jobStatus: job } },
  ReportingJob: { least: { jobId: 'j' }, more: { state: 's', resultFileURL: 'u' } },
  UserSearchResponse: { least: { users: [user] }, more: { totalRecords: 1 } },
  UserResponse: { least: { user } },
  AcdError: { least: {}, more: { error: 'e', error_description: 'd' } },
  UserHubError: { least: {}, more: { code: 'c', details: 'd' } },
  UserHubUnauthorized: { least: {}, more: { error: 'e', message: 'm' } },
}

const wrong = (value: unknown) => (typeof value === 'boolean' ? 'text' : true)

const platforms = [
  { platform: 'genesys', responses: responsesOf('genesys'), reads: genesys },
  { platform: 'cxone', responses: responsesOf('cxone'), reads: cxone },
] as const

describe.each(platforms)('of an answer of $platform', ({ platform, responses, reads }) => {
  const cases = Object.entries(reads).map(([model, { least, more = {} }]) => ({
    model,
    least,
    more,
    read: { ...least, ...more },
  }))

  test('it is known for each kind what our code reads', () => {
    expect(Object.keys(reads).sort()).toEqual([...responses.keys()].sort())
  })

  test.each(cases)('a $model needs no more than what is read of it', ({ model, least, more, read }) => {
    const { envelope, full } = responses.get(model)!
    for (const schema of [envelope, full]) {
      expect(schema.parse(structuredClone(least))).toEqual(least)
      expect(schema.parse(structuredClone(read))).toEqual(read)
      const refused = (name: string, value: unknown) =>
        schema.safeParse({ ...read, [name]: value }).error?.issues.map(({ path }) => path)
      for (const [name, value] of Object.entries(read)) expect(refused(name, wrong(value))).toEqual([[name]])
      for (const name of Object.keys(least)) expect(refused(name, undefined)).toEqual([[name]])
      for (const name of Object.keys(more)) expect(schema.safeParse({ ...read, [name]: null }).success).toBe(true)
    }
  })

  test.each(cases)(
    'the rows of a $model need what is read of them, and are handed on as they are',
    ({ model, read }) => {
      const { envelope, full } = responses.get(model)!
      for (const [name, rows] of Object.entries(read)) {
        if (!Array.isArray(rows)) continue
        const [row] = rows as object[]
        const strange = { ...row, unheardOf: 7 }
        const parsed = envelope.parse({ ...read, [name]: [strange] }) as Record<string, unknown[]>
        expect(parsed[name]?.[0]).toBe(strange)
        for (const field of Object.keys(row!)) {
          for (const schema of [envelope, full]) {
            const { error } = schema.safeParse({ ...read, [name]: [row, { ...row, [field]: undefined }] })
            expect(error?.issues.map(({ path }) => path)).toEqual([[name, 1, field]])
          }
        }
      }
    },
  )

  test.each(cases)('nothing else is looked at in a $model', ({ model, read }) => {
    const { envelope } = responses.get(model)!
    const whole = sample(factsOf(platform), model) as object
    const others = Object.entries(whole).map(([name, value]) => [name, wrong(value)])
    const strange = { ...Object.fromEntries(others), ...read } as unknown
    expect(envelope.parse(structuredClone(strange))).toEqual(strange)
  })
})

test("a number past what JSON carries exactly is no id: rounded it may be another's", () => {
  const { envelope, full } = responsesOf('cxone').get('CompletedContactList')!
  for (const schema of [envelope, full]) {
    const text = '{ "completedContacts": [{ "contactId": 9007199254740991 }, { "contactId": 9007199254740993 }] }'
    const { error } = schema.safeParse(JSON.parse(text))
    expect(error?.issues.map(({ path }) => path)).toEqual([['completedContacts', 1, 'contactId']])
  }
})
