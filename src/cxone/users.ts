import type { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import { checkSignal, knownOptions } from '../base/options.js'
import type { Iteration } from '../paging/iteration.js'
import { jsonRecord } from '../platform/json-copy.js'
import { pagingOptions } from '../platform/paging.js'
import type { PagingOptions } from '../platform/paging.js'
import { pathSegment } from '../platform/path-segment.js'
import type { UserSearchRequest } from './models/user-search.js'
import { userResponse, userSearchResponse } from './models/users.js'
import type { User } from './models/users.js'
import { offsetListing } from '../platform/typed-listing.js'
import { fieldsWith } from './parameters.js'
import type { CxoneSession } from './session.js'

/** Which users {@link Users.search} finds, in NICE's own words. Paging is its own affair. */
export interface SearchUsersOptions extends PagingOptions, Omit<UserSearchRequest, 'skip' | 'top'> {
  /** The fields to tell of each user, and `id`. Default: all. */
  fields?: readonly string[] | undefined
  /** Users a request, 1 to 100. Default 100. */
  pageSize?: number | undefined
  /** From an earlier iteration with the same options: goes on after the last user that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** How {@link Users.get} goes about it. */
export interface GetUserOptions {
  signal?: AbortSignal | undefined
}

/** The users of a tenant, as UserHub knows them. */
export class Users {
  readonly #session: CxoneSession

  constructor(session: CxoneSession) {
    this.#session = session
  }

  /**
   * The users that fit, each once, page by page until an empty one (`POST /user-management/v2/users/search`); without a
   * filter, all. Throws {@link EverbearerError} `invalid_option` or `invalid_checkpoint`; while iterating
   * {@link ApiError}, {@link TokenError} or {@link SchemaError}, with the checkpoint to go on from.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for await (const user of cxone.users.search()) {
   *   console.log(user.id, user.fullName, user.status)
   * }
   * await cxone.close()
   * ```
   */
  search(options: SearchUsersOptions = {}): Iteration<User> {
    const { client, limits, validate, versions } = this.#session
    const names = { filter: true, fields: true, operations: true, orderBy: true }
    const own = pagingOptions(options, 'users.search', names, { most: limits.userPageSize })
    const query = {
      filter: jsonRecord('filter', own.filter),
      fields: fieldsWith('id', own.fields),
      operations: jsonRecord('operations', own.operations),
      orderBy: jsonRecord('orderBy', own.orderBy),
    } satisfies UserSearchRequest
    return offsetListing({
      endpoint: 'users.search',
      query,
      options: own,
      idOf: ({ id }) => id,
      fetchPage: async (skip, signal) => {
        const response = await client.request('POST', `/user-management/${versions.userSearch}/users/search`, {
          body: { ...query, skip, top: own.pageSize } satisfies UserSearchRequest,
          // A POST that only reads.
          idempotent: true,
          schema: userSearchResponse[validate],
          noContent: { users: [] },
          signal,
        })
        return { rows: response.users, total: response.totalRecords }
      },
    })
  }

  /**
   * One user (`GET /user-management/v3/users/{userId}`). Rejects with {@link EverbearerError} `invalid_option`,
   * {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for await (const { id } of cxone.users.search({ pageSize: 1 })) {
   *   const user = await cxone.users.get(id)
   *   console.log(user.userName, user.role)
   *   break
   * }
   * await cxone.close()
   * ```
   */
  async get(id: string, options: GetUserOptions = {}): Promise<User> {
    const { client, validate, versions } = this.#session
    const { signal } = knownOptions(options, 'users.get', { signal: true })
    checkSignal(signal)
    const path = `/user-management/${versions.user}/users/${pathSegment('id', id)}`
    const { user } = await client.request('GET', path, { schema: userResponse[validate], signal })
    return user
  }
}
