import { ApiRefusal, invalidValue } from './responses.js'
import { isObject } from '../platform/json-body.js'
import { refuseUnknownMembers } from './body-members.js'
import { conversationSubject, segmentSubjects, type QuerySubject } from './query-subject.js'
import { VOCABULARIES } from './query-vocabulary.js'

type Body = Readonly<Record<string, unknown>>

/** Counts conversations that are written out, one after the other. */
export interface Aggregation {
  add(conversation: Body): void
  /** `AggregationResult` */
  result(): Body
}

const MEMBERS = ['type', 'dimension', 'metric', 'size', 'ranges']
const TYPES = ['termFrequency', 'numericRange']
const { conversationFilters, segmentFilters } = VOCABULARIES

/**
 * Reads the `aggregations` of a details query. Guesses: a conversation counts once for each of its values, the ten most
 * frequent are given unless `size` says otherwise, and `count` is the number of conversations that have one at all.
 */
export function readAggregations(list: unknown): Aggregation[] {
  if (!Array.isArray(list)) throw new ApiRefusal(400, 'bad.request', 'aggregations is not a list.')
  return list.map((aggregation, i) => readAggregation(`aggregations[${i}]`, aggregation))
}

function readAggregation(path: string, aggregation: unknown): Aggregation {
  if (!isObject(aggregation)) throw new ApiRefusal(400, 'bad.request', `${path} is not an object.`)
  refuseUnknownMembers(path, aggregation, MEMBERS)
  const { type = aggregation['metric'] === undefined ? 'termFrequency' : 'numericRange' } = aggregation
  if (!TYPES.includes(type as string)) throw invalidValue(`${path}.type`, type, TYPES)
  return type === 'termFrequency' ? termFrequency(path, aggregation) : numericRange(path, aggregation)
}

function termFrequency(path: string, { dimension, size = 10 }: Body): Aggregation {
  const subjectsOf = subjectsWith(path, dimension)
  const name = String(dimension)
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) {
    throw new ApiRefusal(400, 'bad.request', `${path}.size is not a whole number from 1.`)
  }
  const counts = new Map<string, number>()
  let count = 0
  return {
    add: (conversation) => {
      const values = new Set(
        subjectsOf(conversation)
          .flatMap((subject) => subject.dimension(name) ?? [])
          .map(String),
      )
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
      if (values.size > 0) count += 1
    },
    result: () => {
      const results = [...counts]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .slice(0, size)
        .map(([value, frequency]) => ({ count: frequency, value }))
      return { type: 'termFrequency', dimension: name, count, results }
    },
  }
}

function subjectsWith(path: string, dimension: unknown): (conversation: Body) => QuerySubject[] {
  const names = { conversation: conversationFilters.dimensions, segment: segmentFilters.dimensions }
  if (Object.hasOwn(names.segment, String(dimension))) return segmentSubjects
  if (Object.hasOwn(names.conversation, String(dimension))) return (conversation) => [conversationSubject(conversation)]
  const known = [...Object.keys(names.conversation), ...Object.keys(names.segment)]
  throw invalidValue(`${path}.dimension`, dimension, known)
}

function numericRange(path: string, { metric, ranges = [] }: Body): Aggregation {
  const { metrics } = conversationFilters
  if (!metrics.includes(metric as string)) throw invalidValue(`${path}.metric`, metric, metrics)
  if (!Array.isArray(ranges)) throw new ApiRefusal(400, 'bad.request', `${path}.ranges is not a list.`)
  const read = ranges.map((range, i) => readRange(`${path}.ranges[${i}]`, range))
  const results = read.map((range) => ({ count: 0, ...range }))
  let count = 0
  return {
    add: (conversation) => {
      const value = conversationSubject(conversation).metric(metric as string)
      if (value === undefined) return
      count += 1
      for (const range of results) {
        const { gte = -Infinity, lt = Infinity } = range
        if (value >= gte && value < lt) range.count += 1
      }
    },
    result: () => ({ type: 'numericRange', metric, count, results }),
  }
}

function readRange(path: string, range: unknown): { gte?: number; lt?: number } {
  if (!isObject(range)) throw new ApiRefusal(400, 'bad.request', `${path} is not an object.`)
  refuseUnknownMembers(path, range, ['gte', 'lt'])
  const wrong = Object.values(range).find((bound) => typeof bound !== 'number')
  if (wrong !== undefined) throw new ApiRefusal(400, 'bad.request', `${path} has a bound that is not a number.`)
  return range
}
