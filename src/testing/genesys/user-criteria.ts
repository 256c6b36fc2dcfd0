import { ApiRefusal, invalidValue, notModelled } from './responses.js'
import { isObject, isTexts } from '../platform/json-body.js'
import { refuseUnknownMembers } from './body-members.js'

type Entity = Readonly<Record<string, unknown>>
type Test = (user: Entity) => boolean

/** Of a text and what is sought in it, both in lower case. */
const COMPARISONS: Readonly<Record<string, (text: string, sought: string) => boolean>> = {
  EXACT: (text, sought) => text === sought,
  STARTS_WITH: (text, sought) => text.startsWith(sought),
  CONTAINS: (text, sought) => text.includes(sought),
  TERM: (text, sought) => wordsOf(text).includes(sought),
  TERMS: (text, sought) => wordsOf(text).includes(sought),
}
const TYPES = [...Object.keys(COMPARISONS), 'REGEX', 'REQUIRED_FIELDS', 'MATCH_ALL', 'QUERY_STRING']
const OPERATORS = ['AND', 'OR', 'NOT']
const RANGE = ['startValue', 'endValue', 'dateFormat']
const MEMBERS = ['type', 'operator', 'fields', 'value', 'values', 'group', ...RANGE]

/** The members that a search can look into; a dot leads further down. */
export const SEARCHABLE = new Set([
  ...['id', 'name', 'division', 'department', 'email', 'primaryContactInfo', 'addresses', 'state', 'title', 'username'],
  ...['version', 'acdAutoAnswer', 'chat', 'profileSkills', 'skills', 'languagePreference', 'routingStatus', 'presence'],
])

/** What users must be like to be found, as a list of `UserSearchCriteria` says it. */
export class UserCriteria {
  readonly #test: Test
  /** The fields that are looked into. */
  readonly fields = new Set<string>()

  constructor(query: unknown) {
    this.#test = this.#readList('query', query ?? [])
  }

  match(user: Entity): boolean {
    return this.#test(user)
  }

  /** All that are joined by AND must hold, none that is by NOT, and at least one of those by OR. */
  #readList(path: string, list: unknown): Test {
    if (!Array.isArray(list)) throw new ApiRefusal(400, 'bad.request', `${path} is not a list.`)
    const criteria = list.map((criterion, i) => this.#readCriterion(`${path}[${i}]`, criterion))
    const joinedBy = (operator: string) => criteria.filter((each) => each.operator === operator).map(({ test }) => test)
    const [all, some, none] = [joinedBy('AND'), joinedBy('OR'), joinedBy('NOT')]
    return (user) =>
      all.every((test) => test(user)) &&
      !none.some((test) => test(user)) &&
      (some.length === 0 || some.some((test) => test(user)))
  }

  #readCriterion(path: string, criterion: unknown): { operator: string; test: Test } {
    if (!isObject(criterion)) throw new ApiRefusal(400, 'bad.request', `${path} is not an object.`)
    refuseUnknownMembers(path, criterion, MEMBERS)
    const range = RANGE.find((name) => (criterion[name] ?? null) !== null)
    if (range !== undefined) throw notModelled(`${path}.${range}`)
    const operator = criterion['operator'] ?? 'AND'
    if (!OPERATORS.includes(operator as string)) throw invalidValue(`${path}.operator`, operator, OPERATORS)
    const group = criterion['group'] ?? []
    const isGroup = Array.isArray(group) && group.length > 0
    const own = isGroup && criterion['fields'] === undefined ? () => true : this.#readOwn(path, criterion)
    const nested = this.#readList(`${path}.group`, group)
    return { operator: operator as string, test: (user) => own(user) && nested(user) }
  }

  /** A criterion without its group. */
  #readOwn(path: string, criterion: Entity): Test {
    const { type } = criterion
    if (!TYPES.includes(type as string)) throw invalidValue(`${path}.type`, type, TYPES)
    if (type === 'MATCH_ALL') return () => true
    const fields = this.#readFields(path, criterion['fields'])
    if (type === 'REQUIRED_FIELDS') return (user) => fields.every((field) => textsIn(user, field).length > 0)
    const sought = soughtIn(path, criterion)
    const matches = type === 'QUERY_STRING' ? anyWord(sought) : type === 'REGEX' ? patterns(sought) : undefined
    const compare = COMPARISONS[type as string]
    const test = matches ?? ((text) => sought.some((each) => compare?.(text, each.toLowerCase())))
    return (user) => fields.some((field) => textsIn(user, field).some((text) => test(text.toLowerCase())))
  }

  #readFields(path: string, fields: unknown): readonly string[] {
    if (!isTexts(fields) || fields.length === 0) throw new ApiRefusal(400, 'bad.request', `${path}.fields is missing.`)
    for (const field of fields) {
      const [member = ''] = field.split('.')
      if (!SEARCHABLE.has(member)) throw notModelled(`Searching the field ${field}`)
      this.fields.add(member)
    }
    return fields
  }
}

function soughtIn(path: string, { value, values }: Entity): readonly string[] {
  const sought = [...(typeof value === 'string' ? [value] : []), ...(isTexts(values) ? values : [])]
  if (sought.length === 0) throw new ApiRefusal(400, 'bad.request', `${path} has no value.`)
  return sought
}

/** Expressions that a whole text must match. */
function patterns(sought: readonly string[]): (text: string) => boolean {
  try {
    const expressions = sought.map((source) => new RegExp(`^(?:${source})$`, 'i'))
    return (text) => expressions.some((expression) => expression.test(text))
  } catch {
    throw new ApiRefusal(400, 'invalid.value', `Value [${sought.join(', ')}] is not a regular expression.`)
  }
}

/** The simplest query strings: words, of which one must be there, each perhaps with a `*` at its end. */
function anyWord(sought: readonly string[]): (text: string) => boolean {
  const queries = sought.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '')
  const beyond = queries.find((word) => !/^[\p{L}\p{N}_.@]+\*?$/u.test(word) || /^(AND|OR|NOT)$/.test(word))
  if (beyond !== undefined) throw notModelled(`[${beyond}] in a query string`)
  const tests = queries.map((query) => {
    const word = query.toLowerCase()
    return (other: string) => (word.endsWith('*') ? other.startsWith(word.slice(0, -1)) : other === word)
  })
  return (text) => wordsOf(text).some((word) => tests.some((test) => test(word)))
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}_.@]+/u)
}

/** What stands in a field, everything in it when it is an object or a list. */
function textsIn(value: unknown, field: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, field))
  if (isObject(value)) {
    const [member = '', ...rest] = field === '' ? [] : field.split('.')
    const inner = member === '' ? Object.values(value) : [Object.hasOwn(value, member) ? value[member] : undefined]
    return inner.flatMap((item) => textsIn(item, rest.join('.')))
  }
  if (field !== '' || value === undefined || value === null) return []
  return [typeof value === 'string' ? value : JSON.stringify(value)]
}
