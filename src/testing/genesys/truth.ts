import type { ConversationSearch } from './conversation-search.js'
import { conversationIdAt } from './conversation-traits.js'
import type { Matches } from '../platform/matches.js'
import { parseInterval } from './interval.js'
import { ApiRefusal } from './responses.js'
import { invalid } from '../platform/option-checks.js'
import type { ResolvedOptions } from './options.js'
import type { Users } from './users.js'

/** What is there, whatever a client got to see of it: limits, faults and permissions play no part. */
export class GenesysTruth {
  readonly #seed: number
  readonly #now: () => number
  readonly #users: Users
  readonly #search: ConversationSearch
  readonly #dataDelay: number

  constructor(
    { seed, now, dataDelay }: Pick<ResolvedOptions, 'seed' | 'now' | 'dataDelay'>,
    users: Users,
    search: ConversationSearch,
  ) {
    this.#seed = seed
    this.#now = now
    this.#dataDelay = dataDelay
    this.#users = users
    this.#search = search
  }

  /** The ids of the active users, in the order of their listing. */
  userIds(): string[] {
    return this.#users.heads.filter(({ state }) => state === 'active').map(({ id }) => id)
  }

  /**
   * The ids of the conversations that the details query's own rule gives for an interval of any length, in the order in
   * which they started: those that started on a UTC day which the interval touches and were active in it. Conversations
   * that start after the call are not among them.
   *
   * @param interval ISO-8601, such as `2026-01-01T00:00Z/2026-02-01T00:00Z`.
   * @throws EverbearerError `invalid_option` when it is none.
   */
  conversationIds(interval: string): string[] {
    return Array.from(this.#search.find(parsed(interval), this.#now()), (place) => conversationIdAt(this.#seed, place))
  }

  /** How many they are, without writing down their ids. */
  conversationCount(interval: string): number {
    return this.#search.find(parsed(interval), this.#now()).total
  }

  /**
   * The ids of the conversations that a job gives which is submitted now, in the order in which they started: those with
   * activity in the interval, whenever they started, as far as its data reach.
   *
   * @param interval ISO-8601, of any length.
   * @throws EverbearerError `invalid_option` when it is none.
   */
  exportedIds(interval: string): string[] {
    return Array.from(this.#exported(interval), (place) => conversationIdAt(this.#seed, place))
  }

  /** How many they are, without writing down their ids. */
  exportedCount(interval: string): number {
    return this.#exported(interval).total
  }

  #exported(interval: string): Matches {
    return this.#search.findActive(parsed(interval), this.#now() - this.#dataDelay)
  }
}

function parsed(interval: string) {
  try {
    return parseInterval(interval)
  } catch (error) {
    throw error instanceof ApiRefusal ? invalid(error.message) : error
  }
}
