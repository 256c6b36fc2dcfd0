import { beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { conversationSubject } from '../../../src/testing/genesys/query-subject.js'
import { Caller, type Conversation } from './caller.js'

const NOW = new Date('2026-06-01T12:00:00Z')
const PAST = '2026-03-03T00:00Z/2026-03-04T00:00Z'
const TODAY = '2026-06-01T00:00Z/2026-06-02T00:00Z'

interface Model {
  dimension?: { values: string[] }
  metric: { values: string[] }
}

type Segment = Conversation['participants'][number]['sessions'][number]['segments'][number] & Record<string, unknown>
type Session = Conversation['participants'][number]['sessions'][number] & Record<string, unknown>
type Participant = Conversation['participants'][number] & Record<string, unknown>

let caller: Caller
let past: Conversation[]

beforeAll(async () => {
  caller = await new Caller({ now: NOW, conversationsPerDay: 180, limits: { requestsPerMinute: 1e6 } }).signIn()
  past = await caller.rows({ interval: PAST })
})

const ids = (rows: readonly Conversation[]) => rows.map(({ conversationId }) => conversationId)
const all = (...predicates: object[]) => [{ type: 'and', predicates }]
const any = (...predicates: object[]) => [{ type: 'or', predicates }]

/** Whom filters let pass, against those for whom a test holds: some, and not everybody. */
async function expectFound(filters: object, test: (row: Conversation) => boolean): Promise<void> {
  const expected = past.filter(test)
  expect(expected.length).toBeGreaterThan(0)
  expect(expected.length).toBeLessThan(past.length)
  expect(ids(await caller.rows({ interval: PAST, ...filters }))).toEqual(ids(expected))
}

function someSegment(test: (segment: Segment, session: Session, participant: Participant) => boolean) {
  return ({ participants }: Conversation) =>
    participants.some((participant) =>
      participant.sessions.some((session) => session.segments.some((segment) => test(segment, session, participant))),
    )
}

function metricOf({ participants }: Conversation, name: string): number | undefined {
  const values = participants
    .flatMap(({ sessions }) => sessions.flatMap(({ metrics }) => metrics))
    .filter((metric) => metric.name === name)
  return values.length === 0 ? undefined : values.reduce((sum, { value }) => sum + value, 0)
}

describe('a filter of segments', () => {
  it('asks for what stands in the segment, in its session or in its participant', async () => {
    const [queueId = '', wrapUpCode = '', userId = ''] = ['queueId', 'wrapUpCode', 'userId'].map((name) => {
      const found = new RegExp(`"${name}":"([^"]+)"`).exec(JSON.stringify(past))
      return found?.[1]
    })
    const is = (dimension: string, value: string) => ({ segmentFilters: all({ dimension, value }) })
    await expectFound(
      is('queueId', queueId),
      someSegment((segment) => segment.queueId === queueId),
    )
    await expectFound(
      is('wrapUpCode', wrapUpCode),
      someSegment((segment) => segment['wrapUpCode'] === wrapUpCode),
    )
    await expectFound(
      is('userId', userId),
      someSegment((_, __, participant) => participant.userId === userId),
    )
    await expectFound(
      is('messageType', 'sms'),
      someSegment((_, session) => session['messageType'] === 'sms'),
    )
    await expectFound(
      is('requestedRouting', 'Standard'),
      someSegment((_, session) => 'requestedRoutings' in session),
    )
    await expectFound(
      is('purpose', 'Agent'),
      someSegment((_, __, participant) => participant.purpose === 'agent'),
    )
    await expectFound(
      is('segmentType', 'hold'),
      someSegment(({ segmentType }) => segmentType === 'hold'),
    )
    await expectFound(
      is('recording', 'false'),
      someSegment((_, session) => session['recording'] === false),
    )
  })

  it('is passed by one segment that fulfils all of it, or by several filters on several segments', async () => {
    const acd = { dimension: 'purpose', value: 'acd' }
    const hold = { dimension: 'segmentType', value: 'hold' }
    expect(await caller.rows({ interval: PAST, segmentFilters: all(acd, hold) })).toEqual([])
    const isHeld = someSegment(({ segmentType }) => segmentType === 'hold')
    const isQueued = someSegment((_, __, { purpose }) => purpose === 'acd')
    await expectFound({ segmentFilters: [...all(acd), ...all(hold)] }, (row) => isHeld(row) && isQueued(row))
    await expectFound({ segmentFilters: any(acd, hold) }, (row) => isHeld(row) || isQueued(row))
    const heldVoice = { type: 'and', clauses: [...any(hold), ...any({ dimension: 'mediaType', value: 'voice' })] }
    await expectFound({ segmentFilters: [heldVoice] }, isHeld)
  })

  it('asks whether something is there, and for a duration', async () => {
    const there = (dimension: string, operator: string) => ({ segmentFilters: all({ dimension, operator }) })
    await expectFound(
      there('wrapUpCode', 'exists'),
      someSegment((segment) => 'wrapUpCode' in segment),
    )
    expect(await caller.rows({ interval: PAST, ...there('wrapUpCode', 'notExists') })).toHaveLength(past.length)
    expect(await caller.rows({ interval: PAST, ...there('flowId', 'exists') })).toEqual([])
    const long = { metric: 'tSegmentDuration', range: { gte: 600_000, lt: 3_600_000 } }
    await expectFound(
      { segmentFilters: all(long) },
      someSegment(({ segmentStart, segmentEnd = '' }) => {
        const duration = Date.parse(segmentEnd) - Date.parse(segmentStart)
        return duration >= 600_000 && duration < 3_600_000
      }),
    )
    const property = { type: 'property', property: 'tier', propertyType: 'string' }
    expect(await caller.rows({ interval: PAST, segmentFilters: all({ ...property, value: 'gold' }) })).toEqual([])
    const without = all({ ...property, operator: 'notExists' })
    expect(await caller.rows({ interval: PAST, segmentFilters: without })).toHaveLength(past.length)
  })
})

describe('a filter of conversations', () => {
  it('asks for its own members, by value and by range', async () => {
    const is = (members: object) => ({ conversationFilters: all(members) })
    await expectFound(is({ dimension: 'conversationInitiator', value: 'agent' }), (row) => {
      return (row as { conversationInitiator?: string }).conversationInitiator === 'agent'
    })
    await expectFound(is({ dimension: 'customerParticipation', value: 'false' }), (row) => {
      return (row as { customerParticipation?: boolean }).customerParticipation === false
    })
    const opinion = { dimension: 'mediaStatsMinConversationMos', range: { gt: 4, lte: 4.2 } }
    await expectFound(is(opinion), (row) => {
      const { mediaStatsMinConversationMos: mos = 0 } = row as { mediaStatsMinConversationMos?: number }
      return mos > 4 && mos <= 4.2
    })
    const noon = Date.parse('2026-03-03T12:00Z')
    await expectFound(is({ dimension: 'conversationStart', range: { lt: noon } }), ({ conversationStart }) => {
      return Date.parse(conversationStart) < noon
    })
    const [{ conversationEnd = '', conversationId } = {}] = past
    await expectFound(is({ dimension: 'conversationEnd', value: conversationEnd }), (row) => {
      return row.conversationId === conversationId
    })
  })

  it('asks for metrics, which are those of all sessions', async () => {
    const is = (members: object) => ({ conversationFilters: all({ type: 'metric', ...members }) })
    await expectFound(is({ metric: 'tTalk', range: { gte: 60_000 } }), (row) => (metricOf(row, 'tTalk') ?? 0) >= 60_000)
    await expectFound(is({ metric: 'tHeld', operator: 'exists' }), (row) => metricOf(row, 'tHeld') !== undefined)
    await expectFound(
      is({ metric: 'nOffered', operator: 'notExists' }),
      (row) => metricOf(row, 'nOffered') === undefined,
    )
    await expectFound(is({ metric: 'tConversationDuration', range: { lt: 120_000 } }), (row) => {
      return Date.parse(row.conversationEnd ?? '') - Date.parse(row.conversationStart) < 120_000
    })
    expect(await caller.rows({ interval: PAST, ...is({ metric: 'oMediaCount', operator: 'exists' }) })).toEqual([])
    const sessions = [1, 20].map((value) => ({ metrics: [{ name: 'tTalk', value }] }))
    const participants = [{ sessions }, { sessions: sessions.slice(0, 1) }]
    expect(conversationSubject({ participants }).metric('tTalk')).toBe(22)
  })

  it('takes the bounds of a range as they are named', async () => {
    const talk = past.map((row) => metricOf(row, 'tTalk')).find((value) => value !== undefined) ?? 0
    const found = (range: object) =>
      caller.rows({ interval: PAST, conversationFilters: all({ metric: 'tTalk', range }) })
    const [exactly] = await found({ gte: talk, lte: talk })
    expect(metricOf(exactly!, 'tTalk')).toBe(talk)
    expect(await found({ gt: talk, lte: talk })).toEqual([])
    expect(await found({ gte: talk, lt: talk })).toEqual([])
    const some = past.filter((row) => metricOf(row, 'tTalk') !== undefined)
    expect(ids(await found({}))).toEqual(ids(some))
  })

  it('tells what is in progress from what has ended', async () => {
    const today = await caller.rows({ interval: TODAY })
    const open = today.filter(({ conversationEnd }) => conversationEnd === undefined)
    expect(open.length).toBeGreaterThan(0)
    expect(open.length).toBeLessThan(today.length)
    const end = (operator: string) => ({ conversationFilters: all({ dimension: 'conversationEnd', operator }) })
    expect(ids(await caller.rows({ interval: TODAY, ...end('notExists') }))).toEqual(ids(open))
    expect(await caller.rows({ interval: TODAY, ...end('exists') })).toHaveLength(today.length - open.length)
  })
})

describe('filters of evaluations, surveys and resolutions', () => {
  it.each([
    ['evaluationFilters', { dimension: 'evaluationStatus' }, { value: 'FINISHED' }],
    ['evaluationFilters', { type: 'metric', metric: 'oTotalScore' }, { range: { gt: 50 } }],
    ['surveyFilters', { dimension: 'surveyStatus' }, { value: 'Finished' }],
    ['surveyFilters', { type: 'metric', metric: 'oSurveyTotalScore' }, { range: { gt: 50 } }],
    ['resolutionFilters', { type: 'metric', metric: 'nNextContactAvoided' }, { value: '1' }],
  ])('%s of %p match nothing, as there are none', async (name, asked, sought) => {
    const found = (members: object) => caller.rows({ interval: PAST, [name]: all({ ...asked, ...members }) })
    expect(await found(sought)).toEqual([])
    expect(await found({ operator: 'exists' })).toEqual([])
    expect(await found({ operator: 'notExists' })).toHaveLength(past.length)
  })
})

describe('the names that can be asked for', () => {
  const models = (JSON.parse(readFileSync('tools/models/genesys.json', 'utf8')) as { models: Record<string, Model> })
    .models
  const small = '2026-03-03T00:00Z/2026-03-03T00:01Z'

  it.each([
    ['conversationFilters', 'ConversationDetailQueryPredicate', 11, 77],
    ['segmentFilters', 'SegmentDetailQueryPredicate', 80, 1],
    ['evaluationFilters', 'EvaluationDetailQueryPredicate', 16, 2],
    ['surveyFilters', 'SurveyDetailQueryPredicate', 11, 1],
    ['resolutionFilters', 'ResolutionDetailQueryPredicate', 0, 1],
  ])('by %s are those of Genesys', async (name, model, dimensions, metrics) => {
    const { dimension = { values: [] }, metric } = models[model]!
    expect([dimension.values.length, metric.values.length]).toEqual([dimensions, metrics])
    const predicates = [
      ...dimension.values.map((value) => ({ dimension: value, operator: 'exists' })),
      ...metric.values.map((value) => ({ metric: value, operator: 'exists' })),
    ]
    expect((await caller.query({ interval: small, [name]: any(...predicates) })).status).toBe(200)
    const unknown = await caller.query({ interval: small, [name]: all({ dimension: 'mood', value: 'x' }) })
    const { message } = (await unknown.json()) as { message: string }
    const [, allowed = ''] = message.split('Allowable values are: ')
    expect(allowed.split(', ').filter(Boolean).sort()).toEqual([...dimension.values].sort())
  })

  it('that have a closed list of values are refused any other', async () => {
    for (const [dimension, model] of [
      ['mediaType', 'AnalyticsSession'],
      ['usedRouting', 'AnalyticsSession'],
      ['engagementSource', 'AnalyticsSession'],
      ['deliveryStatus', 'AnalyticsSession'],
      ['disconnectType', 'AnalyticsConversationSegment'],
      ['segmentType', 'AnalyticsConversationSegment'],
      ['purpose', 'AnalyticsParticipantWithoutAttributes'],
    ] as const) {
      const response = await caller.query({
        interval: small,
        segmentFilters: all({ dimension, value: 'other-worldly' }),
      })
      const { code, message } = (await response.json()) as { code: string; message: string }
      const { values } = (models[model] as unknown as Record<string, { values: string[] }>)[dimension]!
      expect([response.status, code]).toEqual([400, 'invalid.value'])
      expect(message).toBe(
        `Value [other-worldly] is not valid for field type [${dimension}]. Allowable values are: ${values.join(', ')}`,
      )
    }
  })
})
