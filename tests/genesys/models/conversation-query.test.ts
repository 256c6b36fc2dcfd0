import { expect, test } from '@jest/globals'
import type {
  ConversationDetailQueryPredicate,
  ConversationMetric,
  ConversationDimension,
  ConversationQuery,
  EvaluationDetailQueryPredicate,
  ResolutionDetailQueryPredicate,
  SegmentDetailQueryPredicate,
  SegmentDimension,
  SurveyDetailQueryPredicate,
} from '../../../src/genesys/models/conversation-query.js'
import { factsOf } from '../../platform/models/facts.js'

const models = factsOf('genesys')
const interval = '2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z'

// What is refused here is refused by `npm run typecheck`; at run time these tests only hold the examples.

test('a query that Genesys accepts compiles', () => {
  const queries = [
    { interval },
    { interval, order: 'asc', orderBy: 'conversationStart', paging: { pageSize: 100, pageNumber: 1 } },
    {
      interval,
      segmentFilters: [
        {
          type: 'and',
          predicates: [
            { type: 'dimension', dimension: 'mediaType', operator: 'matches', value: 'voice' },
            { dimension: 'queueId', value: 'a' },
            { type: 'dimension', dimension: 'wrapUpCode', operator: 'notExists' },
            { type: 'metric', metric: 'tSegmentDuration', range: { gte: 1_000 } },
            { type: 'property', propertyType: 'integer', property: 'age', value: '7' },
          ],
          clauses: [{ type: 'or', predicates: [{ dimension: 'direction', value: 'inbound' }] }],
        },
      ],
      conversationFilters: [{ type: 'or', predicates: [{ metric: 'tHandle', range: { gt: 1, lte: undefined } }] }],
      evaluationFilters: [{ type: 'and', predicates: [{ metric: 'oTotalScore', operator: 'exists' }] }],
      surveyFilters: [{ type: 'and', predicates: [{ dimension: 'surveyStatus', value: 'Finished' }] }],
      resolutionFilters: [{ type: 'and', predicates: [{ metric: 'nNextContactAvoided', value: '1' }] }],
      aggregations: [
        { type: 'termFrequency', dimension: 'mediaType', size: 10 },
        { type: 'numericRange', metric: 'tTalk', ranges: [{ gte: 0, lt: 60_000 }] },
      ],
      order: undefined,
    },
  ] as const satisfies readonly ConversationQuery[]
  expect(queries).toHaveLength(3)
})

test('a query that Genesys refuses does not compile', () => {
  const refused: ConversationQuery[] = [
    // @ts-expect-error an interval is required
    {},
    // @ts-expect-error no such order
    { interval, order: 'ascending' },
    // @ts-expect-error no such key to order by
    { interval, orderBy: 'conversationId' },
    // @ts-expect-error paging is both or nothing
    { interval, paging: { pageSize: 100 } },
    // @ts-expect-error "not" is no combination
    { interval, segmentFilters: [{ type: 'not' }] },
    // @ts-expect-error the details query has no limit
    { interval, limit: 10 },
    // @ts-expect-error an aggregation by range names a metric
    { interval, aggregations: [{ type: 'numericRange', dimension: 'mediaType' }] },
    // @ts-expect-error and one by term a dimension
    { interval, aggregations: [{ type: 'termFrequency', metric: 'tTalk' }] },
  ]
  expect(refused).toHaveLength(8)
})

test('a predicate names what exists, once, and compares it in one way', () => {
  const refused: SegmentDetailQueryPredicate[] = [
    // @ts-expect-error no such dimension
    { type: 'dimension', dimension: 'colour', value: 'red' },
    // @ts-expect-error a dimension of conversations, not of segments
    { dimension: 'conversationStart', value: 'x' },
    // @ts-expect-error no such metric here
    { type: 'metric', metric: 'tHandle', value: '1' },
    // @ts-expect-error no such operator
    { dimension: 'queueId', operator: 'equals', value: 'x' },
    // @ts-expect-error no such type
    { type: 'attribute', dimension: 'queueId', value: 'x' },
    // @ts-expect-error the type and the left-hand side differ
    { type: 'metric', dimension: 'queueId', value: 'x' },
    // @ts-expect-error two left-hand sides
    { dimension: 'queueId', metric: 'tSegmentDuration', value: 'x' },
    // @ts-expect-error no left-hand side
    { operator: 'exists' },
    // @ts-expect-error nothing to match
    { dimension: 'queueId', operator: 'matches' },
    // @ts-expect-error existence takes no value
    { dimension: 'queueId', operator: 'exists', value: 'x' },
    // @ts-expect-error a value or a range
    { metric: 'tSegmentDuration', value: '1', range: { gt: 1 } },
    // @ts-expect-error no such bound
    { metric: 'tSegmentDuration', range: { min: 1 } },
    // @ts-expect-error a property of no type
    { type: 'property', property: 'age', value: '7' },
    // @ts-expect-error no such type of property
    { type: 'property', propertyType: 'int', property: 'age', value: '7' },
    // @ts-expect-error a value is a string
    { dimension: 'queueId', value: 7 },
  ]
  expect(refused).toHaveLength(15)
})

test('each kind of filter has its own dimensions and metrics', () => {
  // @ts-expect-error a dimension of segments
  const conversation: ConversationDetailQueryPredicate = { dimension: 'queueId', value: 'x' }
  // @ts-expect-error conversations have no properties
  const property: ConversationDetailQueryPredicate = { propertyType: 'string', property: 'x', value: 'x' }
  // @ts-expect-error a dimension of surveys
  const evaluation: EvaluationDetailQueryPredicate = { dimension: 'surveyStatus', value: 'x' }
  // @ts-expect-error a metric of evaluations
  const survey: SurveyDetailQueryPredicate = { metric: 'oTotalScore', value: '1' }
  // @ts-expect-error resolutions have no dimensions
  const resolution: ResolutionDetailQueryPredicate = { dimension: 'queueId', value: 'x' }
  expect([conversation, property, evaluation, survey, resolution]).toHaveLength(5)
})

test('the lists have 80 dimensions of segments, 11 of conversations, and 77 metrics', () => {
  const known = (model: string, field: string) => models[model]?.[field]?.values
  expect(known('SegmentDetailQueryPredicate', 'dimension')).toHaveLength(80 satisfies Count<SegmentDimension>)
  expect(known('ConversationDetailQueryPredicate', 'dimension')).toHaveLength(11 satisfies Count<ConversationDimension>)
  expect(known('ConversationDetailQueryPredicate', 'metric')).toHaveLength(77 satisfies Count<ConversationMetric>)
})

/** How many members a union has. */
type Count<Union extends string, Counted extends unknown[] = []> = [Union] extends [never]
  ? Counted['length']
  : Count<Exclude<Union, Last<Union>>, [...Counted, unknown]>
type Last<Union> = (Union extends unknown ? (member: () => Union) => void : never) extends (last: infer Each) => void
  ? Each extends () => infer Member
    ? Member
    : never
  : never
