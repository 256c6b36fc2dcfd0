import { invalidOption } from '../base/options.js'
import { Iteration } from '../paging/iteration.js'
import type { IterationSource } from '../paging/iteration.js'
import { DAY, intervalBetween } from '../platform/interval.js'
import type { Interval } from '../platform/interval.js'
import { pagingOptions } from '../platform/paging.js'
import type { PagingOptions } from '../platform/paging.js'
import { completedContacts, contactsPosition } from './contact-ranges.js'
import type { ContactsPosition, ContactsQuery } from './contact-ranges.js'
import { completedContactList } from './models/contacts.js'
import type { CompletedContact } from './models/contacts.js'
import { fieldsWith, number, parameters, text, truth, utc } from './parameters.js'
import { PollTime } from './poll-time.js'
import { acdPath } from './session.js'
import type { CxoneSession } from './session.js'

/** Which contacts `contacts.completed` reads, and how: those of some dates, or those that changed since a moment. */
export interface CompletedContactsOptions extends PagingOptions {
  /** An ISO 8601 moment with `Z` or an offset. With `endDate`, however far apart, and without `updatedSince`. */
  startDate?: string | undefined
  endDate?: string | undefined
  /** The same, at most 30 days ago: for the next poll, {@link CompletedContacts.lastPollTime} of the one before. */
  updatedSince?: string | undefined
  /** The fields to tell of each contact, and `contactId`. Default: all. */
  fields?: readonly string[] | undefined
  /** As NICE takes it; within a day, or a part of one, since these are asked for one by one. */
  orderBy?: string | undefined
  /** A number that is too long for JavaScript is given as a text of digits, as are all that follow. */
  mediaTypeId?: number | string | undefined
  mediaSubTypeId?: number | string | undefined
  mediaSubTypeName?: string | undefined
  skillId?: number | string | undefined
  campaignId?: number | string | undefined
  agentId?: number | string | undefined
  teamId?: number | string | undefined
  toAddress?: string | undefined
  fromAddress?: string | undefined
  isLogged?: boolean | undefined
  isRefused?: boolean | undefined
  isTakeover?: boolean | undefined
  /** Whether to tell of their tags. */
  tags?: boolean | undefined
  analyticsProcessed?: boolean | undefined
  /** Contacts a request, 1 to 10,000. Default 10,000. */
  pageSize?: number | undefined
  /** From an earlier iteration with the same options: goes on after the last contact that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

const FILTERS = {
  orderBy: text,
  mediaTypeId: number,
  mediaSubTypeId: number,
  mediaSubTypeName: text,
  skillId: number,
  campaignId: number,
  agentId: number,
  teamId: number,
  toAddress: text,
  fromAddress: text,
  isLogged: truth,
  isRefused: truth,
  isTakeover: truth,
  tags: truth,
  analyticsProcessed: truth,
} as const

/** Contacts that are over. */
export class CompletedContacts extends Iteration<CompletedContact, ContactsPosition> {
  readonly #pollTime: PollTime

  constructor(source: IterationSource<CompletedContact, ContactsPosition>, pollTime: PollTime) {
    super(source)
    this.#pollTime = pollTime
  }

  /**
   * The `updatedSince` to ask for next, so that nothing is missed that changed since this iteration began: NICE's
   * `lastPollTime` of its first answer. When there was nothing to tell, it is what was asked from, or for dates
   * undefined; so it is before the first answer. A checkpoint keeps it.
   */
  get lastPollTime(): string | undefined {
    return this.#pollTime.value
  }
}

export function readCompletedContacts(session: CxoneSession, options: CompletedContactsOptions): CompletedContacts {
  const { client, limits, validate } = session
  const names = { startDate: true, endDate: true, updatedSince: true, fields: true, ...FILTERS }
  const own = pagingOptions(options, 'contacts.completed', names, { most: limits.contactPageSize })
  const interval = intervalOf(own)
  const updatedSince = utc('updatedSince', own.updatedSince)
  checkAge(updatedSince, client.clock.now(), limits.updatedSinceDays)
  const query = { ...parameters(own, FILTERS), fields: fieldsWith('contactId', own.fields)?.join(), updatedSince }
  const pollTime = new PollTime({ since: updatedSince, end: interval?.end })
  const contacts = (signal: AbortSignal): ContactsQuery<CompletedContact> => ({
    pageSize: own.pageSize,
    mostRows: limits.contactRows,
    pollTime,
    async fetchPage(range, skip, top) {
      const response = await client.request('GET', acdPath(session, '/contacts/completed'), {
        query: { ...query, ...(range && dates(range)), skip, top },
        schema: completedContactList[validate],
        noContent: { completedContacts: [] },
        signal,
      })
      pollTime.note(response.lastPollTime)
      return { rows: response.completedContacts, total: response.totalRecords }
    },
  })
  const source: IterationSource<CompletedContact, ContactsPosition> = {
    subject: { endpoint: 'contacts.completed', query: { ...query, interval } },
    checkpoint: own.checkpoint,
    signal: own.signal,
    readPosition: (value) => contactsPosition(value, interval),
    pages: (from, reading) => completedContacts(contacts(reading.signal), interval, from),
  }
  return new CompletedContacts(source, pollTime)
}

/** Null where there are no dates. */
function intervalOf({ startDate, endDate, updatedSince }: CompletedContactsOptions): Interval | null {
  const hasDates = startDate !== undefined || endDate !== undefined
  if (hasDates !== (updatedSince !== undefined)) return hasDates ? intervalBetween(startDate, endDate) : null
  throw invalidOption('updatedSince', 'must be there without startDate and endDate, or both of these without it')
}

function checkAge(updatedSince: string | undefined, now: number, days: number): void {
  if (updatedSince === undefined || now - Date.parse(updatedSince) <= days * DAY) return
  throw invalidOption('updatedSince', `must not lie back more than ${days} days: read older contacts by their dates`)
}

function dates({ start, end }: Interval): { startDate: string; endDate: string } {
  return { startDate: new Date(start).toISOString(), endDate: new Date(end).toISOString() }
}
