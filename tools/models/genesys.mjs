import { Facts } from './facts.mjs'

const facts = new Facts('genesys.json')

/** A file each: what its roots reach and no file above it holds. So generated files import only from those above. */
const AREAS = [
  { file: 'errors.ts', responses: ['ErrorBody'] },
  { file: 'users.ts', responses: ['UserEntityListing', 'UserCursorEntityListing', 'UsersSearchResponse', 'User'] },
  { file: 'user-search.ts', requests: ['UserSearchRequest'] },
  { file: 'tokens.ts', responses: ['TokenInfo'] },
  { file: 'user-me.ts', responses: ['UserMe'] },
  {
    file: 'conversations.ts',
    responses: [
      'AnalyticsConversationQueryResponse',
      'AnalyticsConversationWithoutAttributesMultiGetResponse',
      'AnalyticsConversationWithoutAttributes',
    ],
  },
  { file: 'conversation-query.ts', requests: ['ConversationQuery'] },
  {
    file: 'conversation-jobs.ts',
    responses: [
      'AsyncQueryResponse',
      'AsyncQueryStatus',
      'AnalyticsConversationAsyncQueryResponse',
      'DataAvailabilityResponse',
    ],
  },
  { file: 'conversation-job-query.ts', requests: ['AsyncConversationQuery'] },
]

/** What our own code reads of an answer. Nothing else is required of any, and an envelope looks at nothing else. */
const READ = {
  ErrorBody: { optional: ['message', 'code', 'contextId'] },
  UserEntityListing: { required: ['entities'], optional: ['pageCount', 'total'] },
  UserCursorEntityListing: { required: ['entities'], optional: ['cursor'] },
  UsersSearchResponse: { required: ['results'] },
  User: { required: ['id'] },
  UserMe: { required: ['id'] },
  AnalyticsConversationQueryResponse: { optional: ['conversations', 'totalHits'] },
  AnalyticsConversationWithoutAttributesMultiGetResponse: { optional: ['conversations'] },
  AnalyticsConversationWithoutAttributes: { required: ['conversationId', 'conversationStart'] },
  AsyncQueryResponse: { required: ['jobId'] },
  AsyncQueryStatus: { required: ['state'], optional: ['errorMessage'] },
  AnalyticsConversationAsyncQueryResponse: { optional: ['conversations', 'cursor', 'dataAvailabilityDate'] },
  AnalyticsConversation: { required: ['conversationId', 'conversationStart'] },
  DataAvailabilityResponse: { optional: ['dataAvailabilityDate'] },
}

/** Some requests have a `type`, which may be left out, and fields that go with one value of it only. */
function alternatives(model) {
  if (model.endsWith('DetailQueryPredicate')) return predicates(model)
  if (model === 'AnalyticsQueryAggregation') {
    return [
      { type: 'termFrequency', required: ['dimension'], optional: ['size'] },
      { type: 'numericRange', required: ['metric', 'ranges'] },
    ]
  }
  return undefined
}

/** Each left-hand side is matched with a value or with a range, or it exists or not; a property says of which type. */
function predicates(model) {
  const { type, operator, propertyType } = facts.models[model]
  const existence = operator.values.filter((value) => value !== 'matches')
  return type.values
    .filter((side) => side in facts.models[model])
    .flatMap((side) => {
      const required = side === 'property' && propertyType ? ['propertyType', side] : [side]
      return [
        { type: side, required: [...required, 'value'], values: { operator: { known: ['matches'] } } },
        { type: side, required: [...required, 'range'], values: { operator: { known: ['matches'] } } },
        { type: side, required, values: { operator: { known: existence, required: true } } },
      ]
    })
}

/** SegmentDetailQueryPredicate.dimension is a SegmentDimension, AnalyticsFlow.flowType a FlowType. */
function ownerOfValues(model) {
  return model.replace(/^Analytics/, '').replace(/WithoutAttributes$|DetailQueryPredicate$/, '')
}

/** What no call returns and no caller writes: our own code alone reads or sends it. */
const INTERNAL = [
  'ErrorBody',
  'Detail',
  'Limit',
  'UserEntityListing',
  'UserCursorEntityListing',
  'UsersSearchResponse',
  'AnalyticsConversationQueryResponse',
  'AnalyticsConversationWithoutAttributesMultiGetResponse',
  'AsyncQueryResponse',
  'AsyncQueryStatus',
  'AnalyticsConversationAsyncQueryResponse',
  'DataAvailabilityResponse',
  'AggregationResult',
]

export const genesys = {
  folder: 'src/genesys/models',
  facts,
  areas: AREAS,
  read: READ,
  internal: INTERNAL,
  alternatives,
  ownerOfValues,
}
