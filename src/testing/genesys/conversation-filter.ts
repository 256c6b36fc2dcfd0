import { ApiRefusal, notModelled } from './answers.js'
import { refuseUnknownMembers, isObject } from './body-members.js'
import type { PlaceFilter } from './conversation-search.js'
import { conversationIdAt, traitsAt, type Place } from './conversation-traits.js'
import type { Organization } from './organization.js'

type Test = (place: Place) => boolean

/** A dimension that can be asked about. */
interface Dimension {
  readonly valueOf: (place: Place) => string
  readonly values?: readonly string[]
}
type Dimensions = Readonly<Record<string, Dimension>>

const DIRECTIONS = ['inbound', 'outbound']
const MEDIA_TYPES = ['callback', 'chat', 'cobrowse', 'email', 'internalmessage', 'message', 'screenmonitoring']
MEDIA_TYPES.push('screenshare', 'unknown', 'video', 'voice')

/** Reads the filters of a details query. Whatever the simulator cannot evaluate it refuses. */
export class ConversationFilters {
  readonly #conversation: Dimensions
  readonly #segment: Dimensions

  constructor(seed: number, { divisions }: Organization) {
    const traits = (place: Place) => traitsAt(seed, place, divisions.length)
    this.#conversation = {
      conversationId: { valueOf: (place) => conversationIdAt(seed, place) },
      originatingDirection: { valueOf: (place) => traits(place).direction, values: DIRECTIONS },
      divisionId: { valueOf: (place) => (divisions[traits(place).division] ?? divisions[0]).id },
    }
    // All sessions of a simulated conversation agree on these, so asking it is asking any of its segments.
    this.#segment = {
      mediaType: { valueOf: (place) => traits(place).mediaType, values: MEDIA_TYPES },
      direction: { valueOf: (place) => traits(place).direction, values: DIRECTIONS },
    }
  }

  /** One filter out of both lists, or undefined when there is nothing to filter by. A conversation must pass them all. */
  read(conversationFilters: unknown, segmentFilters: unknown): PlaceFilter | undefined {
    const tests = [
      ...readList('conversationFilters', conversationFilters, this.#conversation),
      ...readList('segmentFilters', segmentFilters, this.#segment),
    ]
    if (tests.length === 0) return undefined
    const key = JSON.stringify([conversationFilters, segmentFilters])
    return { key, passes: (place) => tests.every((test) => test(place)) }
  }
}

function readList(path: string, list: unknown, dimensions: Dimensions): Test[] {
  return listOf(path, list).map((filter, i) => readFilter(`${path}[${i}]`, filter, dimensions))
}

function readFilter(path: string, filter: unknown, dimensions: Dimensions): Test {
  const { type, clauses, predicates } = membersOf(path, filter, ['type', 'clauses', 'predicates'])
  const tests = [
    ...listOf(`${path}.clauses`, clauses).map((clause, i) => readClause(`${path}.clauses[${i}]`, clause, dimensions)),
    ...readPredicates(path, predicates, dimensions),
  ]
  return combine(path, type, tests)
}

function readClause(path: string, clause: unknown, dimensions: Dimensions): Test {
  const { type, predicates } = membersOf(path, clause, ['type', 'predicates'])
  return combine(path, type, readPredicates(path, predicates, dimensions))
}

function combine(path: string, type: unknown, tests: readonly Test[]): Test {
  if (tests.length === 0) throw refused(`${path} has no predicates`)
  if (type === 'and') return (place) => tests.every((test) => test(place))
  if (type === 'or') return (place) => tests.some((test) => test(place))
  throw refused(`Value [${String(type)}] is not valid for field type [${path}.type]. Allowable values are: and, or`)
}

function readPredicates(path: string, list: unknown, dimensions: Dimensions): Test[] {
  return listOf(`${path}.predicates`, list).map((predicate, i) => {
    return readPredicate(`${path}.predicates[${i}]`, predicate, dimensions)
  })
}

function readPredicate(path: string, predicate: unknown, dimensions: Dimensions): Test {
  const known = ['type', 'dimension', 'metric', 'property', 'propertyType', 'operator', 'value', 'range']
  const { type = 'dimension', dimension, operator = 'matches', value, range } = membersOf(path, predicate, known)
  if (type !== 'dimension') throw notModelled(`A predicate of type ${String(type)}`)
  const asked =
    typeof dimension === 'string' && Object.hasOwn(dimensions, dimension) ? dimensions[dimension] : undefined
  if (!asked) throw notModelled(`The dimension ${String(dimension)} in ${path}`)
  if (operator !== 'matches' || range !== undefined) throw notModelled(`The operator or range of ${path}`)
  if (typeof value !== 'string') throw refused(`${path}.value is missing`)
  if (asked.values && !asked.values.includes(value)) {
    const allowed = asked.values.join(', ')
    throw refused(
      `Value [${value}] is not valid for field type [${String(dimension)}]. Allowable values are: ${allowed}`,
    )
  }
  return (place) => asked.valueOf(place) === value
}

function listOf(path: string, list: unknown): readonly unknown[] {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) throw refused(`${path} is not a list`)
  return list as readonly unknown[]
}

function membersOf(path: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (!isObject(value)) throw refused(`${path} is not an object`)
  refuseUnknownMembers(path, value, known)
  return value
}

function refused(message: string): ApiRefusal {
  return new ApiRefusal(400, 'invalid.value', message)
}
