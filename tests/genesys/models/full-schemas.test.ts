import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import * as conversationJobs from '../../../src/genesys/models/conversation-jobs.js'
import * as conversations from '../../../src/genesys/models/conversations.js'
import { errorBody } from '../../../src/genesys/models/errors.js'
import { tokenInfo } from '../../../src/genesys/models/tokens.js'
import { userMe } from '../../../src/genesys/models/user-me.js'
import * as users from '../../../src/genesys/models/users.js'
import { itemType, models, sample, type Field } from './facts.js'

const roots = {
  UserEntityListing: users.userEntityListing.full,
  UserCursorEntityListing: users.userCursorEntityListing.full,
  UsersSearchResponse: users.usersSearchResponse.full,
  User: users.user.full,
  UserMe: userMe.full,
  TokenInfo: tokenInfo.full,
  AnalyticsConversationQueryResponse: conversations.analyticsConversationQueryResponse.full,
  AnalyticsConversationWithoutAttributesMultiGetResponse:
    conversations.analyticsConversationWithoutAttributesMultiGetResponse.full,
  AnalyticsConversationWithoutAttributes: conversations.analyticsConversationWithoutAttributes.full,
  AsyncQueryResponse: conversationJobs.asyncQueryResponse.full,
  AsyncQueryStatus: conversationJobs.asyncQueryStatus.full,
  AnalyticsConversationAsyncQueryResponse: conversationJobs.analyticsConversationAsyncQueryResponse.full,
  DataAvailabilityResponse: conversationJobs.dataAvailabilityResponse.full,
  ErrorBody: errorBody.full,
}

/** The schema of what is inside an optional, a list, a map, or a step before it. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.out)
  if (schema instanceof z.ZodExactOptional) return unwrap(schema.unwrap())
  if (schema instanceof z.ZodArray) return unwrap(schema.element)
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType)
  return schema
}

/** Every model that a schema covers, with the schema of each of its fields. */
function covered(model: string, schema: z.core.$ZodType, found = new Map<string, Record<string, z.core.$ZodType>>()) {
  if (found.has(model)) return found
  const object = unwrap(schema)
  const shape = object instanceof z.ZodObject ? (object.shape as Record<string, z.core.$ZodType>) : {}
  found.set(model, shape)
  for (const [name, field] of Object.entries(shape)) {
    const type = models[model]?.[name]?.type ?? ''
    const inner = itemType(type) ?? type
    if (inner in models) covered(inner, field, found)
  }
  return found
}

const all = new Map(Object.entries(roots).flatMap(([model, schema]) => [...covered(model, schema)]))

/** Every field that has a list of known values. */
const enums = [...all].flatMap(([model, shape]) =>
  Object.entries(models[model] ?? {}).flatMap(([name, { values }]: [string, Field]) =>
    values ? [{ path: `${model}.${name}`, schema: unwrap(shape[name] as z.ZodType) as z.ZodType, values }] : [],
  ),
)

test('the answers are made of 77 models', () => {
  expect(all.size).toBe(77)
})

/** What a schema takes, in the words of the facts. */
function typeOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodExactOptional) return typeOf(schema.unwrap())
  if (schema instanceof z.ZodArray) return `Array<${typeOf(schema.element)}>`
  if (schema instanceof z.ZodRecord) return `{ [key: string]: ${typeOf(schema.valueType)}; }`
  return schema._zod.def.type
}

/** What it should take: any object for a model, and anything at all for one that is not in the facts. */
function expectedType(type: string): string {
  const inner = itemType(type) ?? type
  if (['string', 'number', 'boolean'].includes(inner)) return type
  return type.replace(inner, inner in models ? 'object' : 'unknown')
}

test.each([...all])('%s has every field, each of its type', (model, shape) => {
  const expected = Object.entries(models[model] ?? {}).map(([name, { type }]) => [name, expectedType(type)])
  expect(Object.entries(shape).map(([name, schema]) => [name, typeOf(schema)])).toEqual(expected)
})

describe.each(Object.entries(roots))('%s', (model, schema) => {
  test('passes with every field of every model in it, and nothing is lost', () => {
    const whole = sample(model)
    expect(schema.parse(structuredClone(whole))).toEqual(whole)
  })
})

describe('known values', () => {
  test.each(enums)('$path tells of a value that is not known, and accepts it', ({ path, schema, values }) => {
    const told: unknown[] = []
    const listener = (event: unknown) => void told.push(event)
    subscribe('everbearer:unknown-value', listener)
    try {
      for (const value of values) schema.parse(value)
      expect(told).toEqual([])
      expect(schema.parse('brand-new')).toBe('brand-new')
      expect(told).toEqual([{ path }])
    } finally {
      unsubscribe('everbearer:unknown-value', listener)
    }
  })

  test('there are some', () => {
    expect(enums.length).toBeGreaterThan(30)
  })
})
