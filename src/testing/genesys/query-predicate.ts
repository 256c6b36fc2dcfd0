import { ApiRefusal, invalidValue, notModelled } from './responses.js'
import { isObject } from '../platform/json-body.js'
import { refuseUnknownMembers } from './body-members.js'
import type { QuerySubject } from './query-subject.js'
import { PROPERTY_TYPES, type Values, type Vocabulary } from './query-vocabulary.js'

export type SubjectTest = (subject: QuerySubject) => boolean

/** A test, and the name that it asks for. */
export interface QueryPredicate {
  readonly asks: string
  readonly test: SubjectTest
}

type Body = Readonly<Record<string, unknown>>

const MEMBERS = ['type', 'dimension', 'metric', 'property', 'propertyType', 'operator', 'value', 'range']
const TYPES = ['dimension', 'property', 'metric']
const OPERATORS = ['matches', 'exists', 'notExists']
const BOUNDS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
}

/** What a predicate asks for, and of what kind that is. */
interface LeftHandSide {
  readonly valueOf: (subject: QuerySubject) => unknown
  readonly values: Values
  readonly name: string
}

/**
 * Reads a predicate of a filter: a name of the vocabulary, an operator, and a value, a range, or both. That a date is
 * within a range of milliseconds since the epoch is a guess.
 */
export function readPredicate(path: string, predicate: unknown, vocabulary: Vocabulary): QueryPredicate {
  if (!isObject(predicate)) throw refused(`${path} is not an object.`)
  refuseUnknownMembers(path, predicate, MEMBERS)
  const asked = leftHandSide(path, predicate, vocabulary)
  return { asks: asked.name, test: readTest(path, predicate, asked) }
}

function readTest(path: string, { operator = 'matches', value, range }: Body, asked: LeftHandSide): SubjectTest {
  const { name, values } = asked
  const all = (subject: QuerySubject) => listOf(asked.valueOf(subject))
  if (operator === 'exists') return (subject) => all(subject).length > 0
  if (operator === 'notExists') return (subject) => all(subject).length === 0
  if (operator !== 'matches') throw invalidValue(`${path}.operator`, operator, OPERATORS)

  const tests: ((one: unknown) => boolean)[] = []
  if (value !== undefined && value !== null) tests.push(readValue(path, name, value, values))
  if (range !== undefined && range !== null) tests.push(readRange(path, range, values))
  if (tests.length === 0) throw refused(`${path} has neither a value nor a range.`)
  return (subject) => all(subject).some((one) => tests.every((test) => test(one)))
}

function leftHandSide(path: string, predicate: Body, { dimensions, metrics, properties }: Vocabulary): LeftHandSide {
  const { type = TYPES.find((name) => predicate[name] !== undefined), dimension, metric, property } = predicate
  switch (type) {
    case 'dimension': {
      const values = Object.hasOwn(dimensions, String(dimension)) ? dimensions[String(dimension)] : undefined
      if (values === undefined) throw invalidValue(`${path}.dimension`, dimension, Object.keys(dimensions))
      const name = String(dimension)
      return { valueOf: (subject) => subject.dimension(name), values, name }
    }
    case 'metric': {
      const name = String(metric)
      if (!metrics.includes(name)) throw invalidValue(`${path}.metric`, metric, metrics)
      return { valueOf: (subject) => subject.metric(name), values: 'number', name }
    }
    case 'property': {
      const { propertyType } = predicate
      if (!properties || typeof property !== 'string') throw refused(`${path} has no property to ask for.`)
      if (!PROPERTY_TYPES.includes(String(propertyType))) {
        throw invalidValue(`${path}.propertyType`, propertyType, PROPERTY_TYPES)
      }
      // No simulated segment has any.
      return { valueOf: () => undefined, values: propertyType === 'date' ? 'date' : 'number', name: property }
    }
    default:
      throw invalidValue(`${path}.type`, type, TYPES)
  }
}

function readValue(path: string, name: string, value: unknown, values: Values): (one: unknown) => boolean {
  if (typeof value !== 'string') throw refused(`${path}.value is not a string.`)
  const isKnown = typeof values === 'string' || values.some((one) => one.toLowerCase() === value.toLowerCase())
  if (!isKnown) throw invalidValue(name, value, values)
  const sought = comparable(value, values)
  if (Number.isNaN(sought)) throw refused(`Value [${value}] of ${path} is no ${String(values)}.`)
  return (one) => comparable(one, values) === sought
}

function readRange(path: string, range: unknown, values: Values): (one: unknown) => boolean {
  if (!isObject(range)) throw refused(`${path}.range is not an object.`)
  refuseUnknownMembers(`${path}.range`, range, Object.keys(BOUNDS))
  if (values !== 'number' && values !== 'date') throw notModelled(`A range of texts, in ${path},`)
  const tests = Object.entries(range).map(([name, bound]) => {
    if (typeof bound !== 'number') throw refused(`${path}.range.${name} is not a number.`)
    return (number: number) => BOUNDS[name]?.(number, bound)
  })
  return (one) => tests.every((test) => test(Number(comparable(one, values))))
}

function comparable(value: unknown, values: Values): string | number {
  if (values === 'date') return Date.parse(String(value))
  if (values === 'number') return Number(value)
  // Genesys' own examples write `Customer`.
  return values === 'text' ? String(value) : String(value).toLowerCase()
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly unknown[]) : [value]
}

function refused(message: string): ApiRefusal {
  return new ApiRefusal(400, 'invalid.value', message)
}
