import { json } from '../platform/responses.js'
import { ApiRefusal } from './responses.js'
import { badCursor, decodeCursor, encodeCursor } from './opaque-cursor.js'
import type { ResolvedOptions } from './options.js'
import { entityListing, listParameter, pageSizeOf, pagingOf } from './paging.js'
import type { ApiCall, Route } from './route.js'
import { expansionsOf, isDescending, oneOf, refuseUnmodelledParameters, USER_STATES } from './user-parameters.js'
import type { UserHead, Users } from './users.js'

/** Genesys lists inactive users no further than this. */
const INACTIVE_DEPTH = 10_000

/** `/api/v2/users` and what is below it. */
export class UsersEndpoint {
  readonly #users: Users
  readonly #options: ResolvedOptions
  readonly routes: readonly Route[] = [
    { method: 'GET', path: '/api/v2/users', response: (call) => this.#list(call) },
    {
      method: 'GET',
      path: '/api/v2/users/query',
      permissions: ['directory:user:view'],
      response: (call) => this.#query(call),
    },
    { method: 'GET', path: '/api/v2/users/me', response: (call) => this.#me(call) },
    { method: 'GET', path: '/api/v2/users/{}', response: (call) => this.#get(call) },
  ]

  constructor(users: Users, options: ResolvedOptions) {
    this.#users = users
    this.#options = options
  }

  #list({ url }: ApiCall): Response {
    refuseUnmodelledParameters(url)
    const paging = pagingOf(url, this.#options.limits.userPageSize)
    const state = oneOf(url, 'state', USER_STATES, 'active')
    if (state === 'inactive' && paging.pageSize * paging.pageNumber > INACTIVE_DEPTH) {
      throw new ApiRefusal(400, 'bad.request', `Inactive users are listed up to number ${INACTIVE_DEPTH}.`)
    }
    const ids = new Set(listParameter(url, 'id'))
    const matches = this.#find(url, state).filter(({ id }) => ids.size === 0 || ids.has(id))
    return entityListing(url, paging, matches, this.#entityFor(url))
  }

  #query({ url }: ApiCall): Response {
    refuseUnmodelledParameters(url)
    const pageSize = pageSizeOf(url, this.#options.limits.userPageSize)
    const state = oneOf(url, 'state', USER_STATES, 'active')
    const order = isDescending(url) ? 'desc' : 'asc'
    const matches = this.#find(url, state)
    const first = placeIn(url.searchParams.get('cursor'), state, order)
    const end = first + pageSize
    const entities = matches.slice(first, end).map(this.#entityFor(url))
    const cursor = end < matches.length ? encodeCursor([state, order, end]) : undefined
    return json(200, {
      entities,
      ...(cursor !== undefined && { nextUri: uriWith(url, cursor) }),
      selfUri: `${url.pathname}${url.search}`,
      results: entities.length,
      ...(cursor !== undefined && { cursor }),
    })
  }

  #find(url: URL, state: string): UserHead[] {
    const matches = this.#users.heads.filter((head) => state === 'any' || head.state === state)
    return isDescending(url) ? matches.reverse() : matches
  }

  #entityFor(url: URL): (head: UserHead) => Record<string, unknown> {
    const expand = expansionsOf(url)
    return (head) => this.#users.entity(head, expand, this.#options.now())
  }

  #get({ url, parameter }: ApiCall): Response {
    refuseUnmodelledParameters(url)
    const head = this.#users.heads.find(({ id }) => id === parameter)
    const state = oneOf(url, 'state', ['active', 'deleted'], 'active')
    if (!head || (head.state === 'deleted') !== (state === 'deleted')) {
      throw new ApiRefusal(404, 'not.found', 'There is no such user.')
    }
    return json(200, this.#entityFor(url)(head))
  }

  #me({ url, token }: ApiCall): Response {
    const { userId } = token.owner
    const head = this.#users.heads.find(({ id }) => id === userId)
    if (head) return json(200, this.#entityFor(url)(head))
    const message =
      'This request requires a user context. Client credentials cannot be used for requests to this resource.'
    throw new ApiRefusal(400, 'bad.request', message)
  }
}

/** Where a cursor leads to in the listing that it came from. */
function placeIn(cursor: string | null, ...listing: readonly string[]): number {
  if (cursor === null) return 0
  const place = decodeCursor(cursor)
  const position = place.at(-1)
  if (typeof position !== 'number' || place.slice(0, -1).join() !== listing.join()) throw badCursor(cursor)
  return position
}

function uriWith(url: URL, cursor: string): string {
  const parameters = new URLSearchParams(url.searchParams)
  parameters.set('cursor', cursor)
  return `${url.pathname}?${parameters.toString()}`
}
