import { ApiRefusal, invalidValue } from './responses.js'
import { isObject } from '../platform/json-body.js'
import { refuseUnknownMembers } from './body-members.js'
import type { PlaceFilter } from './conversation-search.js'
import type { Place } from '../platform/calendar.js'
import { conversationIdAt, traitsAt } from './conversation-traits.js'
import type { Organization } from './organization.js'
import { readPredicate, type SubjectTest } from './query-predicate.js'
import { conversationSubject, NOTHING, segmentSubjects, type QuerySubject } from './query-subject.js'
import { VOCABULARIES, type Vocabulary } from './query-vocabulary.js'

type Body = Readonly<Record<string, unknown>>
type Kind = keyof typeof VOCABULARIES
type Traits = Readonly<Record<string, (place: Place) => string>>

/** The members of a query's body that hold filters. */
export const FILTER_MEMBERS = Object.keys(VOCABULARIES) as Kind[]

/** A filter, and what it asks for. */
interface Filter {
  readonly kind: Kind
  readonly test: SubjectTest
  readonly names: ReadonlySet<string>
}

/**
 * Reads the filters of a details query. A conversation must pass all of them, a filter of segments by one segment that
 * passes the whole of it. No simulated conversation has evaluations, surveys or resolutions.
 */
export class ConversationFilters {
  readonly #traits: Readonly<Partial<Record<Kind, Traits>>>
  readonly #render: (place: Place, now: number) => Body

  /** `render` writes down a conversation as far as it had come at a moment. */
  constructor(seed: number, { divisions }: Organization, render: (place: Place, now: number) => Body) {
    const traits = (place: Place) => traitsAt(seed, place, divisions.length)
    this.#traits = {
      conversationFilters: {
        conversationId: (place) => conversationIdAt(seed, place),
        originatingDirection: (place) => traits(place).direction,
        divisionId: (place) => (divisions[traits(place).division] ?? divisions[0]).id,
      },
      // All sessions of a simulated conversation agree on these, so asking it is asking any of its segments.
      segmentFilters: {
        mediaType: (place) => traits(place).mediaType,
        direction: (place) => traits(place).direction,
      },
    }
    this.#render = render
  }

  /** All filters of a body as one, or undefined when there is nothing to filter by. */
  read(body: Body): PlaceFilter | undefined {
    const filters = FILTER_MEMBERS.flatMap((kind) =>
      listOf(kind, body[kind]).map((filter, i) => readFilter(`${kind}[${i}]`, kind, filter)),
    )
    if (filters.length === 0) return undefined
    const key = JSON.stringify(FILTER_MEMBERS.map((kind) => body[kind]))
    const quick = filters.filter((filter) => this.#isQuick(filter))
    const thorough = filters.filter((filter) => !this.#isQuick(filter))
    return {
      key,
      passes: (place, now) =>
        quick.every(({ kind, test }) => test(this.#traitsOf(kind, place))) &&
        (thorough.length === 0 || passesAll(thorough, this.#render(place, now))),
    }
  }

  /** Whether it asks only for what is known, or known not to be there, without writing the conversation out. */
  #isQuick({ kind, names }: Filter): boolean {
    const traits = this.#traits[kind]
    return traits === undefined || [...names].every((name) => Object.hasOwn(traits, name))
  }

  #traitsOf(kind: Kind, place: Place): QuerySubject {
    return { ...NOTHING, dimension: (name) => this.#traits[kind]?.[name]?.(place) }
  }
}

function passesAll(filters: readonly Filter[], conversation: Body): boolean {
  return filters.every(({ kind, test }) => {
    if (kind === 'conversationFilters') return test(conversationSubject(conversation))
    return segmentSubjects(conversation).some(test)
  })
}

function readFilter(path: string, kind: Kind, filter: unknown): Filter {
  const names = new Set<string>()
  const { clauses, predicates, type } = membersOf(path, filter, ['type', 'clauses', 'predicates'])
  const tests = [
    ...listOf(`${path}.clauses`, clauses).map((clause, i) => readClause(`${path}.clauses[${i}]`, clause)),
    ...readPredicates(path, predicates),
  ]
  return { kind, test: combine(path, type, tests), names }

  function readClause(at: string, clause: unknown): SubjectTest {
    const members = membersOf(at, clause, ['type', 'predicates'])
    return combine(at, members['type'], readPredicates(at, members['predicates']))
  }

  function readPredicates(at: string, list: unknown): SubjectTest[] {
    const vocabulary: Vocabulary = VOCABULARIES[kind]
    return listOf(`${at}.predicates`, list).map((predicate, i) => {
      const { asks, test } = readPredicate(`${at}.predicates[${i}]`, predicate, vocabulary)
      names.add(asks)
      return test
    })
  }
}

function combine(path: string, type: unknown, tests: readonly SubjectTest[]): SubjectTest {
  if (tests.length === 0) throw new ApiRefusal(400, 'invalid.value', `${path} has no predicates`)
  if (type === 'and') return (subject) => tests.every((test) => test(subject))
  if (type === 'or') return (subject) => tests.some((test) => test(subject))
  throw invalidValue(`${path}.type`, type, ['and', 'or'])
}

function listOf(path: string, list: unknown): readonly unknown[] {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) throw new ApiRefusal(400, 'invalid.value', `${path} is not a list`)
  return list as readonly unknown[]
}

function membersOf(path: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (!isObject(value)) throw new ApiRefusal(400, 'invalid.value', `${path} is not an object`)
  refuseUnknownMembers(path, value, known)
  return value
}
