import type { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import { checkSignal, checkText, knownOptions } from '../base/options.js'
import type { Iteration } from '../paging/iteration.js'
import { commaList } from '../platform/comma-list.js'
import { userMe } from './models/user-me.js'
import type { UserMe } from './models/user-me.js'
import { user } from './models/users.js'
import type { User } from './models/users.js'
import { pathSegment } from '../platform/path-segment.js'
import type { GenesysSession } from './session.js'
import type { UserExpand, UserMeExpand } from './user-expand.js'
import { listUsers, queryUsers, searchUsers } from './user-listings.js'
import type { ListUsersOptions, QueryUsersOptions, SearchUsersOptions } from './user-listings.js'

/** What {@link Users.get} is to tell of a user. */
export interface GetUserOptions {
  expand?: readonly UserExpand[] | undefined
  /** A deleted user is found only as such. Default: Genesys' own, `active`. */
  state?: 'active' | 'deleted' | undefined
  signal?: AbortSignal | undefined
}

/** What {@link Users.me} is to tell of the token's own user. */
export interface GetMeOptions {
  expand?: readonly UserMeExpand[] | undefined
  signal?: AbortSignal | undefined
}

/** The users of an organization. */
export class Users {
  readonly #session: GenesysSession

  constructor(session: GenesysSession) {
    this.#session = session
  }

  /**
   * All users that the token may see, each once, page by page until an empty one (`GET /api/v2/users`). Needs no
   * permission. Throws {@link EverbearerError} `invalid_option` or `invalid_checkpoint`; while iterating {@link ApiError},
   * {@link TokenError} or {@link SchemaError}, with the checkpoint to go on from.
   *
   * Genesys answers 400 when inactive users are listed beyond the 10,000th; {@link Users.query} has no such limit.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * for await (const user of genesys.users.list({ expand: ['presence'] })) {
   *   console.log(user.name, user.presence?.presenceDefinition?.systemPresence)
   * }
   * await genesys.close()
   * ```
   */
  list(options: ListUsersOptions = {}): Iteration<User> {
    return listUsers(this.#session, options)
  }

  /**
   * All users, each once, by Genesys' newer listing, which goes from page to page by a cursor (`GET /api/v2/users/query`):
   * what changes meanwhile moves no user out of sight. Needs `directory:user:view` in all divisions. Throws as
   * {@link Users.list} does. Whether Genesys lets a cursor grow old is not documented: a checkpoint that it refuses is its
   * error, and the listing wants to begin again without it.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * for await (const user of genesys.users.query({ state: 'any', pageSize: 500 })) {
   *   console.log(user.id, user.state)
   * }
   * await genesys.close()
   * ```
   */
  query(options: QueryUsersOptions = {}): Iteration<User> {
    return queryUsers(this.#session, options)
  }

  /**
   * The users that fit these criteria, which are joined as the `operator` of each says; each user once, page by page until
   * an empty one (`POST /api/v2/users/search`, whose answer has `results` and no `entities`). Needs `directory:user:view`.
   * How deep its pages go Genesys does not say; beyond that it is Genesys' error, and not the end. Throws as
   * {@link Users.list} does.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * const found = genesys.users.search({
   *   query: [{ type: 'STARTS_WITH', fields: ['name', 'email'], value: 'ada' }],
   *   sortBy: 'name',
   *   sortOrder: 'ASC',
   * })
   * for await (const user of found) console.log(user.name, user.email)
   * await genesys.close()
   * ```
   */
  search(options: SearchUsersOptions = {}): Iteration<User> {
    return searchUsers(this.#session, options)
  }

  /**
   * One user (`GET /api/v2/users/{userId}`). Needs no permission. Rejects with {@link EverbearerError} `invalid_option`,
   * {@link ApiError} (`api_not_found` also for a user of another `state`), {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = GenesysCloud.fromEnv()
   * for await (const { id } of genesys.users.list({ pageSize: 1 })) {
   *   const user = await genesys.users.get(id, { expand: ['routingStatus', 'skills'] })
   *   console.log(user.name, user.routingStatus?.status)
   *   break
   * }
   * await genesys.close()
   * ```
   */
  async get(id: string, options: GetUserOptions = {}): Promise<User> {
    const { client, validate } = this.#session
    const { expand, state, signal } = knownOptions(options, 'users.get', {
      expand: true,
      state: true,
      signal: true,
    })
    checkText('state', state)
    checkSignal(signal)
    return client.request('GET', `/api/v2/users/${pathSegment('id', id)}`, {
      query: { expand: commaList('expand', expand), state },
      schema: user[validate],
      signal,
    })
  }

  /**
   * Whose token it is (`GET /api/v2/users/me`), for a token of a person, from `tokens` of your own. Needs no permission.
   * Client credentials have no user: Genesys answers 400, and the {@link ApiError} `api_bad_request` says so. What they
   * can do is told by `genesys.verify()`, what they are by `genesys.tokens.me()`. Else it rejects as {@link Users.get} does.
   *
   * @example
   * ```ts
   * import { staticToken } from 'everbearer'
   * import { GenesysCloud } from 'everbearer/genesys'
   *
   * const genesys = new GenesysCloud({ region: 'eu-central-1', tokens: staticToken(userToken) })
   * const { name, token } = await genesys.users.me({ expand: ['token'] })
   * console.log(name, token?.organization?.name)
   * await genesys.close()
   * ```
   */
  async me(options: GetMeOptions = {}): Promise<UserMe> {
    const { client, validate } = this.#session
    const { expand, signal } = knownOptions(options, 'users.me', { expand: true, signal: true })
    checkSignal(signal)
    return client.request('GET', '/api/v2/users/me', {
      query: { expand: commaList('expand', expand) },
      schema: userMe[validate],
      signal,
    })
  }
}
