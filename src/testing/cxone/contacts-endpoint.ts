import { json } from '../platform/responses.js'
import type { Calendar, Place } from '../platform/calendar.js'
import { DAY } from '../platform/days.js'
import { reversed } from '../platform/ordered.js'
import { acdListing, PAGING, projection } from './acd-listing.js'
import { AcdQuery } from './acd-query.js'
import { acdRoute, type ApiCall, type Route } from './acd-route.js'
import { ACTIVE_FIELDS, COMPLETED_FIELDS, CONTACT_FIELDS } from './contact-fields.js'
import { contactFilter, FILTERS } from './contact-filter.js'
import { ANY_TIME, type ContactRanges, type ContactSearch } from './contact-search.js'
import { placeOfContact } from './contact-traits.js'
import type { Contacts } from './contacts.js'
import type { ResolvedOptions } from './options.js'
import { badRequest, notFound } from './refusals.js'

const COMPLETED = ['startDate', 'endDate', 'updatedSince', 'tags', ...FILTERS, ...PAGING]
const ACTIVE = [...FILTERS.filter((name) => name !== 'analyticsProcessed'), ...PAGING]

/** Both ascend as contacts start. */
const SORTABLE = ['contactId', 'contactStartDate']

/** `/contacts` of the ACD APIs. */
export class ContactsEndpoint {
  readonly #options: ResolvedOptions
  readonly #calendar: Calendar
  readonly #search: ContactSearch
  readonly #contacts: Contacts
  readonly routes: readonly Route[] = [
    acdRoute('GET', '/contacts/completed', (call) => this.#completed(call)),
    acdRoute('GET', '/contacts/active', (call) => this.#active(call)),
    acdRoute('GET', '/contacts/{}', (call) => this.#get(call)),
  ]

  constructor(options: ResolvedOptions, calendar: Calendar, search: ContactSearch, contacts: Contacts) {
    this.#options = options
    this.#calendar = calendar
    this.#search = search
    this.#contacts = contacts
  }

  #completed({ url }: ApiCall): Response {
    const now = this.#options.now()
    const query = new AcdQuery(url, COMPLETED)
    const fields = query.fields(COMPLETED_FIELDS) ?? fieldsWith(COMPLETED_FIELDS, 'tags', query.truth('tags') ?? false)
    const matches = this.#search.completed(this.#rangesOf(query, now), now, this.#filterOf(query))
    return this.#page(url, query, 'completedContacts', matches, fields, now)
  }

  #active({ url }: ApiCall): Response {
    const now = this.#options.now()
    const query = new AcdQuery(url, ACTIVE)
    const fields = query.fields(ACTIVE_FIELDS) ?? ACTIVE_FIELDS
    return this.#page(url, query, 'contacts', this.#search.active(now, this.#filterOf(query)), fields, now)
  }

  #get({ url, parameter }: ApiCall): Response {
    const now = this.#options.now()
    const query = new AcdQuery(url, ['fields'])
    const project = projection(query.fields(CONTACT_FIELDS) ?? CONTACT_FIELDS)
    const place = /^\d{1,15}$/.test(parameter) ? placeOfContact(this.#options.seed, Number(parameter)) : undefined
    if (!place || place.day < 0 || place.index >= this.#calendar.count(place.day)) throw notFound('contact')
    if (this.#calendar.startOf(place) > now) throw notFound('contact')
    return json(200, project(this.#contacts.row(place, now)))
  }

  #filterOf(query: AcdQuery) {
    return contactFilter(query, (place, now) => this.#contacts.row(place, now))
  }

  #page(
    url: URL,
    query: AcdQuery,
    rows: string,
    matches: { total: number; slice(from: number, to: number): Place[] },
    fields: readonly string[],
    now: number,
  ): Response {
    const project = projection(fields)
    const { contactPageSize, contactRows } = this.#options.limits
    return acdListing(url, query, query.order(SORTABLE)?.descending ? reversed(matches) : matches, {
      rows,
      pageSize: contactPageSize,
      reach: contactRows,
      now,
      row: (place) => project(this.#contacts.row(place, now)),
    })
  }

  #rangesOf(query: AcdQuery, now: number): ContactRanges {
    const { updatedSinceDays } = this.#options.limits
    const [start, end] = [query.moment('startDate'), query.moment('endDate')]
    const since = query.moment('updatedSince')
    if ((start === undefined) !== (end === undefined)) throw badRequest('startDate and endDate need each other.')
    if (start === undefined && since === undefined)
      throw badRequest('startDate and endDate, or updatedSince, are missing.')
    if (start !== undefined && end !== undefined && start >= end) throw badRequest('endDate is not after startDate.')
    if (since !== undefined && since < now - updatedSinceDays * DAY) {
      throw badRequest(`updatedSince is more than ${updatedSinceDays} days ago.`)
    }
    return rangesOf(this.#options, start, end, since)
  }
}

/** Contacts by the dates of a query. A contact's last update is its end. */
export function rangesOf(
  { contactDate, endDateIncluded }: Pick<ResolvedOptions, 'contactDate' | 'endDateIncluded'>,
  start = -Infinity,
  end = Infinity,
  since = -Infinity,
): ContactRanges {
  const before = endDateIncluded ? end + 1 : end
  if (contactDate === 'lastUpdateTime') return { ...ANY_TIME, endedFrom: Math.max(start, since), endedBefore: before }
  return { ...ANY_TIME, startedFrom: start, startedBefore: before, endedFrom: since }
}

function fieldsWith(fields: readonly string[], name: string, included: boolean): readonly string[] {
  return included ? fields : fields.filter((field) => field !== name)
}
