import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { Iteration } from '../http/iteration.js'
import { numberedPosition, pagesByNumber } from '../http/pages-by-number.js'
import type { User } from './models/users.js'
import { userEntityListing } from './models/users.js'
import { checkedPageSize } from './page-size.js'
import type { GenesysSession } from './session.js'

/** What more is told of each user than its own fields. */
export type UserExpand =
  | 'authorization'
  | 'authorization.unusedRoles'
  | 'biography'
  | 'certifications'
  | 'conversationSummary'
  | 'customAttributes'
  | 'dateLastLogin'
  | 'dateWelcomeSent'
  | 'employerInfo'
  | 'externalContactsSettings'
  | 'geolocation'
  | 'groups'
  | 'integrationPresence'
  | 'languagePreference'
  | 'languages'
  | 'lasttokenissued'
  | 'locations'
  | 'outOfOffice'
  | 'presence'
  | 'profileSkills'
  | 'routingStatus'
  | 'skills'
  | 'station'
  | 'team'
  | 'workPlanBidRanks'

/** Which users {@link Users.list} lists, and how. */
export interface ListUsersOptions {
  expand?: readonly UserExpand[]
  /** Only these users; of an empty list none. */
  id?: readonly string[]
  /** Default: Genesys' own, `active`. */
  state?: 'active' | 'inactive' | 'deleted' | 'any'
  /** Default: Genesys' own, `ASC`. */
  sortOrder?: 'ASC' | 'DESC'
  /** Users a request, 1 to 500. Default 100: with much expanded, Genesys refuses larger pages as too long. */
  pageSize?: number
  /** From an earlier iteration with the same options: goes on after the last user that it handed out. */
  checkpoint?: string | undefined
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
   * Genesys answers 400 when inactive users are listed beyond the 10,000th.
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
    const { client, limits, validate } = this.#session
    const { checkpoint, signal, pageSize = Math.min(100, limits.userPageSize) } = options
    const { expand, id, state, sortOrder } = options
    checkedPageSize(pageSize, limits.userPageSize)
    if (!isList(expand)) throw invalidOption('expand', 'must be a list')
    if (!isList(id)) throw invalidOption('id', 'must be a list')
    // Lists with commas, as the official SDK sends them.
    const query = {
      pageSize,
      expand: expand?.length ? expand.join(',') : undefined,
      id: id?.join(','),
      state,
      sortOrder,
    }
    const fetchPage = async (pageNumber: number, signal: AbortSignal) => {
      // Genesys would take it for no restriction at all.
      if (id?.length === 0) return []
      const schema = userEntityListing[validate]
      const listing = await client.request('GET', '/api/v2/users', { query: { ...query, pageNumber }, schema, signal })
      return listing.entities
    }
    return new Iteration({
      subject: { endpoint: 'users.list', query },
      checkpoint,
      signal,
      readPosition: numberedPosition,
      pages: (from, { signal }) =>
        pagesByNumber(
          (page) => fetchPage(page, signal),
          (user) => user.id,
          from,
        ),
    })
  }
}

function isList(value: unknown): boolean {
  return value === undefined || Array.isArray(value)
}
