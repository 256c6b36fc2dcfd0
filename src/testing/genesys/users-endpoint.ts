import { ApiRefusal, json, notModelled } from './answers.js'
import type { ApiCall } from './api-call.js'
import type { ResolvedOptions } from './options.js'
import { entityListing, listParameter, pagingOf } from './paging.js'
import type { Route } from './route.js'
import type { Users } from './users.js'

/** What can be asked for beside the usual members. Genesys gives what it has: not every one of these yields something. */
const EXPANSIONS = new Set([
  ...[
    'routingStatus',
    'presence',
    'integrationPresence',
    'conversationSummary',
    'outOfOffice',
    'geolocation',
    'station',
  ],
  ...['authorization', 'lasttokenissued', 'authorization.unusedRoles', 'team', 'workPlanBidRanks', 'profileSkills'],
  ...['externalContactsSettings', 'groups', 'customAttributes', 'certifications', 'locations', 'skills', 'languages'],
  ...['languagePreference', 'employerInfo', 'biography', 'dateLastLogin', 'dateWelcomeSent'],
])
const DESCENDING: Readonly<Record<string, boolean>> = { asc: false, ascending: false, desc: true, descending: true }
const STATES = ['active', 'inactive', 'deleted', 'any']
const UNMODELLED = ['jabberId', 'integrationPresenceSource', 'userCustomAttributeSchemaIds']

/** Genesys lists inactive users no further than this. */
const INACTIVE_DEPTH = 10_000

/** `/api/v2/users` and what is below it. */
export class UsersEndpoint {
  readonly #users: Users
  readonly #options: ResolvedOptions
  readonly routes: readonly Route[] = [
    { method: 'GET', path: '/api/v2/users', answer: (call) => this.#list(call) },
    { method: 'GET', path: '/api/v2/users/me', answer: () => this.#me() },
    { method: 'GET', path: '/api/v2/users/{}', answer: (call) => this.#get(call) },
  ]

  constructor(users: Users, options: ResolvedOptions) {
    this.#users = users
    this.#options = options
  }

  #list({ url }: ApiCall): Response {
    const unmodelled = UNMODELLED.find((name) => url.searchParams.has(name))
    if (unmodelled !== undefined) throw notModelled(`The parameter ${unmodelled}`)
    const paging = pagingOf(url, this.#options.limits.userPageSize)
    const state = oneOf(url, 'state', STATES, 'active')
    if (state === 'inactive' && paging.pageSize * paging.pageNumber > INACTIVE_DEPTH) {
      throw new ApiRefusal(400, 'bad.request', `Inactive users are listed up to number ${INACTIVE_DEPTH}.`)
    }
    const descending = DESCENDING[oneOf(url, 'sortOrder', Object.keys(DESCENDING), 'asc')] ?? false
    const expand = expansions(url)
    const ids = new Set(listParameter(url, 'id'))
    const found = this.#users.heads.filter(
      (head) => (state === 'any' || head.state === state) && (ids.size === 0 || ids.has(head.id)),
    )
    if (descending) found.reverse()
    return entityListing(url, paging, found, (head) => this.#users.entity(head, expand, this.#options.now()))
  }

  #get({ url, parameter }: ApiCall): Response {
    const head = this.#users.heads.find(({ id }) => id === parameter)
    const state = oneOf(url, 'state', ['active', 'deleted'], 'active')
    if (!head || (head.state === 'deleted') !== (state === 'deleted')) {
      throw new ApiRefusal(404, 'not.found', 'There is no such user.')
    }
    return json(200, this.#users.entity(head, expansions(url), this.#options.now()))
  }

  #me(): Response {
    const message =
      'This request requires a user context. Client credentials cannot be used for requests to this resource.'
    throw new ApiRefusal(400, 'bad.request', message)
  }
}

function expansions(url: URL): Set<string> {
  const expand = new Set(listParameter(url, 'expand'))
  for (const value of expand) if (!EXPANSIONS.has(value)) throw unknownValue('expand', value, [...EXPANSIONS])
  return expand
}

function oneOf(url: URL, name: string, values: readonly string[], fallback: string): string {
  const value = (url.searchParams.get(name) ?? fallback).toLowerCase()
  if (!values.includes(value)) throw unknownValue(name, value, values)
  return value
}

function unknownValue(name: string, value: string, values: readonly string[]): ApiRefusal {
  const message = `Value [${value}] is not valid for field type [${name}]. Allowable values are: ${values.join(', ')}`
  return new ApiRefusal(400, 'invalid.value', message)
}
