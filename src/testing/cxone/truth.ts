import { invalid } from '../platform/option-checks.js'
import { parseMoment } from '../platform/moment.js'
import type { Matches } from '../platform/matches.js'
import type { Agents } from './agents.js'
import type { ContactSearch } from './contact-search.js'
import { contactIdAt } from './contact-traits.js'
import { rangesOf } from './contacts-endpoint.js'
import type { ResolvedOptions } from './options.js'
import { extractionDates } from './extraction-dates.js'
import type { ExtractionTables } from './extraction-tables.js'
import type { Users } from './users.js'

/** What is there, whatever a client got to see of it: limits, faults and paging play no part. */
export class CxoneTruth {
  readonly #options: ResolvedOptions
  readonly #agents: Agents
  readonly #users: Users
  readonly #search: ContactSearch
  readonly #tables: ExtractionTables

  constructor(options: ResolvedOptions, agents: Agents, users: Users, search: ContactSearch, tables: ExtractionTables) {
    this.#tables = tables
    this.#options = options
    this.#agents = agents
    this.#users = users
    this.#search = search
  }

  /** The ids of all agents, those who have left too, in the order of their listing. */
  agentIds(): number[] {
    return this.#agents.heads.map(({ id }) => id)
  }

  /** The ids of all users, the deleted ones too, in the order of a search. */
  userIds(): string[] {
    return this.#users.ids()
  }

  /**
   * The ids of the completed contacts of a range of dates, in the order in which they started: those that have ended by
   * now.
   *
   * @param startDate ISO-8601, such as `2026-01-01T00:00:00Z`; included.
   * @param endDate Not included, unless `endDateIncluded` says so.
   * @throws EverbearerError `invalid_option` when one is no such date.
   */
  contactIds(startDate: string, endDate: string): number[] {
    return this.#idsOf(this.#completed(startDate, endDate))
  }

  /** How many they are, without writing down their ids. */
  contactCount(startDate: string, endDate: string): number {
    return this.#completed(startDate, endDate).total
  }

  /**
   * The ids of the contacts that have completed since a moment, however long ago.
   *
   * @throws EverbearerError `invalid_option` when it is no date.
   */
  updatedContactIds(updatedSince: string): number[] {
    const ranges = rangesOf(this.#options, undefined, undefined, parsed('updatedSince', updatedSince))
    return this.#idsOf(this.#search.completed(ranges, this.#options.now()))
  }

  /** The ids of the contacts that have started and not ended. */
  activeContactIds(): number[] {
    return this.#idsOf(this.#search.active(this.#options.now()))
  }

  /**
   * The rows that a job of the Data Extraction API finds which is submitted now, by their columns.
   *
   * @param entityName `contacts` or `contact-tags`.
   * @param startDate A date such as `2026-01-01`; included, as is `endDate`.
   * @throws EverbearerError `invalid_option` when there is no such entity, or one is no date.
   */
  extraction(entityName: string, startDate: string, endDate: string): Record<string, string>[] {
    const extraction = this.#tables.find(entityName)
    if (!extraction) throw invalid('entityName must be contacts or contact-tags')
    const days = extractionDates(startDate, endDate)
    if (!days) throw invalid('startDate and endDate must be dates such as 2026-03-03, in this order')
    const { columns, rows } = extraction(days, this.#options.now() - this.#options.dataDelay)
    return Array.from(rows(), (row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ''])))
  }

  #completed(startDate: string, endDate: string): Matches {
    const ranges = rangesOf(this.#options, parsed('startDate', startDate), parsed('endDate', endDate))
    return this.#search.completed(ranges, this.#options.now())
  }

  #idsOf(matches: Matches): number[] {
    return Array.from(matches, (place) => contactIdAt(this.#options.seed, place))
  }
}

function parsed(name: string, text: string): number {
  const moment = typeof text === 'string' ? parseMoment(text) : NaN
  if (Number.isNaN(moment)) throw invalid(`${name} must be an ISO-8601 date and time`)
  return moment
}
