import { json } from '../platform/responses.js'
import { isObject, isTexts, readJson } from '../platform/json-body.js'
import { projection } from './acd-listing.js'
import { AcdQuery } from './acd-query.js'
import type { ApiCall, Route } from './acd-route.js'
import type { ResolvedOptions } from './options.js'
import { badRequest, notFound, notModelled, REFUSALS } from './refusals.js'
import type { Users } from './users.js'

const MEMBERS = ['filter', 'fields', 'operations', 'orderBy', 'skip', 'top']

type User = Record<string, unknown>

/**
 * The users of UserHub: `/user-management`. Guesses, where no source says how CXone does it: that a search finds the deleted
 * as well and the list without `includeDeleted` does not, that the members of a filter are fields, each with one value or
 * with several of which any will do, that `fields` is all that comes back, and that an unknown user is 404.
 */
export class UserHub {
  readonly #users: Users
  readonly #options: ResolvedOptions
  readonly routes: readonly Route[] = [
    { method: 'POST', path: '/user-management/v2/users/search', response: (call) => this.#search(call) },
    { method: 'GET', path: '/user-management/v3/users/{}', response: (call) => this.#get(call) },
    { method: 'GET', path: '/user-management/v1/users', response: (call) => this.#list(call) },
  ]

  constructor(users: Users, options: ResolvedOptions) {
    this.#users = users
    this.#options = options
  }

  async #search({ request }: ApiCall): Promise<Response> {
    const { limits, now } = this.#options
    const body = await readJson(request, limits.requestBytes, REFUSALS)
    if (!isObject(body)) throw badRequest('The request body is not an object.')
    for (const name of Object.keys(body)) if (!MEMBERS.includes(name)) throw notModelled(`The member ${name}`)
    for (const name of ['operations', 'orderBy']) if (!isEmpty(body[name])) throw notModelled(name)
    const project = projection(fieldsOf(body) ?? SEARCHED_FIELDS)
    const [skip, top] = [wholeMember(body, 'skip', 0, 0), wholeMember(body, 'top', 50, 1)]
    const matches = this.#users.all(now()).filter(testOf(body['filter'] ?? {}))
    const users = matches.slice(skip, skip + Math.min(top, limits.userPageSize)).map(project)
    return json(200, { totalRecords: matches.length, skip, top, users })
  }

  #get({ parameter }: ApiCall): Response {
    const user = this.#users.find(parameter, this.#options.now())
    if (!user) throw notFound('user')
    return json(200, { user: projection(USER_FIELDS)(user) })
  }

  #list({ url }: ApiCall): Response {
    const query = new AcdQuery(url, ['includeDeleted', 'fullNameContains'])
    const all = query.truth('includeDeleted') ?? false
    const part = (query.text('fullNameContains') ?? '').toLowerCase()
    const matches = this.#users
      .all(this.#options.now())
      .filter(({ status, fullName }) => (all || status !== 'DELETED') && String(fullName).toLowerCase().includes(part))
    return json(200, { users: matches.map(projection(LISTED_FIELDS)) })
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0)
}

function fieldsOf({ fields }: Record<string, unknown>): readonly string[] | undefined {
  if (fields === undefined || fields === null) return undefined
  if (!isTexts(fields)) throw badRequest('fields must be a list of texts.')
  for (const name of fields) checkField(name)
  return fields
}

function checkField(name: string): void {
  if (!SEARCHED_FIELDS.includes(name)) throw badRequest(`There is no field [${name}].`)
}

function wholeMember(body: Record<string, unknown>, name: string, fallback: number, lowest: number): number {
  const value = body[name] ?? fallback
  if (typeof value === 'number' && Number.isInteger(value) && value >= lowest && value < 2 ** 31) return value
  throw badRequest(`${name} must be a whole number from ${lowest}.`)
}

/** Whether a user is what a filter wants. */
function testOf(filter: unknown): (user: User) => boolean {
  if (!isObject(filter)) throw badRequest('filter must be an object.')
  const wanted = Object.entries(filter).map(([name, value]) => {
    checkField(name)
    const values: unknown[] = Array.isArray(value) ? value : [value]
    if (values.some((item) => typeof item === 'object'))
      throw notModelled(`A filter's ${name} that is not a plain value`)
    return { name, values }
  })
  return (user) => wanted.every(({ name, values }) => values.includes(user[name]))
}

const EVERYWHERE = [
  'acdInfos assignedGroup billable country customAttributes deletedDate emailAddress emailToBeVerified externalIdentity',
  'firstName fullName groupIds hireDate id impersonated lastName mobileNumber rank role roleUUID secondaryRoleIds status',
  'teamId timeZone userName',
]

function userFields(...more: string[]): readonly string[] {
  return [...EVERYWHERE, ...more].flatMap((line) => line.split(' '))
}

/** What a user can have who is found by a search. */
const SEARCHED_FIELDS = userFields(
  'acdUserMappings creationDate displayName divisionId invitationExpired middleName mobileNumber2 modifiable',
  'passwordPolicyUpdated type views',
)

/** What one user can have who is asked for by id. */
const USER_FIELDS = userFields('displayName loginAuthenticatorId middleName mobileNumber2 type views')

/** What a user can have in the list of all. */
const LISTED_FIELDS = userFields(
  'acdUserMappings creationDate invitationExpired modifiable organizationName passwordPolicyUpdated',
)
