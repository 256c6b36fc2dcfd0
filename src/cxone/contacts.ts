import type { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import { checkSignal, knownOptions } from '../base/options.js'
import type { Iteration } from '../paging/iteration.js'
import { anyListing } from '../platform/listing.js'
import { pagingOptions } from '../platform/paging.js'
import type { PagingOptions } from '../platform/paging.js'
import { readCompletedContacts } from './completed-contacts.js'
import type { CompletedContacts, CompletedContactsOptions } from './completed-contacts.js'
import { cxoneListing } from './listing.js'
import { activeContact, contact } from './models/contacts.js'
import type { ActiveContact, Contact } from './models/contacts.js'
import { fieldsWith, parameters, text, wholeNumber } from './parameters.js'
import { acdPath } from './session.js'
import type { CxoneSession } from './session.js'
import { singleRow } from './single-row.js'

/** How {@link Contacts.active} lists contacts. */
export interface ActiveContactsOptions extends PagingOptions {
  /** The fields to tell of each contact, and `contactId`. Default: all. */
  fields?: readonly string[] | undefined
  /** As NICE takes it. */
  orderBy?: string | undefined
  /** Contacts a request, 1 to 10,000. Default 10,000. */
  pageSize?: number | undefined
  /** From an earlier iteration with the same options and page size: goes on after the last contact that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** What {@link Contacts.get} is to tell of a contact. */
export interface GetContactOptions {
  /** The fields to tell, and `contactId`. Default: all. */
  fields?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

/** The contacts of a tenant: calls, chats, e-mails and the like. */
export class Contacts {
  readonly #session: CxoneSession

  constructor(session: CxoneSession) {
    this.#session = session
  }

  /**
   * All completed contacts of some dates, or all that changed since a moment, each once
   * (`GET /incontactapi/services/v34.0/contacts/completed`). Dates may lie as far apart as you like: they are asked for
   * day by day, and a day with more than `limits.contactRows` by halves, so that nothing is ever left out silently.
   * Whether NICE counts a contact in at the very ends is NICE's affair.
   *
   * Throws {@link EverbearerError} `invalid_interval`, `invalid_option` or `invalid_checkpoint`; while iterating
   * {@link ApiError}, {@link TokenError}, {@link SchemaError}, or `query_too_full` when a single minute holds more
   * than that, or when so much changed since the moment; each with the checkpoint to go on from.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * const dates = { startDate: '2026-01-01T00:00:00.000Z', endDate: '2026-01-02T00:00:00.000Z' }
   * const contacts = cxone.contacts.completed(dates)
   * for await (const contact of contacts) {
   *   console.log(contact.contactId, contact.skillName, contact.totalDurationSeconds)
   * }
   * console.log('next time: updatedSince', contacts.lastPollTime)
   * await cxone.close()
   * ```
   */
  completed(options: CompletedContactsOptions): CompletedContacts {
    return readCompletedContacts(this.#session, options)
  }

  /**
   * The contacts that are going on, each once (`GET /incontactapi/services/v34.0/contacts/active`), by pages as far as NICE
   * gives them: of this listing it says little, so it is read as {@link Cxone.pages} reads any. What ends while they are
   * listed may move another one out of sight. Throws {@link EverbearerError} `invalid_option` or `invalid_checkpoint`; while iterating {@link ApiError},
   * {@link TokenError} or {@link SchemaError}, with the checkpoint to go on from.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for await (const contact of cxone.contacts.active()) {
   *   console.log(contact.contactId, contact.stateName, contact.agentId)
   * }
   * await cxone.close()
   * ```
   */
  active(options: ActiveContactsOptions = {}): Iteration<ActiveContact> {
    const { client, limits, validate } = this.#session
    const names = { fields: true, orderBy: true }
    const own = pagingOptions(options, 'contacts.active', names, { most: limits.contactPageSize })
    const query = { ...parameters(own, { orderBy: text }), fields: fieldsWith('contactId', own.fields)?.join() }
    const { pageSize, checkpoint, signal } = own
    return anyListing(client, cxoneListing, acdPath(this.#session, '/contacts/active'), {
      query,
      pageSize,
      rowId: 'contactId',
      schema: activeContact[validate],
      checkpoint,
      signal,
    })
  }

  /**
   * One contact, whether it is over or not (`GET /incontactapi/services/v34.0/contacts/{contactId}`). Rejects with
   * {@link EverbearerError} `invalid_option`, {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * const dates = { startDate: '2026-01-01T00:00:00.000Z', endDate: '2026-01-02T00:00:00.000Z' }
   * for await (const { contactId } of cxone.contacts.completed(dates)) {
   *   const contact = await cxone.contacts.get(contactId)
   *   console.log(contact.contactStartDate, contact.endReason)
   *   break
   * }
   * await cxone.close()
   * ```
   */
  async get(contactId: number | string, options: GetContactOptions = {}): Promise<Contact> {
    const { client, validate } = this.#session
    const { fields, signal } = knownOptions(options, 'contacts.get', { fields: true, signal: true })
    checkSignal(signal)
    return client.request('GET', acdPath(this.#session, `/contacts/${wholeNumber('contactId', contactId)}`), {
      query: { fields: fieldsWith('contactId', fields)?.join() },
      schema: singleRow(contact[validate], 'contacts'),
      signal,
    })
  }
}
