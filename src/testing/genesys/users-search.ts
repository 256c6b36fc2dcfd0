import { json } from '../platform/responses.js'
import { ApiRefusal, invalidValue, notModelled } from './responses.js'
import { readJson } from '../platform/json-body.js'
import { isObject, isTexts } from '../platform/json-body.js'
import { refuseUnknownMembers } from './body-members.js'
import type { ResolvedOptions } from './options.js'
import { listParameter } from './paging.js'
import { REFUSALS } from './refusals.js'
import type { ApiCall, Route } from './route.js'
import { SEARCHABLE, UserCriteria } from './user-criteria.js'
import { knownExpansions, refuseUnmodelledParameters } from './user-parameters.js'
import type { Users } from './users.js'

type Body = Readonly<Record<string, unknown>>
type Entity = Readonly<Record<string, unknown>>

const PATH = '/api/v2/users/search'
const PERMISSIONS = ['directory:user:view']
const SORT = ['sortBy', 'sortOrder']
const MEMBERS = ['query', ...SORT, 'sort', 'pageSize', 'pageNumber', 'expand', 'enforcePermissions']
const SORTABLE = ['id', 'name', 'department', 'email', 'state', 'title', 'username']
const ORDERS = ['ASC', 'DESC', 'SCORE']

/**
 * `POST` and `GET /api/v2/users/search`. Everybody is found who matches, but those who have left only when a criterion
 * asks for `state`. Letters' case does not matter. Permissions are for the whole organization here, so enforcing them
 * changes nothing.
 */
export class UsersSearch {
  readonly #users: Users
  readonly #options: ResolvedOptions
  readonly routes: readonly Route[] = [
    { method: 'POST', path: PATH, permissions: PERMISSIONS, response: (call) => this.#post(call) },
    { method: 'GET', path: PATH, permissions: PERMISSIONS, response: (call) => this.#get(call) },
  ]

  constructor(users: Users, options: ResolvedOptions) {
    this.#users = users
    this.#options = options
  }

  async #post({ request }: ApiCall): Promise<Response> {
    return this.#search(await readJson(request, this.#options.limits.requestBytes, REFUSALS))
  }

  /** A search that a former answer gave as a `q64`. */
  #get({ url }: ApiCall): Response {
    refuseUnmodelledParameters(url)
    const body = fromQ64(url.searchParams.get('q64'))
    const expand = listParameter(url, 'expand')
    return this.#search({ ...body, ...(expand.length > 0 && { expand }) })
  }

  #search(body: unknown): Response {
    if (!isObject(body)) throw new ApiRefusal(400, 'bad.request', 'The request body is not an object.')
    if ((body['integrationPresenceSource'] ?? null) !== null) throw notModelled('integrationPresenceSource')
    refuseUnknownMembers('the search', body, MEMBERS)
    const criteria = new UserCriteria(body['query'])
    const pageSize = wholeNumber(body, 'pageSize', 25, this.#options.limits.userSearchPageSize)
    const pageNumber = wholeNumber(body, 'pageNumber', 1, Number.MAX_SAFE_INTEGER)
    const { expand: names = [] } = body
    if (!isTexts(names)) throw new ApiRefusal(400, 'bad.request', 'expand is not a list of names.')
    const expand = knownExpansions(names)
    const compare = comparison(body)

    const now = this.#options.now()
    const everybody = this.#users.heads.filter(({ state }) => state === 'active' || criteria.fields.has('state'))
    const matches = everybody
      .map((head) => ({ head, user: this.#users.entity(head, SEARCHABLE, now) }))
      .filter(({ user }) => criteria.match(user))
      .sort((a, b) => compare(a.user, b.user))
    const pageCount = Math.ceil(matches.length / pageSize)
    const q64 = (number: number) => toQ64({ ...body, pageSize, pageNumber: number })
    return json(200, {
      total: matches.length,
      pageCount,
      pageSize,
      pageNumber,
      ...(pageNumber > 1 && pageNumber <= pageCount + 1 && { previousPage: q64(pageNumber - 1) }),
      currentPage: q64(pageNumber),
      ...(pageNumber < pageCount && { nextPage: q64(pageNumber + 1) }),
      types: ['users'],
      results: matches
        .slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
        .map(({ head }) => this.#users.entity(head, expand, now)),
    })
  }
}

/** By `sortBy` and `sortOrder`, then by each of `sort`; what is equal in all stays in the order of the listing. */
function comparison(body: Body): (a: Entity, b: Entity) => number {
  const { sortBy, sortOrder, sort = [] } = body
  if (!Array.isArray(sort) || !sort.every(isObject)) throw new ApiRefusal(400, 'bad.request', 'sort is not a list.')
  const first = sortBy === undefined && sort.length > 0 ? [] : [{ sortBy, sortOrder }]
  const keys = [...first, ...sort].map(sortKey)
  return (a, b) => {
    for (const { field, sign } of keys) {
      const [one, other] = [String(a[field]), String(b[field])]
      if (one !== other) return one < other ? -sign : sign
    }
    return 0
  }
}

function sortKey({ sortBy = 'name', sortOrder = 'ASC' }: Body): { field: string; sign: number } {
  if (!ORDERS.includes(sortOrder as string)) throw invalidValue('sortOrder', sortOrder, ORDERS)
  if (sortOrder === 'SCORE') throw notModelled('Sorting by score')
  if (!SORTABLE.includes(sortBy as string)) throw notModelled(`Sorting by ${String(sortBy)}`)
  return { field: sortBy as string, sign: sortOrder === 'DESC' ? -1 : 1 }
}

function wholeNumber(body: Body, name: string, fallback: number, maximum: number): number {
  const value = body[name] ?? fallback
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maximum) return value
  throw new ApiRefusal(400, 'bad.request', `${name} [${JSON.stringify(value)}] is not from 1 to ${maximum}.`)
}

function toQ64(search: Body): string {
  return Buffer.from(JSON.stringify(search)).toString('base64')
}

function fromQ64(q64: string | null): Body {
  try {
    const body: unknown = JSON.parse(Buffer.from(q64 ?? '', 'base64').toString())
    if (isObject(body)) return body
  } catch {
    // Refused below.
  }
  throw new ApiRefusal(400, 'invalid.query.param.value', `q64 [${String(q64)}] is not a search.`)
}
