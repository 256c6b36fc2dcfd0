import { checkBoolean, checkText } from '../base/options.js'
import type { Iteration } from '../paging/iteration.js'
import { commaList } from '../platform/comma-list.js'
import { jsonRecords } from '../platform/json-copy.js'
import type { UserSearchRequest } from './models/user-search.js'
import type { User, UserEntityListing } from './models/users.js'
import { userCursorEntityListing, userEntityListing, usersSearchResponse } from './models/users.js'
import { pagingOptions } from '../platform/paging.js'
import type { PagingOptions } from '../platform/paging.js'
import { cursorListing, numberedListing } from '../platform/typed-listing.js'
import type { GenesysSession } from './session.js'
import type { UserExpand } from './user-expand.js'

/** What every listing of users takes. */
export interface UserListingOptions extends PagingOptions {
  expand?: readonly UserExpand[] | undefined
  /** Users a request, 1 to 500, of a search to 100. Default 100: with much expanded, Genesys refuses more as too long. */
  pageSize?: number | undefined
  /** From an earlier iteration with the same options: goes on after the last user that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** Which users {@link Users.query} lists, and how. */
export interface QueryUsersOptions extends UserListingOptions {
  /** Default: Genesys' own, `active`. */
  state?: 'active' | 'inactive' | 'deleted' | 'any' | undefined
  /** Default: Genesys' own, `ASC`. */
  sortOrder?: 'ASC' | 'DESC' | undefined
}

/** Which users {@link Users.list} lists, and how. */
export interface ListUsersOptions extends QueryUsersOptions {
  /** Only these users; of an empty list none. */
  id?: readonly string[] | undefined
}

/** Which users {@link Users.search} finds: those that fit `query`. Paging is its own affair. */
export interface SearchUsersOptions
  extends UserListingOptions, Omit<UserSearchRequest, 'expand' | 'pageNumber' | 'pageSize'> {}

const SEARCH = {
  expand: true,
  query: true,
  sort: true,
  sortBy: true,
  sortOrder: true,
  enforcePermissions: true,
  integrationPresenceSource: true,
} as const

/** Genesys refuses more as too long, where much is expanded. */
const USUAL = 100

const idOf = ({ id }: User) => id

export function listUsers({ client, limits, validate }: GenesysSession, given: ListUsersOptions): Iteration<User> {
  const names = { expand: true, id: true, state: true, sortOrder: true }
  const options = pagingOptions(given, 'users.list', names, { most: limits.userPageSize, usual: USUAL })
  const { id, expand } = options
  const query = { ...selection(options), expand: commaList('expand', expand), id: commaList('id', id) }
  /** Genesys would read an empty list as no restriction at all. */
  const nobody = id?.length === 0
  return numberedListing({
    endpoint: 'users.list',
    query: { ...query, nobody },
    options,
    concurrency: client.concurrency,
    idOf,
    fetchPage: async (pageNumber, signal): Promise<UserEntityListing> =>
      nobody
        ? { entities: [] }
        : client.request('GET', '/api/v2/users', {
            query: { ...query, pageNumber },
            schema: userEntityListing[validate],
            signal,
          }),
    rowsOf: ({ entities }) => entities,
  })
}

export function queryUsers({ client, limits, validate }: GenesysSession, given: QueryUsersOptions): Iteration<User> {
  const names = { expand: true, state: true, sortOrder: true }
  const options = pagingOptions(given, 'users.query', names, { most: limits.userPageSize, usual: USUAL })
  const query = { ...selection(options), expand: commaList('expand', options.expand) }
  return cursorListing({
    endpoint: 'users.query',
    query,
    options,
    concurrency: client.concurrency,
    idOf,
    async fetchPage(cursor, signal) {
      const { entities, cursor: next } = await client.request('GET', '/api/v2/users/query', {
        query: { ...query, cursor },
        schema: userCursorEntityListing[validate],
        signal,
      })
      return { rows: entities, next }
    },
  })
}

/** What both listings send alike. */
function selection({ pageSize, state, sortOrder }: QueryUsersOptions) {
  checkText('state', state)
  checkText('sortOrder', sortOrder)
  return { pageSize, state, sortOrder }
}

export function searchUsers({ client, limits, validate }: GenesysSession, given: SearchUsersOptions): Iteration<User> {
  const options = pagingOptions(given, 'users.search', SEARCH, { most: limits.userSearchPageSize, usual: USUAL })
  const { expand, pageSize, query, sort, sortBy, sortOrder, enforcePermissions, integrationPresenceSource } = options
  checkText('sortBy', sortBy)
  checkText('sortOrder', sortOrder)
  checkText('integrationPresenceSource', integrationPresenceSource)
  checkBoolean('enforcePermissions', enforcePermissions)
  const body = {
    query: jsonRecords('query', query),
    sort: jsonRecords('sort', sort),
    sortBy,
    sortOrder,
    enforcePermissions,
    integrationPresenceSource,
    expand: commaList('expand', expand)?.split(','),
    pageSize,
  } satisfies UserSearchRequest
  return numberedListing({
    endpoint: 'users.search',
    query: body,
    options,
    concurrency: client.concurrency,
    idOf,
    fetchPage: (pageNumber, signal) =>
      client.request('POST', '/api/v2/users/search', {
        body: { ...body, pageNumber } satisfies UserSearchRequest,
        // A POST that only reads.
        idempotent: true,
        schema: usersSearchResponse[validate],
        signal,
      }),
    rowsOf: ({ results }) => results,
  })
}
