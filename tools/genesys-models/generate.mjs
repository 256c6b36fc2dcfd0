/**
 * Writes src/genesys/models from models.json: types for what Genesys is asked, types and zod schemas for what it answers.
 *
 *   node tools/genesys-models/generate.mjs          writes the files
 *   node tools/genesys-models/generate.mjs --check  exits 1 when they are not what it would write
 *
 * To cover more: add models to models.json, their roots to AREAS, and what our code reads of them to READ.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { models } from './facts.mjs'
import { SourceFile } from './source-file.mjs'

/** A file each: what its roots reach and no file above it holds. So generated files import only from those above. */
const AREAS = [
  { file: 'errors.ts', answers: ['ErrorBody'] },
  { file: 'users.ts', answers: ['UserEntityListing', 'UserCursorEntityListing', 'UsersSearchResponse', 'User'] },
  { file: 'user-search.ts', requests: ['UserSearchRequest'] },
  { file: 'tokens.ts', answers: ['TokenInfo'] },
  { file: 'user-me.ts', answers: ['UserMe'] },
  {
    file: 'conversations.ts',
    answers: [
      'AnalyticsConversationQueryResponse',
      'AnalyticsConversationWithoutAttributesMultiGetResponse',
      'AnalyticsConversationWithoutAttributes',
    ],
  },
  { file: 'conversation-query.ts', requests: ['ConversationQuery'] },
  {
    file: 'conversation-jobs.ts',
    answers: [
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
  const { type, operator, propertyType } = models[model]
  const existence = operator.values.filter((value) => value !== 'matches')
  return type.values
    .filter((side) => side in models[model])
    .flatMap((side) => {
      const required = side === 'property' && propertyType ? ['propertyType', side] : [side]
      return [
        { type: side, required: [...required, 'value'], values: { operator: { known: ['matches'] } } },
        { type: side, required: [...required, 'range'], values: { operator: { known: ['matches'] } } },
        { type: side, required, values: { operator: { known: existence, required: true } } },
      ]
    })
}

const ledger = new Map()
const files = AREAS.map((area) => new SourceFile(area, { read: READ, alternatives }, ledger))
const borrowed = new Set(files.flatMap((file) => file.borrowed()))
const stale = []
for (const file of files) {
  const path = fileURLToPath(new URL(`../../src/genesys/models/${file.file}`, import.meta.url))
  const text = await format(file.text(borrowed), { ...(await resolveConfig(path)), filepath: path })
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  else if (readOrNothing(path) !== text) stale.push(file.file)
}
if (stale.length > 0) {
  console.error(`Not what models.json says: src/genesys/models/${stale.join(', ')}. Write with generate.mjs.`)
  process.exitCode = 1
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
