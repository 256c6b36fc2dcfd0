import { checkBoolean, checkText } from '../base/options.js'
import { uniqueRows } from '../paging/unique-rows.js'
import { Iteration } from '../paging/iteration.js'
import { prefetching } from '../paging/prefetch.js'
import { cursorPosition, cursorPrefetch, pagesByCursor } from '../paging/pages-by-cursor.js'
import { numberedPosition, numberPrefetch, pagesByNumber } from '../paging/pages-by-number.js'
import { commaList } from '../platform/comma-list.js'
import { jsonRecords } from '../platform/json-copy.js'
import type { UserSearchRequest } from './models/user-search.js'
import type { User, UserEntityListing } from './models/users.js'
import { userCursorEntityListing, userEntityListing, usersSearchResponse } from './models/users.js'
import { pagingOptions } from '../platform/paging.js'
import type { PagingOptions } from '../platform/paging.js'
import type { GenesysSession } from './session.js'
import type { UserExpand } from './user-expand.js'

/** What every listing of users takes. */
export interface UserListingOptions extends PagingOptions {
  expand?: readonly UserExpand[] | undefined
  /** Users a request, 1 to 500, of a search to 100. Default 100: with much expanded, Genesys refuses more as too long. */
  pageSize?: number | undefined
  /** From an earlier iteration with the same options: goes on after the last user that it handed out. */
  checkpoint?: string | undefined
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

export function listUsers({ client, limits, validate }: GenesysSession, options: ListUsersOptions): Iteration<User> {
  const { id, state, sortOrder, checkpoint, signal, expand, pageSize } = pagingOptions(
    options,
    'users.list',
    { expand: true, id: true, state: true, sortOrder: true },
    { most: limits.userPageSize, usual: USUAL },
  )
  checkText('state', state)
  checkText('sortOrder', sortOrder)
  const query = { pageSize, expand: commaList('expand', expand), id: commaList('id', id), state, sortOrder }
  /** Genesys would take it for no restriction at all. */
  const nobody = id?.length === 0
  const fetchPage = async (pageNumber: number, signal: AbortSignal): Promise<UserEntityListing> => {
    if (nobody) return { entities: [] }
    const schema = userEntityListing[validate]
    return client.request('GET', '/api/v2/users', { query: { ...query, pageNumber }, schema, signal })
  }
  return new Iteration({
    subject: { endpoint: 'users.list', query: { ...query, nobody } },
    checkpoint,
    signal,
    readPosition: numberedPosition,
    pages(from, { signal }) {
      const source = numberPrefetch(client.concurrency, fetchPage)
      return prefetching(source, signal, (fetch) =>
        pagesByNumber(async (pageNumber) => (await fetch(pageNumber)).entities, idOf, from),
      )
    },
  })
}

export function queryUsers({ client, limits, validate }: GenesysSession, options: QueryUsersOptions): Iteration<User> {
  const { state, sortOrder, checkpoint, signal, expand, pageSize } = pagingOptions(
    options,
    'users.query',
    { expand: true, state: true, sortOrder: true },
    { most: limits.userPageSize, usual: USUAL },
  )
  checkText('state', state)
  checkText('sortOrder', sortOrder)
  const query = { pageSize, expand: commaList('expand', expand), state, sortOrder }
  const fetchPage = async (cursor: string | undefined, signal: AbortSignal) => {
    const schema = userCursorEntityListing[validate]
    const response = await client.request('GET', '/api/v2/users/query', { query: { ...query, cursor }, schema, signal })
    return { rows: response.entities, next: response.cursor }
  }
  return new Iteration({
    subject: { endpoint: 'users.query', query },
    checkpoint,
    signal,
    readPosition: cursorPosition,
    pages: (from, { signal }) =>
      prefetching(cursorPrefetch(client.concurrency, fetchPage), signal, (fetch) =>
        uniqueRows(pagesByCursor(fetch, from), idOf),
      ),
  })
}

export function searchUsers(
  { client, limits, validate }: GenesysSession,
  options: SearchUsersOptions,
): Iteration<User> {
  const own = pagingOptions(options, 'users.search', SEARCH, { most: limits.userSearchPageSize, usual: USUAL })
  const { checkpoint, signal, expand, pageSize } = own
  const { query, sort, sortBy, sortOrder, enforcePermissions, integrationPresenceSource } = own
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
  const fetchPage = (pageNumber: number, signal: AbortSignal) =>
    client.request('POST', '/api/v2/users/search', {
      body: { ...body, pageNumber } satisfies UserSearchRequest,
      // A POST that only reads.
      idempotent: true,
      schema: usersSearchResponse[validate],
      signal,
    })
  return new Iteration({
    subject: { endpoint: 'users.search', query: body },
    checkpoint,
    signal,
    readPosition: numberedPosition,
    pages(from, { signal }) {
      const source = numberPrefetch(client.concurrency, fetchPage)
      return prefetching(source, signal, (fetch) =>
        pagesByNumber(async (pageNumber) => (await fetch(pageNumber)).results, idOf, from),
      )
    },
  })
}
